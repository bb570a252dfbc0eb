//! The functions as C calls them, from Rust, so that an interpreter can watch: `.ci/miri`. Chunks are in memory of
//! their own and freed once they are used up.

use std::ffi::{CStr, c_char, c_void};
use std::fmt::Write as _;
use std::mem::MaybeUninit;
use std::ptr;

use sseam::Notify;
use sseam_capi::sseam_end::SSEAM_END_MID_EVENT;
use sseam_capi::sseam_item_kind::{
    SSEAM_COMMENT, SSEAM_EMPTY_BLOCK, SSEAM_EVENT, SSEAM_RETRY, SSEAM_UNKNOWN_FIELD,
};
use sseam_capi::*;
use sseam_testkit::cases::CASES;
use sseam_testkit::{
    CUTS_APART, Output, Setup, Trace, bytewise, cut, ms, oracle, with_each_line_end,
};

fn bytes(text: sseam_text) -> Vec<u8> {
    // SAFETY: the test reads it before the next call.
    unsafe { std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len) }.to_vec()
}

fn no_item() -> sseam_item {
    let text = sseam_text { ptr: ptr::null(), len: 0 };
    sseam_item {
        kind: MaybeUninit::new(sseam_item_kind::SSEAM_NO_ITEM),
        truncated: 0,
        event_type: text,
        data: text,
        last_event_id: text,
    }
}

/// What an item is in a log.
unsafe fn output(parser: *const sseam_parser, status: sseam_status, item: &sseam_item) -> Output {
    assert_eq!(status, sseam_status::SSEAM_ITEM);
    let truncated = item.truncated == 1;
    // SAFETY: the library wrote it.
    match unsafe { item.kind.assume_init() } {
        SSEAM_EVENT => Output::Event {
            event_type: bytes(item.event_type),
            data: bytes(item.data),
            id: bytes(item.last_event_id),
        },
        SSEAM_COMMENT => Output::Comment { text: bytes(item.data), truncated },
        SSEAM_UNKNOWN_FIELD => Output::UnknownField {
            name: bytes(item.event_type),
            value: bytes(item.data),
            truncated,
        },
        SSEAM_EMPTY_BLOCK => {
            Output::EmptyBlock { event_type: bytes(item.event_type), id: bytes(item.last_event_id) }
        }
        SSEAM_RETRY => {
            // SAFETY: the parser is the caller's.
            Output::ReconnectionTime(ms(unsafe { retry(parser) }.expect("a time")))
        }
        kind => panic!("{kind:?}"),
    }
}

unsafe fn retry(parser: *const sseam_parser) -> Option<u64> {
    let mut ms = 0;
    // SAFETY: both are there.
    unsafe { sseam_retry_ms(parser, &raw mut ms) }.then_some(ms)
}

/// Reads the chunks and ends the stream.
unsafe fn read(parser: *mut sseam_parser, chunks: &[&[u8]], flush: bool) -> Trace {
    let (mut all, mut item) = (Vec::new(), no_item());
    // SAFETY: the parser is the caller's, and all else is here.
    unsafe {
        for &bytes in chunks {
            let chunk = bytes.to_vec();
            let (mut at, mut len) = (chunk.as_ptr().cast::<c_char>(), chunk.len());
            loop {
                let status = sseam_next(parser, &raw mut at, &raw mut len, &raw mut item);
                if status == sseam_status::SSEAM_NEED_MORE {
                    break;
                }
                all.push(output(parser, status, &item));
            }
            assert_eq!((at, len), (chunk.as_ptr().wrapping_add(chunk.len()).cast(), 0));
        }
        if flush {
            loop {
                let status = sseam_flush(parser, &raw mut item);
                if status == sseam_status::SSEAM_NEED_MORE {
                    break;
                }
                all.push(output(parser, status, &item));
            }
        }
        let discarded = sseam_finish(parser) == SSEAM_END_MID_EVENT;
        let last_event_id = bytes(sseam_last_event_id(parser));
        Trace { outputs: all, last_event_id, retry: retry(parser), discarded }
    }
}

/// Compares with the oracle: on the heap, and in memory of the caller's that nobody has written to.
#[track_caller]
fn check(stream: &[u8], chunks: &[&[u8]], flush: bool) {
    for notify in [Notify::NONE, Notify::ALL] {
        let setup = Setup { notify, flush, ..Setup::ROOMY };
        let expected = oracle(stream, &setup, usize::MAX);
        let bits = if notify == Notify::ALL { 15 } else { 0 };
        let (data, meta) = (setup.data, 3 * setup.meta);
        // SAFETY: all memory outlives the parsers.
        unsafe {
            let parser = sseam_parser_new(data, setup.meta);
            assert!(sseam_set_notify(parser, bits));
            assert_eq!(read(parser, chunks, flush), expected, "{chunks:?}");
            sseam_parser_free(parser);

            let mut memory = [MaybeUninit::<u64>::uninit(); 20];
            let mut data_memory = Box::<[u8]>::new_uninit_slice(data);
            let mut meta_memory = Box::<[u8]>::new_uninit_slice(meta);
            let parser = sseam_parser_init(
                memory.as_mut_ptr().cast(),
                size_of_val(&memory),
                data_memory.as_mut_ptr().cast(),
                data,
                meta_memory.as_mut_ptr().cast(),
                meta,
            );
            assert!(sseam_set_notify(parser, bits));
            assert_eq!(read(parser, chunks, flush), expected, "{chunks:?}");
        }
    }
}

#[test]
fn conformance_table() {
    for case in CASES.iter().step_by(if cfg!(miri) { 20 } else { 1 }) {
        check(case.input, &[case.input], false);
        check(case.input, &bytewise(case.input), false);
    }
}

#[test]
fn every_cut() {
    let stream =
        ": c\nid: 7\nevent: add\ndata: one\ndata: two\n\nx: y\nretry: 3\nid: 8\n\ndata: cut";
    for stream in with_each_line_end(stream) {
        let stream = stream.as_bytes();
        for at in (0..=stream.len()).step_by(CUTS_APART) {
            check(stream, &cut(stream, &[at, at]), at % 2 == 0);
        }
    }
}

unsafe extern "C" fn on_delta(user: *mut c_void, delta: *const sseam_delta) {
    // SAFETY: it is the text below, and a delta.
    let (said, delta) = unsafe { (&mut *user.cast::<String>(), &*delta) };
    let text = String::from_utf8(bytes(delta.text)).expect("UTF-8");
    let name = String::from_utf8(bytes(delta.name)).expect("UTF-8");
    let _ = write!(said, "{}({name}{text}) ", delta.kind as i32);
    // SAFETY: null, or there.
    if let Some(usage) = unsafe { delta.usage.as_ref() } {
        let _ = write!(said, "{usage:?} ");
    }
}

#[test]
fn answer_in_memory_of_caller() {
    let data = [
        r#"{"choices":[{"delta":{"content":"a\ud83d"}}]}"#,
        r#"{"choices":[{"delta":{"content":"\ude00"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}"#,
        r#"{"error":{"code":-9223372036854775808,"message":"m"}}"#,
    ];
    let (mut answer_memory, mut tracker_memory) = ([0_u64; 80], [0_u64; 14]);
    let mut said = String::new();
    // SAFETY: all memory outlives answer and tracker.
    unsafe {
        let size = size_of_val(&answer_memory);
        let answer = sseam_answer_init(answer_memory.as_mut_ptr().cast(), size, c"chat".as_ptr());
        let size = size_of_val(&tracker_memory);
        let tracker = sseam_tracker_init(tracker_memory.as_mut_ptr().cast(), size, ptr::null());
        for data in data {
            let mut item = no_item();
            item.kind = MaybeUninit::new(SSEAM_EVENT);
            item.data = sseam_text { ptr: data.as_ptr().cast(), len: data.len() };
            let signal =
                sseam_answer_read(answer, &raw const item, Some(on_delta), (&raw mut said).cast());
            assert_eq!(sseam_tracker_notice(tracker, &raw const item), signal);
        }
        let end = MaybeUninit::new(sseam_end::SSEAM_END_CLEAN);
        assert_eq!(sseam_answer_outcome(answer, end), sseam_outcome::SSEAM_FAILED);
        assert_eq!(sseam_tracker_outcome(tracker, end), sseam_outcome::SSEAM_FAILED);
        let known = sseam_answer_tracker(answer);
        assert_eq!(bytes(sseam_tracker_protocol(known)), b"chat");
        let mut word = [MaybeUninit::<c_char>::uninit(); 5];
        assert_eq!(sseam_tracker_reason(known, word.as_mut_ptr().cast(), 5), 4);
        assert_eq!(CStr::from_ptr(word.as_ptr().cast()), c"stop");
        let mut usage = MaybeUninit::uninit();
        sseam_answer_usage(answer, usage.as_mut_ptr());
        assert_eq!(usage.assume_init().input, 3);
    }
    assert_eq!(
        said,
        "1(a) 9() sseam_usage { input: 3, output: -1, cached: -1, reasoning: -1 } 1(😀) 10(stop) \
         11(code-9223372036854775808) 11(messagem) "
    );
}

#[test]
fn objects_on_heap() {
    // SAFETY: each is freed once.
    unsafe {
        sseam_tracker_free(sseam_tracker_new(c"responses".as_ptr()));
        let answer = sseam_answer_new(ptr::null());
        let mut item = no_item();
        assert_eq!(
            sseam_answer_read(answer, &raw const item, None, ptr::null_mut()),
            sseam_signal::SSEAM_IGNORED
        );
        item.kind = MaybeUninit::new(sseam_item_kind::SSEAM_LOST_EVENT);
        sseam_answer_read(answer, &raw const item, None, ptr::null_mut());
        let end = MaybeUninit::new(sseam_end::SSEAM_END_CLEAN);
        assert_eq!(sseam_answer_outcome(answer, end), sseam_outcome::SSEAM_UNKNOWN);
        sseam_answer_free(answer);
    }
}

#[test]
fn block_in_uninitialized_memory() {
    let text = |text: &'static str| sseam_text { ptr: text.as_ptr().cast(), len: text.len() };
    let none = sseam_text { ptr: ptr::null(), len: 0 };
    let ms = 5;
    let block = sseam_block {
        data: text("a\nb"),
        event_type: none,
        id: text("8"),
        comment: none,
        retry_ms: &raw const ms,
    };
    let mut to = [MaybeUninit::<u8>::uninit(); 40];
    // SAFETY: the block is here, and so is the room.
    let written = unsafe {
        let len = sseam_encode(&raw const block, to.as_mut_ptr().cast(), to.len());
        std::slice::from_raw_parts(to.as_ptr().cast::<u8>(), len)
    };
    assert_eq!(written, b"retry: 5\nid: 8\ndata: a\ndata: b\n\n");
}
