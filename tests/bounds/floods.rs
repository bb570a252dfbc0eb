//! Streams that a hostile or broken server never ends.

use crate::heap::usage;
use sseam::{ArrayBuf, Buffer, End, Error, Field, Item, Notify, Parser};

const DATA: usize = 16 << 10;
const META: usize = 256;

/// What is told of a flood, be it as long as it will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    TooLarge(Field),
    /// A notification: the beginning of a text, of so many bytes.
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
    /// What is told while it lasts.
    lasting: &'static [Told],
    /// What is told when its line and its block end at last.
    ending: &'static [Told],
    /// Whether an end of stream in the middle of it discards something.
    discarded: bool,
}

/// The floods. Each line of `META` bytes is at its bound.
#[rustfmt::skip]
fn floods() -> Vec<Flood> {
    use Told::{Beginning, EmptyBlock, Event, ReconnectionTime, TooLarge};

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
        // An ID may yet turn out to hold NUL, and to be ignored.
        flood("an ID", "id: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("a second ID", "id: 1\nid: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("a second ID behind data", "data: x\nid: 1\nid: ", "x", &[], &[TooLarge(Field::Id)], true),
        flood("an ID with NUL", "id: ", "x\0", &[], &[], true),
        flood("a comment", ":", "x", &[], &[Beginning(DATA)], true),
        flood("a comment behind data", "data: 12345\n:", "x", &[], &[Beginning(DATA - 5), Event], true),
        flood("a line of no field", "", "x", &[], &[Beginning(DATA)], true),
        // Its name and its value, less the colon and the space.
        flood("an unknown field", "name: ", "x", &[], &[Beginning(DATA - 2)], true),
        flood("a retry", "retry: ", "1", &[], &[], true),
        // Lines without end. Each data line but the first adds the LF that joins it.
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

/// A parser in a flood, and what it has told.
struct Drowned<B> {
    parser: Parser<B>,
    told: Vec<Told>,
}

impl<B: Buffer> Drowned<B> {
    fn new(buffer: B, notify: Notify) -> Self {
        // With room enough that keeping the log asks nothing of the heap.
        Self {
            parser: Parser::with_buffer(buffer).with_notify(notify),
            told: Vec::with_capacity(100),
        }
    }

    fn feed(&mut self, bytes: &[u8], size: usize) {
        for mut chunk in bytes.chunks(size) {
            loop {
                let told = match self.parser.next_item(&mut chunk) {
                    Ok(None) => break,
                    Ok(Some(Item::Event(_))) => Told::Event,
                    Ok(Some(Item::EmptyBlock { .. })) => Told::EmptyBlock,
                    Ok(Some(Item::ReconnectionTime(_))) => Told::ReconnectionTime,
                    Ok(Some(Item::Comment { text, truncated: true })) => {
                        Told::Beginning(text.len())
                    }
                    Ok(Some(Item::UnknownField { name, value, truncated: true })) => {
                        Told::Beginning(name.len() + value.len())
                    }
                    Err(Error::TooLarge { field, .. }) => Told::TooLarge(field),
                    other => panic!("{other:?}"),
                };
                let may_repeat = matches!(told, Told::EmptyBlock | Told::ReconnectionTime);
                if !(may_repeat && self.told.last() == Some(&told)) {
                    self.told.push(told);
                }
            }
        }
    }
}

/// Makes the flood as it goes, so many bytes of it, in chunks of `size`; then
/// ends its block, and lets an event follow. Gives the most memory held.
fn drown<B: Buffer + Clone>(
    flood: &Flood,
    buffer: B,
    notify: Notify,
    bytes: usize,
    size: usize,
) -> usize {
    let context = format!("{}, {notify:?}, in chunks of {size}", flood.name);
    let piece = flood.repeats.repeat((64 << 10) / flood.repeats.len());
    let expected = |told: &[Told]| {
        let is_chosen = |told: &Told| match told {
            Told::TooLarge(_) | Told::Event => true,
            Told::Beginning(_) | Told::EmptyBlock | Told::ReconnectionTime => notify == Notify::ALL,
        };
        told.iter().copied().filter(is_chosen).collect::<Vec<_>>()
    };

    let mut drowned = Drowned::new(buffer, notify);
    let ((), heap) = usage(|| {
        drowned.feed(flood.begins.as_bytes(), size);
        for _ in 0..bytes / piece.len() {
            drowned.feed(piece.as_bytes(), size);
        }
    });
    assert_eq!(drowned.told, expected(flood.lasting), "{context}");
    let mut ended = drowned.parser.clone();
    assert_eq!(ended.finish() == End::MidEvent, flood.discarded, "{context}");

    drowned.feed(b"\n\ndata: after\n\n", size);
    let told = [flood.lasting, flood.ending, &[Told::Event]].concat();
    assert_eq!(drowned.told, expected(&told), "{context}");
    heap.peak
}

/// Chunks as large as they come, and such as no line is a multiple of.
const SIZES: [usize; 2] = [64 << 10, 61];

/// Many times the bounds.
const BYTES: usize = 512 << 10;

#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn no_flood_overflows_memory_in_place() {
    for flood in floods() {
        for notify in [Notify::NONE, Notify::ALL] {
            for size in SIZES {
                // Room for a second ID beside full data, as a `VecBuf` has it.
                let buffer = ArrayBuf::<{ DATA + META }, META>::new().with_limit(DATA);
                assert_eq!(drown(&flood, buffer, notify, BYTES, size), 0);
            }
        }
    }
}

#[cfg(feature = "alloc")]
#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn no_flood_takes_more_of_the_heap_than_the_bounds_say() {
    let mut most = 0;
    for flood in floods() {
        for notify in [Notify::NONE, Notify::ALL] {
            for size in SIZES {
                // A line without end may be as long as time allows.
                let is_one_line = !flood.repeats.contains('\n');
                let bytes = if is_one_line && size > META { 32 * BYTES } else { BYTES };
                let buffer = sseam::VecBuf::with_limits(DATA, META);
                let peak = drown(&flood, buffer, notify, bytes, size);
                assert!(peak <= DATA + 4 * META, "{peak} bytes in {}", flood.name);
                most = most.max(peak);
            }
        }
    }
    // Were it not for a flood that comes near, this would show nothing.
    assert!(most >= DATA, "{most}");
}
