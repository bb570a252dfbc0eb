//! The limits: what a pass over the stream costs at least. They read the whole
//! stream at once, however it is cut for the others.

use std::hint::black_box;
use std::str;
use std::time::{Duration, Instant};

use crate::contender::{Identity, Kind, Timed};
use crate::input::Input;

/// The name of the yardstick: `memchr` visiting every line end.
pub(crate) const NEWLINES: &str = "newlines";

/// Goes over a stream; there is space for a copy of it.
type Pass = fn(&[u8], &mut [u8]);

pub(crate) struct Limit {
    name: &'static str,
    pass: Pass,
    space: Vec<u8>,
}

pub(crate) fn all() -> Vec<Box<dyn Timed>> {
    let passes: [(_, Pass); 4] =
        [(NEWLINES, newlines), ("byte_sum", byte_sum), ("memcpy", memcpy), ("from_utf8", utf8)];
    let boxed = |(name, pass)| Box::new(Limit { name, pass, space: Vec::new() }) as Box<dyn Timed>;
    passes.map(boxed).into()
}

impl Timed for Limit {
    fn identity(&self) -> Identity {
        Identity { name: self.name, kind: Kind::Limit, yields: "" }
    }

    fn time(&mut self, input: &Input) -> Duration {
        self.space.resize(input.stream().len(), 0);
        let start = Instant::now();
        (self.pass)(black_box(input.stream()), &mut self.space);
        start.elapsed()
    }
}

fn newlines(stream: &[u8], _: &mut [u8]) {
    for position in memchr::memchr_iter(b'\n', stream) {
        black_box(position);
    }
}

fn byte_sum(stream: &[u8], _: &mut [u8]) {
    black_box(stream.iter().map(|&byte| u64::from(byte)).sum::<u64>());
}

fn memcpy(stream: &[u8], space: &mut [u8]) {
    space.copy_from_slice(stream);
    black_box(space);
}

fn utf8(stream: &[u8], _: &mut [u8]) {
    let _ = black_box(str::from_utf8(stream));
}
