//! What a device does with a model's answer: hears it, gathers its text, and knows whether it is
//! whole. Once with the parser and chunks, once as `examples/embedded` does over a connection.
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

/// What the answer comes to.
const TEXT: &str = "The light is on, and it is 21 °C in the kitchen. 💡";

#[entry]
fn main() -> ! {
    let mut memory = [0; 128];
    let mut client = Client::new(&mut memory);
    let (outcome, used) = stack_used_by(Client::hear, &mut client);
    println!("Answer: {}", size_of::<Answer>());
    println!("size of the client: {}", size_of_val(&client));
    println!("stack of the client: {used}");
    let is_heard = is_whole(outcome, client.collected.text().as_str().unwrap_or_default());

    let mut text = heapless::String::<128>::new();
    let (outcome, size, used) = {
        let mut listening = pin!(listen::listen(Radio { coming: ANSWER }, &mut text));
        let size = size_of_val(&*listening);
        let (heard, used) = stack_used_by(poll, &mut listening);
        let outcome = match heard {
            Poll::Ready(Ok(heard))
                if (heard.events, heard.has_skipped, heard.is_cut) == (10, false, false) =>
            {
                heard.outcome
            }
            _ => Outcome::Truncated,
        };
        (outcome, size, used)
    };
    println!("size of the task: {size}");
    println!("stack of the task: {used}");
    let is_listened = is_whole(outcome, &text);

    process::exit(i32::from(!(is_heard && is_listened)))
}

/// Prints what was heard. Returns whether it is all there.
fn is_whole(outcome: Outcome, text: &str) -> bool {
    println!("{outcome}: {text}");
    outcome == Outcome::Completed && text == TEXT
}

/// All that is kept from chunk to chunk.
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

    fn hear(&mut self) -> Outcome {
        for frame in frames(ANSWER) {
            let mut chunk = frame;
            while let Ok(Some(event)) = self.parser.next_event(&mut chunk) {
                keep(&mut self.collected, self.answer.read(&event));
            }
        }
        self.answer.outcome(self.parser.finish())
    }
}

/// A call of its own, so that its stack and that of the parser are not taken at the same time.
#[inline(never)]
fn keep(collected: &mut SliceCollector<'_>, reading: Reading<'_, '_>) {
    for delta in reading {
        // Where it is full, the text will not be the one that is expected.
        let _ = collected.push(&delta);
    }
}

/// Brings a frame at a time, without ever keeping the task waiting.
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
