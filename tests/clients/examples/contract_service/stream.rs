//! One event source: a stream, over one connection after the other.

use std::future;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Response;
use sseam::adapter::Error;
use sseam::adapter::stream::EventStream;
use sseam::{Parser, VecBuf};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::connect::{Refused, Target, with_causes};
use crate::report::{Message, Reporter};

/// What there is to wait at least, or a server that is gone would be asked
/// thousands of times a second where the reconnection time is zero.
const LEAST_WAIT: Duration = Duration::from_millis(10);

/// The stream that the harness wants, and how far it has come.
pub(crate) struct EventSource {
    target: Target,
    /// It goes from connection to connection, and with it the last event ID
    /// and the reconnection time.
    parser: Parser<VecBuf>,
    initial_delay: Duration,
    reporter: Reporter,
    restart: Arc<Notify>,
}

/// Why a connection is over.
enum Over {
    Restart,
    /// To be reestablished, in the standard's words.
    Lost(String),
    /// To be failed.
    Failed(String),
}

impl EventSource {
    /// Waits for `initial_delay` before it reconnects, until the server says
    /// otherwise.
    pub(crate) fn new(
        target: Target,
        parser: Parser<VecBuf>,
        initial_delay: Duration,
        reporter: Reporter,
    ) -> Self {
        Self { target, parser, initial_delay, reporter, restart: Arc::default() }
    }

    /// Has it connect anew when notified: at once, whatever it is at, also if it
    /// has failed for good, and without a message.
    pub(crate) fn restart(&self) -> Arc<Notify> {
        Arc::clone(&self.restart)
    }

    /// Goes on until it is aborted.
    pub(crate) async fn run(mut self) {
        loop {
            let (error, wait) = match self.connection().await {
                Over::Restart => continue,
                Over::Lost(error) => (error, Some(self.reconnection_time())),
                Over::Failed(error) => (error, None),
            };
            self.reporter.report(Message::error(error)).await;
            tokio::select! {
                () = self.restart.notified() => {}
                () = pause(wait) => {}
            }
        }
    }

    fn reconnection_time(&self) -> Duration {
        self.parser.reconnection_time().unwrap_or(self.initial_delay).max(LEAST_WAIT)
    }

    /// Connects, and reports what comes over the connection until it is over.
    async fn connection(&mut self) -> Over {
        // An ID is text: what is not UTF-8 in it is replaced before it is sent.
        let last_event_id = self.parser.last_event_id().to_string_lossy().into_owned();
        let response = tokio::select! {
            biased;
            () = self.restart.notified() => return Over::Restart,
            connected = self.target.connect(&last_event_id) => match connected {
                Ok(response) => response,
                Err(Refused::ForNow(error)) => return Over::Lost(error),
                Err(Refused::ForGood(error)) => return Over::Failed(error),
            },
        };
        self.read(response).await
    }

    async fn read(&mut self, response: Response) -> Over {
        let parser = mem::take(&mut self.parser);
        let mut events = EventStream::with_parser(response.bytes_stream(), parser);
        let over = loop {
            let message = tokio::select! {
                biased;
                () = self.restart.notified() => break Over::Restart,
                item = events.next_item() => match item {
                    Ok(Some(item)) => Message::about(&item),
                    Ok(None) => break Over::Lost("the stream has ended".to_string()),
                    Err(Error::Transport(error)) => break Over::Lost(with_causes(&error)),
                    Err(Error::Parse(error)) => Some(Message::error(error.to_string())),
                },
            };
            // Outside of the `select!`: a message under way is not cut off.
            if let Some(message) = message {
                self.reporter.report(message).await;
            }
        };
        // What is left of an event is no event, and the next connection's
        // bytes begin anew.
        (_, self.parser, _) = events.into_parts();
        self.parser.reset();
        over
    }
}

/// For ever, without a duration.
async fn pause(wait: Option<Duration>) {
    match wait {
        Some(duration) => sleep(duration).await,
        None => future::pending().await,
    }
}
