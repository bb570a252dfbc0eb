//! The sixteen calls to a source, in any order.

use std::env;

use sseam::source::{Head, Lost, Policy, Refusal, Source};
use sseam::{ArrayBuf, Parser};
use sseam_testkit::ms;

use Call::{Broken, Bytes, Clock, Close, Done, Ended, Futile, Reconnect, Respond};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// Asks for the next step.
    Step,
    /// Milliseconds pass.
    Clock(u64),
    /// A response arrives with this status, as an event stream or not, with or without
    /// `Retry-After`.
    Respond {
        status: u16,
        is_stream: bool,
        retry_after: Option<u64>,
    },
    Broken,
    Futile,
    Ended,
    Bytes(&'static str),
    Done,
    Close,
    Reconnect,
}

pub const OK: Call = Respond { status: 200, is_stream: true, retry_after: None };
pub const NO_CONTENT: Call = Respond { status: 204, is_stream: true, retry_after: None };
pub const BUSY: Call = Respond { status: 503, is_stream: false, retry_after: Some(50_000) };
pub const EVENT: Call = Bytes("id: 7\ndata: x\n\n");
/// Ends within a line.
pub const HALF_AN_EVENT: Call = Bytes("id: 8\ndata: y");
pub const RETRY: Call = Bytes("retry: 7000\n");
/// Longer than most waits.
pub const LATER: Call = Clock(100_000);

pub const CALLS: [Call; 16] = [
    Call::Step,
    Clock(1_000),
    LATER,
    OK,
    NO_CONTENT,
    BUSY,
    Respond { status: 200, is_stream: false, retry_after: None },
    Broken,
    Futile,
    Ended,
    EVENT,
    HALF_AN_EVENT,
    RETRY,
    Done,
    Close,
    Reconnect,
];

/// States to start from. A bug of one connection that shows in the next one needs more calls than
/// all orders can be tried of.
pub const STARTS: [&[Call]; 7] = [
    &[],
    // Connecting after a broken connection, and after an end.
    &[OK, HALF_AN_EVENT, Broken, LATER, Call::Step],
    &[OK, EVENT, HALF_AN_EVENT, Ended, LATER, Call::Step],
    // Open again.
    &[OK, EVENT, RETRY, HALF_AN_EVENT, Broken, LATER, Call::Step, OK],
    // After two failures.
    &[BUSY, LATER, Call::Step, Broken],
    &[OK, EVENT, Done],
    &[OK, EVENT, HALF_AN_EVENT, Close],
];

/// The number of calls in a row; one more for a longer run.
pub fn depth(usual: usize) -> usize {
    if cfg!(miri) {
        return 1;
    }
    usual + usize::from(env::var_os("EXHAUSTIVE_LONGER").is_some())
}

/// A source, and the time.
#[derive(Clone)]
pub struct Client {
    pub source: Source<ArrayBuf<96, 16>>,
    pub now: u64,
}

/// What a call returned.
#[derive(Debug, Default, PartialEq)]
pub struct Returned {
    /// Data and ID of each.
    pub events: Vec<(String, String)>,
    pub refusal: Option<Refusal>,
}

impl Client {
    pub fn new(policy: Policy) -> Self {
        Self { source: Source::new(Parser::with_buffer(ArrayBuf::new()), policy), now: 0 }
    }

    pub fn call(&mut self, call: Call) -> Returned {
        let (source, now) = (&mut self.source, ms(self.now));
        let mut returned = Returned::default();
        match call {
            Call::Step => _ = source.step(now),
            Clock(millis) => self.now += millis,
            Respond { status, is_stream, retry_after } => {
                let content_type: &[u8] =
                    if is_stream { b"text/event-stream" } else { b"text/html" };
                let retry_after = retry_after.map(ms);
                let head = Head { status, content_type: Some(content_type), retry_after };
                returned.refusal = source.answered(&head, now).err();
            }
            Broken => source.lost(Lost::Broken, now),
            Futile => source.lost(Lost::Futile, now),
            Ended => source.ended(now),
            Bytes(bytes) => {
                let mut chunk = bytes.as_bytes();
                while let Some(event) = source.next_event(&mut chunk).expect("small events") {
                    let event = (event.data().to_string(), event.last_event_id().to_string());
                    returned.events.push(event);
                }
                assert!(chunk.is_empty(), "`None` means that the chunk is used up");
            }
            Done => source.done(),
            Close => source.close(),
            Reconnect => source.reconnect(),
        }
        returned
    }
}
