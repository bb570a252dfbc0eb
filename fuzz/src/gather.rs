//! What is gathered of deltas has no gap and no cut character, and fills the memory.

use sseam::payload::{
    Accumulator, Full, JsonStr, Memory, Part, PartKind, chat, messages, responses,
};

/// What an event brings to be gathered.
pub enum Deltas<'d> {
    /// All of one part.
    Strings(&'d [JsonStr<'d>]),
    /// Of Chat Completions.
    Chat(&'d chat::Chunk<'d>),
    /// Of Responses.
    Responses(&'d responses::Event<'d>),
    /// Of Messages.
    Messages(&'d messages::Event<'d>),
}

impl Deltas<'_> {
    /// Gathers them, twice, as the next of a stream would be.
    fn push_to<M: Memory>(&self, accumulator: &mut Accumulator<M>) -> Result<(), Full> {
        match self {
            Self::Strings(deltas) => {
                let part = Part { kind: PartKind::Text, output: 0, content: 0 };
                deltas.iter().try_for_each(|delta| accumulator.push(part, *delta))?;
            }
            Self::Chat(chunk) => (0..2).try_for_each(|_| accumulator.push_chat(chunk))?,
            Self::Responses(event) => (0..2).try_for_each(|_| accumulator.push_responses(event))?,
            Self::Messages(event) => (0..2).try_for_each(|_| accumulator.push_messages(event))?,
        }
        accumulator.finish()
    }
}

/// What the deltas come to; and holds that in so little memory it is as much of it as there
/// is room for.
#[must_use]
pub fn gathered(room: u8, deltas: &Deltas<'_>) -> String {
    /// What stands before each piece.
    const HEADER: usize = 13;

    let room = usize::from(room);
    let mut all = Accumulator::growing(1 << 20);
    deltas.push_to(&mut all).expect("room for all");
    let all: Vec<_> = all.pieces().collect();

    let mut memory = vec![0; room];
    let (mut slice, mut growing) = (Accumulator::new(&mut memory), Accumulator::growing(room));
    let full = deltas.push_to(&mut slice);
    assert_eq!(deltas.push_to(&mut growing), full);
    let pieces: Vec<_> = slice.pieces().collect();
    assert_eq!(growing.pieces().collect::<Vec<_>>(), pieces);
    assert_eq!(slice.is_full(), full.is_err());

    let used: usize = pieces.iter().map(|(_, text)| HEADER + text.len()).sum();
    assert!(used <= room);
    assert!(full.is_err() || pieces == all);
    let mut rest = all.iter();
    for (n, (part, text)) in pieces.iter().enumerate() {
        let (of, whole) = rest.next().expect("a piece of all");
        let missing = whole.strip_prefix(text).expect("its beginning");
        assert!(part == of && (missing.is_empty() || n + 1 == pieces.len()));
        if let Some(next) = missing.chars().next() {
            assert!(full.is_err() && used + next.len_utf8() > room, "there was room");
        }
    }
    let is_all = rest.len() == 0;
    let is_whole =
        pieces.last().is_none_or(|(_, text)| text.len() == all[pieces.len() - 1].1.len());
    assert!(is_all || !is_whole || used + HEADER > room, "there was room");
    all.iter().map(|(_, text)| *text).collect()
}
