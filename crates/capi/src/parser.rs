//! The parser.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;
use core::{ptr, slice};

#[cfg(feature = "std")]
use sseam::VecBuf;
use sseam::{Buffer, Error, Event, Parser, SliceBuf};
#[cfg(feature = "notify")]
use sseam::{End, Item, Notify};

#[cfg(feature = "std")]
use crate::heap::{boxed, unbox};
use crate::memory::place;
#[cfg(feature = "notify")]
use crate::types::notify_of;
use crate::types::{bytes_of, put};
use crate::{sseam_end, sseam_item, sseam_item_kind, sseam_status, sseam_text};

/// A parser of one event stream. Create it by `sseam_parser_new`, or without a heap by `sseam_parser_init`.
#[derive(Debug)]
pub struct sseam_parser {
    _opaque: (),
}

/// What a `sseam_parser` points to: this and the parser, over one buffer or another.
#[repr(C)]
struct Head {
    /// What `sseam_next` does, where that may be several things: asked for once, rather than for each event.
    #[cfg(any(feature = "std", feature = "notify"))]
    next: Next,
    #[cfg(feature = "std")]
    is_on_heap: bool,
}

/// As C's functions, so that a call is the last thing that `sseam_next` does.
#[cfg(any(feature = "std", feature = "notify"))]
type Next = unsafe extern "C" fn(
    *mut sseam_parser,
    *mut *const c_char,
    *mut usize,
    *mut sseam_item,
) -> sseam_status;

#[repr(C)]
struct Handle<B> {
    head: Head,
    parser: Parser<B>,
}

impl<B: Buffer> Handle<B> {
    const fn new(buffer: B, is_on_heap: bool) -> Self {
        let _ = is_on_heap;
        Self {
            head: Head {
                #[cfg(any(feature = "std", feature = "notify"))]
                next: next_event::<B>,
                #[cfg(feature = "std")]
                is_on_heap,
            },
            parser: Parser::with_buffer(buffer),
        }
    }
}

// `SSEAM_PARSER_SIZE` of the header is enough.
const _: () = assert!(size_of::<Handle<SliceBuf<'static>>>() <= 32 + 16 * size_of::<usize>());
const _: () = assert!(align_of::<Handle<SliceBuf<'static>>>() <= align_of::<u64>());

/// Does the work with a pointer to the parser of the handle, whichever buffer it has. For `unsafe`
/// blocks.
macro_rules! with_parser {
    ($handle:expr, $parser:ident => $work:expr) => {{
        let handle: *mut sseam_parser = $handle;
        #[cfg(feature = "std")]
        let is_on_heap = (*handle.cast::<Head>()).is_on_heap;
        #[cfg(feature = "std")]
        let done = if is_on_heap {
            let $parser = &raw mut (*handle.cast::<Handle<VecBuf>>()).parser;
            $work
        } else {
            let $parser = &raw mut (*handle.cast::<Handle<SliceBuf<'static>>>()).parser;
            $work
        };
        #[cfg(not(feature = "std"))]
        let done = {
            let $parser = &raw mut (*handle.cast::<Handle<SliceBuf<'static>>>()).parser;
            $work
        };
        done
    }};
}

/// Creates a parser on the heap, to be freed by `sseam_parser_free`. It takes memory only when it has to keep
/// something, and at most what its limits say.
///
/// `data_limit` is the most bytes of data that an event may have; 0 means 16 MiB. `meta_limit` is the most
/// bytes of an event type and of an ID; 0 means 64 KiB.
///
/// Returns NULL if there is no memory. Not in a build without a heap.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub extern "C" fn sseam_parser_new(data_limit: usize, meta_limit: usize) -> *mut sseam_parser {
    let or = |limit, default| if limit == 0 { default } else { limit };
    let data = or(data_limit, VecBuf::DEFAULT_DATA_LIMIT);
    let meta = or(meta_limit, VecBuf::DEFAULT_META_LIMIT);
    boxed(Handle::new(VecBuf::with_limits(data, meta), true)).cast()
}

/// Frees a parser that `sseam_parser_new` made. Does nothing if `parser` is NULL.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_parser_free(parser: *mut sseam_parser) {
    // SAFETY: `sseam_parser_new` made it.
    unsafe { unbox(parser.cast::<Handle<VecBuf>>()) }
}

/// Returns how many bytes of memory `sseam_parser_init` needs: at most `SSEAM_PARSER_SIZE`.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_parser_size() -> usize {
    size_of::<Handle<SliceBuf<'static>>>()
}

/// Creates a parser in memory that you provide, without a heap.
///
/// `memory` is for the parser itself: `size` bytes, at least `sseam_parser_size()`, aligned as a
/// `uint64_t`. `data` is for what an event's data cannot borrow from a chunk, and `data_len` is the limit
/// on data. `meta` is for event type and IDs, a third of `meta_len` for each, and a third is the limit on
/// each. All three stay yours, must outlive the parser, and must not be touched while it is in use.
/// Nothing has to be freed.
///
///     static uint64_t memory[SSEAM_PARSER_SIZE / 8];
///     static char data[1024], meta[3 * 64];
///     sseam_parser *parser =
///         sseam_parser_init(memory, sizeof memory, data, sizeof data, meta, sizeof meta);
///
/// Returns NULL if one of the three is NULL, or `memory` is too small or not aligned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_parser_init(
    memory: *mut c_void,
    size: usize,
    data: *mut c_char,
    data_len: usize,
    meta: *mut c_char,
    meta_len: usize,
) -> *mut sseam_parser {
    let is_impossible = |len: usize| len > isize::MAX.unsigned_abs();
    let Some(place) = place::<Handle<SliceBuf<'static>>>(memory, size) else {
        return ptr::null_mut();
    };
    if data.is_null() || meta.is_null() || is_impossible(data_len | meta_len) {
        return ptr::null_mut();
    }
    // SAFETY: neither is null, and both are the caller's to give away for as long as the parser is used.
    // They are cleared because C need not have written to them, and what a slice refers to has to be
    // initialized. The place is large enough and aligned, and given away, too.
    unsafe {
        data.write_bytes(0, data_len);
        meta.write_bytes(0, meta_len);
        let data = slice::from_raw_parts_mut(data.cast(), data_len);
        let meta = slice::from_raw_parts_mut(meta.cast(), meta_len);
        place.write(Handle::new(SliceBuf::new(data, meta), false));
    }
    place.cast()
}

/// Selects what `sseam_next` and `sseam_flush` return besides events: `sseam_notify` values, combined by
/// `|`. A new parser returns events alone.
///
/// Returns false and changes nothing if `parser` is NULL, if there are unknown bits, or in the middle of an
/// event. Call it before the first chunk, or after `sseam_finish` or `sseam_reset`. Not in a build without
/// notifications.
#[cfg(feature = "notify")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_set_notify(parser: *mut sseam_parser, notify: u32) -> bool {
    let Some(notify) = notify_of(notify) else { return false };
    if parser.is_null() {
        return false;
    }
    // SAFETY: it is a parser, and nobody else uses it now.
    unsafe {
        #[cfg(feature = "std")]
        if (*parser.cast::<Head>()).is_on_heap {
            return set_notify(&mut *parser.cast::<Handle<VecBuf>>(), notify);
        }
        set_notify(&mut *parser.cast::<Handle<SliceBuf<'static>>>(), notify)
    }
}

#[cfg(feature = "notify")]
fn set_notify<B: Buffer>(handle: &mut Handle<B>, notify: Notify) -> bool {
    if handle.parser.end() != End::Clean {
        return false;
    }
    // SAFETY: the parser is moved out and, as `with_notify` cannot panic, in again.
    unsafe {
        let parser = ptr::read(&raw const handle.parser);
        ptr::write(&raw mut handle.parser, parser.with_notify(notify));
    }
    handle.head.next = if notify == Notify::NONE { next_event::<B> } else { next_item::<B> };
    true
}

/// Returns the next event or notification of a chunk.
///
/// `*chunk` and `*len` are a chunk of the stream, cut anywhere. They are advanced past what was taken;
/// what is left is for the next call. Call it in a loop until it returns `SSEAM_NEED_MORE`, which means that
/// the chunk is used up, and then with the next chunk. A positive status means that `*item` is set. The
/// parser keeps copies of what it needs of a chunk that is used up.
///
/// The time is linear in the chunk's length. What an event takes is bounded by the parser's limits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_next(
    parser: *mut sseam_parser,
    chunk: *mut *const c_char,
    len: *mut usize,
    item: *mut sseam_item,
) -> sseam_status {
    if parser.is_null() {
        return sseam_status::SSEAM_INVALID_ARGUMENT;
    }
    // SAFETY: it is not null, and so a parser. The others are as the caller has them.
    #[cfg(any(feature = "std", feature = "notify"))]
    unsafe {
        ((*parser.cast::<Head>()).next)(parser, chunk, len, item)
    }
    // SAFETY: as above.
    #[cfg(not(any(feature = "std", feature = "notify")))]
    unsafe {
        next_event::<SliceBuf<'static>>(parser, chunk, len, item)
    }
}

/// `sseam_next` of a parser without notifications.
///
/// # Safety
///
/// The parser is one over `B`; each of the others is null, or what its type says.
unsafe extern "C" fn next_event<B: Buffer>(
    parser: *mut sseam_parser,
    chunk: *mut *const c_char,
    len: *mut usize,
    item: *mut sseam_item,
) -> sseam_status {
    // SAFETY: the chunk's bytes are there until the caller is done with the item. Nobody else uses the
    // parser now.
    unsafe {
        let Some(bytes) = chunk_of(chunk, len, item) else { return refuse(item) };
        let mut rest = bytes;
        let next = (*parser.cast::<Handle<B>>()).parser.next_event(&mut rest);
        advance(chunk, len, rest);
        put_event(item, next)
    }
}

/// As [`next_event`], of a parser with notifications.
#[cfg(feature = "notify")]
unsafe extern "C" fn next_item<B: Buffer>(
    parser: *mut sseam_parser,
    chunk: *mut *const c_char,
    len: *mut usize,
    item: *mut sseam_item,
) -> sseam_status {
    // SAFETY: as above.
    unsafe {
        let Some(bytes) = chunk_of(chunk, len, item) else { return refuse(item) };
        let mut rest = bytes;
        let next = (*parser.cast::<Handle<B>>()).parser.next_item(&mut rest);
        advance(chunk, len, rest);
        put_item(item, next)
    }
}

/// Returns the bytes of a chunk, if there can be such a chunk, and a place for an item.
///
/// # Safety
///
/// Each is null, or what its type says. The bytes are there for `'a`.
#[inline]
unsafe fn chunk_of<'a>(
    chunk: *const *const c_char,
    len: *const usize,
    item: *const sseam_item,
) -> Option<&'a [u8]> {
    if chunk.is_null() || len.is_null() || item.is_null() {
        return None;
    }
    // SAFETY: neither is null.
    unsafe { bytes_of(*chunk, *len) }
}

/// Advances a chunk up to `rest`, which is the end of it.
///
/// # Safety
///
/// Both are valid for reads and writes.
#[inline]
unsafe fn advance(chunk: *mut *const c_char, len: *mut usize, rest: &[u8]) {
    // SAFETY: the caller says that both are there.
    unsafe {
        // Not the pointer of `rest`, which may be any where it is empty.
        *chunk = (*chunk).wrapping_add(*len - rest.len());
        *len = rest.len();
    }
}

/// Says that there is nothing more.
///
/// # Safety
///
/// As [`put`].
#[inline]
unsafe fn need_more(item: *mut sseam_item) -> sseam_status {
    // SAFETY: the caller says that it is there. Its texts are left: no reader of the kind reads them.
    unsafe { put(&raw mut (*item).kind, MaybeUninit::new(sseam_item_kind::SSEAM_NO_ITEM)) };
    sseam_status::SSEAM_NEED_MORE
}

/// Says that an argument cannot be what it is.
///
/// # Safety
///
/// The item is null, or there.
#[cold]
unsafe fn refuse(item: *mut sseam_item) -> sseam_status {
    if !item.is_null() {
        // SAFETY: it is there.
        unsafe { need_more(item) };
    }
    sseam_status::SSEAM_INVALID_ARGUMENT
}

/// As [`need_more`]: says that an event was lost.
#[cold]
#[inline(never)]
unsafe fn lose(item: *mut sseam_item, error: Error) -> sseam_status {
    // SAFETY: the caller says that it is there.
    unsafe { put(item, sseam_item::without_texts(sseam_item_kind::SSEAM_LOST_EVENT)) };
    sseam_status::of(error)
}

/// As [`need_more`]: says what came.
#[inline(always)]
#[allow(clippy::inline_always)] // So that the event is not copied twice.
unsafe fn put_event(item: *mut sseam_item, next: Result<Option<Event<'_>>, Error>) -> sseam_status {
    // SAFETY: the caller says that it is there.
    unsafe {
        match next {
            Ok(Some(event)) => {
                put(item, sseam_item::of_event(&event));
                sseam_status::SSEAM_ITEM
            }
            Ok(None) => need_more(item),
            Err(error) => lose(item, error),
        }
    }
}

/// As [`need_more`]: says what came.
#[cfg(feature = "notify")]
unsafe fn put_item(item: *mut sseam_item, next: Result<Option<Item<'_>>, Error>) -> sseam_status {
    // SAFETY: the caller says that it is there.
    unsafe {
        match next {
            Ok(Some(next)) => {
                put(item, sseam_item::of(&next));
                sseam_status::SSEAM_ITEM
            }
            Ok(None) => need_more(item),
            Err(error) => lose(item, error),
        }
    }
}

/// Returns what is pending at the end of the stream, as if its lines and a blank line had ended. Call it
/// until it returns `SSEAM_NEED_MORE`, and then `sseam_finish`.
///
/// The standard discards such an event, and so does `sseam_finish`. But some servers close the connection
/// right after `data: [DONE]`, so clients of language models call this:
///
///     sseam_end end = sseam_end_now(parser); // Before the flush, which leaves nothing pending.
///     while ((status = sseam_flush(parser, &item)) > 0)
///         show(&item); // It was unfinished.
///     sseam_finish(parser);
///
/// An event that was cut cannot be distinguished from one that lacks only its blank line: it is returned,
/// and its ID becomes the last event ID. Do not flush if you will connect again with that ID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_flush(
    parser: *mut sseam_parser,
    item: *mut sseam_item,
) -> sseam_status {
    if parser.is_null() || item.is_null() {
        return sseam_status::SSEAM_INVALID_ARGUMENT;
    }
    // SAFETY: neither is null, so that each is what its type says. Nobody else uses the parser now.
    #[cfg(feature = "notify")]
    unsafe {
        with_parser!(parser, parser => put_item(item, (*parser).flush_item()))
    }
    // SAFETY: as above.
    #[cfg(not(feature = "notify"))]
    unsafe {
        with_parser!(parser, parser => put_event(item, (*parser).flush_event()))
    }
}

/// Returns what `sseam_finish` would return now, and changes nothing.
///
/// Returns `SSEAM_END_DISCONNECTED` if `parser` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_end_now(parser: *const sseam_parser) -> sseam_end {
    if parser.is_null() {
        return sseam_end::SSEAM_END_DISCONNECTED;
    }
    // SAFETY: it is a parser, which is only read.
    unsafe { with_parser!(parser.cast_mut(), parser => (*parser).end().into()) }
}

/// Ends the stream: discards what is pending, as the standard requires, and returns whether there was
/// anything. Afterwards the parser is as after `sseam_reset`.
///
/// Returns `SSEAM_END_DISCONNECTED` if `parser` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_finish(parser: *mut sseam_parser) -> sseam_end {
    if parser.is_null() {
        return sseam_end::SSEAM_END_DISCONNECTED;
    }
    // SAFETY: it is a parser, and nobody else uses it now.
    unsafe { with_parser!(parser, parser => (*parser).finish().into()) }
}

/// Prepares the parser for a new connection: discards what is pending. The last event ID, the retry time
/// and the selected notifications stay. Does nothing if `parser` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_reset(parser: *mut sseam_parser) {
    if !parser.is_null() {
        // SAFETY: it is a parser, and nobody else uses it now.
        unsafe { with_parser!(parser, parser => (*parser).reset()) }
    }
}

/// Returns the last event ID, to be sent as `Last-Event-ID` when the client connects again. Empty if there
/// is none, or if `parser` is NULL. Valid as long as the texts of an item are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_last_event_id(parser: *const sseam_parser) -> sseam_text {
    if parser.is_null() {
        return sseam_text::EMPTY;
    }
    // SAFETY: it is a parser, and nobody else changes it now.
    unsafe {
        let id = with_parser!(parser.cast_mut(), parser => (*parser).last_event_id().as_bytes());
        sseam_text::of(id)
    }
}

/// Sets the last event ID, to resume a stream of an earlier run.
///
/// Returns false and changes nothing if it contains NUL, CR or LF, exceeds the limit, if there is no
/// memory for it, or if `parser` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_set_last_event_id(
    parser: *mut sseam_parser,
    id: *const c_char,
    len: usize,
) -> bool {
    // SAFETY: the bytes are there during the call.
    let Some(id) = (unsafe { bytes_of(id, len) }) else { return false };
    if parser.is_null() {
        return false;
    }
    // SAFETY: it is a parser, and nobody else uses it now.
    unsafe { with_parser!(parser, parser => (*parser).set_last_event_id(id).is_ok()) }
}

/// Writes the reconnection time of the last valid `retry` field to `*ms`: how long to wait before
/// connecting again, in milliseconds.
///
/// Valid are ASCII digits up to 18446744073709551615. They take effect at the end of their line, before the
/// event of their block; other `retry` fields are ignored.
///
/// Returns false and writes nothing if there was none, or if an argument is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_retry_ms(parser: *const sseam_parser, ms: *mut u64) -> bool {
    if parser.is_null() || ms.is_null() {
        return false;
    }
    // SAFETY: neither is null, so that each is what its type says.
    unsafe {
        let time = with_parser!(parser.cast_mut(), parser => (*parser).reconnection_time());
        let Some(time) = time else { return false };
        // It was made from that many milliseconds.
        put(ms, time.as_secs().wrapping_mul(1000).wrapping_add(time.subsec_millis().into()));
    }
    true
}
