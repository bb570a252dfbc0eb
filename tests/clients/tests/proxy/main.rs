//! The example `proxy`, between a real client and a real upstream: what passes,
//! and what is said of it.

// The example's own modules, all but its command line.
#[path = "../../examples/proxy/forward.rs"]
mod forward;
#[path = "../../examples/proxy/held.rs"]
mod held;
#[path = "../../examples/proxy/line.rs"]
mod line;
#[path = "../../examples/proxy/serve.rs"]
mod serve;
#[path = "../../examples/proxy/watch.rs"]
mod watch;

mod breaks;
mod bytes_pass;
#[path = "../common/client.rs"]
mod client;
mod heads;
mod lines;
mod setup;
