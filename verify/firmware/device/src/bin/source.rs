//! Only a source in a client's loop: what it takes beyond `alone.rs` is the source's.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::time::Duration;

use cortex_m_rt::entry;
use device::{ANSWER, frames};
use sseam::source::{Head, Lost, Policy, Source, Step, retry_after};
use sseam::{ArrayBuf, Parser};

#[entry]
fn main() -> ! {
    let parser = Parser::with_buffer(ArrayBuf::<1024, 64>::new());
    let mut source = Source::new(parser, Policy::call()).with_seed(black_box(1));
    let now = || black_box(Duration::ZERO);
    loop {
        match source.step(now()) {
            Step::Connect(request) => {
                for header in request.headers() {
                    black_box(header);
                }
                let head = Head {
                    status: black_box(200),
                    content_type: black_box(Some(ANSWER)),
                    retry_after: retry_after(black_box(ANSWER)),
                };
                if source.answered(&head, now()).is_err() {
                    source.lost(black_box(Lost::Broken), now());
                }
            }
            Step::Read => {
                for frame in frames(black_box(ANSWER)) {
                    let mut chunk = frame;
                    loop {
                        match source.next_event(&mut chunk) {
                            Ok(Some(event)) => _ = black_box(event),
                            Ok(None) => break,
                            Err(error) => _ = black_box(error),
                        }
                    }
                }
                if black_box(true) {
                    source.done();
                }
                source.ended(now());
            }
            Step::Wait(until) => _ = black_box(until),
            Step::Closed(closed) => {
                black_box((closed, source.end()));
                source.reconnect();
            }
        }
    }
}
