//! Did my stream finish?
//!
//! An LLM API streams its answer. When the connection closes, the answer may be
//! whole, cut short by a limit, broken off by an error, or lost on the way, and
//! HTTP says 200 in all four cases. What tells them apart is in the events, and
//! each API has its own way. A [`Dialect`] knows one, and a [`Tracker`] follows a
//! stream through it.
//!
//! # The loop
//!
//! Hand each event to the tracker, and the end of the stream too:
//!
//! ```
//! use sseam::dialect::Responses;
//! use sseam::{Outcome, Parser, Signal, Tracker};
//!
//! # fn main() -> Result<(), sseam::Error> {
//! # let chunks = [&b"data: {\"type\":\"response.created\"}\n\nda"[..], b"ta: {\"type\":\"response.comp"];
//! # fn handle(_: sseam::Value<'_>) {}
//! let mut parser = Parser::new();
//! let mut tracker = Tracker::new(Responses::new());
//! for bytes in chunks {
//!     let mut chunk: &[u8] = bytes;
//!     while let Some(event) = parser.next_event(&mut chunk)? {
//!         match tracker.observe(&event) {
//!             Signal::Message => handle(event.data()), // A payload.
//!             Signal::Last => handle(event.data()),    // The terminal has one, too.
//!             Signal::Done => {}                       // The sentinel: nothing to parse.
//!             Signal::Ignore => {}                     // A ping, or what follows the terminal.
//!         }
//!     }
//! }
//! // Some servers close right after `data: [DONE]`, without the blank line:
//! if let Some(event) = parser.flush_event()? {
//!     tracker.observe(&event);
//! }
//! match tracker.finish(parser.finish()) {
//!     Outcome::Completed => println!("the whole answer"),
//!     Outcome::Incomplete => println!("cut short by the provider, who says why"),
//!     Outcome::Failed => println!("the provider sent an error"),
//!     Outcome::Truncated => println!("lost on the way: try again"),
//!     Outcome::Unknown => println!("of no protocol that `Auto` knows"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Signal::is_end`] says when there is nothing more to wait for. Some servers
//! fail or end a stream with what the standard passes over: choose
//! [`Notify::UNKNOWN_FIELDS`](crate::Notify::UNKNOWN_FIELDS) and
//! [`Notify::EMPTY_BLOCKS`](crate::Notify::EMPTY_BLOCKS), read with
//! [`Parser::next_item`](crate::Parser::next_item), and hand each item to
//! [`Tracker::notice`].
//!
//! # Trying again
//!
//! [`Outcome::is_retry_candidate`] is true for [`Outcome::Truncated`] alone: the
//! same request may well be answered. [`Incomplete`](Outcome::Incomplete) would
//! come out the same again, and whether [`Failed`](Outcome::Failed) is worth another
//! try is in the error that the provider sent. Keep what has arrived until the
//! outcome is known, and mind that a truncated answer may have been paid for.
//!
//! A stream that neither ends nor goes on has no outcome: a [`StallWatch`] says when
//! to stop waiting.
//!
//! # The dialects
//!
//! | dialect | ends with | incomplete | failed | end of stream without it |
//! | --- | --- | --- | --- | --- |
//! | [`Done`] | data that is `[DONE]`; payloads are not looked at | – | – | truncated |
//! | [`Chat`] | `[DONE]` | a `finish_reason`, of any choice, of `length`, `content_filter`, `model_length`, `sensitive`, `insufficient_system_resource` | top-level `error`; `"object":"error"`; `event: error`, or as `type`; an unknown field `error`; a `finish_reason` of `error` or `network_error`, then at the end | a `finish_reason` seen: as if `[DONE]` had come; else truncated |
//! | [`Responses`] | `response.completed` | `response.incomplete` | `response.failed`, `error` | truncated |
//! | [`Messages`] | `message_stop` | a `stop_reason` of `max_tokens`, `model_context_window_exceeded`, `refusal`, `pause_turn` in `message_delta` | `error` | truncated |
//! | [`GenerateContent`] | nothing | the last `finishReason` of the first candidate is not `STOP`; `promptFeedback.blockReason` | top-level `error`; `event: error`, or as `type`; an unknown field `error` | a `finishReason` seen: completed or incomplete, but truncated where the stream broke off in the middle of an event; else truncated |
//! | [`CohereChat`] | `message-end` | its `finish_reason` is `MAX_TOKENS` | its `finish_reason` is `ERROR` | truncated |
//! | [`Assistants`] | `event: done` | `thread.run.incomplete` | `thread.run.failed`, `.cancelled`, `.expired`, `event: error` | truncated |
//! | [`Auto`] | as the one it settles on; before that `[DONE]`, `event: done`, or as `type` | as the one it settles on | as the one it settles on; before that `event: error` | as the one it settles on; else unknown, or truncated when no event came |
//!
//! In all of them:
//!
//! - The first terminal settles the outcome. What follows it is ignored.
//! - `[DONE]`, with white space around it or without, ends the stream (but not
//!   [`Responses::strict`]). Alone it means completed, or what was said before it.
//! - An event is what its JSON's `type` says, whatever the order of its lines. Where
//!   there is none, or an empty one, the `event` line stands in, unless it is
//!   `message`. Names count whole: `response.mcp_call.failed` ends nothing.
//! - A terminal other than an error, and a reason, count only in data that is
//!   a whole JSON object from the outside, `{` … `}`: half a `response.completed`
//!   that was flushed completes nothing.
//! - A top-level `error` counts where it is an object or a string that is not empty.
//!   In an event without a `type` it fails the stream, but not in [`Done`].
//! - `ping` and `keepalive` are ignored, but not by [`Auto`] before it has settled.
//! - Of members by one name the first counts that is of the right kind. Data that is no JSON
//!   is a message.
//!
//! [`Auto`] settles at the first event that tells, and is that dialect from then on:
//! by the `type` or the `event` line of [`Responses`], [`Messages`],
//! [`CohereChat`] and [`Assistants`], else by a member such as `choices` or
//! `candidates`. [`Auto::settled`] names it. In a protocol that none of them is, it
//! says [`Outcome::Unknown`] rather than guess, unless `[DONE]`, an event `done`
//! or an error has come (or, as a notification, a block `end` without data). Where
//! the API is known, name its dialect: it knows a keep-alive as the first event,
//! and a cut behind it.
//!
//! [`Responses::strict`] holds a provider to what `OpenAI` documents, and reports
//! each breach as a [`Violation`].
//!
//! # A dialect of one's own
//!
//! ```
//! use sseam::dialect::{Dialect, Observation, is_done};
//! use sseam::{End, Event, Outcome, Signal, Tracker, json};
//!
//! /// Ends with `{"final":true}`.
//! struct Final;
//!
//! impl Dialect for Final {
//!     fn name(&self) -> &'static str {
//!         "final"
//!     }
//!
//!     fn observe(&mut self, event: &Event<'_>) -> Observation {
//!         let data = event.data().as_bytes();
//!         for (name, value) in json::members(data) {
//!             match () {
//!                 () if name == "final" && !value.is_null() => {
//!                     return Observation::Last(Outcome::Completed);
//!                 }
//!                 () if name == "error" && value.is_object() => {
//!                     return Observation::Last(Outcome::Failed);
//!                 }
//!                 () => {}
//!             }
//!         }
//!         if is_done(event) { Observation::Done(Outcome::Completed) } else { Observation::Message }
//!     }
//!
//!     fn end_of_stream(&self, _: End) -> Outcome {
//!         Outcome::Truncated
//!     }
//! }
//!
//! let mut tracker = Tracker::new(Final);
//! assert_eq!(tracker.observe(&Event::new(r#"{"text":"Hi"}"#)), Signal::Message);
//! assert_eq!(tracker.observe(&Event::new(r#"{"final":true}"#)), Signal::Last);
//! assert_eq!(tracker.outcome(), Some(Outcome::Completed));
//! ```
//!
//! # What it costs
//!
//! No allocation, no full parse of the JSON, and a time that is linear in an event's
//! bytes. An event that is one more piece of text costs [`Responses`],
//! [`Messages`] and [`CohereChat`] a look at its first bytes, and [`Chat`] a
//! search through it. The state is a few bytes ([`Tracker`] has the sizes).

mod assistants;
mod auto;
mod chat;
mod cohere_chat;
mod done;
mod generate_content;
mod head;
mod look;
mod messages;
mod outcome;
mod reason;
mod responses;
mod signal;
mod stall;
mod tracker;
mod violation;

pub use assistants::Assistants;
pub use auto::Auto;
pub use chat::Chat;
pub(crate) use chat::judge;
pub use cohere_chat::CohereChat;
pub use done::{Done, is_done};
pub use generate_content::GenerateContent;
pub(crate) use head::{Discriminator, Head};
pub use messages::Messages;
pub use outcome::Outcome;
pub use responses::Responses;
pub use signal::{Observation, Signal};
pub use stall::{Stall, StallWatch};
pub use tracker::Tracker;
pub use violation::{Mark, Name, Violation};

use crate::{End, Event, Item};

/// A protocol on top of event streams: which events end it, and how.
///
/// Implement it for a protocol of your own; the [module](self) has an example.
/// [`Tracker`] asks, and remembers the first terminal, so that an
/// implementation holds only what it must know of earlier events, in most
/// cases nothing.
pub trait Dialect {
    /// The name, for logs.
    fn name(&self) -> &'static str;

    /// What the event is. Called for each event up to the first terminal.
    fn observe(&mut self, event: &Event<'_>) -> Observation;

    /// How the stream came out that has ended without a terminal.
    fn end_of_stream(&self, end: End) -> Outcome;

    /// What a notification is: [`Observation::Ignore`] unless it ends the
    /// stream. Called up to the first terminal, and never for
    /// [`Item::Event`].
    fn notice(&mut self, item: &Item<'_>) -> Observation {
        let _ = item;
        Observation::Ignore
    }

    /// Takes an event that follows the terminal, which changes nothing but
    /// perhaps the [`violation`](Self::violation).
    #[inline]
    fn observe_after(&mut self, event: &Event<'_>) {
        let _ = event;
    }

    /// Where the event just observed broke the provider's word.
    #[inline]
    fn violation(&self) -> Option<Violation> {
        None
    }
}

/// So that a dialect can be chosen at run time: `Tracker<&mut dyn Dialect>`.
impl<D: Dialect + ?Sized> Dialect for &mut D {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn observe(&mut self, event: &Event<'_>) -> Observation {
        (**self).observe(event)
    }

    fn end_of_stream(&self, end: End) -> Outcome {
        (**self).end_of_stream(end)
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        (**self).notice(item)
    }

    fn observe_after(&mut self, event: &Event<'_>) {
        (**self).observe_after(event);
    }

    fn violation(&self) -> Option<Violation> {
        (**self).violation()
    }
}
