//! `adapter::tokio` over ordinary readers, and over one that breaks its contract.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use sseam::End;
use sseam::adapter::Error;
use sseam::adapter::tokio::{AnswerReader, EventReader};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt, BufReader, ReadBuf};

use sseam_testkit::script::{Script, poll_once, wait};

/// Events that do not fit into the reader's buffer are copied.
#[test]
fn buffers_of_any_capacity() {
    let long = format!("data: {}\n\n", "a".repeat(100));
    for capacity in [1, 7, 64, 8192] {
        let body =
            BufReader::with_capacity(capacity, Script::of(&[long.as_bytes(), b"data: b\n\n"]));
        let mut events = EventReader::new(body);
        assert_eq!(wait(events.next_event()).unwrap().unwrap().data().as_bytes().len(), 100);
        assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "b");
        assert_eq!(wait(events.next_event()).unwrap(), None);
        assert_eq!(events.end(), Some(End::Clean));
    }
}

/// The event that was returned last has been consumed from the reader.
#[test]
fn rest_stays_in_reader() {
    let mut events = EventReader::new(&b"data: one\n\ndata: two\n\nda"[..]);
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "one");
    let (mut reader, _) = events.into_parts();
    let mut rest = String::new();
    wait(reader.read_to_string(&mut rest)).unwrap();
    assert_eq!(rest, "data: two\n\nda");
}

/// Returns `Pending` at every other call, although its buffer is full.
struct Unready(&'static [u8], bool);

impl AsyncRead for Unready {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        unreachable!("only its buffer is read")
    }
}

impl AsyncBufRead for Unready {
    fn poll_fill_buf(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let reader = self.get_mut();
        reader.1 = !reader.1;
        if reader.1 { Poll::Ready(Ok(reader.0)) } else { Poll::Pending }
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        self.0 = &self.0[amount..];
    }
}

/// The event is found but cannot be borrowed: the next call returns it.
#[test]
fn withheld_buffer_is_an_error() {
    let mut events = EventReader::new(Unready(b"data: a\n\ndata: b\n\n", false));
    let Poll::Ready(Err(Error::Transport(error))) = poll_once(events.next_event()) else {
        panic!("an error")
    };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert_eq!(wait(events.next_event()).unwrap().unwrap().data(), "a");
    assert_eq!(events.span(), 0..9);

    let mut answers = AnswerReader::new(Unready(b"data: {\"choices\":[]}\n\n", false));
    assert!(wait(answers.next_event()).is_none());
    let Some(Error::Transport(error)) = answers.into_error() else { panic!("an error") };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}
