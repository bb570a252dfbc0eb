//! The answer's stream, up to its outcome: this is where sseam is at work.

use std::error::Error as _;
use std::io;
use std::iter;
use std::time::{Duration, Instant};

use reqwest::Response;
use sseam::adapter::{self, stream::EventStream};
use sseam::dialect::StallWatch;
use sseam::{Item, Notify, Outcome, Parser, Signal, Tracker};
use tokio::time::timeout;

use crate::endpoint::Api;
use crate::said::Said;
use crate::terminal::Terminal;

/// What some servers fail or end a stream with, and the standard passes over.
const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// Prints the text as it comes, and at last says how the stream came out.
pub(crate) async fn read(
    response: Response,
    api: Api,
    limit: Duration,
    to: &mut Terminal,
) -> io::Result<(Outcome, Said)> {
    let parser = Parser::new().with_notify(NOTIFY);
    // Some servers close right after `data: [DONE]`, without the blank line: flush.
    let body = Box::pin(response.bytes_stream());
    let mut events = EventStream::with_parser(body, parser).with_flush();
    let mut dialect = api.dialect();
    let mut tracker = Tracker::new(&mut *dialect);
    let mut said = Said::new();

    let start = Instant::now();
    let mut watch = StallWatch::new(Duration::ZERO).with_progress_limit(limit);
    loop {
        let left = watch.stalls_at().map_or(limit, |at| at.saturating_sub(start.elapsed()));
        let item = match timeout(left, events.next_item()).await {
            Ok(Ok(Some(item))) => item,
            Ok(Ok(None)) => break,
            // It was about one event: the next call goes on behind it.
            Ok(Err(adapter::Error::Parse(error))) => {
                to.note(format_args!("an event is left out: {error}"));
                continue;
            }
            Ok(Err(adapter::Error::Transport(error))) => {
                to.note(format_args!("the connection broke off: {}", cause(&error)));
                break;
            }
            Err(_) => {
                to.note(format_args!("nothing of an answer has come for {limit:?}"));
                break;
            }
        };
        let signal = tracker.notice(&item);
        match &item {
            Item::Event(event) if matches!(signal, Signal::Message | Signal::Last) => {
                said.hear(api, event, to)?;
            }
            // llama.cpp has failed so.
            Item::UnknownField { value, .. } if signal == Signal::Last => {
                said.reason = Some(value.to_string_lossy().into_owned());
            }
            _ => {}
        }
        if signal.is_end() {
            break;
        }
        let now = start.elapsed();
        watch.observe(signal, now);
        // Keep-alives may come in time for good.
        if watch.stall(now).is_some() {
            to.note(format_args!("nothing but keep-alives has come for {limit:?}"));
            break;
        }
    }
    said.end_text(to)?;
    // Without an end, it is the connection that broke off, or patience that did.
    Ok((tracker.finish(events.end()), said))
}

/// What is at the root of it: the rest is how reqwest and hyper came by it.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let errors = iter::successors(error.source(), |error| (*error).source());
    errors.last().map_or_else(|| "no cause is known".to_string(), ToString::to_string)
}
