//! The parser reads back exactly the block that was written, for any content, and every sink gets
//! the same bytes.
#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use sseam::Notify;
use sseam::encode::{Block, Error, TooSmall};
use sseam_fuzz::Cuts;
use sseam_testkit::script::wait;
use sseam_testkit::{Output, Setup, Trace, read, table};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: Cuts,
    /// The size of a slice.
    room: u8,
    plans: [Plan; 3],
    text: &'a [u8],
}

/// How the text is divided into a block.
#[derive(Arbitrary, Debug)]
struct Plan {
    choices: u8,
    /// The length of each value; the largest takes the whole text.
    lens: [u8; 3],
    retry: Duration,
}

impl Plan {
    fn take<'a>(&self, text: &mut &'a [u8]) -> Parts<'a> {
        let mut take = |len: u8| {
            let len = if len == u8::MAX { text.len() } else { text.len().min(len.into()) };
            text.split_off(..len).unwrap_or_default()
        };
        let [type_len, id_len, body_len] = self.lens;
        let chosen = |bit: u8| self.choices >> bit & 1 == 1;
        Parts {
            retry: chosen(0).then_some(self.retry),
            event_type: chosen(1).then(|| take(type_len)),
            id: chosen(2).then(|| take(id_len)),
            body: match self.choices >> 3 & 3 {
                0 => Body::Nothing,
                1 => Body::Comment(take(body_len)),
                _ => Body::Data(take(body_len)),
            },
        }
    }
}

/// The parts of a block, some of which may be refused.
struct Parts<'a> {
    retry: Option<Duration>,
    event_type: Option<&'a [u8]>,
    id: Option<&'a [u8]>,
    body: Body<'a>,
}

/// An event, a comment, or neither.
enum Body<'a> {
    Nothing,
    Comment(&'a [u8]),
    Data(&'a [u8]),
}

fn has_any(bytes: &[u8], of: &[u8]) -> bool {
    bytes.iter().any(|byte| of.contains(byte))
}

/// The lines of the text, each without its end.
fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    let mut bytes = text.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if_eq(&&b'\n');
        }
        match byte {
            b'\r' | b'\n' => lines.push(Vec::new()),
            _ => lines.last_mut().expect("a line").push(byte),
        }
    }
    lines
}

impl<'a> Parts<'a> {
    /// The block without the parts that have to be refused.
    fn block(&self) -> Block<'a> {
        let mut block = match self.body {
            Body::Nothing => Block::new(),
            Body::Comment(text) => Block::comment(text),
            Body::Data(data) => Block::data(data),
        };
        if let Some(event_type) = self.event_type {
            let with_type = block.event_type(event_type);
            let is_wrong = has_any(event_type, b"\r\n");
            assert_eq!(with_type.err(), is_wrong.then_some(Error::InvalidEventType));
            block = with_type.unwrap_or(block);
        }
        if let Some(id) = self.id {
            let with_id = block.id(id);
            let is_wrong = has_any(id, b"\r\n\0");
            assert_eq!(with_id.err(), is_wrong.then_some(Error::InvalidId));
            block = with_id.unwrap_or(block);
        }
        self.retry.map_or(block, |time| block.retry(time))
    }

    /// Adds what the parser has to report for it.
    fn add_to(&self, trace: &mut Trace) {
        if let Some(time) = self.retry {
            let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            trace.retry = Some(time);
            trace.outputs.push(Output::ReconnectionTime(Duration::from_millis(time)));
        }
        let id = self.id.filter(|id| !has_any(id, b"\r\n\0"));
        trace.last_event_id = id.map_or(trace.last_event_id.clone(), <[u8]>::to_vec);
        let named = self.event_type.filter(|named| !has_any(named, b"\r\n"));
        let named = named.filter(|named| !named.is_empty() && *named != b"message");
        let event_type = named.unwrap_or(b"message").to_vec();
        let id_now = trace.last_event_id.clone();
        if let Body::Comment(text) = self.body {
            let comment = |text| Output::Comment { text, truncated: false };
            trace.outputs.extend(lines(text).into_iter().map(comment));
        }
        if let Body::Data(data) = self.body {
            trace.outputs.push(Output::Event {
                event_type,
                data: lines(data).join(&b'\n'),
                id: id_now,
            });
        } else if named.is_some() || id.is_some() {
            trace.outputs.push(Output::EmptyBlock { event_type, id: id_now });
        }
    }
}

/// Writes the block to every sink, among them a slice of `room` bytes, and returns the bytes.
fn write(block: &Block<'_>, room: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    block.append_to(&mut bytes);
    let needed = bytes.len();
    assert_eq!(block.encoded_len(), needed);
    assert!(block.pieces().all(|piece| !piece.is_empty()));
    assert_eq!(block.pieces().collect::<Vec<_>>().concat(), bytes);
    assert_eq!(block.to_vec(), bytes);
    assert_eq!(Bytes::from(*block), bytes);
    assert_eq!(block.to_string(), String::from_utf8_lossy(&bytes));
    let mut memory = vec![0xA5; room];
    match block.write_to_slice(&mut memory) {
        Ok(written) => assert_eq!(written, bytes),
        Err(TooSmall { needed: reported }) => assert!(reported == needed && room < needed),
    }
    let written = if room < needed { 0 } else { needed };
    assert!(memory[written..].iter().all(|byte| *byte == 0xA5), "written to after the block");
    let (mut standard, mut blocking, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    block.write_to(&mut standard).expect("writing to a vector does not fail");
    block.write_to_embedded_io_v0_7(&mut blocking).expect("writing to a vector does not fail");
    wait(block.write_to_embedded_io_async_v0_7(&mut waiting))
        .expect("writing to a vector does not fail");
    assert!([standard, blocking, waiting].iter().all(|written| *written == bytes));
    bytes
}

fuzz_target!(|input: Input<'_>| {
    let mut stream = Vec::new();
    let mut expected =
        Trace { outputs: Vec::new(), last_event_id: Vec::new(), retry: None, discarded: false };
    let mut text = input.text;
    for parts in input.plans.iter().map(|plan| plan.take(&mut text)) {
        stream.extend(write(&parts.block(), input.room.into()));
        parts.add_to(&mut expected);
    }
    let setup = Setup { data: 1 << 20, meta: 1 << 20, notify: Notify::ALL, flush: false };
    for chunks in [vec![&stream[..]], input.cuts.of(&stream)] {
        assert_eq!(read(&mut table::parser(&setup), &chunks, false), expected);
    }
});
