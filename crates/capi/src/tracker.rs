//! The verdict.

use core::ffi::{CStr, c_char, c_void};
use core::mem::MaybeUninit;
use core::ptr;

use sseam::llm::{Protocol, Tracker};

#[cfg(feature = "std")]
use crate::heap::{boxed, unbox};
use crate::memory::place;
use crate::types::{Given, LOST, end_of};
use crate::{sseam_end, sseam_item, sseam_outcome, sseam_signal, sseam_text};

/// Follows one stream of a language model and determines how it ended, whatever the provider. To get what the
/// model says, use an `sseam_answer`, which contains a tracker.
#[derive(Debug)]
pub struct sseam_tracker {
    _opaque: (),
}

// `SSEAM_TRACKER_SIZE` of the header is enough.
const _: () = assert!(size_of::<Tracker>() <= 112);
const _: () = assert!(align_of::<Tracker>() <= align_of::<u64>());

/// Returns the protocol of that name; `None` if the name is null.
///
/// # Safety
///
/// The name is null or ends in NUL.
pub(crate) unsafe fn protocol_by(name: *const c_char) -> Result<Option<&'static Protocol>, ()> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: it is not null; the caller says that it ends in NUL.
    let name = unsafe { CStr::from_ptr(name) };
    let protocol = name.to_str().ok().and_then(Protocol::by_name);
    protocol.map(Some).ok_or(())
}

/// Creates a tracker on the heap, to be freed by `sseam_tracker_free`. For `protocol` see
/// `sseam_tracker_init`.
///
/// Returns NULL if there is no memory, or no protocol of that name. Not in a build without a heap.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_new(protocol: *const c_char) -> *mut sseam_tracker {
    // SAFETY: it is null, or ends in NUL.
    let Ok(protocol) = (unsafe { protocol_by(protocol) }) else { return ptr::null_mut() };
    boxed(protocol.map_or(Tracker::new(), Tracker::of)).cast()
}

/// Frees a tracker that `sseam_tracker_new` made. Does nothing if `tracker` is NULL.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_free(tracker: *mut sseam_tracker) {
    // SAFETY: `sseam_tracker_new` made it.
    unsafe { unbox(tracker.cast::<Tracker>()) }
}

/// Returns how many bytes of memory `sseam_tracker_init` needs: at most `SSEAM_TRACKER_SIZE`.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_tracker_size() -> usize {
    size_of::<Tracker>()
}

/// Creates a tracker in memory that you provide: `size` bytes, at least `sseam_tracker_size()`, aligned as a
/// `uint64_t`. Nothing has to be freed.
///
/// `protocol` is the name of a protocol, such as `chat` (OpenAI Chat Completions and what is compatible),
/// `responses`, `messages` (Anthropic) or `generate-content` (Gemini). All are listed on the page
/// `docs.rs/sseam/latest/sseam/guide/c`. With NULL it is recognized from the events.
///
/// A tracker is for one stream. Returns NULL if `memory` is NULL, too small or not aligned, or if there is
/// no protocol of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_init(
    memory: *mut c_void,
    size: usize,
    protocol: *const c_char,
) -> *mut sseam_tracker {
    // SAFETY: it is null, or ends in NUL.
    let Ok(protocol) = (unsafe { protocol_by(protocol) }) else { return ptr::null_mut() };
    let Some(place) = place::<Tracker>(memory, size) else { return ptr::null_mut() };
    // SAFETY: it is large enough and aligned, and the caller's to give away.
    unsafe { place.write(protocol.map_or(Tracker::new(), Tracker::of)) }
    place.cast()
}

/// Processes the next item of the stream, of any kind, and returns what it is.
///
/// Give it each item for which `sseam_next` or `sseam_flush` returned a positive status. Let the parser
/// select `SSEAM_NOTIFY_ANSWER`: some servers fail or end a stream by what is no event. Returns
/// `SSEAM_IGNORED` if an argument is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_notice(
    tracker: *mut sseam_tracker,
    item: *const sseam_item,
) -> sseam_signal {
    if tracker.is_null() || item.is_null() {
        return sseam_signal::SSEAM_IGNORED;
    }
    // SAFETY: neither is null, so that each is what its type says. Nobody else uses the tracker now.
    let (tracker, given) = unsafe { (&mut *tracker.cast::<Tracker>(), sseam_item::read(item)) };
    match given {
        Given::Item(item) => return tracker.notice(&item).into(),
        Given::Lost => tracker.lost(&LOST),
        Given::Nothing => {}
    }
    sseam_signal::SSEAM_IGNORED
}

/// Returns how the stream ended, or would if it ended here: `end` is what `sseam_finish` returned, or
/// `SSEAM_END_DISCONNECTED` if the connection broke. Changes nothing. Returns `SSEAM_UNKNOWN` if `tracker`
/// is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_outcome(
    tracker: *const sseam_tracker,
    end: MaybeUninit<sseam_end>,
) -> sseam_outcome {
    // SAFETY: it is null, or a tracker that nobody else changes now.
    let tracker = unsafe { tracker.cast::<Tracker>().as_ref() };
    tracker.map_or(sseam_outcome::SSEAM_UNKNOWN, |it| it.outcome(end_of(end)).into())
}

/// Returns true once the end was seen: stop reading, or read on so that the connection can be used again.
/// Returns false if `tracker` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_is_over(tracker: *const sseam_tracker) -> bool {
    // SAFETY: it is null, or a tracker that nobody else changes now.
    let tracker = unsafe { tracker.cast::<Tracker>().as_ref() };
    tracker.is_some_and(Tracker::is_over)
}

/// Returns the name of the protocol: empty as long as it is not known, or if `tracker` is NULL. Valid
/// forever.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_protocol(tracker: *const sseam_tracker) -> sseam_text {
    // SAFETY: it is null, or a tracker that nobody else changes now.
    let tracker = unsafe { tracker.cast::<Tracker>().as_ref() };
    let protocol = tracker.and_then(Tracker::protocol);
    protocol.map_or(sseam_text::EMPTY, |protocol| sseam_text::of(protocol.name().as_bytes()))
}

/// Copies the provider's word for why the model stopped, such as `stop` or `length`, to `to`, as far as
/// there is room, and ends it in NUL. Of several words it is the worst.
///
/// Returns the length of the word without the NUL, at most 47: 0 if there is none yet or if `tracker` is
/// NULL. Writes nothing if `to` is NULL or `room` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_tracker_reason(
    tracker: *const sseam_tracker,
    to: *mut c_char,
    room: usize,
) -> usize {
    // SAFETY: it is null, or a tracker that nobody else changes now.
    let tracker = unsafe { tracker.cast::<Tracker>().as_ref() };
    let reason = tracker.and_then(Tracker::reason);
    let word = reason.as_ref().map_or("", |reason| reason.as_str());
    if let (false, Some(most)) = (to.is_null(), room.checked_sub(1)) {
        let len = word.len().min(most);
        // SAFETY: there is room for as many bytes and one more; no memory of the caller's is in a copy of
        // the word.
        unsafe {
            to.cast::<u8>().copy_from_nonoverlapping(word.as_ptr(), len);
            to.add(len).write(0);
        }
    }
    word.len()
}
