//! The example `contract_service`, as a harness sees it: a stream goes in, and
//! callbacks come out. What the public contract tests ask is here, and what the
//! standard asks besides.

mod callbacks;
#[path = "../common/client.rs"]
mod client;
mod harness;
mod server;
mod service;

mod fields;
mod ids;
mod line_ends;
mod protocol;
mod reconnection;
mod redirects;
mod requests;
mod responses;
mod silence;
