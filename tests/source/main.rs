//! A source does what the standard's `EventSource` does, and what its policy says, in any order of
//! calls and with any chunks.
#![allow(unreachable_pub)]

mod calls;
mod client;
mod head;
mod model;
mod orders;
mod policies;
mod scenarios;
mod wpt;
