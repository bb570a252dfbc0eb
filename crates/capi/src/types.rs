//! What crosses the boundary: texts, items, and the enumerations with their values.

use core::ffi::c_char;
use core::mem::MaybeUninit;
use core::{ptr, slice};

#[cfg(feature = "notify")]
use sseam::Notify;
use sseam::llm::{Outcome, Signal};
use sseam::{End, Error, Event, Field, Item, Value};

/// A text: `len` bytes from `ptr` on, which need not be UTF-8, may hold NUL, and do NOT end in NUL. Print
/// it by `printf("%.*s", (int)text.len, text.ptr)` or `fwrite(text.ptr, 1, text.len, stdout)`.
///
/// What the library returns has a `ptr` that is never NULL. In what it is given, a NULL `ptr` is an empty
/// text, or in an `sseam_block` none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sseam_text {
    /// The first byte. Not to be read from where `len` is 0.
    pub ptr: *const c_char,
    /// The number of bytes.
    pub len: usize,
}

impl sseam_text {
    pub(crate) const EMPTY: Self = Self { ptr: c"".as_ptr(), len: 0 };

    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr().cast(), len: bytes.len() }
    }

    /// Returns the bytes that a caller means.
    ///
    /// # Safety
    ///
    /// They are there for `'a`.
    #[inline]
    pub(crate) unsafe fn bytes<'a>(self) -> &'a [u8] {
        // SAFETY: the caller says that the bytes are there.
        unsafe { bytes_of(self.ptr, self.len) }.unwrap_or_default()
    }
}

/// Returns `len` bytes from `ptr` on: none for NULL, unless there are to be some.
///
/// # Safety
///
/// They are there for `'a`.
#[inline]
pub(crate) unsafe fn bytes_of<'a>(ptr: *const c_char, len: usize) -> Option<&'a [u8]> {
    if ptr.is_null() {
        return if len == 0 { Some(&[]) } else { None };
    }
    if len > isize::MAX.unsigned_abs() {
        return None;
    }
    // SAFETY: neither null nor longer than memory can be; the caller says that the bytes are there.
    Some(unsafe { slice::from_raw_parts(ptr.cast(), len) })
}

/// What `sseam_next` and `sseam_flush` return. Positive: there is something in the item, call again.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_status {
    /// An argument is NULL that must not be, or a length is impossible. A mistake of the caller's; nothing
    /// was done.
    SSEAM_INVALID_ARGUMENT = -1,
    /// The chunk is used up: give the next one. From `sseam_flush`: nothing is left.
    SSEAM_NEED_MORE = 0,
    /// The item is an event, or a notification that `sseam_set_notify` selected.
    SSEAM_ITEM = 1,
    /// One event was lost: its data exceeds the limit. Like the three that follow, this is no reason to
    /// stop: the item is of kind `SSEAM_LOST_EVENT`, and the next call continues after that event. The loss
    /// is reported when the limit is exceeded, before the event has ended. Its ID does not count.
    SSEAM_DATA_TOO_LARGE = 2,
    /// One event was lost: its event type exceeds the limit.
    SSEAM_EVENT_TYPE_TOO_LARGE = 3,
    /// One event was lost: its ID exceeds the limit.
    SSEAM_ID_TOO_LARGE = 4,
    /// One event was lost: there was no memory for it.
    SSEAM_OUT_OF_MEMORY = 5,
}
use sseam_status::*;

impl sseam_status {
    #[cold]
    pub(crate) fn of(error: Error) -> Self {
        match error {
            Error::TooLarge { field: Field::Event, .. } => SSEAM_EVENT_TYPE_TOO_LARGE,
            Error::TooLarge { field: Field::Id, .. } => SSEAM_ID_TOO_LARGE,
            Error::TooLarge { .. } => SSEAM_DATA_TOO_LARGE,
            _ => SSEAM_OUT_OF_MEMORY,
        }
    }
}

/// What an item is.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_item_kind {
    /// Nothing: the status is `SSEAM_NEED_MORE` or `SSEAM_INVALID_ARGUMENT`.
    SSEAM_NO_ITEM = 0,
    /// An event: `event_type`, `data`, `last_event_id`.
    SSEAM_EVENT = 1,
    /// An event that was lost. The status says why; there are no texts.
    SSEAM_LOST_EVENT = 2,
    /// A line that begins with a colon: its text is in `data`, without the colon and one space after it.
    SSEAM_COMMENT = 3,
    /// A field that the standard does not know: its name is in `event_type`, its value in `data`.
    SSEAM_UNKNOWN_FIELD = 4,
    /// A block that sets an event type or an ID and has no data: `event_type` (`message`, if it sets none),
    /// `last_event_id`.
    SSEAM_EMPTY_BLOCK = 5,
    /// A valid `retry` field: `sseam_retry_ms` returns the time.
    SSEAM_RETRY = 6,
}
use sseam_item_kind::*;

/// An event, or a notification. Its texts are valid until the next call of `sseam_next`, `sseam_flush`,
/// `sseam_finish`, `sseam_reset`, `sseam_set_last_event_id` or `sseam_parser_free` for its parser, and not
/// longer than the chunk is. Copy what you keep.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct sseam_item {
    /// What it is.
    // What C has written may be no value of the enumeration.
    pub kind: MaybeUninit<sseam_item_kind>,
    /// 1 if the text of a comment or an unknown field did not fit into the limit on data and is only the
    /// beginning of it. Else 0.
    pub truncated: u32,
    /// The event type: the value of the last `event` field, or `message`. Of `SSEAM_UNKNOWN_FIELD` the
    /// field's name.
    pub event_type: sseam_text,
    /// The data: the values of all `data` fields, joined by LF. Of `SSEAM_COMMENT` and
    /// `SSEAM_UNKNOWN_FIELD` the text and the value.
    pub data: sseam_text,
    /// The last event ID, which an earlier event may have set. Empty if there is none.
    pub last_event_id: sseam_text,
}

impl sseam_item {
    #[inline]
    pub(crate) fn of_event(event: &Event<'_>) -> Self {
        Self {
            kind: MaybeUninit::new(SSEAM_EVENT),
            truncated: 0,
            event_type: sseam_text::of(event.event_type().as_bytes()),
            data: sseam_text::of(event.data().as_bytes()),
            last_event_id: sseam_text::of(event.last_event_id().as_bytes()),
        }
    }

    #[cfg(feature = "notify")]
    pub(crate) fn of(item: &Item<'_>) -> Self {
        let text = |value: &Value<'_>| sseam_text::of(value.as_bytes());
        let mut it = Self::without_texts(SSEAM_RETRY);
        match item {
            Item::Event(event) => return Self::of_event(event),
            Item::Comment { text: comment, truncated } => {
                it.kind = MaybeUninit::new(SSEAM_COMMENT);
                (it.data, it.truncated) = (text(comment), (*truncated).into());
            }
            Item::UnknownField { name, value, truncated } => {
                it.kind = MaybeUninit::new(SSEAM_UNKNOWN_FIELD);
                (it.event_type, it.data) = (text(name), text(value));
                it.truncated = (*truncated).into();
            }
            Item::EmptyBlock { event_type, last_event_id } => {
                it.kind = MaybeUninit::new(SSEAM_EMPTY_BLOCK);
                (it.event_type, it.last_event_id) = (text(event_type), text(last_event_id));
            }
            _ => {}
        }
        it
    }

    pub(crate) const fn without_texts(kind: sseam_item_kind) -> Self {
        Self {
            kind: MaybeUninit::new(kind),
            truncated: 0,
            event_type: sseam_text::EMPTY,
            data: sseam_text::EMPTY,
            last_event_id: sseam_text::EMPTY,
        }
    }

    /// Returns what the item is to an answer or a tracker.
    ///
    /// # Safety
    ///
    /// `item` points to an item whose texts are there for `'a`.
    pub(crate) unsafe fn read<'a>(item: *const Self) -> Given<'a> {
        const EVENT: i32 = SSEAM_EVENT as i32;
        const LOST: i32 = SSEAM_LOST_EVENT as i32;
        const COMMENT: i32 = SSEAM_COMMENT as i32;
        const UNKNOWN_FIELD: i32 = SSEAM_UNKNOWN_FIELD as i32;
        const EMPTY_BLOCK: i32 = SSEAM_EMPTY_BLOCK as i32;
        // SAFETY: the caller says that there is an item. Its kind is read as the number that it is in C.
        let (item, kind) = unsafe { (&*item, (&raw const (*item).kind).cast::<i32>().read()) };
        // SAFETY: the caller says that the texts are there.
        let text = |text: sseam_text| Value::new(unsafe { text.bytes() });
        let truncated = item.truncated != 0;
        Given::Item(match kind {
            EVENT => {
                let event = Event::new(text(item.data)).with_type(text(item.event_type));
                Item::Event(event.with_id(text(item.last_event_id)))
            }
            COMMENT => Item::Comment { text: text(item.data), truncated },
            UNKNOWN_FIELD => Item::UnknownField {
                name: text(item.event_type),
                value: text(item.data),
                truncated,
            },
            EMPTY_BLOCK => Item::EmptyBlock {
                event_type: text(item.event_type),
                last_event_id: text(item.last_event_id),
            },
            LOST => return Given::Lost,
            _ => return Given::Nothing,
        })
    }
}

/// What an item of C's is to an answer or a tracker.
pub(crate) enum Given<'a> {
    Item(Item<'a>),
    Lost,
    Nothing,
}

/// An error for [`Given::Lost`]: which one it was is of no consequence.
pub(crate) const LOST: Error = Error::OutOfMemory;

/// What to be notified of, besides events. Combine by `|`.
#[repr(u32)]
#[derive(Clone, Copy, Debug)]
pub enum sseam_notify {
    /// Nothing.
    SSEAM_NOTIFY_NONE = 0,
    /// Comments: a server's sign of life.
    SSEAM_NOTIFY_COMMENTS = 1,
    /// Fields that the standard does not know, such as the `error: {...}` of some servers.
    SSEAM_NOTIFY_UNKNOWN_FIELDS = 2,
    /// Blocks without data.
    SSEAM_NOTIFY_EMPTY_BLOCKS = 4,
    /// What can say something of an answer: unknown fields and blocks without data.
    SSEAM_NOTIFY_ANSWER = 6,
    /// Valid `retry` fields.
    SSEAM_NOTIFY_RETRY = 8,
    /// All of it.
    SSEAM_NOTIFY_ALL = 15,
}

/// Returns the notifications that the bits select; `None` if there is a bit that is none.
#[cfg(feature = "notify")]
pub(crate) fn notify_of(bits: u32) -> Option<Notify> {
    let all =
        [Notify::COMMENTS, Notify::UNKNOWN_FIELDS, Notify::EMPTY_BLOCKS, Notify::RECONNECTION_TIME];
    let chosen = all.into_iter().zip(0..).filter(|(_, bit)| bits >> bit & 1 == 1);
    (bits < 1 << 4).then(|| chosen.fold(Notify::NONE, |sum, (one, _)| sum.union(one)))
}

/// How a stream ended: what `sseam_finish` returns.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_end {
    /// Between events: nothing was lost.
    SSEAM_END_CLEAN = 0,
    /// In the middle of an event, which was discarded, as the standard requires: in a block that has set data,
    /// an event type or an ID, or in the middle of any line.
    SSEAM_END_MID_EVENT = 1,
    /// The connection broke. Only the caller knows that: pass it to `sseam_answer_outcome`. No parser
    /// returns it.
    SSEAM_END_DISCONNECTED = 2,
}
use sseam_end::*;

impl From<End> for sseam_end {
    fn from(end: End) -> Self {
        match end {
            End::Clean => SSEAM_END_CLEAN,
            End::MidEvent => SSEAM_END_MID_EVENT,
            End::Disconnected => SSEAM_END_DISCONNECTED,
        }
    }
}

/// Returns the end that a caller means: what is no value of the enumeration is a broken connection, of
/// which the least can be said.
pub(crate) fn end_of(end: MaybeUninit<sseam_end>) -> End {
    // SAFETY: an argument of the size of an `i32` was passed, of which any value is one.
    let number = unsafe { end.as_ptr().cast::<i32>().read() };
    match number {
        0 => End::Clean,
        1 => End::MidEvent,
        _ => End::Disconnected,
    }
}

/// How an answer ended.
///
/// The values suit as exit statuses: they are those of the command line `sseam`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_outcome {
    /// The provider said that it is finished.
    SSEAM_COMPLETED = 0,
    /// The provider stopped early and said so: a token limit, a content filter.
    SSEAM_INCOMPLETE = 3,
    /// The provider sent an error.
    SSEAM_FAILED = 4,
    /// The stream ended before the provider said that it is finished. The same request may well succeed
    /// if it is sent again.
    SSEAM_TRUNCATED = 5,
    /// Nothing that is known says how the stream ended.
    SSEAM_UNKNOWN = 6,
}
use sseam_outcome::*;

impl From<Outcome> for sseam_outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Completed => SSEAM_COMPLETED,
            Outcome::Incomplete => SSEAM_INCOMPLETE,
            Outcome::Failed => SSEAM_FAILED,
            Outcome::Truncated => SSEAM_TRUNCATED,
            Outcome::Unknown => SSEAM_UNKNOWN,
        }
    }
}

/// What an item is to the client of a language model.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_signal {
    /// Nothing: a keep-alive, or what follows the end.
    SSEAM_IGNORED = 0,
    /// A payload. More is to come.
    SSEAM_PAYLOAD = 1,
    /// The end, with a payload: the usage, the whole response, an error.
    SSEAM_TERMINAL = 2,
    /// The end, with nothing to read.
    SSEAM_SENTINEL = 3,
}
use sseam_signal::*;

impl From<Signal> for sseam_signal {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Ignored => SSEAM_IGNORED,
            Signal::Payload => SSEAM_PAYLOAD,
            Signal::Terminal => SSEAM_TERMINAL,
            Signal::Sentinel => SSEAM_SENTINEL,
        }
    }
}

/// Writes `value` to where C wants it.
///
/// # Safety
///
/// `to` is valid for writes.
#[inline]
pub(crate) unsafe fn put<T>(to: *mut T, value: T) {
    // SAFETY: what is overwritten is C's, and nothing to drop. The caller says that it is there.
    unsafe { ptr::write(to, value) }
}
