//! Not some streams but all: every string of the significant bytes up to a length, at the start and
//! after each of some seeds, cut at any place.
//! Each string is read byte by byte and compared with the oracle. Then, for each cut, a parser that
//! has read the bytes before the cut one by one reads the rest as one chunk. It has to report the
//! same, and to be in the same state: a suffix that distinguishes that state from any other (`walk`
//! lists them) has to give the same. By induction over the chunks, all cuts into any number of
//! chunks then give the same, including empty chunks. The state after the longest strings is not
//! compared, only what a flush reports. Cuts within a seed are tried only if little follows it.
//!
//! Through `next_event` strings have up to seven bytes, through `next_item` six, with the rarer
//! buffers five (`WAYS`). With `EXHAUSTIVE_LONGER=1` in the environment all are longer by one.
//! Unoptimised, they are shorter by three.
#![allow(unreachable_pub)]

mod snapshots;
mod walk;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use std::{env, thread};

use snapshots::Via;
use snapshots::{Cloned, Replayed, Snapshots};
use sseam::{ArrayBuf, Notify, VecBuf};
use sseam_testkit::Setup;
use walk::{Count, Walk};

/// Line ends, colon and space, the letters of `data` and `id`, a letter of no name, and NUL.
const SYMBOLS: &[u8] = b"\n\r: datix\0";

/// The structure after a seed: line ends, the colon, the space, NUL, which invalidates an ID, and
/// one byte for all others. That byte begins a field's name, or is a digit.
const STRUCTURE: &[u8] = b"\n\r: \0d";
const WITH_DIGIT: &[u8] = b"\n\r: \x004";

/// A prefix, and the symbols of the strings after it. A blank line precedes it, except before byte
/// order marks: fast paths begin only after one.
type Seed = (&'static [u8], &'static [u8]);

/// Beginnings of lines, of an event stream, and what a line end may follow.
const SEEDS: &[Seed] = &[
    // In the value of each field, with its space already dropped or not.
    (b"data:", STRUCTURE),
    (b"data: ", STRUCTURE),
    (b"event:", STRUCTURE),
    (b"id:", STRUCTURE),
    (b"retry:", WITH_DIGIT),
    // A byte order mark, and each part of one.
    (b"\xEF\xBB\xBF", STRUCTURE),
    (b"\xEF\xBB\xBFdata:", STRUCTURE),
    (b"\xEF", b"\n\r: \xBB\xBF"),
    (b"\xEF\xBB", b"\n\r: \xBB\xBF"),
    // After what may be the end of a line, with a block pending.
    (b"data: x\r", STRUCTURE),
    (b"data: x\n", STRUCTURE),
];

/// More seeds, after each of which the strings are shorter by one.
const MORE_SEEDS: &[Seed] = &[
    (b"retry: 4", WITH_DIGIT),
    (b":", STRUCTURE),
    (b"event: t\r", STRUCTURE),
    (b": c\r", STRUCTURE),
    // At the end of a name, and short of it.
    (b"data", STRUCTURE),
    (b"event", STRUCTURE),
    (b"id", STRUCTURE),
    (b"dat", b"\n\r: a\0"),
    // More lines of a block, buffered ones and others.
    (b"data: x\ndata", STRUCTURE),
    (b"data: x\ndata: ", STRUCTURE),
    (b"event: t\ndata: ", STRUCTURE),
    (b"event: t\nevent: ", STRUCTURE),
    (b"id: i\nid: ", STRUCTURE),
    (b"data: x\nid: i\nid: ", STRUCTURE),
    (b"id: i\ndata: ", STRUCTURE),
    (b"data\n:", STRUCTURE),
    (b"data\nx", STRUCTURE),
    // After an event with a type, one with an ID, and a block without data.
    (b"event: t\ndata: x\n\ndata:", STRUCTURE),
    (b"id: i\ndata\n\nid:", STRUCTURE),
    (b"event: t\n\ndata:", STRUCTURE),
    // Where one or two more bytes reach or exceed a limit.
    (b"data: xx\ndata", STRUCTURE),
    (b"data: xx\nid: i\nid: ", STRUCTURE),
    (b"data: xxx", STRUCTURE),
    (b"event: t\ndata: xx", STRUCTURE),
    (b"event: tt\n", STRUCTURE),
    (b"id: ii\ndata: ", STRUCTURE),
];

/// Limits that are never exceeded, though small enough to copy quickly, and nearly zero ones.
const ROOMY: [usize; 2] = [24, 8];
const TINY: [usize; 2] = [2, 1];

/// The capacity that a lower limit restricts.
const LIMITED: usize = 4;

/// The buffer of the parser.
#[derive(Clone, Copy, Debug)]
enum With {
    /// An `ArrayBuf` of the limits.
    Array,
    /// One with more capacity than its limit on data.
    Limited,
    Vec,
    Slice,
}

/// One walk.
struct Job {
    seed: Vec<u8>,
    symbols: &'static [u8],
    len: usize,
    with: With,
    via: Via,
    setup: Setup,
}

impl Job {
    fn run(&self) -> Count {
        let Setup { data, meta, .. } = self.setup;
        let (setup, via) = (&self.setup, self.via);
        match self.with {
            With::Array if data == TINY[0] => self
                .walk(Cloned::new(ArrayBuf::<{ TINY[0] }, { TINY[1] }>::new(), setup, via), data),
            With::Array => {
                let buffer = ArrayBuf::<{ ROOMY[0] }, { ROOMY[1] }>::new();
                self.walk(Cloned::new(buffer, setup, via), data)
            }
            With::Limited => {
                let buffer = ArrayBuf::<LIMITED, { TINY[1] }>::new().with_limit(data);
                self.walk(Cloned::new(buffer, setup, via), LIMITED)
            }
            With::Vec => {
                let buffer = VecBuf::with_limits(data, meta);
                self.walk(Cloned::new(buffer, setup, via), data + meta)
            }
            With::Slice => self.walk(Replayed::new(setup, via), data),
        }
    }

    fn walk(&self, snapshots: impl Snapshots, scratch: usize) -> Count {
        Walk::new(snapshots, &self.setup, scratch, self.via, &self.seed).go(self.symbols, self.len)
    }
}

/// The ways to read, and the length of the strings. Through `next_item` every string takes twice as
/// long.
const WAYS: &[(With, [usize; 2], Via, usize)] = &[
    (With::Array, ROOMY, Via::Next, 7),
    (With::Array, TINY, Via::Next, 7),
    (With::Array, ROOMY, Via::NextItem, 6),
    (With::Array, TINY, Via::NextItem, 6),
    (With::Limited, TINY, Via::Next, 5),
    (With::Limited, TINY, Via::NextItem, 5),
    (With::Vec, ROOMY, Via::Next, 5),
    (With::Vec, TINY, Via::Next, 5),
    (With::Vec, ROOMY, Via::NextItem, 5),
    (With::Vec, TINY, Via::NextItem, 5),
    (With::Slice, TINY, Via::Next, 5),
    (With::Slice, TINY, Via::NextItem, 5),
];

/// The length, adjusted by the environment and the profile.
fn length(len: usize) -> usize {
    let longer = usize::from(env::var_os("EXHAUSTIVE_LONGER").is_some());
    let shorter = if cfg!(debug_assertions) { 3 } else { 0 };
    len + longer - shorter
}

fn setup([data, meta]: [usize; 2], via: Via) -> Setup {
    let notify = match via {
        Via::Next => Notify::NONE,
        Via::NextItem => Notify::ALL,
    };
    Setup { data, meta, notify, flush: false }
}

/// Runs the jobs on all cores, and prints the totals.
fn run(what: &str, mut jobs: Vec<Job>) {
    let begun = Instant::now();
    // The largest first, so that no core waits long for another.
    jobs.sort_by_key(|job| std::cmp::Reverse(job.len));
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Count::default()));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let count = job.run();
                    total.lock().expect("no other failed").add(count);
                }
            });
        }
    });
    let Count { strings, cuts } = total.into_inner().expect("none failed");
    println!("{what}: {strings} strings, {cuts} cuts, {:.1} s", begun.elapsed().as_secs_f64());
}

#[test]
fn every_string_of_all_symbols() {
    let mut jobs = Vec::new();
    for &(with, bounds, via, len) in WAYS {
        let job = |seed: &[u8], len| Job {
            seed: seed.to_vec(),
            symbols: SYMBOLS,
            len,
            with,
            via,
            setup: setup(bounds, via),
        };
        jobs.push(job(b"", 0));
        // A job for each first symbol.
        jobs.extend(SYMBOLS.iter().map(|&first| job(&[first], length(len) - 1)));
    }
    run("strings of all symbols", jobs);
}

#[test]
fn every_string_after_each_seed() {
    let mut jobs = Vec::new();
    for (seeds, shorter) in [(SEEDS, 0), (MORE_SEEDS, 1)] {
        for (seed, symbols) in seeds {
            let blank_line: &[u8] = if seed[0] == 0xEF { b"" } else { b"\n" };
            jobs.extend(WAYS.iter().map(|&(with, bounds, via, len)| Job {
                seed: [blank_line, seed].concat(),
                symbols,
                len: length(len) - shorter,
                with,
                via,
                setup: setup(bounds, via),
            }));
        }
    }
    run("strings of structure after seeds", jobs);
}
