//! A device reads a model's answer, collects its text, and checks that it is complete. Once with
//! the parser and chunks, once like `examples/embedded` over a connection.
#![no_std]
#![no_main]

#[path = "../../../../../examples/embedded/listen.rs"]
mod listen;

use core::convert::Infallible;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

use cortex_m_rt::entry;
use device::{ANSWER, FRAME, frames, stack_used_by};
use embedded_io_async::{BufRead, ErrorType, Read};
use semihosting::{println, process};
use sseam::llm::{Answer, Outcome, Protocol, Reading, SliceCollector};
use sseam::{ArrayBuf, Parser};

/// The text of the answer.
const TEXT: &str = "The light is on, and it is 21 °C in the kitchen. 💡";

#[entry]
fn main() -> ! {
    let mut memory = [0; 128];
    let mut client = Client::new(&mut memory);
    let (outcome, used) = stack_used_by(Client::read, &mut client);
    println!("Answer: {}", size_of::<Answer>());
    println!("size of the client: {}", size_of_val(&client));
    println!("stack of the client: {used}");
    let by_chunks = is_whole(outcome, client.collected.text().as_str().unwrap_or_default());

    let mut text = heapless::String::<128>::new();
    let (outcome, size, used) = {
        let mut listening = pin!(listen::listen(Radio { coming: ANSWER }, &mut text));
        let size = size_of_val(&*listening);
        let (report, used) = stack_used_by(poll, &mut listening);
        let outcome = match report {
            Poll::Ready(Ok(report))
                if (report.events, report.has_skipped, report.is_cut) == (10, false, false) =>
            {
                report.outcome
            }
            _ => Outcome::Truncated,
        };
        (outcome, size, used)
    };
    println!("size of the task: {size}");
    println!("stack of the task: {used}");
    let by_connection = is_whole(outcome, &text);

    process::exit(i32::from(!(by_chunks && by_connection)))
}

/// Prints the result. Returns `true` if the answer is complete.
fn is_whole(outcome: Outcome, text: &str) -> bool {
    println!("{outcome}: {text}");
    outcome == Outcome::Completed && text == TEXT
}

/// The state between chunks.
struct Client<'m> {
    parser: Parser<ArrayBuf<1024, 64>>,
    answer: Answer,
    collected: SliceCollector<'m>,
}

impl<'m> Client<'m> {
    fn new(memory: &'m mut [u8]) -> Self {
        Self {
            parser: Parser::with_buffer(ArrayBuf::new()),
            answer: Answer::of(Protocol::CHAT),
            collected: SliceCollector::new(memory),
        }
    }

    fn read(&mut self) -> Outcome {
        for frame in frames(ANSWER) {
            let mut chunk = frame;
            while let Ok(Some(event)) = self.parser.next_event(&mut chunk) {
                keep(&mut self.collected, self.answer.read(&event));
            }
        }
        self.answer.outcome(self.parser.finish())
    }
}

/// A separate function, so that its stack frame and the parser's are not allocated at the same
/// time.
#[inline(never)]
fn keep(collected: &mut SliceCollector<'_>, reading: Reading<'_, '_>) {
    for delta in reading {
        // If the memory is full, the text differs from the expected one.
        let _ = collected.push(&delta);
    }
}

/// Delivers a frame at a time, and is never pending.
struct Radio {
    coming: &'static [u8],
}

impl ErrorType for Radio {
    type Error = Infallible;
}

impl BufRead for Radio {
    async fn fill_buf(&mut self) -> Result<&[u8], Infallible> {
        Ok(self.coming.get(..FRAME).unwrap_or(self.coming))
    }

    fn consume(&mut self, amount: usize) {
        self.coming = self.coming.get(amount..).unwrap_or_default();
    }
}

impl Read for Radio {
    async fn read(&mut self, into: &mut [u8]) -> Result<usize, Infallible> {
        let mut frame = self.fill_buf().await?;
        let Ok(len) = Read::read(&mut frame, into).await;
        self.consume(len);
        Ok(len)
    }
}

fn poll<F: Future>(task: &mut Pin<&mut F>) -> Poll<F::Output> {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}
