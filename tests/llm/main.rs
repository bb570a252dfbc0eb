//! What a stream contains, and whether it finished: streams as providers send them, cut anywhere;
//! every rule by itself; and malformed data.
#![allow(unreachable_pub)]

mod cases;
mod collected;
mod custom_protocol;
mod cuts;
mod invariance;
#[cfg(feature = "alloc")]
mod lane;
mod malformed;
mod notifications;
mod quirks;
#[cfg(feature = "alloc")]
mod recorded;
mod rows;
mod rules;
mod sizes;
mod stall;
mod strict;
