//! Only an event read by each of the three payload modules, so that all code of this program is
//! theirs.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use device::ANSWER;
use sseam::Event;
use sseam::llm::payload::{chat, messages, responses};

#[entry]
fn main() -> ! {
    loop {
        let event = Event::new(black_box(ANSWER)).with_type(black_box(ANSWER));
        let _ = black_box(chat::Chunk::parse(&event));
        let _ = black_box(responses::StreamEvent::parse(&event));
        let _ = black_box(messages::StreamEvent::parse(&event));
    }
}
