//! Writes a workload of the benches to standard output, of so many bytes: `workload W1 262144`.

use std::env;
use std::io::{Write as _, stdout};

#[path = "../../../benches/workloads/mod.rs"]
#[allow(clippy::format_push_string)]
mod workloads;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, bytes] = &arguments[..] else { panic!("workload NAME BYTES") };
    let bytes = bytes.parse().expect("a number of bytes");
    let workload = workloads::WORKLOADS.iter().find(|workload| workload.name == name);
    let stream = workload.expect("a workload").stream(bytes);
    stdout().write_all(&stream).expect("somewhere to write to");
}
