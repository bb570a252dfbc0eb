//! A server that answers as the test says, and the example that asks it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::env;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::body::Incoming;
use hyper::http::request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::time::sleep;

/// Longer than anything here takes: what runs for this long hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// What the example finds in its environment.
pub(crate) const KEY: &str = "sk-very-secret-0123456789";

/// What the server answers.
#[derive(Clone)]
pub(crate) struct Reply {
    head: Vec<(&'static str, String)>,
    status: u16,
    body: Vec<String>,
    end: End,
}

#[derive(Clone, Copy)]
enum End {
    Whole,
    Broken,
    /// The connection stays open, and this comes every few milliseconds.
    Never(&'static str),
}

impl Reply {
    /// With this status and media type.
    pub(crate) fn new(status: u16, media_type: &str, body: &str) -> Self {
        let head = vec![("content-type", media_type.to_string())];
        Self { head, status, body: vec![body.to_string()], end: End::Whole }
    }

    /// An event stream.
    pub(crate) fn stream(body: &str) -> Self {
        Self::new(200, "text/event-stream; charset=utf-8", body)
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.head.push((name, value.to_string()));
        self
    }

    /// The connection breaks off behind the body.
    pub(crate) fn broken(mut self) -> Self {
        self.end = End::Broken;
        self
    }

    /// The body goes on with this, for good.
    pub(crate) fn and_then_only(mut self, what: &'static str) -> Self {
        self.end = End::Never(what);
        self
    }

    fn respond(self) -> Response<Channel<Bytes, io::Error>> {
        let (mut sender, body) = Channel::new(1);
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.head {
            response = response.header(name, value);
        }
        tokio::spawn(async move {
            for piece in self.body {
                let _ = sender.send_data(piece.into()).await;
            }
            match self.end {
                End::Whole => {}
                End::Broken => {
                    // What was sent is on its way.
                    sleep(Duration::from_millis(20)).await;
                    sender.abort(io::ErrorKind::ConnectionAborted.into());
                }
                End::Never(what) => loop {
                    sleep(Duration::from_millis(20)).await;
                    if !what.is_empty() && sender.send_data(what.into()).await.is_err() {
                        break;
                    }
                },
            }
        });
        response.body(body).expect("a response")
    }
}

/// A request, whole.
pub(crate) struct Asked {
    pub(crate) head: request::Parts,
    pub(crate) body: serde_json::Value,
}

/// A server with so many replies, one a request.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Arc::new(Mutex::new(VecDeque::from_iter(replies)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a listener");
        let into = Arc::clone(&asked);
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    let (replies, asked) = (Arc::clone(&replies), Arc::clone(&into));
                    let service = service_fn(move |request| {
                        answer(request, Arc::clone(&replies), Arc::clone(&asked))
                    });
                    let stream = TokioIo::new(stream);
                    tokio::spawn(http1::Builder::new().serve_connection(stream, service));
                }
            });
        });
        Self { address, asked }
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().expect("the requests"))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn answer(
    request: Request<Incoming>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
) -> Result<Response<Channel<Bytes, io::Error>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("the request's body").to_bytes();
    let body = serde_json::from_slice(&body).expect("JSON");
    asked.lock().expect("the requests").push(Asked { head, body });
    let reply = replies.lock().expect("the replies").pop_front();
    Ok(reply.expect("no more requests than replies").respond())
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard error has this.
    #[track_caller]
    pub(crate) fn says(&self, what: &str) {
        assert!(self.err.contains(what), "'{what}' is not in:\n{}", self.err);
    }
}

/// Asks this server, which answers so, once.
pub(crate) fn ask(path: &str, reply: Reply, args: &[&str]) -> (Ran, Asked) {
    let server = Server::start([reply]);
    let ran = run(&[&["--url", &server.url(path)], args].concat());
    let mut asked = server.asked();
    assert_eq!(asked.len(), 1, "{}", ran.err);
    (ran, asked.remove(0))
}

/// Runs the example with a key and a model in its environment.
pub(crate) fn run(args: &[&str]) -> Ran {
    run_with(&[("OPENAI_API_KEY", KEY), ("OPENAI_MODEL", "model-1")], args)
}

/// Runs the example with nothing but this in its environment.
pub(crate) fn run_with(environment: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = Command::new(example());
    command.env_clear().envs(environment.iter().copied()).args(args);
    finish(start(&mut command))
}

pub(crate) fn start(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the example runs")
}

/// Waits for its end. It says less than a pipe holds.
pub(crate) fn finish(mut child: Child) -> Ran {
    let begun = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if begun.elapsed() > LIMIT {
            child.kill().expect("a child");
            panic!("the example hangs");
        }
        thread::sleep(Duration::from_millis(2));
    }
    let Output { status, stdout, stderr } = child.wait_with_output().expect("its output");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { status: status.code().expect("a status"), out: text(stdout), err: text(stderr) }
}

/// The example, which `cargo test` builds. With `--test chat` it does not, so that
/// an old one may be there: that is no test.
pub(crate) fn example() -> &'static Path {
    static EXAMPLE: OnceLock<PathBuf> = OnceLock::new();

    EXAMPLE.get_or_init(|| {
        let test = env::current_exe().expect("a path");
        let profile = test.ancestors().nth(2).expect("a folder");
        let example = profile.join("examples").join(format!("chat{}", env::consts::EXE_SUFFIX));
        let built = fs::metadata(&example).and_then(|metadata| metadata.modified()).ok();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/chat");
        let changed = fs::read_dir(sources)
            .expect("sources")
            .map(|entry| entry.and_then(|entry| entry.metadata()?.modified()).expect("a time"));
        assert!(built >= changed.max(), "build it first: cargo build -p sseam-clients --examples");
        example
    })
}
