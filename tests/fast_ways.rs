//! What servers usually write is read the fast way: how often the state machine
//! is asked, which knows no fast way, does not depend on the number of events, or
//! is at most what the table says.
//!
//! Nothing else tells, but the time: whatever a fast path leaves, the state machine
//! reads alike. The library counts with the feature `__work`.

mod common;

use common::cut;
use sseam::{ArrayBuf, Buffer, Notify, Parser, SliceBuf, VecBuf, work};

const EVENTS: usize = 60;
const LONG: usize = 200;

/// How large chunks are. Among those of 64 bytes are some that end anywhere in an event.
const SIZES: [usize; 4] = [usize::MAX, 1460, 64, 1];

/// An event, and how often the state machine may be asked for 60 of them, for each size of
/// the chunks: through `next`, and through `next_item`, which has to tell all else too. Once
/// is for the start of the stream, where a byte order mark may stand.
#[rustfmt::skip]
const SHAPES: &[(&str, [usize; 4], [usize; 4])] = &[
    // All the way.
    ("data: LONG\n\n",                              [1, 1, 5, 1],      [2, 2, 14, 421]),
    ("data: x\n\n",                                 [1, 1, 5, 1],      [2, 2, 13, 421]),
    ("event: type\ndata: LONG\n\n",                 [1, 1, 11, 61],    [2, 4, 38, 1141]),
    ("event: type\ndata: x\n\n",                    [1, 1, 12, 61],    [2, 2, 37, 1141]),
    ("data: a line of plain text\n\n",              [1, 2, 8, 1],      [2, 4, 13, 421]),
    ("event: response.text.delta\ndata: LONG\n\n",  [1, 2, 11, 61],    [2, 4, 63, 2041]),
    ("data: line\ndata: LONG\ndata: line\n\n",      [1, 2, 15, 1],     [2, 3, 30, 1141]),
    ("event: type\ndata: line\ndata: line\n\n",     [1, 2, 17, 61],    [2, 4, 44, 1501]),
    ("id: 17\ndata: LONG\n\n",                      [1, 1, 18, 361],   [2, 2, 25, 841]),
    ("id: 17\nevent: type\ndata: LONG\n\n",         [1, 1, 30, 421],   [2, 3, 47, 1561]),
    (": keep-alive\n\ndata: LONG\n\n",              [1, 4, 1, 181],    [121, 123, 121, 1321]),
    // An LF behind the CR that dispatched is for the next call, where `next_item` has no way for it.
    ("data: LONG\r\n\r\n",                          [2, 2, 6, 181],    [61, 61, 68, 601]),
    ("event: type\r\ndata: LONG\r\n\r\n",           [2, 2, 22, 301],   [61, 61, 79, 1381]),
    ("id: 17\r\ndata: LONG\r\n\r\n",                [2, 2, 22, 601],   [61, 61, 76, 1081]),
    (": keep-alive\r\n\r\ndata: LONG\r\n\r\n",      [2, 4, 31, 481],   [121, 123, 148, 1621]),
    // Once for each.
    ("event: type\nid: 17\ndata: LONG\n\n",         [60, 60, 72, 421], [61, 62, 84, 1561]),
    ("data: LONG\nid: 17\n\n",                      [60, 60, 71, 361], [61, 61, 79, 841]),
    ("data:LONG\n\n",                               [60, 60, 63, 61],  [61, 61, 66, 421]),
    ("retry: 3000\ndata: LONG\n\n",                 [60, 61, 72, 481], [121, 122, 132, 1142]),
];

/// How often the state machine is asked for the stream.
fn asked<B: Buffer>(buffer: B, notify: Notify, chunks: &[&[u8]]) -> usize {
    let mut parser = Parser::with_buffer(buffer).with_notify(notify);
    let mut seen = 0;
    let _ = work::take_steps();
    for mut chunk in chunks.iter().copied() {
        if notify == Notify::NONE {
            while parser.next(&mut chunk).expect("within the bounds").is_some() {
                seen += 1;
            }
        } else {
            while parser.next_item(&mut chunk).expect("within the bounds").is_some() {
                seen += 1;
            }
        }
    }
    assert!(seen >= EVENTS);
    work::take_steps()
}

#[test]
fn the_state_machine_is_hardly_asked() {
    for (event, through_next, through_items) in SHAPES {
        let event = event.replace("LONG", &format!("{{{}}}", "x".repeat(LONG)));
        let stream = format!("\n{}", event.repeat(EVENTS)).into_bytes();
        for (n, size) in SIZES.into_iter().enumerate() {
            let ends: Vec<_> = (0..stream.len()).step_by(size).skip(1).collect();
            let chunks = cut(&stream, &ends);
            for (notify, most) in [(Notify::NONE, through_next[n]), (Notify::ALL, through_items[n])]
            {
                let (mut data, mut meta) = ([0; 1024], [0; 3 * 64]);
                let asked = [
                    asked(VecBuf::new(), notify, &chunks),
                    asked(ArrayBuf::<1024, 64>::new(), notify, &chunks),
                    asked(SliceBuf::new(&mut data, &mut meta), notify, &chunks),
                ];
                let are_few = asked.iter().all(|&asked| asked <= most);
                assert!(are_few, "{asked:?} of {most}, {notify:?}, chunks of {size}: {event:?}");
            }
        }
    }
}
