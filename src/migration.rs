//! Coming from another parser: `eventsource-stream`, `sse-core`, `reqwest-eventsource`.
//!
//! What is said of them was read off the versions named.
//!
//! # From eventsource-stream 0.2
//!
//! ```ignore
//! let mut events = response.bytes_stream().eventsource();
//! while let Some(event) = events.next().await {
//!     let event = event?;
//!     handle(&event.event, &event.data, &event.id);
//! }
//! ```
//!
//! becomes, with the feature `stream`:
//!
//! ```
//! # #[cfg(feature = "stream")] mod feature_stream {
//! # use sseam::Event;
//! # fn handle(_: Event<'_>) {}
//! use futures_core::Stream;
//! use sseam::adapter::{Error, stream::EventStream};
//!
//! async fn listen<S, T, E>(body: S) -> Result<(), Error<E>>
//! where
//!     S: Stream<Item = Result<T, E>> + Unpin, // reqwest's `response.bytes_stream()`
//!     T: Into<bytes::Bytes>,
//! {
//!     let mut events = EventStream::new(body);
//!     while let Some(event) = events.next_event().await? {
//!         handle(event); // event.event_type(), event.data(), event.last_event_id()
//!     }
//!     Ok(())
//! }
//! # }
//! ```
//!
//! `EventStream` is a `Stream` of owned events, too, for code that has combinators
//! behind it.
//!
//! | | eventsource-stream 0.2.3 | sseam |
//! | --- | --- | --- |
//! | an event | three `String`s | borrowed; [`Value`](crate::Value) is compared with `str`, or made one by `to_str` |
//! | a leading byte order mark | panics | dropped |
//! | invalid UTF-8 | holds back all that follows until the stream ends, then an error | passes: bytes, a checked `str`, or text with U+FFFD, as you ask |
//! | an event that ends in CR | waits for the next byte; at the end of the stream it is lost | comes at the CR |
//! | [`last_event_id`](crate::Parser::last_event_id) | what the last event carried | also what a block without data has set |
//! | [`retry`](crate::Parser::reconnection_time) | a field of the event, lost where a block has no data; `+5` counts | in effect as soon as its line ends; digits alone count |
//! | a long event | takes what memory there is | [bounds](crate#bounds), and an error that is about that event alone |
//! | a stream that breaks off | ends as any other | [`End::MidEvent`](crate::End), and a [`Tracker`](crate::Tracker) whether the answer was whole |
//!
//! # From sse-core 0.2
//!
//! ```ignore
//! let mut decoder = SseDecoder::new();
//! while let Some(event) = decoder.next(&mut buffer) { // impl Buf
//!     match event? {
//!         SseEvent::Message(event) => handle(&event.event, &event.data),
//!         SseEvent::Retry(milliseconds) => wait = milliseconds,
//!     }
//! }
//! ```
//!
//! becomes
//!
//! ```
//! # use sseam::Event;
//! # fn handle(_: Event<'_>) {}
//! use sseam::Parser;
//!
//! # fn main() -> Result<(), sseam::Error> {
//! # let bytes = b"retry: 5\n\n";
//! let mut parser = Parser::new();
//! let mut chunk = &bytes[..];
//! while let Some(event) = parser.next_event(&mut chunk)? {
//!     handle(event);
//! }
//! let wait = parser.reconnection_time();
//! # assert_eq!(wait, Some(std::time::Duration::from_millis(5)));
//! # Ok(())
//! # }
//! ```
//!
//! and its `SseStream` is `EventStream`, as above.
//!
//! | | sse-core 0.2.3 | sseam |
//! | --- | --- | --- |
//! | an event | owned strings, for which it needs an allocator | borrowed; with [`ArrayBuf`](crate::ArrayBuf) it needs none |
//! | no type | `event` is `message` | the same |
//! | no last event ID | `None` | an empty value |
//! | `retry` | an item of the stream, 32 bits | [`reconnection_time`](crate::Parser::reconnection_time), 64 bits; told by [`next_item`](crate::Parser::next_item) if you like |
//! | invalid UTF-8 | U+FFFD | bytes; U+FFFD by [`to_string_lossy`](crate::Value::to_string_lossy) or `Display` |
//! | bounds | 512 KiB each of data, type and ID | 16 MiB of data, 64 KiB each of type and ID, or as you say |
//! | a new connection | `reconnect`, `clear`, `reconnect_with_id` | [`reset`](crate::Parser::reset) keeps the ID; [`set_last_event_id`](crate::Parser::set_last_event_id) sets it, to nothing too |
//! | the end | nothing is said | [`finish`](crate::Parser::finish) returns how it ended, as an [`End`](crate::End); [`flush_event`](crate::Parser::flush_event) dispatches what is pending |
//!
//! # From reqwest-eventsource 0.6
//!
//! ```ignore
//! let mut source = EventSource::new(client.post(url).json(&request))?;
//! while let Some(event) = source.next().await {
//!     match event {
//!         Ok(Event::Open) => {}
//!         Ok(Event::Message(message)) if message.data == "[DONE]" => source.close(),
//!         Ok(Event::Message(message)) => handle(&message.data),
//!         Err(error) => { source.close(); return Err(error) }
//!     }
//! }
//! ```
//!
//! It makes the request, checks the response and connects anew; sseam leaves all three
//! to you, since for a language model's answer each asks for a decision of yours: a
//! request that is sent again is paid for again, and begins anew.
//!
//! ```
//! # #[cfg(feature = "stream")] mod feature_stream {
//! # use sseam::Event;
//! # fn handle(_: &Event<'_>) {}
//! use futures_core::Stream;
//! use sseam::adapter::{Error, stream::EventStream};
//! use sseam::dialect::Auto;
//! use sseam::{Outcome, Signal, Tracker};
//!
//! async fn listen<S, T, E>(body: S) -> Result<Outcome, Error<E>>
//! where
//!     S: Stream<Item = Result<T, E>> + Unpin,
//!     T: Into<bytes::Bytes>,
//! {
//!     // Before: the request, with `accept: text/event-stream`; is the status 200, and
//!     // the content type text/event-stream?
//!     let mut events = EventStream::new(body).with_flush();
//!     let mut tracker = Tracker::new(Auto::new());
//!     while let Some(event) = events.next_event().await? {
//!         let signal = tracker.observe(&event);
//!         if matches!(signal, Signal::Message | Signal::Last) {
//!             handle(&event);
//!         }
//!         if signal.is_end() {
//!             break;
//!         }
//!     }
//!     Ok(tracker.finish(events.end()))
//! }
//! # }
//! ```
//!
//! | | reqwest-eventsource 0.6.0 | sseam |
//! | --- | --- | --- |
//! | parsing | that of eventsource-stream: see above | |
//! | the end of the stream | `Error::StreamEnded`, and it connects anew: whoever does not `close` asks the model again | `None`; the outcome says whether to try again: [`is_retry_candidate`](crate::Outcome::is_retry_candidate) |
//! | `Last-Event-ID` | sent when it connects anew; an event without an ID on the new connection empties it | [`last_event_id`](crate::Parser::last_event_id) stays over connections: take the parser by `into_parts`, and begin with it by `with_parser` |
//! | waiting | a policy, from `retry` on | [`reconnection_time`](crate::Parser::reconnection_time), and your policy |
//! | status, content type | checked: errors that end it | yours to check |
