//! The tool calls of a stream: names and arguments, as far as there is memory.

use std::fmt;

use sseam::payload::{Accumulator, Growing, JsonStr, Part, PartKind};

/// How many bytes of names and of arguments are kept, whatever the stream sends.
const NAMES: usize = 8 << 10;
const ARGUMENTS: usize = 64 << 10;

pub(crate) struct Calls {
    /// By the same part as the arguments are.
    names: Accumulator<Growing>,
    arguments: Accumulator<Growing>,
}

/// Which call it is: the item, block or call by that index.
fn part(index: u64) -> Part {
    let output = u32::try_from(index).unwrap_or(u32::MAX);
    Part { kind: PartKind::Arguments, output, content: 0 }
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self { names: Accumulator::growing(NAMES), arguments: Accumulator::growing(ARGUMENTS) }
    }

    /// The tool that is called. Some providers say so in each event.
    pub(crate) fn name(&mut self, index: u64, name: Option<JsonStr<'_>>) {
        let Some(name) = name else { return };
        if self.names.get(part(index)).is_empty() {
            // What does not fit is told at the end.
            let _ = self.names.push(part(index), name);
        }
    }

    /// A piece of the arguments.
    pub(crate) fn piece(&mut self, index: u64, piece: Option<JsonStr<'_>>) {
        let _ = self.arguments.push(part(index), piece.unwrap_or_default());
    }

    /// All of the arguments, for providers that send them in one piece.
    pub(crate) fn whole(&mut self, index: u64, arguments: Option<JsonStr<'_>>) {
        if self.arguments.get(part(index)).is_empty() {
            self.piece(index, arguments);
        }
    }

    /// A line for each call in the order in which they began, and one for what is missing.
    pub(crate) fn lines(mut self, mut line: impl FnMut(fmt::Arguments<'_>)) {
        // Half a character that waits for the other may not fit either.
        let _ = self.arguments.finish();
        for (part, name) in self.names.pieces() {
            line(format_args!("calls {name}({})", self.arguments.get(part)));
        }
        if self.names.is_full() {
            line(format_args!("there are more calls than can be kept"));
        }
        if self.arguments.is_full() {
            line(format_args!("arguments are cut: all calls together have {ARGUMENTS} bytes"));
        }
    }
}
