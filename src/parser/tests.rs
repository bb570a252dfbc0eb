//! A parser that gets no memory at all: what lies whole in the chunk is told, and all
//! else is an error, a block at a time.

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

/// What comes of the chunks: events' data, and errors.
fn told(chunks: &[&[u8]]) -> Vec<Result<String, Error>> {
    let mut parser = Parser::with_buffer(NoMemory);
    let mut told = Vec::new();
    for &chunk in chunks {
        let mut chunk = chunk;
        while let Some(next) = parser.next_event(&mut chunk).transpose() {
            told.push(next.map(|event| event.data().to_string()));
        }
    }
    told
}

#[test]
fn what_lies_whole_in_the_chunk_is_told() {
    type Case<'a> = (&'a [u8], &'a [Result<&'a str, Error>]);

    let out_of_memory = Err(Error::OutOfMemory);
    let cases: &[Case<'_>] = &[
        (b"data: x\n\n", &[Ok("x")]),
        (b"event: t\r\ndata: x\r\n\r\n:\nretry: 1\n\n", &[Ok("x")]),
        (b"data:x\n\ndata\n\n", &[Ok("x"), Ok("")]),
        // What is joined or goes on needs memory. So does an ID, which is to last.
        (b"data: x\ndata: y\n\ndata: z\n\n", &[out_of_memory, Ok("z")]),
        (b"data: x\n\ndata: y", &[Ok("x"), out_of_memory]),
        (b"id: 1\ndata: x\n\ndata: y\n\n", &[out_of_memory, Ok("y")]),
        (b"data: x\nid: 1\n\ndata: y\n\n", &[out_of_memory, Ok("y")]),
        (b"id:\ndata: x\n\n", &[Ok("x")]),
    ];
    for (stream, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|one| one.map(ToString::to_string)).collect();
        assert_eq!(told(&[stream]), expected, "{}", stream.escape_ascii());
    }
}

#[test]
fn each_block_that_is_cut_costs_one_error() {
    let stream = b"\xEF\xBB\xBF\
        data: one\n\n\
        event: t\ndata: two\ndata: lines\n\n\
        id: 1\ndata: three\n\n\
        retry: 1000\n: no block\n\n\
        data:four\r\n\r\n";
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(told(&bytes), [const { Err(Error::OutOfMemory) }; 4]);

    for at in 0..=stream.len() {
        let (before, after) = stream.split_at(at);
        let told = told(&[before, after]);
        assert_eq!(told.len(), 4, "cut at {at}: {told:?}");
        let lost = told.iter().filter(|one| one.is_err()).count();
        // Two have to be put together however they come.
        assert!((2..=3).contains(&lost), "cut at {at}: {told:?}");
    }
}
