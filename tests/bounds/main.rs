//! Every bound is exact, the same with every buffer and however the stream is
//! cut; breaking one costs one event, and no stream makes the parser hold more
//! memory than its bounds say.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/heap.rs"]
mod heap;

mod floods;
mod limits;
mod memory;
