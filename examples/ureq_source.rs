//! Follows a feed over connections that end or break: `sseam::source` driven by hand. By ureq: without `async`.
//!
//! ```toml
//! sseam = "0.1"
//! ureq = "3"
//! ```

use std::io::{BufRead, BufReader, empty};
use std::time::Instant;

use sseam::Parser;
use sseam::source::{Head, Lost, Policy, Source, Step};

fn main() {
    let url = std::env::args().nth(1).expect("a URL");
    let agent = ureq::config::Config::builder().http_status_as_error(false).build().new_agent();
    let clock = Instant::now();
    let mut source = Source::new(Parser::new(), Policy::event_source());
    let mut body: Box<dyn BufRead> = Box::new(empty());
    loop {
        match source.step(clock.elapsed()) {
            Step::Connect(request) => {
                let get = request
                    .headers()
                    .fold(agent.get(&url), |get, (name, value)| get.header(name, value.as_bytes()));
                if let Ok(response) = get.call() {
                    let (head, reader) = response.into_parts();
                    let content_type = head.headers.get("content-type").map(AsRef::as_ref);
                    let head = Head { status: head.status.into(), content_type, retry_after: None };
                    let _ = source.answered(&head, clock.elapsed()); // `step` returns what to do next.
                    body = Box::new(BufReader::new(reader.into_reader()));
                } else {
                    source.lost(Lost::Broken, clock.elapsed());
                }
            }
            Step::Read => match body.fill_buf() {
                Ok([]) => source.ended(clock.elapsed()),
                Ok(mut chunk) => {
                    let len = chunk.len();
                    while let Some(next) = source.next_event(&mut chunk).transpose() {
                        let Ok(event) = next else { continue }; // It exceeds a limit.
                        println!("{}: {}", event.last_event_id(), event.data());
                    }
                    body.consume(len);
                }
                Err(_) => source.lost(Lost::Broken, clock.elapsed()),
            },
            Step::Wait(until) => std::thread::sleep(until.saturating_sub(clock.elapsed())),
            Step::Closed(closed) => return eprintln!("{closed}"),
        }
    }
}
