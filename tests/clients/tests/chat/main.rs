//! The example `chat`, as it was built, asking a real server on loopback: what it
//! prints, what it says, its exit status, and whether it asks again.

// For its `Debug`, which no run shows.
#[path = "../../examples/chat/key.rs"]
mod key;

mod answers;
mod arguments;
mod ends;
mod offline;
mod refusals;
mod retries;
mod secrets;
mod setup;
