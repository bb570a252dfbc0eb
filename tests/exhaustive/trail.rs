//! Parsers in the states in which the beginnings of a stream leave them.

use sseam::{Buffer, Parser, SliceBuf};

use crate::common::Setup;
use crate::transcript::{Transcript, Via};

/// A stream read byte by byte, to any of whose beginnings one can go back.
pub trait Trail {
    /// Reads one more byte and adds what is told.
    fn push(&mut self, stream: &[u8], told: &mut Transcript);

    /// Goes back by one byte.
    fn pop(&mut self);

    /// Has `work` done with a parser that has read so many bytes of `stream`.
    fn fork<R>(&mut self, stream: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R;
}

/// A parser with whatever buffer.
pub trait Fork {
    fn push(&mut self, chunk: &[u8], told: &mut Transcript);
    fn flush(&mut self, told: &mut Transcript);
    fn finish(&mut self, told: &mut Transcript);
}

impl<B: Buffer> Fork for (&mut Parser<B>, Via) {
    fn push(&mut self, chunk: &[u8], told: &mut Transcript) {
        told.push(self.0, self.1, chunk);
    }

    fn flush(&mut self, told: &mut Transcript) {
        told.flush(self.0, self.1);
    }

    fn finish(&mut self, told: &mut Transcript) {
        told.finish(self.0);
    }
}

/// Keeps a parser for each beginning.
pub struct Cloned<B> {
    parsers: Vec<Parser<B>>,
    via: Via,
}

impl<B: Buffer> Cloned<B> {
    pub fn new(buffer: B, setup: &Setup, via: Via) -> Self {
        Self { parsers: vec![Parser::with_buffer(buffer).with_notify(setup.notify)], via }
    }
}

impl<B: Buffer + Clone> Trail for Cloned<B> {
    fn push(&mut self, stream: &[u8], told: &mut Transcript) {
        let mut parser = self.parsers.last().expect("the first").clone();
        told.push(&mut parser, self.via, &stream[stream.len() - 1..]);
        self.parsers.push(parser);
    }

    fn pop(&mut self) {
        self.parsers.pop();
    }

    fn fork<R>(&mut self, _: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R {
        work(&mut (&mut self.parsers[read].clone(), self.via))
    }
}

/// Reads the beginning anew each time: a `SliceBuf` cannot be cloned.
pub struct Replayed {
    setup: Setup,
    via: Via,
    data: Vec<u8>,
    meta: Vec<u8>,
}

impl Replayed {
    pub fn new(setup: &Setup, via: Via) -> Self {
        let (data, meta) = (vec![0; setup.data], vec![0; 3 * setup.meta]);
        Self { setup: setup.clone(), via, data, meta }
    }
}

impl Trail for Replayed {
    fn push(&mut self, stream: &[u8], told: &mut Transcript) {
        let last = &stream[stream.len() - 1..];
        self.fork(stream, stream.len() - 1, |parser| parser.push(last, told));
    }

    fn pop(&mut self) {}

    fn fork<R>(&mut self, stream: &[u8], read: usize, work: impl FnOnce(&mut dyn Fork) -> R) -> R {
        let buffer = SliceBuf::new(&mut self.data, &mut self.meta);
        let mut parser = Parser::with_buffer(buffer).with_notify(self.setup.notify);
        let mut told = Transcript::default();
        for byte in stream[..read].chunks(1) {
            told.push(&mut parser, self.via, byte);
        }
        work(&mut (&mut parser, self.via))
    }
}
