//! The parser reads back exactly what was encoded, for any input, and every sink gets the same
//! bytes.

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

mod readers;
mod round_trip;
mod sinks;
mod table;
