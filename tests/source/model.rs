//! `EventSource` as in WHATWG HTML, sections 9.2.2 to 9.2.4, step by step; and those parts of 9.2.6
//! that the streams of these tests use. Written from the standard, not from the library. Additions
//! are marked.

use std::mem;

use sseam::End;
use sseam::source::{Closed, ReadyState, Refusal};

use super::calls::{Call, Returned};

#[derive(Clone)]
pub struct EventSource {
    pub ready_state: ReadyState,
    fetch: Fetch,
    pub reconnection_time: Option<u64>,
    pub last_event_id: String,
    stream: Stream,
    /// Additions: transient statuses, the reason for closing, how the last body ended, failures in
    /// a row, and whether the final event has arrived.
    transient: &'static [u16],
    pub closed: Option<Closed>,
    pub end: Option<End>,
    failures: u32,
    is_done: bool,
}

/// The state of the fetch, or of the task that reestablishes the connection.
#[derive(Clone, Copy, PartialEq)]
enum Fetch {
    Request,
    Body,
    Delay { until: u64 },
    Terminated,
}

/// The incomplete line, and the buffers of 9.2.6.
#[derive(Clone, Default)]
struct Stream {
    line: String,
    data: String,
    id: Option<String>,
}

#[derive(Debug, PartialEq)]
pub enum ToDo {
    Connect { last_event_id: Option<String>, failures: u32 },
    Read,
    Wait(u64),
    Closed(Closed),
}

impl EventSource {
    /// 9.2.2, the constructor.
    pub fn new(transient: &'static [u16]) -> Self {
        Self {
            ready_state: ReadyState::Connecting,
            fetch: Fetch::Request,
            reconnection_time: None,
            last_event_id: String::new(),
            stream: Stream::default(),
            transient,
            closed: None,
            end: None,
            failures: 0,
            is_done: false,
        }
    }

    pub fn step(&mut self, now: u64) -> ToDo {
        match self.fetch {
            // 9.2.3, "reestablish the connection", step 5: only now it is fetched again.
            Fetch::Delay { until } if now < until => return ToDo::Wait(until),
            Fetch::Delay { .. } => self.fetch = Fetch::Request,
            _ => {}
        }
        match self.fetch {
            Fetch::Body => ToDo::Read,
            Fetch::Terminated => ToDo::Closed(self.closed.expect("a reason")),
            _ => {
                // "If … last event ID string is not the empty string".
                let id = Some(self.last_event_id.clone()).filter(|id| !id.is_empty());
                ToDo::Connect { last_event_id: id, failures: self.failures }
            }
        }
    }

    pub fn call(&mut self, call: Call, now: u64) -> Returned {
        let mut returned = Returned::default();
        let is_fetching = matches!(self.fetch, Fetch::Request | Fetch::Body);
        match call {
            Call::Step => _ = self.step(now),
            Call::Respond { status, is_stream, retry_after } => {
                returned.refusal = self.process_response(status, is_stream, retry_after, now);
            }
            // "Reestablish the connection, unless the user agent knows that to be futile, in which
            // case … fail the connection."
            Call::Broken if is_fetching => self.reestablish(End::Disconnected, None, now),
            Call::Futile if is_fetching => {
                self.note_end(End::Disconnected);
                self.terminate(if self.is_done { Closed::Done } else { Closed::Futile });
            }
            // "processEventSourceEndOfBody".
            Call::Ended if is_fetching => {
                let Stream { line, data, id } = &self.stream;
                let is_pending = !(line.is_empty() && data.is_empty() && id.is_none());
                let end = if is_pending { End::MidEvent } else { End::Clean };
                self.reestablish(end, None, now);
            }
            Call::Bytes(bytes) if self.fetch == Fetch::Body => {
                bytes.chars().for_each(|c| self.interpret(c, &mut returned));
            }
            // The fetch is terminated, or has not begun.
            Call::Broken | Call::Futile | Call::Ended | Call::Bytes(_) | Call::Clock(_) => {}
            // An addition: no further request, but an open body is read to its end.
            Call::Done => match self.fetch {
                Fetch::Body => self.is_done = true,
                _ => self.terminate(Closed::Done),
            },
            // 9.2.2, `close()`: "abort any instances of the fetch algorithm", and set it to CLOSED.
            Call::Close => {
                self.note_end(End::Disconnected);
                self.terminate(Closed::ByCaller);
            }
            // An addition: like a new instance, but with the state from the stream.
            Call::Reconnect => {
                self.note_end(End::Disconnected);
                let old = mem::replace(self, Self::new(self.transient));
                self.last_event_id = old.last_event_id;
                self.reconnection_time = old.reconnection_time;
                self.end = old.end;
            }
        }
        returned
    }

    /// 9.2.2, "processResponse".
    fn process_response(
        &mut self,
        status: u16,
        is_stream: bool,
        retry_after: Option<u64>,
        now: u64,
    ) -> Option<Refusal> {
        let refusal = match status {
            200 if is_stream => None,
            200 => Some(Refusal::ContentType),
            _ => Some(Refusal::Status(status)),
        };
        if self.fetch != Fetch::Request {
            return refusal;
        }
        match refusal {
            // 9.2.3, "announce the connection".
            None => {
                (self.ready_state, self.fetch) = (ReadyState::Open, Fetch::Body);
                (self.stream, self.end, self.failures) = (Stream::default(), None, 0);
            }
            Some(Refusal::Status(status)) if self.transient.contains(&status) => {
                self.reestablish(End::Disconnected, retry_after, now);
            }
            // "Fail the connection".
            Some(refusal) => self.terminate(Closed::Refused(refusal)),
        }
        refusal
    }

    /// 9.2.3, "reestablish the connection".
    fn reestablish(&mut self, end: End, retry_after: Option<u64>, now: u64) {
        self.note_end(end);
        if self.is_done {
            return self.terminate(Closed::Done);
        }
        self.failures += 1;
        self.ready_state = ReadyState::Connecting;
        // "Wait a delay equal to the reconnection time", "probably in the region of a few seconds".
        let delay = self.reconnection_time.unwrap_or(3_000);
        // "Optionally, wait some more. In particular, if the previous attempt failed, then user
        // agents might introduce an exponential backoff delay."
        let longer = (1..self.failures).fold(delay, |delay, _| (delay * 2).min(60_000));
        let delay = delay.max(longer).max(retry_after.unwrap_or(0));
        self.fetch = Fetch::Delay { until: now + delay };
    }

    /// 9.2.3, "fail the connection", and the common part of `close()`: the state is final.
    fn terminate(&mut self, closed: Closed) {
        (self.ready_state, self.fetch) = (ReadyState::Closed, Fetch::Terminated);
        self.closed.get_or_insert(closed);
    }

    fn note_end(&mut self, end: End) {
        if self.fetch == Fetch::Body {
            self.end = Some(end);
        }
    }

    /// 9.2.6, a line at a time.
    fn interpret(&mut self, c: char, returned: &mut Returned) {
        let Stream { line, data, id } = &mut self.stream;
        if c != '\n' {
            return line.push(c);
        }
        let line = mem::take(line);
        match line.split_once(": ") {
            Some(("data", value)) => data.extend([value, "\n"]),
            Some(("id", value)) => *id = Some(value.to_owned()),
            Some(("retry", value)) => self.reconnection_time = value.parse().ok(),
            // "If the line is empty: dispatch the event."
            _ => {
                self.last_event_id = id.take().unwrap_or(mem::take(&mut self.last_event_id));
                let data = mem::take(data);
                if let Some(data) = data.strip_suffix('\n') {
                    returned.events.push((data.to_owned(), self.last_event_id.clone()));
                }
            }
        }
    }
}
