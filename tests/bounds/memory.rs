//! Memory of a parser: its size, its peak, when it is released, and failed allocations.

use std::mem::size_of;

use sseam::{ArrayBuf, Buffer, End, Error, Field, Item, Notify, Parser, SliceBuf};
use sseam_testkit::heap::usage;

/// The maximal size of a parser without its storage.
const OWN_SIZE: usize = if cfg!(target_pointer_width = "64") { 192 } else { 96 };

#[test]
fn parser_size() {
    let over_slices = if cfg!(target_pointer_width = "64") { 192 } else { 128 };
    assert!(size_of::<Parser<SliceBuf<'_>>>() <= over_slices);
    assert!(size_of::<Parser<ArrayBuf<1024, 128>>>() <= 1024 + 3 * 128 + OWN_SIZE);
    assert!(size_of::<Parser<ArrayBuf<256, 64>>>() <= 256 + 3 * 64 + OWN_SIZE);
    assert!(size_of::<Parser<ArrayBuf<4096, 128>>>() <= 4096 + 3 * 128 + OWN_SIZE);
}

#[cfg(feature = "alloc")]
mod on_the_heap {
    use sseam::{End, Error, Field, Item, LastEventIdError, Notify, Parser, VecBuf};
    use sseam_testkit::heap::{usage, with_pieces_up_to};
    use sseam_testkit::{bytewise, read};

    /// How much memory a parser may keep for the next event after a large one.
    const RETAINED: isize = 128 << 10;

    const MIB: usize = 1 << 20;

    /// Feeds the whole chunk, which reports only events; returns the length of the last event's
    /// data.
    fn feed(parser: &mut Parser<VecBuf>, mut chunk: &[u8]) -> Option<usize> {
        let mut len = None;
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            len = Some(event.data().len());
        }
        len
    }

    /// The limit on data plus four times the limit on type and ID: all values at their limits, and
    /// a second ID pending.
    #[test]
    fn peak_memory_is_exact() {
        let (data, meta) = (10_000, 1000);
        let [full_data, full] = [data, meta].map(|len| "x".repeat(len));
        let head =
            format!("id: {full}\n\ndata: {full_data}\nevent: {full}\nid: {full}\nid: {full}");
        for chunks in [vec![head.as_bytes()], bytewise(head.as_bytes())] {
            let mut parser = Parser::with_buffer(VecBuf::with_limits(data, meta));
            let ((), used) = usage(|| {
                for chunk in chunks {
                    assert_eq!(feed(&mut parser, chunk), None);
                }
            });
            assert_eq!(used.peak, data + 4 * meta);
            assert_eq!(feed(&mut parser, b"\n\n"), Some(data));
        }
    }

    #[test]
    fn large_event_is_released_by_next_call() {
        let head = format!("data: {}", "x".repeat(MIB));
        let following: &[&[u8]] =
            &[b"data: x\n\n", b"data: x", b"\n", b"\r\n", b": note\n", b"event: t\n", b"id", b"x"];
        for following in following {
            let mut parser = Parser::new();
            let ((), taken) = usage(|| {
                assert_eq!(feed(&mut parser, head.as_bytes()), None);
                let mut chunk = &b"\n\n"[..];
                let event = parser.next_event(&mut chunk).expect("within the bounds");
                assert_eq!(event.map(|event| event.data().len()), Some(MIB));
            });
            let is_held = usize::try_from(taken.held).is_ok_and(|held| held >= MIB);
            assert!(is_held, "its data is still borrowed");
            let (_, given_back) = usage(|| feed(&mut parser, following));
            let kept = taken.held + given_back.held;
            assert!(kept <= RETAINED, "{kept} bytes are kept, {}", following.escape_ascii());
        }
    }

    #[test]
    fn large_event_is_released_with_stream() {
        let head = format!("data: {}", "x".repeat(MIB));
        let endings: [fn(&mut Parser<VecBuf>); 4] = [
            |parser| assert_eq!(parser.finish(), End::MidEvent),
            Parser::reset,
            |parser| {
                assert!(matches!(parser.flush_event(), Ok(Some(_))));
                parser.reset();
            },
            // The same if the event exceeds its limit.
            |parser| {
                let rest = vec![b'x'; MIB];
                assert!(parser.next_event(&mut &rest[..]).is_err());
            },
        ];
        for (n, ending) in endings.into_iter().enumerate() {
            let mut parser = Parser::with_limit(2 * MIB - 1);
            let ((), used) = usage(|| {
                assert_eq!(feed(&mut parser, head.as_bytes()), None);
                ending(&mut parser);
            });
            assert!(used.peak >= MIB);
            assert!(used.held <= RETAINED, "{} bytes are kept, ending {n}", used.held);
        }
    }

    /// A client that receives large events again and again does not allocate for each.
    #[test]
    fn memory_of_common_event_is_kept() {
        let event = format!("data: {}\n\n", "x".repeat(64 << 10));
        let (first, second) = event.as_bytes().split_at(1000);
        let mut parser = Parser::new();
        let mut round = || {
            feed(&mut parser, first);
            assert_eq!(feed(&mut parser, second), Some(64 << 10));
        };
        round();
        let ((), used) = usage(round);
        assert_eq!(used.allocations, 0);
    }

    #[test]
    #[cfg_attr(miri, ignore = "too much to interpret")]
    fn default_limit_is_16_mib() {
        let limit = 16 * MIB;
        let mut stream = b"data: ".to_vec();
        stream.resize(stream.len() + limit, b'x');
        stream.extend(b"\n\n");
        for size in [stream.len(), 64 << 10] {
            let mut parser = Parser::new();
            let (len, used) = usage(|| {
                stream.chunks(size).fold(None, |len, chunk| feed(&mut parser, chunk).or(len))
            });
            assert_eq!(len, Some(limit));
            assert!(used.peak <= limit + 4 * (64 << 10), "{} bytes were held", used.peak);
        }

        stream.insert(6, b'x');
        for size in [stream.len(), 64 << 10] {
            let mut parser = Parser::new();
            let error =
                stream.chunks(size).find_map(|mut chunk| parser.next_event(&mut chunk).err());
            assert_eq!(error, Some(Error::TooLarge { field: Field::Data, limit }));
        }
    }

    /// Blocks that need more than a hundred bytes in one piece, in chunks.
    #[test]
    fn out_of_memory_loses_one_event() {
        let long = "x".repeat(101);
        let blocks = [
            vec![format!("data: {long}"), "\n\n".into()],
            vec!["data: x".into(), format!("{long}\n\n")],
            vec![format!("data: x\ndata: {long}\n\n")],
            vec![format!("event: {long}\ndata: x\n"), "\n".into()],
            vec!["event: x".into(), format!("{long}\ndata: x\n\n")],
            vec![format!("id: {long}\ndata: x\n\n")],
            vec!["id: x".into(), format!("{long}\ndata: x\n\n")],
            vec![format!("id: x\nid: {long}\ndata: x\n\n")],
            vec!["id: x\nid: ".into(), format!("{long}\ndata: x\n\n")],
        ];
        for mut chunks in blocks {
            let mut parser = Parser::new();
            assert_eq!(feed(&mut parser, b"id: before\n\n"), None);
            chunks.push("data: next\n\n".into());
            // Allocated before memory is short.
            let mut outputs = Vec::with_capacity(10);
            with_pieces_up_to(100, || {
                for mut chunk in chunks.iter().map(String::as_bytes) {
                    while let Some(next) = parser.next_event(&mut chunk).transpose() {
                        outputs.push(next.map(|event| {
                            event.data() == "next" && event.last_event_id() == "before"
                        }));
                    }
                }
            });
            assert_eq!(outputs, [Err(Error::OutOfMemory), Ok(true)], "{chunks:?}");
            // With memory available again, the same block succeeds.
            chunks.pop();
            let trace =
                read(&mut parser, &chunks.iter().map(String::as_bytes).collect::<Vec<_>>(), false);
            assert_eq!(trace.outputs.len(), 1, "{chunks:?}");
        }
    }

    #[test]
    fn out_of_memory_cuts_text() {
        let mut parser = Parser::with_buffer(VecBuf::new()).with_notify(Notify::COMMENTS);
        let long = vec![b'x'; 1000];
        let (mut comments, mut events) = (0, 0);
        with_pieces_up_to(100, || {
            for mut chunk in [b"data: x\n: note", &long[..], b"\n\n"] {
                while let Ok(Some(item)) = parser.next_item(&mut chunk) {
                    match item {
                        Item::Comment { text, truncated: true } if text == "note" => comments += 1,
                        Item::Event(event) if event.data() == "x" => events += 1,
                        _ => {}
                    }
                }
            }
        });
        assert_eq!((comments, events), (1, 1));
    }

    #[test]
    fn out_of_memory_keeps_old_id() {
        let mut parser = Parser::new();
        assert_eq!(parser.set_last_event_id(b"old"), Ok(()));
        let long = [b'x'; 101];
        let seeded = with_pieces_up_to(100, || parser.set_last_event_id(&long));
        assert_eq!(seeded, Err(LastEventIdError::OutOfMemory));
        assert_eq!(parser.last_event_id(), "old");
    }
}

// Streams that a hostile or broken server never ends.

const DATA: usize = 16 << 10;
const META: usize = 256;

/// What is reported of a flood, however long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    TooLarge(Field),
    /// A notification: the beginning of a text, with its length.
    Beginning(usize),
    /// A notification; of many in a row, one.
    EmptyBlock,
    /// A notification; of many in a row, one.
    ReconnectionTime,
    Event,
}

struct Flood {
    name: &'static str,
    begins: &'static str,
    repeats: String,
    /// What is reported while it lasts.
    lasting: &'static [Output],
    /// What is reported when its line and its block end.
    ending: &'static [Output],
    /// Whether ending the stream in the middle of it discards something.
    discarded: bool,
}

/// The floods. Each line of `META` bytes is at its limit.
#[rustfmt::skip]
fn floods() -> Vec<Flood> {
    use Output::{Beginning, EmptyBlock, Event, ReconnectionTime, TooLarge};

    let flood = |name, begins, repeats: &str, lasting, ending, discarded| Flood {
        name, begins, repeats: repeats.to_owned(), lasting, ending, discarded,
    };
    let [long_type, other_type] = ["a", "b"].map(|x| format!("event: {}\n", x.repeat(META)));
    let [long_id, other_id] = ["a", "b"].map(|x| format!("id: {}\n", x.repeat(META)));
    let long_data = format!("data: {}\n", "x".repeat(META));
    vec![
        // Lines that never end.
        flood("a data line", "data: ", "x", &[TooLarge(Field::Data)], &[], true),
        flood("a type", "event: ", "x", &[TooLarge(Field::Event)], &[], true),
        // An ID may still turn out to contain NUL, and to be ignored.
        flood("an ID", "id: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("a second ID", "id: 1\nid: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("a second ID after data", "data: x\nid: 1\nid: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("an ID with NUL", "id: ", "x\0", &[], &[], true),
        flood("a comment", ":", "x", &[], &[Beginning(DATA)], true),
        flood("a comment after data", "data: 12345\n:", "x", &[], &[Beginning(DATA - 5), Event], true),
        flood("a line without a colon", "", "x", &[], &[Beginning(DATA)], true),
        // Its name and its value, without the colon and the space.
        flood("an unknown field", "name: ", "x", &[], &[Beginning(DATA - 2)], true),
        flood("a retry", "retry: ", "1", &[], &[], true),
        // An endless number of lines. Each data line but the first adds the LF that joins it.
        flood("empty data lines", "", "data\n", &[TooLarge(Field::Data)], &[], true),
        flood("empty data lines in CRLF", "", "data:\r\n", &[TooLarge(Field::Data)], &[], true),
        flood("data lines", "", "data: x\n", &[TooLarge(Field::Data)], &[], true),
        flood("types", "", "event: x\n", &[], &[EmptyBlock], true),
        flood("long types", "", &(long_type.clone() + &other_type), &[], &[EmptyBlock], true),
        flood("IDs", "", "id: x\n", &[], &[EmptyBlock], true),
        flood("long IDs", "", &(long_id.clone() + &other_id), &[], &[EmptyBlock], true),
        flood("long types and IDs", "", &(long_type.clone() + &long_id), &[], &[EmptyBlock], true),
        flood("all fields in turn", "", "event: e\nid: i\ndata: x\n", &[TooLarge(Field::Data)], &[], true),
        flood("long fields in turn", "", &(long_type + &long_id + &long_data), &[TooLarge(Field::Data)], &[], true),
        flood("retries", "", "retry: 5\n", &[ReconnectionTime], &[], false),
        flood("blank lines", "", "\n", &[], &[], false),
        flood("blank lines in CRLF", "", "\r\n", &[], &[], false),
        flood("blocks with a long ID", "", &(long_id + "\n" + &other_id + "\n"), &[EmptyBlock], &[], false),
    ]
}

/// A parser in a flood, and what it has reported.
struct Flooded<B> {
    parser: Parser<B>,
    outputs: Vec<Output>,
}

impl<B: Buffer> Flooded<B> {
    fn new(buffer: B, notify: Notify) -> Self {
        // Enough capacity that recording does not allocate.
        Self {
            parser: Parser::with_buffer(buffer).with_notify(notify),
            outputs: Vec::with_capacity(100),
        }
    }

    fn feed(&mut self, bytes: &[u8], size: usize) {
        for mut chunk in bytes.chunks(size) {
            loop {
                let output = match self.parser.next_item(&mut chunk) {
                    Ok(None) => break,
                    Ok(Some(Item::Event(_))) => Output::Event,
                    Ok(Some(Item::EmptyBlock { .. })) => Output::EmptyBlock,
                    Ok(Some(Item::ReconnectionTime(_))) => Output::ReconnectionTime,
                    Ok(Some(Item::Comment { text, truncated: true })) => {
                        Output::Beginning(text.len())
                    }
                    Ok(Some(Item::UnknownField { name, value, truncated: true })) => {
                        Output::Beginning(name.len() + value.len())
                    }
                    Err(Error::TooLarge { field, .. }) => Output::TooLarge(field),
                    other => panic!("{other:?}"),
                };
                let may_repeat = matches!(output, Output::EmptyBlock | Output::ReconnectionTime);
                if !(may_repeat && self.outputs.last() == Some(&output)) {
                    self.outputs.push(output);
                }
            }
        }
    }
}

/// Generates `bytes` bytes of the flood in chunks of `size`, ends its block, and sends an event.
/// Returns the peak of the memory held.
fn run_flood<B: Buffer + Clone>(
    flood: &Flood,
    buffer: B,
    notify: Notify,
    bytes: usize,
    size: usize,
) -> usize {
    let context = format!("{}, {notify:?}, in chunks of {size}", flood.name);
    let piece = flood.repeats.repeat((64 << 10) / flood.repeats.len());
    let expected = |outputs: &[Output]| {
        let is_chosen = |output: &Output| match output {
            Output::TooLarge(_) | Output::Event => true,
            Output::Beginning(_) | Output::EmptyBlock | Output::ReconnectionTime => {
                notify == Notify::ALL
            }
        };
        outputs.iter().copied().filter(is_chosen).collect::<Vec<_>>()
    };

    let mut flooded = Flooded::new(buffer, notify);
    let ((), heap) = usage(|| {
        flooded.feed(flood.begins.as_bytes(), size);
        for _ in 0..bytes / piece.len() {
            flooded.feed(piece.as_bytes(), size);
        }
    });
    assert_eq!(flooded.outputs, expected(flood.lasting), "{context}");
    let mut ended = flooded.parser.clone();
    assert_eq!(ended.finish() == End::MidEvent, flood.discarded, "{context}");

    flooded.feed(b"\n\ndata: after\n\n", size);
    let outputs = [flood.lasting, flood.ending, &[Output::Event]].concat();
    assert_eq!(flooded.outputs, expected(&outputs), "{context}");
    heap.peak
}

/// Large chunks, and a size that no line is a multiple of.
const SIZES: [usize; 2] = [64 << 10, 61];

/// Many times the limits.
const BYTES: usize = 512 << 10;

#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn flood_with_array_buf() {
    for flood in floods() {
        for notify in [Notify::NONE, Notify::ALL] {
            for size in SIZES {
                // Space for a second ID beside full data, like a `VecBuf`.
                let buffer = ArrayBuf::<{ DATA + META }, META>::new().with_limit(DATA);
                assert_eq!(run_flood(&flood, buffer, notify, BYTES, size), 0);
            }
        }
    }
}

#[cfg(feature = "alloc")]
#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn flood_with_vec_buf() {
    let mut most = 0;
    for flood in floods() {
        for notify in [Notify::NONE, Notify::ALL] {
            for size in SIZES {
                // A line without end may be arbitrarily long.
                let is_one_line = !flood.repeats.contains('\n');
                let bytes = if is_one_line && size > META { 32 * BYTES } else { BYTES };
                let buffer = sseam::VecBuf::with_limits(DATA, META);
                let peak = run_flood(&flood, buffer, notify, bytes, size);
                assert!(peak <= DATA + 4 * META, "{peak} bytes in {}", flood.name);
                most = most.max(peak);
            }
        }
    }
    // Shows that the check can fail: one flood comes near the limit.
    assert!(most >= DATA, "{most}");
}
