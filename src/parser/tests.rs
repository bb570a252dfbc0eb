//! A parser whose buffer never has memory: it returns events that are whole in the chunk, and
//! one error for each other block.

extern crate std;

use std::string::{String, ToString};
use std::vec::Vec;

use super::Parser;
use crate::buffer::{Full, Limits, Sealed, Slot, Storage};
use crate::{Buffer, Error};

struct NoMemory;

impl Sealed for NoMemory {}
impl Buffer for NoMemory {}

impl Storage for NoMemory {
    fn limits(&self) -> Limits {
        Limits { data: 100, meta: 100 }
    }

    fn data_capacity(&self) -> usize {
        200
    }

    fn slot(&self, _: Slot) -> &[u8] {
        &[]
    }

    fn write(&mut self, _: Slot, _: usize, _: &[u8]) -> Result<(), Full> {
        Err(Full)
    }

    fn copy_to_id(&mut self, _: usize, _: usize, _: Slot) -> Result<(), Full> {
        Err(Full)
    }
}

/// Parses the chunks. Returns the events' data, and errors.
fn parse(chunks: &[&[u8]]) -> Vec<Result<String, Error>> {
    let mut parser = Parser::with_buffer(NoMemory);
    let mut output = Vec::new();
    for &chunk in chunks {
        let mut chunk = chunk;
        while let Some(next) = parser.next_event(&mut chunk).transpose() {
            output.push(next.map(|event| event.data().to_string()));
        }
    }
    output
}

#[test]
fn whole_events_are_returned() {
    type Case<'a> = (&'a [u8], &'a [Result<&'a str, Error>]);

    let out_of_memory = Err(Error::OutOfMemory);
    let cases: &[Case<'_>] = &[
        (b"data: x\n\n", &[Ok("x")]),
        (b"event: t\r\ndata: x\r\n\r\n:\nretry: 1\n\n", &[Ok("x")]),
        (b"data:x\n\ndata\n\n", &[Ok("x"), Ok("")]),
        // Joining and straddling chunks need memory. So does an ID, which outlives the chunk.
        (b"data: x\ndata: y\n\ndata: z\n\n", &[out_of_memory, Ok("z")]),
        (b"data: x\n\ndata: y", &[Ok("x"), out_of_memory]),
        (b"id: 1\ndata: x\n\ndata: y\n\n", &[out_of_memory, Ok("y")]),
        (b"data: x\nid: 1\n\ndata: y\n\n", &[out_of_memory, Ok("y")]),
        (b"id:\ndata: x\n\n", &[Ok("x")]),
    ];
    for (stream, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|one| one.map(ToString::to_string)).collect();
        assert_eq!(parse(&[stream]), expected, "{}", stream.escape_ascii());
    }
}

#[test]
fn each_cut_block_is_one_error() {
    let stream = b"\xEF\xBB\xBF\
        data: one\n\n\
        event: t\ndata: two\ndata: lines\n\n\
        id: 1\ndata: three\n\n\
        retry: 1000\n: no block\n\n\
        data:four\r\n\r\n";
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(parse(&bytes), [const { Err(Error::OutOfMemory) }; 4]);

    for at in 0..=stream.len() {
        let (before, after) = stream.split_at(at);
        let output = parse(&[before, after]);
        assert_eq!(output.len(), 4, "cut at {at}: {output:?}");
        let lost = output.iter().filter(|one| one.is_err()).count();
        // Two need memory wherever the cut is.
        assert!((2..=3).contains(&lost), "cut at {at}: {output:?}");
    }
}
