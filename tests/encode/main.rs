//! What is encoded the parser reads back, and nothing else, whatever it was made of,
//! and every sink gets the same bytes.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/heap.rs"]
mod heap;

mod round_trip;
mod sinks;
mod table;
