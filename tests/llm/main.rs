//! What does a stream say, and did it finish? Streams as providers send them, cut anywhere; every
//! rule by itself; and rubbish.
#![allow(unreachable_pub)]

mod cases;
mod collected;
mod cuts;
mod invariance;
#[cfg(feature = "alloc")]
mod lane;
mod notifications;
mod own;
mod quirks;
#[cfg(feature = "alloc")]
mod recorded;
mod rows;
mod rubbish;
mod rules;
mod sizes;
mod stall;
mod strict;
