//! Everything is reported at the first byte that decides it: an event at the line end of its blank
//! line, a notification at the end of its line, an error at the byte that exceeds the limit (for an
//! ID, which NUL would invalidate, at the end of its line).

use proptest::prelude::*;
use sseam::{ArrayBuf, Buffer, Error, Notify, Parser};
use sseam_testkit::streams::{cases, setup, stream, structure};
use sseam_testkit::{Output, Setup, Trace, bytewise, cut_anywhere, oracle, read, show};

const SETUP: Setup = Setup { data: 10, meta: 4, notify: Notify::ALL, flush: false };

/// Each `^` follows the byte at which something is reported.
const STREAMS: &[&str] = &[
    "data: x\n\n^data: y\n\n^data: z",
    "event: t\nid: 7\nretry: 5\n^data: x\ndata: y\n\n^",
    "\u{FEFF}data\n\n^",
    // A blank line that ends in CR is complete at the CR; an LF after it does nothing.
    "data: x\r\r^data: y\r\r^",
    "data: x\r\n\r^\ndata: y\r\n\r^\n\r\n",
    "event: t\r\ndata: x\r\n\r^\n",
    "data: x\r\ndata: y\r\n\r^\ndata:z\r\ndata: z\r\n\r^\n",
    "data: x\n\r^\ndata: y\r\n\n^data: z\r\r^\n\n",
    // Notifications at the ends of their lines.
    ": note\n^name: field\n^bare\n^retry: 5\n^retry: 5\n^retry: 6\n^",
    ": note\r^\nname: field\r^\nretry: 5\r^\n",
    ": longer than there is room\n^",
    "data: x\n: note\n^data: y\nname\n^\n^",
    "event: t\n\n^id: 7\r\n\r^\nid: 7\0\n\nid\n\n^",
    // Data at its eleventh byte, which may be a space, or the LF that joins a line as soon as that
    // line is known to be data.
    "data: 0123456789a^bc\ndata: d\n\ndata: x\n\n^",
    "data:0123456789a^",
    "data:  123456789a^",
    "data: 01234\ndata: 6789\n\n^",
    "data: 01234\ndata: 6789a^\n\n",
    "data: 0123456789\ndata:^ \n\n",
    "data: 0123456789\ndata\n^\n",
    "data: 0123456789\r\ndata\r^\n\r\n",
    "data: 0123456789\ndat\n^\n^",
    // The type at its fifth byte.
    "event: 12345^6789\n\n",
    "event: 1234\nevent:12345^",
    // An ID at the end of its line.
    "id: 123456789\n^\n",
    "id: 123456789\r^\n\r\n",
    "id: 123456789\0\ndata: x\n\n^",
    "id: 1\nid: 12345\n^",
    // Notifications in a failed block.
    "event: 12345^\ndata: x\n: note\n^retry: 5\n^name\n^\ndata: y\n\n^",
    "event: 12345^\ndata\nid\nevent\n\ndata: y\n\n^",
];

/// The stream of a row, and the positions of its marks.
fn without_marks(marked: &str) -> (Vec<u8>, Vec<usize>) {
    let parts: Vec<&str> = marked.split('^').collect();
    let ends = parts.iter().scan(0, |at, part| {
        *at += part.len();
        Some(*at)
    });
    (parts.concat().into_bytes(), ends.take(parts.len() - 1).collect())
}

type InPlace = Parser<ArrayBuf<64, 4>>;

fn parser(notify: Notify) -> InPlace {
    Parser::with_buffer(ArrayBuf::new().with_limit(SETUP.data)).with_notify(notify)
}

/// What `next` returns for the chunks, each with the number of bytes consumed by then.
fn outputs_at(
    chunks: &[&[u8]],
    mut next: impl FnMut(&mut &[u8]) -> Result<Option<Output>, Error>,
) -> Vec<(usize, Output)> {
    let mut outputs = Vec::new();
    let mut fed = 0;
    for &bytes in chunks {
        fed += bytes.len();
        let mut chunk = bytes;
        while let Some(next) = next(&mut chunk).transpose() {
            outputs.push((fed - chunk.len(), next.unwrap_or_else(Output::Error)));
        }
    }
    outputs
}

fn items_at<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]]) -> Vec<(usize, Output)> {
    outputs_at(chunks, |chunk| Ok(parser.next_item(chunk)?.map(Output::from)))
}

fn events_at<B: Buffer>(parser: &mut Parser<B>, chunks: &[&[u8]]) -> Vec<(usize, Output)> {
    outputs_at(chunks, |chunk| Ok(parser.next_event(chunk)?.map(Output::from)))
}

/// Returns `true` for what `next_event` reports of what `next_item` does.
fn is_event_or_error(output: &Output) -> bool {
    matches!(output, Output::Event { .. } | Output::Error(_))
}

#[test]
fn reported_at_the_deciding_byte() {
    for marked in STREAMS {
        let (stream, marks) = without_marks(marked);
        let outputs = oracle(&stream, &SETUP, 64).outputs;
        assert_eq!(outputs.len(), marks.len(), "{marked:?} is {outputs:?}");
        let expected: Vec<_> = marks.into_iter().zip(outputs).collect();
        let outputs = items_at(&mut parser(Notify::ALL), &bytewise(&stream));
        assert_eq!(outputs, expected, "{marked:?}");

        let is_expected = |(_, output): &(usize, Output)| is_event_or_error(output);
        let expected: Vec<_> = expected.into_iter().filter(is_expected).collect();
        for notify in [Notify::NONE, Notify::ALL] {
            let outputs = events_at(&mut parser(notify), &bytewise(&stream));
            assert_eq!(outputs, expected, "{marked:?} through `next_event`, {notify:?}");
        }
    }
}

/// In any chunks. (After an error, though, more of the offending line may have been consumed.)
#[test]
fn no_further_byte_is_consumed() {
    let is_error = |(_, output): &(usize, Output)| matches!(output, Output::Error(_));
    let is_event = |(_, output): &(usize, Output)| matches!(output, Output::Event { .. });
    for marked in STREAMS {
        let (stream, marks) = without_marks(marked);
        let outputs = oracle(&stream, &SETUP, 64).outputs;
        let mut items: Vec<_> = marks.into_iter().zip(outputs).collect();
        items.retain(|output| !is_error(output));
        let events: Vec<_> = items.iter().filter(|output| is_event(output)).cloned().collect();
        for chunks in cut_anywhere(&stream) {
            let mut outputs = items_at(&mut parser(Notify::ALL), &chunks);
            outputs.retain(|output| !is_error(output));
            assert_eq!(outputs, items, "{:?}", show(&chunks));

            for notify in [Notify::NONE, Notify::ALL] {
                let mut outputs = events_at(&mut parser(notify), &chunks);
                outputs.retain(|output| !is_error(output));
                assert_eq!(outputs, events, "{notify:?}, {:?}", show(&chunks));
            }
        }
    }
}

/// A text that `next_event` has read in part is not reported; events are reported by both methods.
#[test]
fn texts_are_whole_after_next_event() {
    for marked in STREAMS {
        let (stream, _) = without_marks(marked);
        let outputs = oracle(&stream, &SETUP, 64).outputs;
        let events: Vec<_> = outputs.iter().filter(|output| is_event_or_error(output)).collect();
        for from in 0..=stream.len() {
            for to in from..=stream.len() {
                let mut parser = parser(Notify::ALL);
                let mut mixed = items_at(&mut parser, &[&stream[..from]]);
                mixed.extend(events_at(&mut parser, &[&stream[from..to]]));
                mixed.extend(items_at(&mut parser, &[&stream[to..]]));
                let context = || format!("{marked:?}, `next_event` from {from} to {to}: {mixed:?}");

                let mut expected = outputs.iter();
                let are_expected = mixed.iter().all(|(_, one)| expected.any(|other| one == other));
                assert!(are_expected, "{}", context());
                let common = mixed.iter().map(|(_, output)| output);
                let common = common.filter(|output| is_event_or_error(output));
                assert!(common.eq(events.iter().copied()), "{}", context());
            }
        }
    }
}

/// After each byte, the parser has reported what the oracle reports for that prefix.
#[track_caller]
fn assert_each_prefix_matches_oracle<B: Buffer + Clone>(
    buffer: B,
    scratch: usize,
    setup: &Setup,
    stream: &[u8],
) {
    let mut parser = Parser::with_buffer(buffer).with_notify(setup.notify);
    let mut through_next = parser.clone();
    let (mut outputs, mut events) = (Vec::new(), Vec::new());
    for at in 0..stream.len() {
        let (beginning, byte) = (&stream[..=at], &[&stream[at..=at]]);
        outputs.extend(items_at(&mut parser, byte).into_iter().map(|(_, output)| output));
        events.extend(events_at(&mut through_next, byte).into_iter().map(|(_, output)| output));
        let context = || format!("{setup:?}, \"{}\"", beginning.escape_ascii());

        let trace = Trace { outputs: outputs.clone(), ..read(&mut parser.clone(), &[], false) };
        assert_eq!(trace, oracle(beginning, setup, scratch), "{}", context());
        let is_expected = |output: &&Output| is_event_or_error(output);
        let expected: Vec<_> = outputs.iter().filter(is_expected).cloned().collect();
        assert_eq!(events, expected, "through `next_event`, {}", context());
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn each_prefix_of_any_stream_matches_oracle(
        stream in prop_oneof![stream(), structure()],
        setup in setup(),
    ) {
        let setup = Setup { data: setup.data.min(8000), flush: false, ..setup };
        match setup.meta {
            4 => assert_each_prefix_matches_oracle(
                ArrayBuf::<64, 4>::new().with_limit(setup.data), 64, &setup, &stream,
            ),
            16 => assert_each_prefix_matches_oracle(
                ArrayBuf::<64, 16>::new().with_limit(setup.data), 64, &setup, &stream,
            ),
            _ => assert_each_prefix_matches_oracle(
                ArrayBuf::<8000, 1024>::new(), 8000, &setup, &stream,
            ),
        }
    }
}
