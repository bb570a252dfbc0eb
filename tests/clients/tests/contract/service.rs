//! The example's own process.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::client::client;
use crate::harness::within;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/contract_service");

/// A service on a port of its own. It goes away with this.
pub(crate) struct Service {
    process: Child,
    url: String,
    http: reqwest::Client,
}

/// What the service answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) text: String,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let mut process = Command::new(example())
            .arg("0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the example runs");
        let stdout = process.stdout.take().expect("a pipe");
        let first = within(BufReader::new(stdout).lines().next_line()).await;
        let url = first.expect("a pipe").expect("a line");
        let http = client();
        Self { process, url, http }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let method = method.parse().expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.url));
        let response = within(request.body(body.to_string()).send()).await.expect("an answer");
        let location = response.headers().get("Location");
        Answer {
            status: response.status().as_u16(),
            location: location.map(|value| value.to_str().expect("a path").to_string()),
            text: within(response.text()).await.expect("a text"),
        }
    }

    /// Waits for its own end, and says whether it was a success.
    pub(crate) async fn ended(mut self) -> bool {
        within(self.process.wait()).await.expect("a status").success()
    }
}

/// Where `cargo test` has put the example: beside the folder of the tests.
///
/// `cargo test --test contract` does not build it. So that no old one is tested
/// without a word, it is held against its source.
fn example() -> PathBuf {
    let test = env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("a target directory");
    let name = format!("contract_service{}", env::consts::EXE_SUFFIX);
    let example = profile.join("examples").join(name);
    let built = fs::metadata(&example).and_then(|file| file.modified()).ok();
    assert!(
        built >= Some(last_written(Path::new(SOURCE))),
        "the example is not built, or older than its source: \
         cargo build -p sseam-clients --example contract_service"
    );
    example
}

/// When a file of the folder was written last.
fn last_written(folder: &Path) -> SystemTime {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let written = entries.map(|entry| {
        let file = entry.and_then(|entry| entry.metadata()).expect("a file");
        file.modified().expect("a time")
    });
    written.max().expect("a source")
}
