//! Chunks in, a model's text and the outcome out: called by `run.mjs`.

use std::cell::RefCell;

use sseam::llm::{Answer, Collected, Outcome, Protocol};
use sseam::{Parser, VecBuf};

/// The limit on the collected text, in bytes.
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

    fn feed(&mut self) -> u32 {
        let mut chunk = &*self.chunk;
        let mut events = 0;
        loop {
            match self.parser.next_event(&mut chunk) {
                Ok(Some(event)) => {
                    events += 1;
                    for delta in self.answer.read(&event) {
                        // If it is full, the text differs from the expected one.
                        let _ = self.collected.push(&delta);
                    }
                }
                Ok(None) => return events,
                // The error concerns one event: the next call continues after it.
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

/// Starts a stream.
#[unsafe(no_mangle)]
extern "C" fn start() {
    with(|client| *client = Client::new());
}

/// Returns where to put a chunk of `len` bytes.
#[unsafe(no_mangle)]
extern "C" fn chunk(len: usize) -> *mut u8 {
    with(|client| {
        client.chunk.resize(len, 0);
        client.chunk.as_mut_ptr()
    })
}

/// Reads the chunk. Returns the number of its events.
#[unsafe(no_mangle)]
extern "C" fn feed() -> u32 {
    with(Client::feed)
}

/// Ends the stream. Returns `true` if it was complete.
#[unsafe(no_mangle)]
extern "C" fn end() -> bool {
    with(|client| client.answer.outcome(client.parser.finish()) == Outcome::Completed)
}

/// Returns the address of the text, valid until the next call of any function but `text_len`.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    with(|client| client.text().as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn text_len() -> usize {
    with(|client| client.text().len())
}
