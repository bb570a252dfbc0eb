//! A bounded stream of JSON-RPC messages: the task of `client_side_sse` of rmcp's client transport.
//!
//! There, a wrapper around the chunks counts the bytes of each event, one at a time, and ends the
//! stream at 16 MiB, because sse-stream has no bound; then come sse-stream's owned events. Here the
//! bound is the parser's own, and events are borrowed. An event that exceeds it ends the stream here,
//! too, as the answer to a request may be lost; [`Parser`] itself would go on after it.

use core::time::Duration;

use bytes::Bytes;
use futures_util::stream::Stream;
use serde::de::DeserializeOwned;
use sseam::adapter::{Error, stream::EventStream};
use sseam::{Event, Parser, Value, VecBuf};

/// The messages of one response.
#[derive(Debug)]
pub struct Messages<S> {
    events: EventStream<S, VecBuf>,
}

impl<S, E> Messages<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    /// Reads a response's body, whose events may have `limit` bytes of data.
    pub fn new(body: S, limit: usize) -> Self {
        Self { events: EventStream::with_parser(body, Parser::with_limit(limit)) }
    }

    /// Returns the next message, or `None` at the end of the response. Events that are no messages, of
    /// another type or with other data, are passed to `control`.
    ///
    /// # Errors
    ///
    /// If the connection breaks, or an event exceeds the limit.
    pub async fn next<M: DeserializeOwned>(
        &mut self,
        mut control: impl FnMut(Event<'_>),
    ) -> Result<Option<M>, Error<E>> {
        while let Some(event) = self.events.next_event().await? {
            match event.json() {
                Ok(message) if event.event_type() == "message" => return Ok(Some(message)),
                _ => control(event),
            }
        }
        Ok(None)
    }

    /// Returns the ID to resume after, if there is one.
    pub fn last_event_id(&self) -> Option<Value<'_>> {
        Some(self.events.parser().last_event_id()).filter(|id| !id.is_empty())
    }

    /// Returns the time to wait before the next connection, if the server gave one.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.events.parser().reconnection_time()
    }
}

#[cfg(test)]
mod tests {
    use embassy_futures::block_on;
    use serde_json::Value;

    use super::*;
    use crate::bodies::{Broken, Chunk, body, cuts};

    /// What was read of a response.
    #[derive(Debug, Default, PartialEq)]
    struct Log {
        messages: Vec<Value>,
        others: Vec<String>,
        id: Option<String>,
        wait: Option<Duration>,
        error: Option<Error<Broken>>,
    }

    fn read(chunks: Vec<Chunk>, limit: usize) -> Log {
        let mut messages = Messages::new(body(chunks), limit);
        let mut log = Log::default();
        loop {
            let others = &mut log.others;
            let next = messages.next(|event| others.push(event.event_type().to_string()));
            match block_on(next) {
                Ok(Some(message)) => log.messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    log.error = Some(error);
                    break;
                }
            }
        }
        log.id = messages.last_event_id().map(|id| id.to_string());
        log.wait = messages.reconnection_time();
        log
    }

    const RESPONSE: &str = "retry: 250\nid: 1\ndata:\n\n\
        event: endpoint\ndata: /messages\n\n\
        id: 2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n\
        data: not JSON\n\n\
        event: message\nid: 3\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"id\":1,\"result\":{}}\n\n";

    #[test]
    fn messages_others_id_and_time() {
        for chunks in cuts(RESPONSE) {
            let log = read(chunks, 64);
            let [progress, response] = &log.messages[..] else { panic!("{log:?}") };
            assert_eq!(progress["method"], "notifications/progress");
            assert_eq!(response["id"], 1);
            assert_eq!(log.others, ["message", "endpoint", "message"]);
            assert_eq!(log.id.as_deref(), Some("3"));
            assert_eq!(log.wait, Some(Duration::from_millis(250)));
            assert_eq!(log.error, None);
        }
    }

    #[test]
    fn limit_ends_the_stream() {
        for chunks in cuts(RESPONSE) {
            let log = read(chunks, 40);
            assert_eq!(log.messages, [Value::Null; 0]);
            assert!(matches!(log.error, Some(Error::Parse(_))), "{log:?}");
            assert_eq!(log.id.as_deref(), Some("1"));
        }
    }
}
