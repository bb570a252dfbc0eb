//! The upstream, which sends numbered events on schedule and cuts every tenth stream, and the proxy
//! before it.

use std::env;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use sseam::llm::Outcome;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";

/// How long a stream waits between two events.
const PAUSE: Duration = Duration::from_secs(5);

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) length: Duration,
    streams: usize,
    /// In a stream that is not cut, besides the two events that end it.
    deltas: usize,
}

/// The expected result of a stream.
pub(crate) struct Expected {
    pub(crate) events: usize,
    pub(crate) outcome: Outcome,
}

impl Plan {
    pub(crate) fn new(streams: usize, length: Duration) -> Self {
        let deltas = length.as_secs().div_ceil(PAUSE.as_secs()).max(2);
        Self { length, streams, deltas: usize::try_from(deltas).expect("a number") }
    }

    fn is_cut(n: usize) -> bool {
        n % 10 == 3
    }

    pub(crate) fn cut(&self) -> usize {
        (0..self.streams).filter(|&n| Self::is_cut(n)).count()
    }

    pub(crate) fn expected(&self, n: usize) -> Expected {
        if Self::is_cut(n) {
            Expected { events: self.deltas / 2, outcome: Outcome::Truncated }
        } else {
            Expected { events: self.deltas + 2, outcome: Outcome::Completed }
        }
    }

    /// Longer than any successful run takes.
    pub(crate) fn longest(&self) -> Duration {
        self.length * 2 + PAUSE * 20
    }

    /// The time at which stream `n` sends its event `i`. The streams take turns, so that they do
    /// not all end at once.
    fn time(&self, start: Instant, n: usize, i: usize) -> Instant {
        let [n, streams, i] =
            [n, self.streams, i].map(|count| u32::try_from(count).expect("not so many"));
        start + PAUSE * n / streams + PAUSE * i
    }
}

pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    began: mpsc::Receiver<()>,
    /// When the events begin: once all streams are open.
    start: watch::Sender<Option<Instant>>,
    plan: Plan,
}

impl Upstream {
    pub(crate) fn start(plan: Plan) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let listener = socket.listen(4096).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (sender, began) = mpsc::channel(plan.streams);
        let (start, started) = watch::channel(None);
        let sender = Arc::new(sender);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (sender, started) = (Arc::clone(&sender), started.clone());
                tokio::spawn(async move {
                    // If the proxy disconnects, its lines are missing.
                    let _ = answer(stream, plan, &sender, started).await;
                });
            }
        });
        Self { address, began, start, plan }
    }

    /// Waits until all streams are open, and lets their events begin.
    pub(crate) async fn all_began(&mut self) {
        for n in 0..self.plan.streams {
            let began = timeout(self.plan.longest(), self.began.recv()).await;
            assert_eq!(began, Ok(Some(())), "{n} streams began");
        }
        self.start.send_replace(Some(Instant::now()));
    }
}

async fn answer(
    mut stream: TcpStream,
    plan: Plan,
    began: &mpsc::Sender<()>,
    mut started: watch::Receiver<Option<Instant>>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let n = requested(&mut stream).await?;
    stream.write_all(HEAD.as_bytes()).await?;
    let _ = began.send(()).await;
    let Ok(start) = started.wait_for(Option::is_some).await.map(|start| *start) else {
        return Ok(());
    };
    let start = start.expect("it is some");
    let deltas = if Plan::is_cut(n) { plan.deltas / 2 } else { plan.deltas };
    for i in 0..deltas {
        sleep_until(plan.time(start, n, i)).await;
        let delta = format!(r#"{{"choices":[{{"delta":{{"content":"{n}/{i} "}}}}]}}"#);
        stream.write_all(chunk(&format!("data: {delta}\n\n")).as_bytes()).await?;
    }
    sleep_until(plan.time(start, n, deltas)).await;
    if Plan::is_cut(n) {
        stream.write_all(chunk("data: {\"choices\":[{\"de").as_bytes()).await?;
    } else {
        let last = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
        let last = chunk(&format!("data: {last}\n\ndata: [DONE]\n\n"));
        stream.write_all(format!("{last}0\r\n\r\n").as_bytes()).await?;
    }
    stream.shutdown().await
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// Reads the head of a request: which stream it asks for.
async fn requested(stream: &mut TcpStream) -> io::Result<usize> {
    let mut head = Vec::new();
    let mut piece = [0; 512];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            len => head.extend_from_slice(&piece[..len]),
        }
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let path = head.strip_prefix("GET /").and_then(|rest| rest.split(' ').next());
    path.unwrap_or_default().parse().map_err(io::Error::other)
}

/// The process of `sseam proxy`, killed on drop.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    process: Child,
    lines: mpsc::UnboundedReceiver<String>,
}

/// What the proxy prints about a stream.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) n: usize,
    pub(crate) events: usize,
    pub(crate) outcome: String,
}

impl Proxy {
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let mut process = Command::new(program())
            .args(["proxy", "--upstream", &format!("http://{upstream}"), "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the proxy runs");
        let stderr = process.stderr.take().expect("a pipe");
        let (sender, mut lines) = mpsc::unbounded_channel();
        // Read at once: the proxy drops lines if too many are unread.
        tokio::spawn(async move {
            let mut stderr = BufReader::new(stderr).lines();
            while let Ok(Some(line)) = stderr.next_line().await {
                let _ = sender.send(line);
            }
        });
        let first = lines.recv().await.expect("a line");
        let address = first.split_once("http://").and_then(|(_, rest)| rest.split(' ').next());
        let address = address.and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address: {first}"));
        Self { address, process, lines }
    }

    /// The resident memory of the process, in KiB.
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

/// The path in `SSEAM_BIN`, or the program that cargo builds now, so that no stale one is tested.
fn program() -> PathBuf {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    if let Some(program) = env::var_os("SSEAM_BIN") {
        return root.join(program);
    }
    let built = std::process::Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "sseam-cli", "--all-features"])
        .current_dir(root)
        .status();
    assert!(built.expect("cargo runs").success(), "sseam does not build");
    let test = env::current_exe().expect("a path");
    let profile = test.ancestors().nth(2).expect("a target directory");
    let target = profile.parent().expect("a target directory");
    target.join("debug").join(format!("sseam{}", env::consts::EXE_SUFFIX))
}
