//! What is encoded the parser reads back, and nothing else, whatever it was made of,
//! and every sink gets the same bytes.

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

mod readers;
mod round_trip;
mod sinks;
mod table;
