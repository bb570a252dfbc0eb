//! Properties of all adapters, each a row of `table`, and of single adapters.
#![allow(unreachable_pub)]

mod answers;
mod codec;
mod core;
mod end;
#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;
mod parts;
mod spans;
mod stream;
mod tokio;
mod zero_copy;
