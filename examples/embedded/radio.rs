//! A simulated radio link: it delivers a recorded stream, a small frame at a time.

use std::convert::Infallible;
use std::slice::Chunks;
use std::thread;
use std::time::Duration;

use embassy_futures::yield_now;
use embedded_io_async::{BufRead, ErrorType, Read};

/// The size of a frame.
const FRAME: usize = 64;

/// The time between two frames.
const AIR_TIME: Duration = Duration::from_millis(30);

pub(crate) struct Radio<'r> {
    in_the_air: Chunks<'r, u8>,
    frame: [u8; FRAME],
    /// The unread part of the frame.
    start: usize,
    end: usize,
}

impl<'r> Radio<'r> {
    pub(crate) fn new(recorded: &'r [u8]) -> Self {
        Self { in_the_air: recorded.chunks(FRAME), frame: [0; FRAME], start: 0, end: 0 }
    }
}

impl ErrorType for Radio<'_> {
    type Error = Infallible;
}

impl BufRead for Radio<'_> {
    async fn fill_buf(&mut self) -> Result<&[u8], Infallible> {
        if self.start == self.end {
            // On a device an interrupt would wake the task.
            thread::sleep(AIR_TIME);
            yield_now().await;
            let received = self.in_the_air.next().unwrap_or_default();
            self.frame[..received.len()].copy_from_slice(received);
            (self.start, self.end) = (0, received.len());
        }
        Ok(&self.frame[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
    }
}

impl Read for Radio<'_> {
    async fn read(&mut self, into: &mut [u8]) -> Result<usize, Infallible> {
        let mut buffered = self.fill_buf().await?;
        let Ok(len) = Read::read(&mut buffered, into).await;
        self.consume(len);
        Ok(len)
    }
}
