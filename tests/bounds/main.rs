//! Every bound is exact, the same with every buffer and however the stream is
//! cut; breaking one costs one event, and no stream makes the parser hold more
//! memory than its bounds say.

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

mod limits;
mod memory;
