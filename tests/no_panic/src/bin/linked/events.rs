//! The parser, from any state that the compiler can think of.

use core::hint::black_box;

use sseam::{Buffer, Notify, Parser};

use crate::bytes;

/// Calls all that a parser can do, each with a parser and a chunk of which
/// nothing is known.
pub fn read<B: Buffer>(parser: Parser<B>) {
    let mut parser = parser.with_notify(black_box(Notify::ALL));
    while black_box(true) {
        let mut chunk = bytes();
        black_box(&black_box(&mut parser).next_event(&mut chunk));
        black_box(chunk);
        let mut chunk = bytes();
        black_box(&black_box(&mut parser).next_item(&mut chunk));
        black_box(chunk);
        black_box(&black_box(&mut parser).flush_event());
        black_box(&black_box(&mut parser).flush_item());
        black_box(black_box(&mut parser).set_last_event_id(bytes()).is_ok());
        black_box(black_box(&parser).last_event_id());
        black_box(black_box(&parser).reconnection_time());
        let _ = black_box(black_box(&mut parser).finish());
        black_box(&mut parser).reset();
    }
}
