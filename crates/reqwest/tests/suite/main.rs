//! Runs against local servers, over real connections.

mod answers;
mod breaks;
mod connections;
mod events;
mod server;
