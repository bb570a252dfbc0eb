//! Where and with what it was measured: the head of the report.

use std::fmt::Write;
use std::fs;
use std::time::SystemTime;

use crate::contender::Kind;
use crate::contenders;

const LOCK: &str = include_str!("../Cargo.lock");

pub(crate) fn head() -> String {
    let mut text = String::from("# sseam and its peers\n\n");
    let date = humantime::format_rfc3339_seconds(SystemTime::now());
    let peers: Vec<String> = contenders::all()
        .iter()
        .map(|contender| contender.identity())
        .filter(|identity| identity.kind == Kind::Peer)
        .map(|identity| format!("{} {}", identity.name, version(identity.name)))
        .collect();
    let lines = [
        ("machine", processor()),
        ("compiler", env!("COMPARE_RUSTC").into()),
        ("date", date.to_string()),
        ("sseam", version("sseam").into()),
        ("peers", peers.join(", ")),
        ("memchr", version("memchr").into()),
    ];
    for (name, value) in lines {
        writeln!(text, "- {name}: {value}").expect("a string takes it");
    }
    text + "\n"
}

/// The version of a package in the lock file.
fn version(package: &str) -> &'static str {
    let entry = LOCK.split_once(&format!("name = \"{package}\"\nversion = \""));
    entry.and_then(|(_, rest)| rest.split('"').next()).unwrap_or("unknown")
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores")
}
