//! Chunks in, a model's text and the outcome out: what `run.mjs` calls.

use std::cell::RefCell;

use sseam::llm::{Answer, Collected, Outcome, Protocol};
use sseam::{Parser, VecBuf};

/// The most text that is gathered, in bytes.
const TEXT_LIMIT: usize = 1 << 20;

struct Client {
    chunk: Vec<u8>,
    parser: Parser<VecBuf>,
    answer: Answer,
    collected: Collected,
}

impl Client {
    fn new() -> Self {
        Self {
            chunk: Vec::new(),
            parser: Parser::new(),
            answer: Answer::of(Protocol::CHAT),
            collected: Collected::with_limit(TEXT_LIMIT),
        }
    }

    fn hear(&mut self) -> u32 {
        let mut chunk = &*self.chunk;
        let mut events = 0;
        loop {
            match self.parser.next_event(&mut chunk) {
                Ok(Some(event)) => {
                    events += 1;
                    for delta in self.answer.read(&event) {
                        // Where it is full, the text will not be the one that is expected.
                        let _ = self.collected.push(&delta);
                    }
                }
                Ok(None) => return events,
                // It was about one event: the next call goes on after it.
                Err(error) => {
                    events += 1;
                    self.answer.lost(&error);
                }
            }
        }
    }

    fn text(&self) -> &str {
        &self.collected.text
    }
}

thread_local! {
    static CLIENT: RefCell<Client> = RefCell::new(Client::new());
}

fn with<R>(work: impl FnOnce(&mut Client) -> R) -> R {
    CLIENT.with_borrow_mut(work)
}

/// Begins a stream.
#[unsafe(no_mangle)]
extern "C" fn start() {
    with(|client| *client = Client::new());
}

/// Where a chunk of `len` bytes is to be put.
#[unsafe(no_mangle)]
extern "C" fn chunk(len: usize) -> *mut u8 {
    with(|client| {
        client.chunk.resize(len, 0);
        client.chunk.as_mut_ptr()
    })
}

/// Hears the chunk. Answers how many events it brought.
#[unsafe(no_mangle)]
extern "C" fn hear() -> u32 {
    with(Client::hear)
}

/// Ends the stream. Answers whether it was whole.
#[unsafe(no_mangle)]
extern "C" fn end() -> bool {
    with(|client| client.answer.outcome(client.parser.finish()) == Outcome::Completed)
}

/// Where the text stands, until the next call of another function than `text_len`.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    with(|client| client.text().as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn text_len() -> usize {
    with(|client| client.text().len())
}
