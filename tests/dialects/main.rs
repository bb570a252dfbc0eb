//! Did the stream finish? What the dialects say of streams as providers send
//! them, cut anywhere, and of rubbish.
#![allow(unreachable_pub)]

mod invariance;
mod own;
mod quirks;
mod recorded;
mod rubbish;
mod rules;
mod stall;
mod strict;
mod table;
