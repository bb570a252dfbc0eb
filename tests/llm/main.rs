//! What a stream contains, and whether it finished: streams as providers send them, cut anywhere;
//! every rule by itself; and malformed data.
#![allow(unreachable_pub)]

mod cases;
mod collected;
mod cuts;
mod invariance;
#[cfg(feature = "alloc")]
mod lane;
mod notifications;
mod custom_protocol;
mod quirks;
#[cfg(feature = "alloc")]
mod recorded;
mod rows;
mod malformed;
mod rules;
mod sizes;
mod stall;
mod strict;
