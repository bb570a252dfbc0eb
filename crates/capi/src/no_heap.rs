//! What a library without `std` has to have of its own.

use core::panic::PanicInfo;

/// Nothing comes here: `verify/c_no_heap` shows by the linker that no function of the library can panic.
/// (It links this with a function that does not exist.)
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    #[cfg(sseam_no_panic)]
    {
        unsafe extern "C" {
            safe fn a_panic_can_be_reached() -> !;
        }
        a_panic_can_be_reached()
    }
    #[cfg(not(sseam_no_panic))]
    loop {}
}

/// A mistake, which has to be found: an index that may be out of bounds.
#[cfg(sseam_planted_panic)]
#[unsafe(no_mangle)]
pub extern "C" fn sseam_planted_panic(at: usize) -> u8 {
    [1, 2, 3][at]
}
