//! What all adapters promise, each of them a row of the `table`; and what one alone does.
#![allow(unreachable_pub)]

mod accessors;
#[path = "../conformance/cases.rs"]
#[allow(dead_code)] // The other test uses all of it.
mod cases;
mod codec;
#[path = "../common/mod.rs"]
mod common;
mod core;
mod end;
mod failures;
#[path = "../common/heap.rs"]
mod heap;
mod parts;
mod promptness;
mod script;
mod stream;
mod table;
mod zero_copy;
