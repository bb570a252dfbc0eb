//! Did the stream finish? What the dialects say of streams as providers send
//! them, cut anywhere, and of rubbish.
#![allow(unreachable_pub)]

#[path = "../common/mod.rs"]
mod common;
mod cuts;
mod fixtures;
mod glance;
mod invariance;
mod own;
mod quirks;
mod recorded;
mod rubbish;
mod rules;
mod sizes;
mod stall;
mod strict;
mod support;
mod table;
