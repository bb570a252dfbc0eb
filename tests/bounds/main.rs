//! Limits are exact, with every buffer and any chunk boundaries. Exceeding one loses one event, and
//! no stream makes the parser hold more memory than the limits allow.

#[global_allocator]
static HEAP: sseam_testkit::heap::Counted = sseam_testkit::heap::Counted;

mod limits;
mod memory;
