//! The example's own process.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/proxy");

/// It goes away with this.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    process: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

/// What the proxy says of a stream.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) n: usize,
    pub(crate) events: usize,
    pub(crate) outcome: String,
}

impl Proxy {
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let mut process = Command::new(example())
            .args(["--upstream", &format!("http://{upstream}"), "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the example runs");
        let stderr = process.stderr.take().expect("a pipe");
        let (sender, mut lines) = mpsc::unbounded_channel();
        // At once, always: the proxy keeps only some lines that nobody reads.
        tokio::spawn(async move {
            let mut stderr = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = stderr.next_line().await {
                let _ = sender.send(line);
            }
        });
        let first = lines.recv().await.expect("a line");
        let address = first.strip_prefix("proxy: http://").and_then(|line| line.split(' ').next());
        let address = address.and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address: {first}"));
        Self { address, process, lines }
    }

    /// What is in memory of the process, in KiB.
    pub(crate) fn memory(&self) -> u64 {
        let id = self.process.id().expect("it runs");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let size = resident.and_then(|size| size.split_whitespace().next()?.parse().ok());
        size.expect("a size")
    }

    /// The next line, which has to be about a stream.
    pub(crate) async fn line(&mut self) -> Line {
        let line = self.lines.recv().await.expect("a line");
        let field = |name: &str| {
            let mut fields = line.split(' ').filter_map(|field| field.split_once('='));
            fields.find(|field| field.0 == name).map(|field| field.1)
        };
        let number = |name| field(name)?.trim_start_matches('/').parse().ok();
        match (number("path"), number("events"), field("outcome")) {
            (Some(n), Some(events), Some(outcome)) => {
                Line { n, events, outcome: outcome.to_string() }
            }
            _ => panic!("no stream's end: {line}"),
        }
    }
}

/// Where cargo has put the example: beside the folder of the tests. So that no
/// old one is tested without a word, it is held against its source.
fn example() -> PathBuf {
    let test = env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("a target directory");
    let example = profile.join("examples").join(format!("proxy{}", env::consts::EXE_SUFFIX));
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let sources = fs::read_dir(SOURCE).expect("the source");
    let written = sources.filter_map(|entry| modified(&entry.ok()?.path())).max();
    assert!(
        modified(&example) >= written,
        "the example is not built, or older than its source: \
         cargo build -p sseam-clients --example proxy"
    );
    example
}
