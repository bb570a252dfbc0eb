//! Ten thousand streams at once through `sseam proxy`, one in ten of them cut: no event is lost,
//! each stream's outcome is right, and the memory per stream is printed.
//!
//! ```text
//! cargo build -p sseam-cli --all-features
//! SSEAM_BIN=target/debug/sseam cargo test -p sseam-http --test soak -- --ignored --nocapture
//! ```
//!
//! `SSEAM_BIN` is the path of the program, absolute or from the root of the repository; without it
//! the test builds the debug program by `cargo build`. `SOAK_STREAMS` and `SOAK_SECONDS` set the
//! number of streams and the duration, by default ten thousand and two minutes. The proxy is a
//! separate process, so that its memory can be measured. Both need two open files a stream: if
//! `ulimit -n` is too low, the streams are distributed over several processes of the test, each
//! with a proxy, and the test prints that.

mod servers;

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sseam::Parser;
use sseam::llm::{Outcome, Tracker};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use servers::{Plan, Proxy, Upstream};

/// The limit on the proxy's memory per stream: two connections' buffers and tasks, unoptimised, in
/// KiB. A parser that buffers too much would show here.
const MOST_KIB_PER_STREAM: u64 = 128;

/// How many connect at the same time.
const CONNECTING: usize = 128;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes and many open files; see the top of the file"]
async fn no_event_of_many_streams_is_lost() {
    let streams: usize = setting("SOAK_STREAMS", 10_000);
    let processes = streams.div_ceil(possible_streams());
    if processes > 1 {
        println!("!!! {streams} streams in {processes} processes: too few open files for one");
        share_out(streams, processes).await;
        return;
    }
    let plan = Plan::new(streams, Duration::from_secs(setting("SOAK_SECONDS", 120)));
    let mut upstream = Upstream::start(plan);
    let mut proxy = Proxy::start(upstream.address).await;
    let idle = proxy.memory();

    let connecting = Arc::new(Semaphore::new(CONNECTING));
    let mut readers = JoinSet::new();
    for n in 0..streams {
        readers.spawn(read(proxy.address, n, Arc::clone(&connecting)));
    }
    // All are open, and none has ended: the upstream waits for this.
    upstream.all_began().await;
    sleep(plan.length / 2).await;
    let busy = proxy.memory();

    let mut events = 0;
    let mut cut = 0;
    while let Some(read) = timeout(plan.longest(), readers.join_next()).await.expect("an end") {
        let read = read.expect("no panic");
        let expected = plan.expected(read.n);
        assert_eq!(read.outcome, expected.outcome, "stream {}, at the client", read.n);
        assert_eq!(read.events, expected.events, "stream {}, at the client", read.n);
        events += read.events;
        cut += usize::from(read.outcome == Outcome::Truncated);
    }
    for _ in 0..streams {
        let line = timeout(plan.longest(), proxy.line()).await.expect("a line of each stream");
        let expected = plan.expected(line.n);
        assert_eq!(line.outcome, expected.outcome.to_string(), "stream {}: {line:?}", line.n);
        assert_eq!(line.events, expected.events, "stream {}: {line:?}", line.n);
    }

    let per_stream = busy.saturating_sub(idle) / streams as u64;
    println!(
        "{streams} streams at once for {:?}, {cut} of them cut: {events} events, none lost; \
         the proxy held {} MiB, {per_stream} KiB a stream",
        plan.length,
        busy >> 10,
    );
    assert_eq!(cut, plan.cut());
    assert!(per_stream <= MOST_KIB_PER_STREAM, "{per_stream} KiB a stream");
}

/// The result of stream `n`.
struct Read {
    n: usize,
    events: usize,
    outcome: Outcome,
}

/// Reads stream `n` to its end or its break, and checks that its deltas arrive in order, each once.
async fn read(proxy: SocketAddr, n: usize, connecting: Arc<Semaphore>) -> Read {
    let turn = connecting.acquire().await.expect("a turn");
    let stream = TcpStream::connect(proxy).await.expect("a connection");
    let io = TokioIo::new(stream);
    let (mut sender, connection) = http1::handshake::<_, Empty<Bytes>>(io).await.expect("HTTP");
    tokio::spawn(connection);
    let request = Request::get(format!("/{n}")).header("Host", "soak").body(Empty::new());
    let request = request.expect("a request");
    let mut body = sender.send_request(request).await.expect("a response").into_body();
    drop(turn);

    let mut parser = Parser::new();
    let mut tracker = Tracker::new();
    let mut events = 0;
    let is_whole = loop {
        let bytes = match body.frame().await {
            None => break true,
            Some(Err(_)) => break false,
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        let mut chunk: &[u8] = &bytes;
        while let Some(event) = parser.next_event(&mut chunk).expect("no event breaks a bound") {
            tracker.observe(&event);
            let data = event.data().to_string();
            let is_next = data.contains(&format!(r#""{n}/{events} ""#));
            let is_last = data == "[DONE]" || data.contains("finish_reason");
            assert!(is_next || is_last, "stream {n}, event {events}: {data}");
            events += 1;
        }
    };
    let end = is_whole.then(|| parser.finish());
    Read { n, events, outcome: tracker.outcome(end) }
}

/// Runs this test again, in each of several processes at the same time.
async fn share_out(streams: usize, processes: usize) {
    let mut running = JoinSet::new();
    for i in 0..processes {
        let share = streams / processes + usize::from(i < streams % processes);
        let mut test = Command::new(env::current_exe().expect("a path"));
        test.args(["--ignored", "--nocapture"]).env("SOAK_STREAMS", share.to_string());
        running.spawn(async move { test.kill_on_drop(true).status().await });
    }
    while let Some(ended) = running.join_next().await {
        let status = ended.expect("no panic").expect("it runs");
        assert!(status.success(), "{status}");
    }
}

fn setting<T: FromStr>(name: &str, default: T) -> T {
    let Ok(value) = env::var(name) else { return default };
    value.parse().unwrap_or_else(|_| panic!("{name} is a number, not {value:?}"))
}

/// The number of streams that the open files of this process, and of the proxy, allow.
fn possible_streams() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let most = files.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    most.map_or(usize::MAX, |most| (most.saturating_sub(100) / 2).max(1))
}
