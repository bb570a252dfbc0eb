//! Whatever C calls in whatever order, with NULL anywhere that it may be, impossible lengths and values that are none
//! of an enumeration: nothing is read or written that is not the library's to, and the parser does what the same calls
//! of Rust's do. Chunks and texts are in memory of their own, exactly as large, so that a sanitizer sees more.
#![no_main]
#![allow(unsafe_code, missing_docs)]
#![allow(clippy::items_after_statements, clippy::enum_glob_use, clippy::wildcard_imports)]

use std::ffi::{CString, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::{Buffer, End, Error, Field, Item, Notify, Parser, SliceBuf, VecBuf};
use sseam_capi::sseam_status::{
    SSEAM_DATA_TOO_LARGE, SSEAM_EVENT_TYPE_TOO_LARGE, SSEAM_ID_TOO_LARGE, SSEAM_INVALID_ARGUMENT,
    SSEAM_ITEM, SSEAM_NEED_MORE, SSEAM_OUT_OF_MEMORY,
};
use sseam_capi::*;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    data: u8,
    meta: u8,
    /// A name, or none.
    protocol: Option<u8>,
    calls: Vec<Call>,
    stream: &'a [u8],
}

/// Those with a length take so many bytes of the stream.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Call {
    /// Up to the end of the chunk; what comes goes to answer and tracker if it is so.
    Next(u8, bool),
    /// Once, and drops what is left of the chunk.
    Once(u8),
    /// With some of the arguments NULL.
    NextNull(u8),
    /// NULL with a length, or a length that cannot be.
    Impossible(bool),
    Flush,
    Finish,
    Reset,
    Notify(u32),
    SetId(u8),
    /// An item of any kind, of three texts, of which some are NULL.
    Item {
        kind: i32,
        truncated: u32,
        lens: [u8; 3],
        nulls: u8,
    },
    Lost,
    Outcome(i32),
    Reason(u8),
    /// A block of texts, of which some are left out, into so much room.
    Encode {
        lens: [u8; 4],
        nulls: u8,
        retry: u64,
        room: u8,
    },
    /// All that take a parser, an answer or a tracker, without one.
    Nothing,
    /// Memory of so many bytes, so far from where it is aligned.
    Init {
        size: u16,
        offset: u8,
    },
}

const NAMES: [&str; 8] =
    ["chat", "responses", "messages", "generate-content", "json-rpc", "done", "no such", ""];

/// What C calls deltas to.
unsafe extern "C" fn on_delta(user: *mut c_void, delta: *const sseam_delta) {
    // SAFETY: a counter, and a delta.
    let (count, delta) = unsafe { (&mut *user.cast::<usize>(), &*delta) };
    *count += 1;
    assert!(
        str::from_utf8(&bytes(delta.text)).is_ok() && str::from_utf8(&bytes(delta.name)).is_ok()
    );
    assert_eq!(!delta.usage.is_null(), delta.kind == sseam_delta_kind::SSEAM_DELTA_USAGE);
}

/// Reads all of a text.
fn bytes(text: sseam_text) -> Vec<u8> {
    assert!(!text.ptr.is_null());
    // SAFETY: the library says that it is there.
    unsafe { std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len) }.to_vec()
}

const NULL: sseam_text = sseam_text { ptr: ptr::null(), len: 0 };

fn no_item() -> sseam_item {
    let kind = MaybeUninit::new(sseam_item_kind::SSEAM_NO_ITEM);
    sseam_item { kind, truncated: 0, event_type: NULL, data: NULL, last_event_id: NULL }
}

struct Driver<'a, B> {
    parser: *mut sseam_parser,
    model: Option<Parser<B>>,
    answer: *mut sseam_answer,
    tracker: *mut sseam_tracker,
    rest: &'a [u8],
    deltas: usize,
}

impl<B: Buffer> Driver<'_, B> {
    fn take(&mut self, len: u8) -> Vec<u8> {
        let len = if len == u8::MAX { self.rest.len() } else { self.rest.len().min(len.into()) };
        self.rest.split_off(..len).unwrap_or_default().to_vec()
    }

    fn model(&mut self) -> &mut Parser<B> {
        self.model.as_mut().expect("a model")
    }

    /// Asks for the next item of the chunk. Returns whether there was something.
    unsafe fn next(
        &mut self,
        at: &mut *const c_char,
        len: &mut usize,
        chunk: &[u8],
        is_read: bool,
    ) -> bool {
        let mut item = no_item();
        let mut rest = &chunk[chunk.len() - *len..];
        // SAFETY: the chunk is there.
        let status = unsafe { sseam_next(self.parser, at, len, &raw mut item) };
        // SAFETY: the parser is there.
        let asked = |parser: *mut sseam_parser| unsafe { retry(parser) };
        let time = asked(self.parser);
        let next = self.model.as_mut().expect("a model").next_item(&mut rest);
        compare(status, &item, &next, time);
        assert_eq!(*len, rest.len());
        if is_read {
            // SAFETY: the item is valid.
            unsafe { self.read(&item) };
        }
        status as i32 > 0
    }

    unsafe fn read(&mut self, item: &sseam_item) {
        let deltas = (&raw mut self.deltas).cast();
        // SAFETY: all of it is there, or NULL.
        unsafe {
            let signal = sseam_answer_read(self.answer, item, Some(on_delta), deltas);
            sseam_answer_read(self.answer, ptr::null(), Some(on_delta), deltas);
            let observed = sseam_tracker_notice(self.tracker, item);
            assert!(self.answer.is_null() || observed == signal);
        }
    }

    #[allow(clippy::too_many_lines)]
    unsafe fn call(&mut self, call: Call) {
        let mut item = no_item();
        // SAFETY: what is passed is there, is NULL, or is what the function has to refuse.
        unsafe {
            match call {
                Call::Next(len, is_read) => {
                    let chunk = self.take(len);
                    let (mut at, mut len) = (chunk.as_ptr().cast(), chunk.len());
                    while self.next(&mut at, &mut len, &chunk, is_read) {}
                    assert_eq!(at, chunk.as_ptr().wrapping_add(chunk.len()).cast());
                }
                Call::Once(len) => {
                    let chunk = self.take(len);
                    let (mut at, mut len) = (chunk.as_ptr().cast(), chunk.len());
                    self.next(&mut at, &mut len, &chunk, false);
                }
                Call::NextNull(which) => {
                    let (mut at, mut len) = (c"x".as_ptr(), 1);
                    let is = |bit: u8| which >> bit & 1 == 1;
                    if which & 15 != 0 {
                        let status = sseam_next(
                            if is(0) { ptr::null_mut() } else { self.parser },
                            if is(1) { ptr::null_mut() } else { &raw mut at },
                            if is(2) { ptr::null_mut() } else { &raw mut len },
                            if is(3) { ptr::null_mut() } else { &raw mut item },
                        );
                        assert_eq!(status, SSEAM_INVALID_ARGUMENT);
                    }
                }
                Call::Impossible(is_null) => {
                    let (mut at, mut len) =
                        (if is_null { ptr::null() } else { c"x".as_ptr() }, usize::MAX);
                    let status = sseam_next(self.parser, &raw mut at, &raw mut len, &raw mut item);
                    assert_eq!((status, len), (SSEAM_INVALID_ARGUMENT, usize::MAX));
                    assert!(!sseam_set_last_event_id(self.parser, at, len));
                }
                Call::Flush => loop {
                    let status = sseam_flush(self.parser, &raw mut item);
                    let time = retry(self.parser);
                    compare(status, &item, &self.model().flush_item(), time);
                    self.read(&item);
                    if status as i32 <= 0 {
                        break;
                    }
                },
                Call::Finish => {
                    assert_eq!(sseam_end_now(self.parser), self.model().end().into());
                    let end = sseam_finish(self.parser);
                    assert_eq!(end, self.model().finish().into());
                }
                Call::Reset => {
                    sseam_reset(self.parser);
                    self.model().reset();
                }
                Call::Notify(bits) => {
                    // Mostly ones that there are.
                    let bits = if bits & 0x80 == 0 { bits & 15 } else { bits };
                    let is_set = sseam_set_notify(self.parser, bits);
                    assert_eq!(is_set, bits < 16 && self.model().end() == End::Clean);
                    if is_set {
                        let model = self.model.take().expect("a model");
                        self.model = Some(model.with_notify(notify_of(bits)));
                    }
                }
                Call::SetId(len) => {
                    let id = self.take(len);
                    let is_set = sseam_set_last_event_id(self.parser, id.as_ptr().cast(), id.len());
                    assert_eq!(is_set, self.model().set_last_event_id(&id).is_ok());
                }
                Call::Item { kind, truncated, lens, nulls } => {
                    let texts = lens.map(|len| self.take(len));
                    // Mostly a kind that there is.
                    let kind = if kind & 0x80 == 0 { kind & 7 } else { kind };
                    item.kind.as_mut_ptr().cast::<i32>().write(kind);
                    item.truncated = truncated;
                    let slots = [&mut item.event_type, &mut item.data, &mut item.last_event_id];
                    for (n, (slot, text)) in slots.into_iter().zip(&texts).enumerate() {
                        *slot = text_of(text, nulls >> n & 1 == 1);
                    }
                    self.read(&item);
                }
                Call::Lost => {
                    item.kind = MaybeUninit::new(sseam_item_kind::SSEAM_LOST_EVENT);
                    self.read(&item);
                }
                Call::Outcome(end) => {
                    let mut any = MaybeUninit::<sseam_end>::uninit();
                    any.as_mut_ptr().cast::<i32>().write(end);
                    let outcome = sseam_answer_outcome(self.answer, any);
                    assert!(
                        self.answer.is_null()
                            || outcome == sseam_tracker_outcome(self.tracker, any)
                    );
                }
                Call::Reason(room) => {
                    let mut word = vec![b'#'; room.into()];
                    let tracker = sseam_answer_tracker(self.answer);
                    let len = sseam_tracker_reason(tracker, word.as_mut_ptr().cast(), word.len());
                    assert!(
                        len <= 47 && sseam_tracker_reason(self.tracker, ptr::null_mut(), 9) == len
                    );
                    assert!(room == 0 || word[len.min(word.len() - 1)] == 0);
                }
                Call::Encode { lens, nulls, retry, room } => {
                    let texts = lens.map(|len| self.take(len));
                    let is_null = |n: usize| nulls >> n & 1 == 1;
                    let text = |n: usize| text_of(&texts[n], is_null(n));
                    let retry_ms = if is_null(4) { ptr::null() } else { &raw const retry };
                    let [data, event_type, id, comment] = [0, 1, 2, 3].map(text);
                    let block = sseam_block { data, event_type, id, comment, retry_ms };
                    let needed = sseam_encode(&raw const block, ptr::null_mut(), usize::MAX);
                    let mut to = vec![b'#'; room.into()];
                    assert_eq!(
                        sseam_encode(&raw const block, to.as_mut_ptr().cast(), to.len()),
                        needed
                    );
                    let written = if needed <= to.len() { needed } else { 0 };
                    assert!(to[written..].iter().all(|byte| *byte == b'#'));
                }
                Call::Nothing => nothing(),
                Call::Init { size, offset } => {
                    let mut memory = vec![0_u64; 200];
                    let memory =
                        memory.as_mut_ptr().wrapping_byte_add(usize::from(offset % 64)).cast();
                    let size = usize::from(size % 1400);
                    let is_aligned = offset % 8 == 0;
                    let answer = sseam_answer_init(memory, size, ptr::null());
                    assert_eq!(answer.is_null(), !is_aligned || size < sseam_answer_size());
                    let tracker = sseam_tracker_init(memory, size, c"chat".as_ptr());
                    assert_eq!(tracker.is_null(), !is_aligned || size < sseam_tracker_size());
                    let mut buffer = [0_u8; 0];
                    let buffer = buffer.as_mut_ptr().cast();
                    let parser = sseam_parser_init(memory, size, buffer, 0, buffer, 0);
                    assert!(
                        sseam_parser_init(memory, size, ptr::null_mut(), 0, buffer, 0).is_null()
                    );
                    assert_eq!(parser.is_null(), !is_aligned || size < sseam_parser_size());
                }
            }
            let id = bytes(sseam_last_event_id(self.parser));
            let time = retry(self.parser);
            assert_eq!(id, self.model().last_event_id().as_bytes());
            assert_eq!(
                time.map(u128::from),
                self.model().reconnection_time().map(|it| it.as_millis())
            );
            let mut usage = MaybeUninit::uninit();
            sseam_answer_usage(self.answer, usage.as_mut_ptr());
            assert!(usage.assume_init().input >= -1);
        }
    }
}

fn text_of(text: &[u8], is_null: bool) -> sseam_text {
    if is_null { NULL } else { sseam_text { ptr: text.as_ptr().cast(), len: text.len() } }
}

fn notify_of(bits: u32) -> Notify {
    let all =
        [Notify::COMMENTS, Notify::UNKNOWN_FIELDS, Notify::EMPTY_BLOCKS, Notify::RECONNECTION_TIME];
    let chosen = (0..).zip(all).filter(|(n, _)| bits >> n & 1 == 1);
    chosen.fold(Notify::NONE, |sum, (_, one)| sum | one)
}

unsafe fn retry(parser: *const sseam_parser) -> Option<u64> {
    let mut ms = 0;
    // SAFETY: both are there.
    unsafe { sseam_retry_ms(parser, &raw mut ms) }.then_some(ms)
}

/// C's item is that of the model.
fn compare(
    status: sseam_status,
    item: &sseam_item,
    model: &Result<Option<Item<'_>>, Error>,
    time: Option<u64>,
) {
    // SAFETY: the library wrote it.
    let kind = unsafe { item.kind.assume_init() };
    let texts = [item.event_type, item.data, item.last_event_id];
    let parts = |expected: [&[u8]; 3]| assert_eq!(texts.map(bytes), expected.map(<[u8]>::to_vec));
    use sseam_item_kind::*;
    match model {
        Ok(None) => assert_eq!((status, kind), (SSEAM_NEED_MORE, SSEAM_NO_ITEM)),
        Err(error) => {
            let expected = match error {
                Error::TooLarge { field: Field::Data, .. } => SSEAM_DATA_TOO_LARGE,
                Error::TooLarge { field: Field::Event, .. } => SSEAM_EVENT_TYPE_TOO_LARGE,
                Error::TooLarge { field: Field::Id, .. } => SSEAM_ID_TOO_LARGE,
                _ => SSEAM_OUT_OF_MEMORY,
            };
            assert_eq!((status, kind), (expected, SSEAM_LOST_EVENT));
            parts([b""; 3]);
        }
        Ok(Some(model)) => {
            assert_eq!(status, SSEAM_ITEM);
            let is_truncated = item.truncated == 1;
            match model {
                Item::Event(event) => {
                    assert_eq!((kind, is_truncated), (SSEAM_EVENT, false));
                    let id = event.last_event_id();
                    parts([event.event_type(), event.data(), id].map(sseam::Value::as_bytes));
                }
                Item::Comment { text, truncated } => {
                    assert_eq!((kind, is_truncated), (SSEAM_COMMENT, *truncated));
                    parts([b"", text.as_bytes(), b""]);
                }
                Item::UnknownField { name, value, truncated } => {
                    assert_eq!((kind, is_truncated), (SSEAM_UNKNOWN_FIELD, *truncated));
                    parts([name.as_bytes(), value.as_bytes(), b""]);
                }
                Item::EmptyBlock { event_type, last_event_id } => {
                    assert_eq!(kind, SSEAM_EMPTY_BLOCK);
                    parts([event_type.as_bytes(), b"", last_event_id.as_bytes()]);
                }
                Item::ReconnectionTime(expected) => {
                    assert_eq!(kind, SSEAM_RETRY);
                    assert_eq!(time.map(u128::from), Some(expected.as_millis()));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// All without an object.
unsafe fn nothing() {
    let mut item = no_item();
    let end = MaybeUninit::new(sseam_end::SSEAM_END_CLEAN);
    // SAFETY: that is allowed.
    unsafe {
        assert_eq!(sseam_flush(ptr::null_mut(), &raw mut item), SSEAM_INVALID_ARGUMENT);
        sseam_finish(ptr::null_mut());
        sseam_reset(ptr::null_mut());
        sseam_parser_free(ptr::null_mut());
        assert!(!sseam_set_notify(ptr::null_mut(), 1));
        assert!(!sseam_set_last_event_id(ptr::null_mut(), c"x".as_ptr(), 1));
        assert!(!sseam_retry_ms(ptr::null(), ptr::null_mut()));
        assert_eq!(bytes(sseam_last_event_id(ptr::null())), b"");
        sseam_answer_free(ptr::null_mut());
        sseam_answer_usage(ptr::null(), ptr::null_mut());
        assert!(sseam_answer_tracker(ptr::null()).is_null());
        assert_eq!(sseam_answer_outcome(ptr::null(), end), sseam_outcome::SSEAM_UNKNOWN);
        sseam_tracker_free(ptr::null_mut());
        assert!(!sseam_tracker_is_over(ptr::null()));
        assert_eq!(bytes(sseam_tracker_protocol(ptr::null())), b"");
        assert_eq!(sseam_encode(ptr::null(), ptr::null_mut(), 7), 0);
    }
}

unsafe fn drive<B: Buffer>(parser: *mut sseam_parser, model: Parser<B>, input: &Input<'_>) {
    let name =
        input.protocol.map(|n| CString::new(NAMES[usize::from(n) % NAMES.len()]).expect("no NUL"));
    let name = name.as_ref().map_or(ptr::null(), |name| name.as_ptr());
    assert!(!parser.is_null());
    // SAFETY: the name ends in NUL, and each is freed once.
    unsafe {
        let (answer, tracker) = (sseam_answer_new(name), sseam_tracker_new(name));
        assert_eq!(answer.is_null(), tracker.is_null());
        let mut driver =
            Driver { parser, model: Some(model), answer, tracker, rest: input.stream, deltas: 0 };
        for &call in &input.calls {
            driver.call(call);
        }
        driver.call(Call::Next(u8::MAX, true));
        driver.call(Call::Flush);
        sseam_answer_free(answer);
        sseam_tracker_free(tracker);
    }
}

fuzz_target!(|input: Input<'_>| {
    let (data, meta) = (usize::from(input.data % 65), usize::from(input.meta % 33));
    // SAFETY: all memory outlives the parsers.
    unsafe {
        // 0 is the default there.
        let parser = sseam_parser_new(data + 1, meta + 1);
        drive(parser, Parser::with_buffer(VecBuf::with_limits(data + 1, meta + 1)), &input);
        sseam_parser_free(parser);

        let mut memory = vec![0_u64; sseam_parser_size().div_ceil(8)];
        let (mut data_memory, mut meta_memory) = (vec![0_u8; data], vec![0_u8; 3 * meta]);
        let (mut data_model, mut meta_model) = (data_memory.clone(), meta_memory.clone());
        let parser = sseam_parser_init(
            memory.as_mut_ptr().cast(),
            8 * memory.len(),
            data_memory.as_mut_ptr().cast(),
            data,
            meta_memory.as_mut_ptr().cast(),
            3 * meta,
        );
        drive(parser, Parser::with_buffer(SliceBuf::new(&mut data_model, &mut meta_model)), &input);
    }
});
