//! The answer readers and streams return what the parser and an `Answer` return for the same bytes,
//! whatever the transport does.

use std::io::{self, BufRead};
use std::task::Poll;

use bytes::Bytes;
use sseam::adapter::{AnswerEvent, Error, embedded_io_async_v0_7, embedded_io_v0_7};
use sseam::adapter::{futures_io, tokio};
use sseam::adapter::{io::AnswerReader, stream::AnswerStream};
use sseam::json::is_whole_object;
use sseam::llm::{Answer, Collected, Delta, Outcome, Protocol, Reading, Signal, Usage};
use sseam::{End, Field, Item, Notify, Parser, VecBuf};
use sseam_testkit::script::{Act, Script, failure, poll_once, wait};

/// A stream, and the text that has to have arrived before it may be completed.
struct Case {
    stream: &'static str,
    completes_after: Option<&'static str>,
    outcome: Outcome,
}

const CASES: &[Case] = &[
    // Two tool calls, keep-alives, an emoji in two halves, usage; no blank line at the end.
    Case {
        stream: concat!(
            ": connected\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi \\ud83d\"}}]}\n\n",
            "data: keepalive\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\ude00\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"add\",\"arguments\":\"[1\"}},{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"sub\"}}]}}]}\n\n",
            ": still here\n\n",
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\",2]\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}\n\n",
            "data: [DONE]",
        ),
        completes_after: Some("\"tool_calls\"}]}"),
        outcome: Outcome::Completed,
    },
    // Nothing is read after the terminal.
    Case {
        stream: concat!(
            "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":3}}}\r\n\r\n",
            "event: ping\r\ndata: {\"type\":\"ping\"}\r\n\r\n",
            "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Good\"}}\r\n\r\n",
            "event: message_delta\r\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}\r\n\r\n",
            "event: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n",
            "data: {\"type\":\"error\",\"error\":{\"message\":\"too late\"}}\r\n\r\n",
        ),
        completes_after: Some("\"message_stop\"}"),
        outcome: Outcome::Completed,
    },
    // This protocol has no terminal event: an event cut after the reason is not a clean end.
    Case {
        stream: concat!(
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"A\"}]},\"finishReason\":\"STOP\"}]}\n\n",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"te",
        ),
        completes_after: Some("\"STOP\"}]}"),
        outcome: Outcome::Truncated,
    },
    // Ends with a block without data whose blank line is missing.
    Case {
        stream: "event: metadata\ndata: {\"run_id\":\"1\"}\n\nevent: data\ndata: \"a\"\n\nevent: end\n",
        completes_after: None,
        outcome: Outcome::Truncated,
    },
    Case {
        stream: "event: metadata\ndata: {\"run_id\":\"1\"}\n\nevent: data\ndata: \"a\"\n\nevent: end\n\n",
        completes_after: Some("event: end\n\n"),
        outcome: Outcome::Completed,
    },
    // Cut before its data.
    Case {
        stream: "data: one\n\nevent: done\ndata:",
        completes_after: None,
        outcome: Outcome::Unknown,
    },
    // Not an event stream.
    Case {
        stream: "{\"error\":{\"message\":\"overloaded\",\"code\":529}}",
        completes_after: None,
        outcome: Outcome::Failed,
    },
    Case { stream: "<html>\n<p>Bad gateway", completes_after: None, outcome: Outcome::Unknown },
    Case {
        stream: "data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\n{\"error\":{\"message\":\"no\"}}\n",
        completes_after: None,
        outcome: Outcome::Failed,
    },
    // The second event exceeds the limit.
    Case {
        stream: concat!(
            "data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"",
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"B\"}}]}\n\n",
        ),
        completes_after: None,
        outcome: Outcome::Unknown,
    },
];

const LIMIT: usize = 256;

/// Everything that a read loop observes.
#[derive(Clone, Debug, PartialEq)]
struct Record {
    events: Vec<(Signal, Vec<String>)>,
    text: String,
    usage: Usage,
    reason: Option<String>,
    error: Option<String>,
    outcome: Outcome,
}

impl Record {
    fn of(events: Vec<(Signal, Vec<String>)>, text: String, answer: &Answer) -> Self {
        let reason = answer.reason().map(|reason| reason.to_string());
        let (usage, outcome) = (answer.usage(), answer.outcome(None));
        Self { events, text, usage, reason, error: None, outcome }
    }
}

/// Records the deltas of an event.
fn record(reading: Reading<'_, '_>, collected: &mut Collected) -> (Signal, Vec<String>) {
    let signal = reading.signal();
    let deltas = reading.map(|delta| {
        collected.push(&delta).expect("room");
        format!("{delta:?}")
    });
    (signal, deltas.collect())
}

/// Reads the bytes in one chunk with a parser and an `Answer`: the expected record.
fn expected(stream: &[u8], breaks: bool) -> Record {
    let notify = Notify::UNKNOWN_FIELDS | Notify::EMPTY_BLOCKS;
    let mut parser = Parser::with_limit(LIMIT).with_notify(notify);
    let mut answer = Answer::new();
    let mut collected = Collected::with_limit(1 << 20);
    let (mut events, mut error, mut end) = (Vec::new(), None, None);
    let mut chunk = stream;
    loop {
        let is_flush = chunk.is_empty();
        if is_flush && end.is_none() {
            if breaks {
                error = Some(failure().to_string());
                break;
            }
            end = Some(parser.clone().finish());
        }
        let next = if is_flush { parser.flush_item() } else { parser.next_item(&mut chunk) };
        let item = match next {
            Ok(Some(item)) => item,
            Ok(None) if is_flush => break,
            Ok(None) => continue,
            Err(too_large) => {
                answer.lost(&too_large);
                error = Some(too_large.to_string());
                continue;
            }
        };
        match item {
            Item::Event(event) if is_flush => {
                if event.data().is_empty() {
                    continue;
                }
                if is_whole_object(event.data().as_bytes()) {
                    end = Some(End::Clean);
                }
            }
            Item::EmptyBlock { .. } if is_flush => continue,
            _ => {}
        }
        let (signal, deltas) = record(answer.read_item(&item), &mut collected);
        if signal != Signal::Ignored {
            events.push((signal, deltas));
        }
        if signal.is_end() {
            break;
        }
    }
    let outcome = answer.outcome(end);
    Record { error, outcome, ..Record::of(events, collected.text, &answer) }
}

/// How many deltas of an event the loop reads.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reads {
    All,
    /// Only the first delta.
    First,
    Nothing,
}

/// Returns `Pending` at every other call, even if bytes are available.
pub(crate) struct Unready {
    script: Script,
    has_waited: bool,
}

impl Unready {
    pub(crate) fn new(script: Script) -> Self {
        Self { script, has_waited: false }
    }
}

impl embedded_io::ErrorType for Unready {
    type Error = io::Error;
}

impl embedded_io_async::Read for Unready {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(&mut self.script, buffer)
    }
}

impl embedded_io_async::BufRead for Unready {
    async fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.has_waited = !self.has_waited;
        if self.has_waited {
            std::future::pending::<()>().await;
        }
        embedded_io::BufRead::fill_buf(&mut self.script)
    }

    fn consume(&mut self, amount: usize) {
        BufRead::consume(&mut self.script, amount);
    }
}

/// What a loop records of an event.
type Kept = Option<(Signal, Vec<String>)>;

fn keep(event: Option<AnswerEvent<'_>>, reads: Reads, collected: &mut Collected) -> Kept {
    let event = event?;
    assert!(event.event().is_some() || event.signal() != Signal::Payload);
    Some(match reads {
        Reads::All => record(event.deltas(), collected),
        Reads::First => {
            let signal = event.signal();
            let _ = event.deltas().next();
            (signal, Vec::new())
        }
        Reads::Nothing => (event.signal(), Vec::new()),
    })
}

/// Reads to the end, checks that the end is final, and returns the record.
macro_rules! read {
    ($answers:expr, $reads:expr, $asked:expr, |$each:ident| $next:expr) => {{
        let (mut answers, reads, asked) = ($answers, $reads, $asked);
        let mut collected = Collected::with_limit(1 << 20);
        let mut events = Vec::new();
        loop {
            let $each = &mut answers;
            let next: Kept = $next(reads, &mut collected);
            let Some(next) = next else { break };
            let is_end = next.0.is_end();
            events.push(next);
            if is_end {
                break;
            }
        }
        let (outcome, asked_for) = (answers.outcome(), asked.get());
        for _ in 0..3 {
            let $each = &mut answers;
            assert!($next(reads, &mut collected).is_none(), "an event after the end");
        }
        assert_eq!(asked.get(), asked_for, "a read after the end");
        assert_eq!(answers.outcome(), outcome);
        let record = Record::of(events, collected.text, answers.answer());
        assert_eq!(answers.usage(), record.usage);
        assert_eq!(answers.reason().map(|reason| reason.to_string()), record.reason);
        let error = answers.error().map(ToString::to_string);
        assert_eq!(answers.into_error().map(|error| error.to_string()), error);
        Record { error, outcome, ..record }
    }};
}

type Row = (&'static str, fn(Script, Reads) -> Record);

fn parser() -> Parser<VecBuf> {
    Parser::with_limit(LIMIT)
}

const ROWS: &[Row] = &[
    ("io", |script, reads| {
        let asked = script.asked();
        let answers = AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(answers.next_event(), reads, collected)
        })
    }),
    ("stream", |script, reads| {
        let asked = script.asked();
        let answers = AnswerStream::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(wait(answers.next_event()), reads, collected)
        })
    }),
    ("stream, dropped", |script, reads| {
        let asked = script.asked();
        let answers = AnswerStream::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut Collected| {
            loop {
                if let Poll::Ready(next) = poll_once(answers.next_event()) {
                    break keep(next, reads, collected);
                }
            }
        })
    }),
    ("embedded", |script, reads| {
        let asked = script.asked();
        let answers = embedded_io_v0_7::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(answers.next_event(), reads, collected)
        })
    }),
    ("embedded async", |script, reads| {
        let asked = script.asked();
        let answers = embedded_io_async_v0_7::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(wait(answers.next_event()), reads, collected)
        })
    }),
    ("embedded async, dropped", |script, reads| {
        let asked = script.asked();
        let reluctant = Unready::new(script);
        let answers = embedded_io_async_v0_7::AnswerReader::with_parser(reluctant, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut Collected| {
            loop {
                if let Poll::Ready(next) = poll_once(answers.next_event()) {
                    break keep(next, reads, collected);
                }
            }
        })
    }),
    ("tokio", |script, reads| {
        let asked = script.asked();
        let answers = tokio::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(wait(answers.next_event()), reads, collected)
        })
    }),
    ("tokio, dropped", |script, reads| {
        let asked = script.asked();
        let answers = tokio::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut Collected| {
            loop {
                if let Poll::Ready(next) = poll_once(answers.next_event()) {
                    break keep(next, reads, collected);
                }
            }
        })
    }),
    ("futures-io", |script, reads| {
        let asked = script.asked();
        let answers = futures_io::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut _| {
            keep(wait(answers.next_event()), reads, collected)
        })
    }),
    ("futures-io, dropped", |script, reads| {
        let asked = script.asked();
        let answers = futures_io::AnswerReader::with_parser(script, parser());
        read!(answers, reads, asked, |answers| |reads, collected: &mut Collected| {
            loop {
                if let Poll::Ready(next) = poll_once(answers.next_event()) {
                    break keep(next, reads, collected);
                }
            }
        })
    }),
];

const SIZES: [usize; 4] = [1, 3, 64, usize::MAX];

fn script(stream: &[u8], size: usize, breaks: bool) -> Script {
    let chunks = stream.chunks(size).map(|chunk| Act::Bring(Bytes::copy_from_slice(chunk)));
    Script::new(chunks.chain(breaks.then_some(Act::Fail)))
}

fn prefixes(case: &Case) -> impl Iterator<Item = &'static [u8]> {
    let stream = case.stream.as_bytes();
    let step = if cfg!(miri) { 37 } else { 1 };
    (0..stream.len()).step_by(step).chain([stream.len()]).map(|len| &stream[..len])
}

#[test]
fn outcome_of_each_stream() {
    for case in CASES {
        for (name, read) in ROWS {
            let record = read(script(case.stream.as_bytes(), 7, false), Reads::All);
            assert_eq!(record.outcome, case.outcome, "{name}, {}", case.stream);
        }
    }
}

#[test]
fn any_chunk_size_and_end() {
    for case in CASES {
        let completes_at = case
            .completes_after
            .map(|text| case.stream.find(text).expect("a part of the stream") + text.len());
        for prefix in prefixes(case) {
            for breaks in [false, true] {
                let expected = expected(prefix, breaks);
                let may_complete = completes_at.is_some_and(|at| prefix.len() >= at);
                assert!(may_complete || expected.outcome != Outcome::Completed, "{prefix:?}");
                // One chunk size for most cut positions, in turn: all of them would take too long.
                let n = prefix.len();
                let sizes = if n % 16 == 0 { &SIZES[..] } else { &SIZES[n % 4..][..1] };
                for &size in sizes {
                    for (name, read) in ROWS {
                        let record = read(script(prefix, size, breaks), Reads::All);
                        assert_eq!(
                            record,
                            expected,
                            "{name}, chunks of {size}, breaks {breaks}: {}",
                            prefix.escape_ascii()
                        );
                    }
                }
            }
        }
    }
}

/// Nor is a reader that was interrupted.
#[test]
fn empty_chunks_are_no_end() {
    let empty = Act::Bring(Bytes::new());
    for case in CASES {
        let chunks = case.stream.as_bytes().chunks(7);
        let acts =
            chunks.flat_map(|chunk| [Act::Bring(Bytes::copy_from_slice(chunk)), empty.clone()]);
        let acts: Vec<Act> = [empty.clone()].into_iter().chain(acts).collect();
        let expected = expected(case.stream.as_bytes(), false);
        for (name, read) in ROWS {
            let record = read(Script::new(acts.iter().cloned()), Reads::All);
            assert_eq!(record, expected, "{name}, {}", case.stream);
        }
    }
}

#[test]
fn events_read_in_part() {
    for case in CASES {
        let stream = case.stream.as_bytes();
        let all = expected(stream, false);
        for (name, read) in ROWS {
            for reads in [Reads::First, Reads::Nothing] {
                let record = read(script(stream, 3, false), reads);
                let signals = |record: &Record| -> Vec<_> {
                    record.events.iter().map(|(signal, _)| *signal).collect()
                };
                assert_eq!(signals(&record), signals(&all), "{name}, {reads:?}");
                let Record { usage, reason, error, outcome, .. } = record;
                let expected = (all.usage, &all.reason, &all.error, all.outcome);
                assert_eq!((usage, &reason, &error, outcome), expected, "{name}, {reads:?}");
            }
        }
    }
}

/// Deltas name the right call even if the event that began the call was not read.
#[test]
fn calls_after_unread_event() {
    let stream = CASES[0].stream.as_bytes();
    let mut answers = AnswerReader::new(stream);
    let mut arguments = Vec::new();
    let mut n = 0;
    while let Some(event) = answers.next_event() {
        n += 1;
        if n <= 2 {
            continue;
        }
        for delta in event.deltas() {
            if let Delta::Arguments { call, json, .. } = delta {
                arguments.push((call, json.to_string()));
            }
        }
    }
    assert_eq!(arguments, [(0, ",2]".to_owned())]);
}

/// Dropping the call when a timer fires loses nothing.
#[test]
fn timeout_without_progress() {
    let mut answers = AnswerStream::new(script(CASES[0].stream.as_bytes(), 3, false));
    let mut text = String::new();
    let mut waits = 0;
    loop {
        match poll_once(answers.next_event()) {
            Poll::Pending => waits += 1,
            Poll::Ready(None) => break,
            Poll::Ready(Some(event)) => {
                for delta in event.deltas() {
                    if let Delta::Text { text: piece, .. } = delta {
                        piece.append_to(&mut text);
                    }
                }
            }
        }
        if waits < 5 {
            assert_eq!(answers.outcome(), Outcome::Truncated, "before the end");
        }
    }
    assert!(waits > 100, "{waits}");
    assert_eq!((text.as_str(), answers.outcome()), ("Hi 😀", Outcome::Completed));
}

/// Only keep-alives, one with each read.
struct KeepAlives;

impl io::Read for KeepAlives {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        unreachable!("read through its buffer")
    }
}

impl BufRead for KeepAlives {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        std::thread::sleep(std::time::Duration::from_millis(1));
        Ok(b": keep-alive\n\n")
    }

    fn consume(&mut self, _: usize) {}
}

/// Returns its bytes once, then an error.
struct Once(bool);

impl io::Read for Once {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        unreachable!("read through its buffer")
    }
}

impl BufRead for Once {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let is_first = !std::mem::replace(&mut self.0, true);
        if is_first { Ok(b"data: {\"choices\":[]}\n\n") } else { Err(io::Error::other("again")) }
    }

    fn consume(&mut self, _: usize) {}
}

/// The event is found but cannot be borrowed: the answer ends as after any error.
#[test]
fn withheld_buffer_is_an_error() {
    let mut answers = AnswerReader::new(Once(false));
    assert!(answers.next_event().is_none());
    let Some(Error::Transport(error)) = answers.into_error() else { panic!("an error") };
    assert_eq!(error.to_string(), "again");
}

#[test]
fn reader_with_stall_limit() {
    let limit = std::time::Duration::from_millis(20);
    let mut answers = AnswerReader::new(KeepAlives).with_stall_limit(limit);
    let start = std::time::Instant::now();
    assert!(answers.next_event().is_none());
    assert!(start.elapsed() >= limit);
    let Some(Error::Transport(error)) = answers.error() else { panic!("an error") };
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(answers.outcome(), Outcome::Truncated);

    let mut answers = AnswerReader::new(CASES[0].stream.as_bytes()).with_stall_limit(limit);
    while answers.next_event().is_some() {}
    assert_eq!(answers.outcome(), Outcome::Completed);
}

/// The rest of the connection can be read as events.
#[test]
fn drain_after_answer() {
    let stream = CASES[1].stream.as_bytes();
    for size in SIZES {
        let mut answers = AnswerStream::new(script(stream, size, false));
        while wait(answers.next_event()).is_some() {}
        let mut events = answers.into_events();
        let event = wait(events.next_event()).unwrap().expect("the event after the terminal");
        assert!(event.data().to_string().contains("too late"));
        assert!(wait(events.next_event()).unwrap().is_none());
        assert_eq!(events.end(), Some(End::Clean));

        let mut answers = AnswerReader::new(script(stream, size, false));
        while answers.next_event().is_some() {}
        let mut events = answers.into_events();
        assert!(events.next_event().unwrap().is_some());
        assert!(events.next_event().unwrap().is_none());
    }
}

#[test]
fn oversized_event_is_skipped() {
    let case = CASES.last().expect("a case");
    let mut answers = AnswerReader::with_parser(case.stream.as_bytes(), parser());
    let mut collected = Collected::with_limit(1 << 10);
    while let Some(event) = answers.next_event() {
        event.deltas().for_each(|delta| collected.push(&delta).expect("room"));
    }
    assert_eq!(collected.text, "AB");
    let error = sseam::Error::TooLarge { field: Field::Data, limit: LIMIT };
    assert!(matches!(answers.error(), Some(Error::Parse(parse)) if *parse == error));
    assert_eq!(answers.outcome(), Outcome::Unknown);
}

/// The error message arrives after the line that fails the stream. The stream may stay open.
#[test]
fn error_on_several_lines() {
    let before = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"A\"}]}}]}\n\n";
    let error = "{\n  \"error\": {\n    \"code\": 499,\n    \"message\": \"cancelled\",\n    \"status\": \"CANCELLED\"\n  }\n}\n";
    for stream in
        [format!("{before}{error}"), error.to_owned(), format!("[{}]", &error[..error.len() - 1])]
    {
        let open = [Act::Bring(Bytes::from("data: 1\n\n")), Act::Fail];
        for size in SIZES {
            let chunks = stream.as_bytes().chunks(size);
            let acts = chunks.map(|chunk| Act::Bring(Bytes::copy_from_slice(chunk)));
            let script = Script::new(acts.chain(open.clone()));
            let mut answers = AnswerStream::new(script);
            let mut collected = Collected::with_limit(1 << 10);
            while let Some(event) = wait(answers.next_event()) {
                event.deltas().for_each(|delta| collected.push(&delta).expect("room"));
            }
            let error = collected.error.expect("an error");
            assert_eq!(error.message.as_deref(), Some("cancelled"), "chunks of {size}: {stream}");
            assert_eq!(error.code.as_deref(), Some("499"));
            assert!(answers.error().is_none(), "read on to the end of the connection");
            assert_eq!(answers.outcome(), Outcome::Failed);
        }
    }
}

#[test]
fn known_protocol() {
    let stream = &b"data: ping\n\ndata: {\"choices\":[]}\n\n"[..];
    let count = |answer| {
        let mut answers = AnswerReader::new(stream).with_answer(answer);
        std::iter::from_fn(|| answers.next_event().map(drop)).count()
    };
    assert_eq!(count(Answer::new()), 2, "a ping may be a payload");
    assert_eq!(count(Answer::of(Protocol::CHAT)), 1);
}

/// The parser of a broken connection continues on the next one.
#[test]
fn last_event_id_is_kept() {
    let first = Script::new([
        Act::Bring(Bytes::from("id: 7\ndata: {\"jsonrpc\":\"2.0\"}\n\ndata: cu")),
        Act::Fail,
    ]);
    let mut answers = AnswerStream::new(first);
    while wait(answers.next_event()).is_some() {}
    assert_eq!(answers.parser().last_event_id(), "7");
    assert_eq!(answers.answer().tracker().protocol(), Some(Protocol::JSON_RPC));
    let (_, mut parser, rest) = answers.into_events().into_parts();
    assert!(rest.is_empty());
    parser.reset();
    let mut answers = AnswerReader::with_parser(&b"data: {}\n\n"[..], parser);
    let event = answers.next_event().expect("an event").event().expect("no notification");
    assert_eq!((event.data(), event.last_event_id()), ("{}".into(), "7".into()));
}
