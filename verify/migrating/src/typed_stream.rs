//! A response as a stream of values: the task of the function `stream` of async-openai's client
//! (0.41), which its other streaming calls go through.
//!
//! There, eventsource-stream yields owned events, and a task deserializes them and sends the values
//! through an unbounded channel, until `data: [DONE]`. Here no task and no channel is needed, and an
//! answer that breaks off is an error. There it looks complete, if the connection closes properly.

use core::fmt;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde::de::DeserializeOwned;
use sseam::adapter::{self, stream::EventStream};
use sseam::json::DeserializeError;
use sseam::llm::{Outcome, Tracker};
use sseam::{End, VecBuf};

/// The reason why there is no value.
#[derive(Debug)]
pub enum Error<E> {
    /// The connection, or an event over 16 MiB.
    Stream(adapter::Error<E>),
    /// The data of an event is no value of this type.
    Value(DeserializeError<serde_json::Error>, String),
    /// The stream ended before the answer did.
    Truncated,
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(error) => error.fmt(f),
            Self::Value(error, data) => write!(f, "{error}: {data}"),
            Self::Truncated => f.write_str("the answer is incomplete"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Error<E> {}

struct Reader<S> {
    events: EventStream<S, VecBuf>,
    tracker: Tracker,
    is_over: bool,
}

/// Returns the data of each event as a value of the type `O`.
///
/// The stream goes on after an event that is no such value, and ends after any other error.
pub fn typed_stream<O, S, E>(body: S) -> impl Stream<Item = Result<O, Error<E>>>
where
    O: DeserializeOwned,
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let reader = Reader { events: EventStream::new(body), tracker: Tracker::new(), is_over: false };
    stream::unfold(reader, async |mut reader| {
        let item = reader.next().await?;
        Some((item, reader))
    })
}

impl<S, E> Reader<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    async fn next<O: DeserializeOwned>(&mut self) -> Option<Result<O, Error<E>>> {
        while !self.is_over {
            let event = match self.events.next_event().await {
                Ok(Some(event)) => event,
                Ok(None) => {
                    self.is_over = true;
                    let end = self.events.end().unwrap_or(End::Disconnected);
                    let is_truncated = self.tracker.outcome(end) == Outcome::Truncated;
                    return is_truncated.then_some(Err(Error::Truncated));
                }
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(Error::Stream(error)));
                }
            };
            let signal = self.tracker.observe(&event);
            self.is_over = signal.is_end();
            // Neither keep-alives nor `[DONE]` are values.
            if signal.has_payload() {
                let value = event.json();
                return Some(value.map_err(|error| Error::Value(error, event.data().to_string())));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::bodies::{Broken, Chunk, body, collect, cuts};

    const ANSWER: &str = ": OPENROUTER PROCESSING\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"Gr\u{fc}\u{df}\"}}]}\r\n\r\n\
        event: keepalive\ndata: {}\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\" Gott\"},\"finish_reason\":null}]}\n\n";
    const END: &str = "data: [DONE]\n\ndata: {\"after\":true}\n\n";

    /// The texts of the values, and the errors.
    fn read(chunks: Vec<Chunk>) -> Vec<String> {
        let values = collect(typed_stream::<Value, _, _>(body(chunks)));
        let shown = values.into_iter().map(|value| match value {
            Ok(value) => value["choices"][0]["delta"]["content"].to_string(),
            Err(error) => error.to_string(),
        });
        shown.collect()
    }

    #[test]
    fn values_until_the_end() {
        for chunks in cuts(&format!("{ANSWER}{END}")) {
            assert_eq!(read(chunks), ["\"Gr\u{fc}\u{df}\"", "\" Gott\""]);
        }
    }

    #[test]
    fn broken_off_is_an_error() {
        for chunks in cuts(ANSWER) {
            assert_eq!(read(chunks).last().expect("an error"), "the answer is incomplete");
        }
        let broken = vec![Ok(Bytes::from(ANSWER)), Err(Broken)];
        assert_eq!(read(broken).last().expect("an error"), "the connection broke");
    }

    #[test]
    fn other_data_is_reported_and_skipped() {
        let stream = format!("data: {{\"choices\":\n\n{ANSWER}{END}");
        for chunks in cuts(&stream) {
            let read = read(chunks);
            assert_eq!(read[0], "the data is not valid JSON: {\"choices\":");
            assert_eq!(read[1..], ["\"Gr\u{fc}\u{df}\"", "\" Gott\""]);
        }
    }
}
