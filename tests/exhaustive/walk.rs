//! Every string, every cut.

use crate::snapshots::{Fork, Snapshots};
use crate::snapshots::{Transcript, Via};
use sseam_testkit::Setup;
use sseam_testkit::oracle::Oracle;

/// How much longer than its seed a string may be for all cuts within the seed to be tried, not only
/// those before it and after its first byte.
const SEED_CUTS: usize = 3;

/// Totals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub strings: u64,
    /// Counted once for each suffix.
    pub cuts: u64,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.strings += other.strings;
        self.cuts += other.cuts;
    }
}

/// Visits all strings of some symbols after a seed, the shorter first, with the same parsers.
pub struct Walk<'s, T> {
    snapshots: T,
    setup: &'s Setup,
    scratch: usize,
    via: Via,
    seed_len: usize,
    stream: Vec<u8>,
    /// What the parser that reads byte by byte reported.
    bytewise: Transcript,
    /// The length of `bytewise` before each byte, and now.
    lengths: Vec<usize>,
    /// The oracle before each byte, and now; the rest are spare.
    oracles: Vec<Oracle<'s>>,
    /// An oracle to end the stream with.
    ending: Oracle<'s>,
    /// What the oracle reported of the ended lines.
    expected: Transcript,
    /// What a parser that read the string in two chunks reported.
    cut: Transcript,
    count: Count,
}

impl<'s, T: Snapshots> Walk<'s, T> {
    /// Starts at the end of the seed.
    pub fn new(snapshots: T, setup: &'s Setup, scratch: usize, via: Via, seed: &[u8]) -> Self {
        let mut walk = Self {
            snapshots,
            setup,
            scratch,
            via,
            seed_len: seed.len(),
            stream: Vec::new(),
            bytewise: Transcript::default(),
            lengths: vec![0],
            oracles: vec![Oracle::new(setup, scratch)],
            ending: Oracle::new(setup, scratch),
            expected: Transcript::default(),
            cut: Transcript::default(),
            count: Count::default(),
        };
        for &byte in seed {
            walk.push(byte);
        }
        walk
    }

    /// Checks the current string and all that are up to `more` symbols longer.
    pub fn go(&mut self, symbols: &[u8], more: usize) -> Count {
        self.check(more == 0);
        if more > 0 {
            for &byte in symbols {
                let expected_len = self.expected.0.len();
                self.push(byte);
                self.go(symbols, more - 1);
                self.pop(expected_len);
            }
        }
        self.count
    }

    /// Appends a byte.
    pub fn push(&mut self, byte: u8) {
        self.stream.push(byte);
        self.snapshots.push(&self.stream, &mut self.bytewise);
        self.lengths.push(self.bytewise.0.len());
        let len = self.stream.len();
        if len == self.oracles.len() {
            self.oracles.push(Oracle::new(self.setup, self.scratch));
        }
        let [before, now] = &mut self.oracles[len - 1..=len] else { unreachable!() };
        now.copy_from(before);
        now.push(byte);
        now.take_outputs().for_each(|output| self.expected.output(&output));
    }

    fn pop(&mut self, expected_len: usize) {
        self.stream.pop();
        self.snapshots.pop();
        self.lengths.pop();
        self.bytewise.0.truncate(*self.lengths.last().expect("the first"));
        self.expected.0.truncate(expected_len);
    }

    /// Checks the current string: byte by byte against the oracle, and each cut against byte by
    /// byte. Of the longest strings the state is not compared.
    fn check(&mut self, is_longest: bool) {
        self.count.strings += 1;
        self.check_with_oracle(false);
        self.check_with_oracle(true);
        let line = self.oracles[self.stream.len()].line();
        let suffixes = if is_longest { FLUSH } else { suffixes(line) };
        for &suffix in suffixes {
            self.check_cuts(suffix, is_longest);
        }
    }

    /// Compares byte by byte with the oracle, to the end of the stream, with or without a flush.
    fn check_with_oracle(&mut self, flush: bool) {
        let Self { snapshots, stream, bytewise, oracles, ending, expected, .. } = self;
        let (len, bytewise_len, expected_len) = (stream.len(), bytewise.0.len(), expected.0.len());
        snapshots.fork(stream, len, |parser| {
            if flush {
                parser.flush(bytewise);
            }
            parser.finish(bytewise);
        });
        ending.copy_from(&oracles[len]);
        expected.trace(&ending.end(flush));
        if bytewise != expected {
            let how = format!("byte by byte, then flush: {flush}");
            self.fail(&how, &self.bytewise.0, &self.expected.0);
        }
        bytewise.0.truncate(bytewise_len);
        expected.0.truncate(expected_len);
    }

    /// Compares each cut, continued with `suffix`, with byte by byte.
    fn check_cuts(&mut self, suffix: Suffix, is_longest: bool) {
        let Self { snapshots, stream, bytewise, cut: by_cut, .. } = self;
        let (len, bytewise_len) = (stream.len(), bytewise.0.len());
        bytewise.separate();
        snapshots.fork(stream, len, |parser| go_on(parser, suffix, bytewise));
        let all_cuts = len <= self.seed_len + SEED_CUTS;
        // Cutting the longest before their last byte repeats the bytewise reading.
        let cuts = 0..len.saturating_sub(usize::from(is_longest));
        for cut in cuts.filter(|&cut| all_cuts || cut <= 1 || cut >= self.seed_len) {
            self.count.cuts += 1;
            by_cut.0.clear();
            snapshots.fork(stream, cut, |parser| {
                if cut + 1 == len {
                    // A single byte was read already: here it follows an empty chunk.
                    parser.push(&[], by_cut);
                }
                parser.push(&stream[cut..], by_cut);
                by_cut.separate();
                go_on(parser, suffix, by_cut);
            });
            if by_cut.0 != bytewise.0[self.lengths[cut]..] {
                let how = format!("cut at {cut}, then {suffix:?}");
                self.fail(&how, &self.cut.0, &self.bytewise.0[self.lengths[cut]..]);
            }
        }
        bytewise.0.truncate(bytewise_len);
    }

    #[cold]
    fn fail(&self, how: &str, actual: &[u8], expected: &[u8]) -> ! {
        panic!(
            "\"{}\", {how}, with {:?} and {:?}:\n {}\n {}",
            self.stream.escape_ascii(),
            self.via,
            self.setup,
            actual.escape_ascii(),
            expected.escape_ascii()
        );
    }
}

/// What to continue with: a suffix, or a flush.
type Suffix = Option<&'static [u8]>;

const FLUSH: &[Suffix] = &[None];

/// Reads the suffix, and ends the stream.
fn go_on(parser: &mut dyn Fork, suffix: Suffix, transcript: &mut Transcript) {
    match suffix {
        None => parser.flush(transcript),
        Some(suffix) => parser.push(suffix, transcript),
    }
    parser.finish(transcript);
}

/// Suffixes that distinguish the state after the incomplete `line` from any other.
///
/// Within a line: one that depends on which byte is expected next, that is the rest of a field's
/// name or of a byte order mark, a digit of a number, or a space, which alone may be dropped. At
/// the start of a line: a field, which an incomplete line would swallow, and a field after an LF,
/// which may belong to a CR. All end with an event, which shows the pending state of the block.
fn suffixes(line: &[u8]) -> &'static [Suffix] {
    const START: &[Suffix] = &[Some(b"data: y\n\n"), Some(b"\ndata: y\n\n")];
    match line {
        b"" => START,
        b"d" => &[Some(b"ata: y\n\n")],
        b"da" => &[Some(b"ta: y\n\n")],
        b"dat" => &[Some(b"a: y\n\n")],
        b"data" => &[Some(b": y\n\n")],
        b"e" => &[Some(b"vent: e\ndata\n\n")],
        b"ev" => &[Some(b"ent: e\ndata\n\n")],
        b"eve" => &[Some(b"nt: e\ndata\n\n")],
        b"even" => &[Some(b"t: e\ndata\n\n")],
        b"i" => &[Some(b"d: i\ndata\n\n")],
        b"r" => &[Some(b"etry: 4\ndata\n\n")],
        b"ret" => &[Some(b"ry: 4\ndata\n\n")],
        b"event" | b"id" | b"retry" => &[Some(b": 4\ndata\n\n")],
        b"\xEF" => &[Some(b"\xBB\xBFdata: y\n\n")],
        b"\xEF\xBB" => &[Some(b"\xBFdata: y\n\n")],
        [b'r', ..] => &[Some(b"4\ndata\n\n")],
        _ => &[Some(b" \ndata\n\n")],
    }
}
