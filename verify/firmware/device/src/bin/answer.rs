//! Only an answer in one protocol, read from events and kept in its own memory, so that all code of
//! this program is the answer's.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use device::ANSWER;
use sseam::Event;
use sseam::llm::{Answer, Protocol, SliceCollector};

#[entry]
fn main() -> ! {
    let mut memory = [0; 128];
    let (mut answer, mut collected) =
        (Answer::of(Protocol::CHAT), SliceCollector::new(&mut memory));
    loop {
        let event = Event::new(black_box(ANSWER)).with_type(black_box(ANSWER));
        for delta in answer.read(&event) {
            let _ = collected.push(&delta);
        }
        black_box((answer.outcome(None), collected.text().as_str()));
    }
}
