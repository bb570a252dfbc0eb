//! The error of a collector that is full.

use core::fmt;

/// The error of a collector whose limit or memory is exceeded.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Full, SliceCollector};
///
/// let mut memory = [0; 16]; // Eight bytes of text: a record's header takes the others.
/// let (mut answer, mut collector) = (Answer::new(), SliceCollector::new(&mut memory));
/// let event = Event::new(r#"{"type":"response.output_text.delta","delta":"Good day to you"}"#);
/// let delta = answer.read(&event).next().expect("a delta");
/// assert_eq!(collector.push(&delta), Err(Full));
/// assert_eq!(collector.text().as_str(), Some("Good day"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer exceeds the collector's capacity")
    }
}

impl core::error::Error for Full {}

/// Returns the longest prefix of `text` that fits in `room` bytes, in whole characters.
pub(super) fn fitting(text: &str, room: usize) -> &str {
    let mut len = text.len().min(room);
    while !text.is_char_boundary(len) {
        len = len.saturating_sub(1);
    }
    text.get(..len).unwrap_or_default()
}

/// Copies the longest prefix of `text` that fits, in whole characters. Returns its length.
pub(super) fn copy_fitting(text: &str, room: &mut [u8]) -> usize {
    let text = fitting(text, room.len());
    for (to, from) in room.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    text.len()
}
