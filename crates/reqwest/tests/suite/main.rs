//! Against servers on this machine, over real connections.

mod answers;
mod breaks;
mod connections;
mod events;
mod server;
