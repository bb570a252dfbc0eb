//! A source does what the standard's `EventSource` does, and besides what its policy says, in
//! whatever order it is called and however the stream is cut.
#![allow(unreachable_pub)]

mod calls;
mod client;
mod head;
mod model;
mod orders;
mod policies;
mod scenarios;
mod wpt;
