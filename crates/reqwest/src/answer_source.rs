//! Receives the answer of a language model, with retries until a response opens.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use sseam::adapter::AnswerEvent;
use sseam::adapter::stream::AnswerStream;
use sseam::llm::{Answer, Judged, Outcome, Reason, Usage};
use sseam::source::{Closed, Policy, Refusal, Request};
use sseam::{End, Found, Parser, VecBuf};

use crate::driver::{Body, Driver, Progress};
use crate::{CannotClone, Error};

/// Receives the answer of a language model, of any API, over as many connections as the policy
/// allows.
///
/// ```no_run
/// use sseam::llm::{Collected, Delta};
/// use sseam_reqwest::AnswerSource;
///
/// # async fn ask(request: reqwest::RequestBuilder) -> Result<(), Box<dyn std::error::Error>> {
/// let mut answers = AnswerSource::new(request)?;
/// let mut collected = Collected::with_limit(1 << 20);
/// while let Some(event) = answers.next_event().await {
///     for delta in event.deltas() {
///         if let Delta::Text { text, .. } = &delta {
///             print!("{text}");
///         }
///         collected.push(&delta)?;
///     }
/// }
/// println!("\n{}", collected.summary(answers.outcome()));
/// # Ok(())
/// # }
/// ```
///
/// By default ([`Policy::call`]) the request is sent again only until a response has opened: a
/// refused connection, or a status such as 429 or 503, is retried twice, after the time in
/// `Retry-After`. An answer that breaks off is not requested again: a repeated request is billed
/// again, and starts over. If the API resumes answers, choose
/// [`Resume::WithCursor`](sseam::source::Resume::WithCursor).
///
/// If the last try is refused, the body of the response is read for an error;
/// [`closed`](Self::closed) returns its status.
///
/// Futures may be dropped at any time. Keep-alives do not end the call, so a timeout around
/// [`next_event`](Self::next_event) is a limit on the time without progress. Requires a tokio
/// runtime with time enabled.
pub struct AnswerSource {
    driver: Driver,
    answer: Answer,
    /// How the stream ended, if a pending event at its end decides it.
    end: Option<End>,
    error: Option<Error>,
    /// The response that was refused in the last try.
    refused: Option<AnswerStream<Body, reqwest::Error>>,
}

impl AnswerSource {
    /// Sends `request`, as often as the policy allows.
    ///
    /// Adds `accept`, `cache-control` and `last-event-id`; the first two unless the request has its
    /// own.
    ///
    /// # Errors
    ///
    /// [`CannotClone`] if its body is a stream, or it could not be built: see
    /// [`from_fn`](Self::from_fn).
    pub fn new(request: RequestBuilder) -> Result<Self, CannotClone> {
        Driver::repeat(request).map(Self::of)
    }

    /// Creates each request by a function: for a token that expires, or a cursor in the URL. Adds
    /// headers as [`new`](Self::new) does.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    ///
    /// use sseam::Parser;
    /// use sseam::json::members;
    /// use sseam::llm::{Answer, Protocol};
    /// use sseam::source::{Policy, Resume};
    /// use sseam_reqwest::AnswerSource;
    ///
    /// # async fn follow() {
    /// // A background response, which can be resumed after the number of an event.
    /// let (seen, client) = (Arc::new(AtomicU64::new(0)), reqwest::Client::new());
    /// let cursor = seen.clone();
    /// let mut answers = AnswerSource::from_fn(move |_| {
    ///     let after = cursor.load(Relaxed);
    ///     client.get(format!("http://localhost/responses/r?stream=true&starting_after={after}"))
    /// })
    /// .with_policy(Policy::call().with_resume(Resume::WithCursor))
    /// .with_parser(Parser::with_limit(1 << 20))
    /// .with_answer(Answer::of(Protocol::RESPONSES));
    /// answers.set_cursor(true);
    /// while let Some(event) = answers.next_event().await {
    ///     let data = event.event().map(|event| event.data().as_bytes()).unwrap_or_default();
    ///     if let Some(number) = members(data).get("sequence_number").and_then(|n| n.as_u64()) {
    ///         seen.store(number, Relaxed);
    ///     }
    ///     event.deltas().for_each(|delta| println!("{delta:?}"));
    /// }
    /// println!("{}, {:?}, {}", answers.outcome(), answers.reason(), answers.usage());
    /// if let Some(error) = answers.error() {
    ///     println!("{error}, closed: {:?}", answers.closed());
    /// }
    /// # }
    /// ```
    pub fn from_fn(make: impl FnMut(Request<'_>) -> RequestBuilder + Send + 'static) -> Self {
        Self::of(Driver::new(make))
    }

    fn of(mut driver: Driver) -> Self {
        driver.set_policy(Policy::call());
        driver.flush_at_end();
        let source = Self { driver, answer: Answer::new(), end: None, error: None, refused: None };
        source.with_parser(Parser::new())
    }

    /// Sets whether and when to send the request again.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.driver.set_policy(policy);
        self
    }

    /// Sets the parser: its limits, and the last event ID of an earlier run. Its notifications are
    /// replaced.
    #[must_use]
    pub fn with_parser(mut self, parser: Parser<VecBuf>) -> Self {
        self.driver.set_parser(parser.with_notify(Answer::NOTIFY));
        self
    }

    /// Reads into `answer`, for a known protocol ([`Answer::of`]), or one of several.
    #[must_use]
    pub fn with_answer(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    /// Sets whether something other than a last event ID can be resumed from, such as a sequence
    /// number that the function of [`from_fn`](Self::from_fn) puts into the URL.
    pub fn set_cursor(&mut self, has_cursor: bool) {
        self.driver.set_cursor(has_cursor);
    }

    /// Returns the next event with content, or `None` at the end of the answer.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with time enabled.
    pub async fn next_event(&mut self) -> Option<AnswerEvent<'_>> {
        if self.refused.is_none() {
            if let Some((found, judged)) = poll_fn(|cx| self.poll_judged(cx)).await {
                return Some(AnswerEvent::new(&mut self.answer, self.driver.view(found), judged));
            }
        }
        self.refused.as_mut()?.next_event().await
    }

    /// Returns the outcome of the answer. Before the end, as if the connection broke now.
    ///
    /// If the request was refused without an error in the body, it is [`Outcome::Unknown`]; or
    /// [`Outcome::Truncated`] if that request was to continue an answer that had begun.
    pub fn outcome(&self) -> Outcome {
        let outcome = match &self.refused {
            None => self.answer.outcome(self.end.or(self.driver.end())),
            Some(refused) => refused.outcome(),
        };
        match (self.closed(), outcome) {
            (
                Some(Closed::Refused(Refusal::Status(_))),
                Outcome::Truncated | Outcome::Completed,
            ) => {
                if self.driver.has_opened() {
                    Outcome::Truncated
                } else {
                    Outcome::Unknown
                }
            }
            _ => outcome,
        }
    }

    /// Returns the error of the connection, if that was the end, otherwise that of the last event
    /// that exceeded a limit and was skipped. `None` if the request was refused: see
    /// [`closed`](Self::closed).
    #[must_use]
    pub const fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Returns the [`error`](Self::error) by value.
    #[must_use]
    pub fn into_error(self) -> Option<Error> {
        self.error
    }

    /// Returns why no further connection follows, such as the status that refused the request.
    /// `None` while one may follow.
    #[must_use]
    pub const fn closed(&self) -> Option<Closed> {
        self.driver.source().closed()
    }

    /// Returns the headers of the last response that was an event stream; empty before that.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        self.driver.headers()
    }

    /// Returns the tokens used, as far as they are known.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.answer().usage()
    }

    /// Returns why the model stopped, as far as it is known.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.answer().reason()
    }

    /// Returns the answer: its protocol, and its outcome at another end.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        self.refused.as_ref().map_or(&self.answer, AnswerStream::answer)
    }

    /// Returns the parser, for the last event ID and the reconnection time.
    #[must_use]
    pub const fn parser(&self) -> &Parser<VecBuf> {
        self.driver.source().parser()
    }

    /// Continues until an event has content. `None` if nothing follows but the body of a refused
    /// response.
    fn poll_judged(&mut self, cx: &mut Context<'_>) -> Poll<Option<(Found, Judged)>> {
        while !self.answer.is_over() {
            match ready!(self.driver.poll_progress(cx)) {
                Some(Ok(Progress::Found(found))) => {
                    let item = self.driver.view(found);
                    let judged = match self.driver.flushed() {
                        None => self.answer.judge(&item),
                        Some(end) => self.answer.judge_flushed(&item, self.end.get_or_insert(end)),
                    };
                    if judged.matters() {
                        return Poll::Ready(Some((found, judged)));
                    }
                }
                Some(Ok(Progress::Open)) => {}
                Some(Ok(Progress::Lost(error))) => {
                    if self.is_said(&error) {
                        break;
                    }
                }
                Some(Err(Error::Parse(error))) => {
                    self.answer.lost(&error);
                    self.error = Some(Error::Parse(error));
                }
                Some(Err(Error::Refused(response))) => {
                    let body: Body = Box::pin(response.bytes_stream());
                    // With the same limits.
                    let mut parser = self.driver.source().parser().clone();
                    parser.reset();
                    let refused = AnswerStream::with_parser(body, parser);
                    self.refused = Some(refused.with_answer(self.answer));
                    return Poll::Ready(None);
                }
                Some(Err(error)) => {
                    self.error = Some(error);
                    return Poll::Ready(None);
                }
                None => return Poll::Ready(None),
            }
        }
        self.driver.finish();
        Poll::Ready(None)
    }

    /// Returns `true` if the answer is over without a terminal: some servers send none, or part of
    /// an error and no more.
    fn is_said(&self, error: &Error) -> bool {
        let is_open = || matches!(self.outcome(), Outcome::Truncated | Outcome::Unknown);
        self.answer.tracker().is_over() || (matches!(error, Error::Ended) && !is_open())
    }
}

impl fmt::Debug for AnswerSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerSource")
            .field("source", self.driver.source())
            .field("answer", self.answer())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
