//! Events out.

use core::ffi::c_char;
use core::time::Duration;

use sseam::encode::Block;

use crate::sseam_text;

/// An event to send, or a comment. A part whose `ptr` is NULL is left out: begin with `= {0}`, and set what
/// you want. `SSEAM_TEXT("...")` makes a text of a string literal.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sseam_block {
    /// The data: any bytes. It is split over `data` lines at each LF, CR and CRLF.
    pub data: sseam_text,
    /// The event type, without CR and LF.
    pub event_type: sseam_text,
    /// The ID, without CR, LF and NUL. An empty one resets the client's.
    pub id: sseam_text,
    /// A comment, such as a keep-alive: any bytes. A block has either data or a comment.
    pub comment: sseam_text,
    /// How long the client is to wait before it connects again, in milliseconds. NULL if it is left out.
    pub retry_ms: *const u64,
}

/// Writes the block to `to`, a buffer of `room` bytes, much as `snprintf` does: returns the number of bytes
/// of the block, and writes nothing if that exceeds the room. No NUL is added.
///
/// A reader of the block gets exactly one event, or one comment, with these values, whatever they contain.
///
/// Returns 0 if the block is invalid: `block` is NULL or all of it is left out, it has both data and a
/// comment, the event type holds CR or LF, or the ID holds CR, LF or NUL. With `to` NULL nothing is written.
/// The block's texts must not be in `to`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_encode(
    block: *const sseam_block,
    to: *mut c_char,
    room: usize,
) -> usize {
    // SAFETY: it is null, or a block whose texts are there during the call.
    let block = unsafe { block.as_ref().and_then(|block| block_of(block)) };
    let Some(block) = block else { return 0 };
    let len = block.encoded_len();
    if len <= room.min(isize::MAX.unsigned_abs()) && !to.is_null() {
        let mut end = to.cast::<u8>();
        for piece in block.pieces() {
            // SAFETY: the pieces are as long as was counted, for which there is room, and are not in it.
            // They are copied by pointer, since the room need not be initialized.
            unsafe {
                end.copy_from_nonoverlapping(piece.as_ptr(), piece.len());
                end = end.add(piece.len());
            }
        }
    }
    len
}

/// Returns what the block is for the encoder.
///
/// # Safety
///
/// Its texts, and its time, are null or there.
unsafe fn block_of(block: &sseam_block) -> Option<Block<'_>> {
    let texts = [block.data, block.event_type, block.id, block.comment];
    if texts.iter().any(|text| text.len > isize::MAX.unsigned_abs() && !text.ptr.is_null()) {
        return None;
    }
    // SAFETY: the caller says that they are there.
    let text = |text: sseam_text| (!text.ptr.is_null()).then(|| unsafe { text.bytes() });
    let mut made = match (text(block.data), text(block.comment)) {
        (Some(data), None) => Block::data(data),
        (None, Some(comment)) => Block::comment(comment),
        (None, None) => Block::new(),
        (Some(_), Some(_)) => return None,
    };
    if let Some(event_type) = text(block.event_type) {
        made = made.event_type(event_type).ok()?;
    }
    if let Some(id) = text(block.id) {
        made = made.id(id).ok()?;
    }
    // SAFETY: so is the time.
    if let Some(ms) = unsafe { block.retry_ms.as_ref() } {
        made = made.retry(Duration::from_millis(*ms));
    }
    Some(made)
}
