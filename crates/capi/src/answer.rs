//! What the model says.

use core::ffi::{c_char, c_void};
use core::fmt;
use core::mem::MaybeUninit;
use core::ptr;

use sseam::llm::payload::Code;
use sseam::llm::{Answer, Delta, Piece, ProviderError, Tracker, Usage};

#[cfg(feature = "std")]
use crate::heap::{boxed, unbox};
use crate::memory::place;
use crate::tracker::protocol_by;
use crate::types::{Given, LOST, end_of, put};
use crate::{sseam_end, sseam_item, sseam_outcome, sseam_signal, sseam_text, sseam_tracker};

/// Reads the answer in one stream of a language model, whatever the provider.
#[derive(Debug)]
pub struct sseam_answer {
    _opaque: (),
}

// `SSEAM_ANSWER_SIZE` of the header is enough.
const _: () = assert!(size_of::<Answer>() <= 640);
const _: () = assert!(align_of::<Answer>() <= align_of::<u64>());

/// What is new in an answer.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum sseam_delta_kind {
    /// The next piece of the visible text, in `text`.
    SSEAM_DELTA_TEXT = 1,
    /// The next piece of what the model thinks before it answers.
    SSEAM_DELTA_REASONING = 2,
    /// The next piece of the model's words where it refuses.
    SSEAM_DELTA_REFUSAL = 3,
    /// A call of a tool, in `call`: a new number where one begins. Its ID and name follow.
    SSEAM_DELTA_CALL = 4,
    /// The next piece of the call's ID.
    SSEAM_DELTA_CALL_ID = 5,
    /// The next piece of the name of the tool that is called.
    SSEAM_DELTA_CALL_NAME = 6,
    /// The next piece of the call's arguments, which are JSON once they are put together.
    SSEAM_DELTA_CALL_ARGUMENTS = 7,
    /// What has to be sent back unchanged, such as a signature: `name` is what it is called, `text` is JSON.
    SSEAM_DELTA_OPAQUE = 8,
    /// The tokens used, all that is known by now: in `usage`.
    SSEAM_DELTA_USAGE = 9,
    /// Why the model stopped: the provider's word.
    SSEAM_DELTA_REASON = 10,
    /// The next piece of the provider's error: `name` is `message`, `code` or `kind`.
    SSEAM_DELTA_ERROR = 11,
    /// The provider starts again: the text and the calls that came are void.
    SSEAM_DELTA_RESTART = 12,
}
use sseam_delta_kind::*;

/// The tokens that an answer took, as its provider counts them. -1 is a count that is not known.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct sseam_usage {
    /// Tokens of the request.
    pub input: i64,
    /// Tokens of the answer.
    pub output: i64,
    /// Tokens of the request that were in the provider's cache.
    pub cached: i64,
    /// Tokens of reasoning.
    pub reasoning: i64,
}

impl From<Usage> for sseam_usage {
    fn from(usage: Usage) -> Self {
        let count =
            |count: Option<u64>| count.map_or(-1, |it| i64::try_from(it).unwrap_or(i64::MAX));
        Self {
            input: count(usage.input),
            output: count(usage.output),
            cached: count(usage.cached),
            reasoning: count(usage.reasoning),
        }
    }
}

/// Something new of an answer. Valid during the call that passes it.
#[repr(C)]
#[derive(Debug)]
pub struct sseam_delta {
    /// What it is.
    pub kind: sseam_delta_kind,
    /// Which of the answer's calls it is of, counted from 0. Else 0.
    pub call: u32,
    /// A piece of a text: UTF-8, of whole characters, decoded. One text may come in many pieces: append
    /// them.
    pub text: sseam_text,
    /// What the text is, for `SSEAM_DELTA_OPAQUE` and `SSEAM_DELTA_ERROR`. Else empty.
    pub name: sseam_text,
    /// The tokens used, for `SSEAM_DELTA_USAGE`. Else NULL.
    pub usage: *const sseam_usage,
}

/// What `sseam_answer_read` calls for each delta. `user` is the pointer that it was given.
///
/// It must return: no `longjmp`, no exception. It must not use the answer, nor the parser.
pub type sseam_on_delta =
    Option<unsafe extern "C" fn(user: *mut c_void, delta: *const sseam_delta)>;

/// Creates an answer on the heap, to be freed by `sseam_answer_free`. For `protocol` see
/// `sseam_tracker_init`.
///
/// Returns NULL if there is no memory, or no protocol of that name. Not in a build without a heap.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_new(protocol: *const c_char) -> *mut sseam_answer {
    // SAFETY: it is null, or ends in NUL.
    let Ok(protocol) = (unsafe { protocol_by(protocol) }) else { return ptr::null_mut() };
    boxed(protocol.map_or(Answer::new(), Answer::of)).cast()
}

/// Frees an answer that `sseam_answer_new` made. Does nothing if `answer` is NULL.
#[cfg(feature = "std")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_free(answer: *mut sseam_answer) {
    // SAFETY: `sseam_answer_new` made it.
    unsafe { unbox(answer.cast::<Answer>()) }
}

/// Returns how many bytes of memory `sseam_answer_init` needs: at most `SSEAM_ANSWER_SIZE`.
#[unsafe(no_mangle)]
pub extern "C" fn sseam_answer_size() -> usize {
    size_of::<Answer>()
}

/// Creates an answer in memory that you provide: `size` bytes, at least `sseam_answer_size()`, aligned as a
/// `uint64_t`. Nothing has to be freed. For `protocol` see `sseam_tracker_init`.
///
/// Returns NULL if `memory` is NULL, too small or not aligned, or if there is no protocol of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_init(
    memory: *mut c_void,
    size: usize,
    protocol: *const c_char,
) -> *mut sseam_answer {
    // SAFETY: it is null, or ends in NUL.
    let Ok(protocol) = (unsafe { protocol_by(protocol) }) else { return ptr::null_mut() };
    let Some(place) = place::<Answer>(memory, size) else { return ptr::null_mut() };
    // SAFETY: it is large enough and aligned, and the caller's to give away.
    unsafe { place.write(protocol.map_or(Answer::new(), Answer::of)) }
    place.cast()
}

/// Processes the next item of the stream, of any kind, and calls `on_delta` with each thing that is new in it.
///
/// Give it each item for which `sseam_next` or `sseam_flush` returned a positive status. Let the parser
/// select `SSEAM_NOTIFY_ANSWER`: some servers fail or end a stream by what is no event. `on_delta` may be
/// NULL: usage, reason and outcome are kept all the same.
///
/// Returns what the item is: `SSEAM_IGNORED` if `answer` or `item` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_read(
    answer: *mut sseam_answer,
    item: *const sseam_item,
    on_delta: sseam_on_delta,
    user: *mut c_void,
) -> sseam_signal {
    if answer.is_null() || item.is_null() {
        return sseam_signal::SSEAM_IGNORED;
    }
    // SAFETY: neither is null, so that each is what its type says. Nobody else uses the answer now.
    let (answer, given) = unsafe { (&mut *answer.cast::<Answer>(), sseam_item::read(item)) };
    match given {
        Given::Item(item) => {
            let reading = answer.read_item(&item);
            let signal = reading.signal();
            if let Some(on_delta) = on_delta {
                let caller = Caller { on_delta, user };
                reading.for_each(|delta| caller.take(&delta));
            }
            return signal.into();
        }
        Given::Lost => answer.lost(&LOST),
        Given::Nothing => {}
    }
    sseam_signal::SSEAM_IGNORED
}

/// Who takes the deltas.
struct Caller {
    on_delta: unsafe extern "C" fn(*mut c_void, *const sseam_delta),
    user: *mut c_void,
}

impl Caller {
    fn take(&self, delta: &Delta<'_>) {
        match *delta {
            Delta::Text { text, .. } => self.piece(SSEAM_DELTA_TEXT, 0, "", &text),
            Delta::Reasoning { text, .. } => self.piece(SSEAM_DELTA_REASONING, 0, "", &text),
            Delta::Refusal { text, .. } => self.piece(SSEAM_DELTA_REFUSAL, 0, "", &text),
            Delta::Call { call, id, name, .. } => {
                self.text(SSEAM_DELTA_CALL, call, "", b"");
                self.piece(SSEAM_DELTA_CALL_ID, call, "", &id.unwrap_or_default());
                self.piece(SSEAM_DELTA_CALL_NAME, call, "", &name.unwrap_or_default());
            }
            Delta::Arguments { call, json, .. } => {
                self.piece(SSEAM_DELTA_CALL_ARGUMENTS, call, "", &json);
            }
            Delta::Opaque { name, json, .. } => {
                self.text(SSEAM_DELTA_OPAQUE, 0, name, json.as_bytes());
            }
            Delta::Usage { usage, .. } => {
                self.call(SSEAM_DELTA_USAGE, 0, "", b"", &sseam_usage::from(usage));
            }
            Delta::Reason { reason, .. } => {
                self.text(SSEAM_DELTA_REASON, 0, "", reason.as_str().as_bytes());
            }
            Delta::Error { error, .. } => self.error(&error),
            Delta::Restart => self.text(SSEAM_DELTA_RESTART, 0, "", b""),
            _ => {}
        }
    }

    fn error(&self, error: &ProviderError<'_>) {
        if let Some(kind) = error.kind {
            let _ = kind.write_to(&mut self.writer(SSEAM_DELTA_ERROR, 0, "kind"));
        }
        match error.code {
            Some(Code::Text(code)) => {
                let _ = code.write_to(&mut self.writer(SSEAM_DELTA_ERROR, 0, "code"));
            }
            Some(Code::Number(code)) => {
                let mut digits = [0; Digits::MOST];
                self.text(SSEAM_DELTA_ERROR, 0, "code", Digits::of(code, &mut digits));
            }
            _ => {}
        }
        if let Some(message) = &error.message {
            self.piece(SSEAM_DELTA_ERROR, 0, "message", message);
        }
    }

    fn piece(&self, kind: sseam_delta_kind, call: u32, name: &'static str, piece: &Piece<'_>) {
        // A writer takes whatever is written.
        let _ = piece.write_to(&mut self.writer(kind, call, name));
    }

    const fn writer(&self, kind: sseam_delta_kind, call: u32, name: &'static str) -> Writer<'_> {
        Writer { caller: self, kind, call, name }
    }

    fn text(&self, kind: sseam_delta_kind, call: u32, name: &str, text: &[u8]) {
        self.call(kind, call, name, text, ptr::null());
    }

    fn call(
        &self,
        kind: sseam_delta_kind,
        call: u32,
        name: &str,
        text: &[u8],
        usage: *const sseam_usage,
    ) {
        let (text, name) = (sseam_text::of(text), sseam_text::of(name.as_bytes()));
        let delta = sseam_delta { kind, call, text, name, usage };
        // SAFETY: the function is the caller's, who wants it to be called so; it does not unwind.
        unsafe { (self.on_delta)(self.user, &raw const delta) }
    }
}

/// Hands out what is written.
struct Writer<'c> {
    caller: &'c Caller,
    kind: sseam_delta_kind,
    call: u32,
    name: &'static str,
}

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if !text.is_empty() {
            self.caller.text(self.kind, self.call, self.name, text.as_bytes());
        }
        Ok(())
    }
}

/// A number in digits. What `core` has for it can panic, as far as the linker knows.
struct Digits;

impl Digits {
    /// The length of `i64::MIN`.
    const MOST: usize = 20;

    fn of(number: i64, digits: &mut [u8; Self::MOST]) -> &[u8] {
        let mut rest = number.unsigned_abs();
        let mut len = 0;
        for digit in digits.iter_mut().rev() {
            if rest == 0 && len > 0 {
                if number < 0 {
                    *digit = b'-';
                    len += 1;
                }
                break;
            }
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            len += 1;
        }
        digits.get(Self::MOST.saturating_sub(len)..).unwrap_or_default()
    }
}

/// Returns how the answer ended, or would if the stream ended here: see `sseam_tracker_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_outcome(
    answer: *const sseam_answer,
    end: MaybeUninit<sseam_end>,
) -> sseam_outcome {
    // SAFETY: it is null, or an answer that nobody else changes now.
    let answer = unsafe { answer.cast::<Answer>().as_ref() };
    answer.map_or(sseam_outcome::SSEAM_UNKNOWN, |it| it.outcome(end_of(end)).into())
}

/// Writes the tokens used, as far as they are known, to `*usage`. Without an answer, none is. Does nothing
/// if `usage` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_usage(answer: *const sseam_answer, usage: *mut sseam_usage) {
    // SAFETY: it is null, or an answer that nobody else changes now.
    let answer = unsafe { answer.cast::<Answer>().as_ref() };
    if !usage.is_null() {
        let known = answer.map(Answer::usage).unwrap_or_default();
        // SAFETY: it is not null, and so what its type says.
        unsafe { put(usage, known.into()) }
    }
}

/// Returns the answer's tracker, for the protocol, the reason, and whether the end was seen. It is valid as
/// long as the answer is. Returns NULL if `answer` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sseam_answer_tracker(answer: *const sseam_answer) -> *const sseam_tracker {
    // SAFETY: it is null, or an answer that nobody else changes now.
    let answer = unsafe { answer.cast::<Answer>().as_ref() };
    answer.map_or(ptr::null(), |it| (&raw const *it.tracker()).cast::<Tracker>().cast())
}
