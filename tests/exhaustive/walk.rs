//! Every string, every cut.

use crate::common::Setup;
use crate::common::oracle::Oracle;
use crate::trail::{Fork, Trail};
use crate::transcript::{Transcript, Via};

/// By how much a string may be longer than its seed for the cuts in the seed, but
/// for one in front of it and one behind its first byte, to be tried as well.
const SEED_CUTS: usize = 3;

/// What was gone over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub strings: u64,
    pub cuts: u64,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.strings += other.strings;
        self.cuts += other.cuts;
    }
}

/// Goes over all strings of some symbols behind a seed, the shorter first, and
/// back over the same parsers.
pub struct Walk<'s, T> {
    trail: T,
    setup: &'s Setup,
    via: Via,
    seed_len: usize,
    stream: Vec<u8>,
    /// What the parser told that reads byte by byte.
    told: Transcript,
    /// How long that was before each byte, and now.
    told_at: Vec<usize>,
    /// The oracle before each byte, and now.
    oracles: Vec<Oracle<'s>>,
    /// What the oracle told of the lines that have ended.
    expected: Transcript,
    count: Count,

    // Kept for their memory.
    one: Transcript,
    other: Transcript,
    ends: [Transcript; 2],
}

impl<'s, T: Trail> Walk<'s, T> {
    /// At the end of the seed.
    pub fn new(trail: T, setup: &'s Setup, scratch: usize, via: Via, seed: &[u8]) -> Self {
        let mut walk = Self {
            trail,
            setup,
            via,
            seed_len: seed.len(),
            stream: Vec::new(),
            told: Transcript::default(),
            told_at: vec![0],
            oracles: vec![Oracle::new(setup, scratch)],
            expected: Transcript::default(),
            count: Count::default(),
            one: Transcript::default(),
            other: Transcript::default(),
            ends: Default::default(),
        };
        for &byte in seed {
            walk.push(byte);
        }
        walk
    }

    /// Checks the string at which it stands and all that are up to `more`
    /// symbols longer.
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

    /// Goes on by one byte.
    pub fn push(&mut self, byte: u8) {
        self.stream.push(byte);
        self.trail.push(&self.stream, &mut self.told);
        self.told_at.push(self.told.0.len());
        let mut oracle = self.oracles.last().expect("the first").clone();
        oracle.push(byte);
        oracle.take_told().iter().for_each(|told| self.expected.told(told));
        self.oracles.push(oracle);
    }

    fn pop(&mut self, expected_len: usize) {
        self.stream.pop();
        self.trail.pop();
        self.told_at.pop();
        self.told.0.truncate(*self.told_at.last().expect("the first"));
        self.oracles.pop();
        self.expected.0.truncate(expected_len);
    }

    /// The string at which it stands: byte by byte as the oracle, and cut as
    /// byte by byte. If it is one of the longest, its states matter no more.
    fn check(&mut self, is_longest: bool) {
        self.count.strings += 1;
        let len = self.stream.len();
        let Self { trail, stream, one, other, .. } = self;
        // The flush last: its end stays, to be compared with.
        let ends = self.ends.each_mut();
        for flush in [false, true] {
            let end = &mut *ends[0];
            end.clear();
            trail.fork(stream, len, |parser| to_end(parser, flush, end));
            one.clone_from(&self.told);
            one.0.extend_from_slice(&end.0);
            other.clone_from(&self.expected);
            other.log(&self.oracles[len].clone().end(flush));
            if one != other {
                return self.fail(&format!("byte by byte, then flush: {flush}"));
            }
        }

        let suffixes = if is_longest { FLUSH } else { suffixes(self.oracles[len].line()) };
        for (suffix, end) in suffixes.iter().zip(ends) {
            if let Some(suffix) = suffix {
                end.clear();
                trail.fork(stream, len, |parser| {
                    parser.push(suffix, end);
                    parser.finish(end);
                });
            }
        }
        let all_cuts = len <= self.seed_len + SEED_CUTS;
        // The last byte of the longest is read as it was when it was read byte by byte.
        let cuts = 0..len.saturating_sub(usize::from(is_longest));
        for cut in cuts.filter(|&cut| all_cuts || cut <= 1 || cut >= self.seed_len) {
            self.count.cuts += 1;
            for (suffix, end) in suffixes.iter().zip(&self.ends) {
                one.clear();
                other.clear();
                trail.fork(stream, cut, |parser| {
                    if cut + 1 == len {
                        // A byte alone would be read as before: after an empty chunk.
                        parser.push(&[], one);
                    }
                    parser.push(&stream[cut..], one);
                    match suffix {
                        None => to_end(parser, true, other),
                        Some(suffix) => {
                            parser.push(suffix, other);
                            parser.finish(other);
                        }
                    }
                });
                let told = &self.told.0[self.told_at[cut]..];
                if one.0 != told {
                    other.0 = told.to_vec();
                    return self.fail(&format!("cut at {cut}"));
                }
                if other != end {
                    one.clone_from(end);
                    return self.fail(&format!("cut at {cut}, then {suffix:?}"));
                }
            }
        }
    }

    #[cold]
    fn fail(&self, how: &str) {
        panic!(
            "\"{}\", {how}, with {:?} and {:?}:\n {}\n {}",
            self.stream.escape_ascii(),
            self.via,
            self.setup,
            self.one.0.escape_ascii(),
            self.other.0.escape_ascii()
        );
    }
}

fn to_end(parser: &mut dyn Fork, flush: bool, told: &mut Transcript) {
    if flush {
        parser.flush(told);
    }
    parser.finish(told);
}

/// What to go on with: a suffix, or a flush.
type Suffix = Option<&'static [u8]>;

const FLUSH: &[Suffix] = &[None];

/// What tells the state behind `line`, which has not ended, from any other.
///
/// In a line, what goes on with it so that it matters which byte is expected next:
/// the rest of a field's name or of a byte order mark, a digit of a number, else
/// a space, which alone may be dropped. At the start of a line there are two: a
/// field of its own, which would be swallowed if a line were under way, and an
/// LF in front of it, which may belong to a CR. All end with an event, which shows
/// what of the block is pending.
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
