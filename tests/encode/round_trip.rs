//! The parser reads back exactly the blocks that were written, for any content.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::encode::{Block, Error};
use sseam::{ArrayBuf, Event, Notify, Parser};

use crate::sinks::assert_in_every_sink;
use sseam_testkit::streams::{cases, stream, structure};
use sseam_testkit::{Output, Setup, Trace, bytewise, cut, ms, read, read_with_each_buffer, show};

/// The content of a block. Type and ID may be invalid.
#[derive(Clone, Debug)]
struct Parts {
    body: Body,
    event_type: Option<Vec<u8>>,
    id: Option<Vec<u8>>,
    retry: Option<u64>,
}

#[derive(Clone, Debug)]
enum Body {
    Data(Vec<u8>),
    Comment(Vec<u8>),
    Nothing,
}

fn has_any(bytes: &[u8], of: &[u8]) -> bool {
    bytes.iter().any(|byte| of.contains(byte))
}

/// The lines of the text by the standard's line ends, written literally.
fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    for (n, &byte) in text.iter().enumerate() {
        match byte {
            b'\n' if n > 0 && text[n - 1] == b'\r' => {}
            b'\n' | b'\r' => lines.push(Vec::new()),
            _ => lines.last_mut().expect("a line").push(byte),
        }
    }
    lines
}

impl Parts {
    /// The block, without what is refused.
    fn block(&self) -> Block<'_> {
        let mut block = match &self.body {
            Body::Data(data) => Block::data(&data[..]),
            Body::Comment(text) => Block::comment(&text[..]),
            Body::Nothing => Block::new(),
        };
        if let Some(event_type) = self.event_type.as_deref() {
            match block.event_type(event_type) {
                Ok(with_type) if !has_any(event_type, b"\n\r") => block = with_type,
                Err(Error::InvalidEventType) if has_any(event_type, b"\n\r") => {}
                other => panic!("{other:?} of {}", event_type.escape_ascii()),
            }
        }
        if let Some(id) = self.id.as_deref() {
            match block.id(id) {
                Ok(with_id) if !has_any(id, b"\n\r\0") => block = with_id,
                Err(Error::InvalidId) if has_any(id, b"\n\r\0") => {}
                other => panic!("{other:?} of {}", id.escape_ascii()),
            }
        }
        match self.retry {
            Some(time) => block.retry(ms(time)),
            None => block,
        }
    }

    /// Adds what the parser reports for the block.
    fn add_to(&self, trace: &mut Trace) {
        if let Some(time) = self.retry {
            trace.retry = Some(time);
            trace.outputs.push(Output::ReconnectionTime(ms(time)));
        }
        let id = self.id.as_ref().filter(|id| !has_any(id, b"\n\r\0"));
        trace.last_event_id = id.unwrap_or(&trace.last_event_id).clone();
        let id_now = trace.last_event_id.clone();
        let is_written = |event_type: &&Vec<u8>| {
            !has_any(event_type, b"\n\r") && !matches!(&event_type[..], b"" | b"message")
        };
        let written_type = self.event_type.as_ref().filter(is_written);
        let event_type = written_type.cloned().unwrap_or(b"message".to_vec());
        if let Body::Comment(text) = &self.body {
            let comment = |text| Output::Comment { text, truncated: false };
            trace.outputs.extend(lines(text).into_iter().map(comment));
        }
        if let Body::Data(data) = &self.body {
            trace.outputs.push(Output::Event {
                event_type,
                data: lines(data).join(&b'\n'),
                id: id_now,
            });
        } else if written_type.is_some() || id.is_some() {
            trace.outputs.push(Output::EmptyBlock { event_type, id: id_now });
        }
    }
}

/// Bytes many of which are significant.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let meaning = select(&b"\n\r\0 :aid\xEF\xBB\xBF\xFF"[..]);
    prop_oneof![
        2 => vec(meaning, 0..8),
        2 => vec(any::<u8>(), 0..40),
        1 => "[a-z]{0,40}".prop_map(String::into_bytes),
        1 => Just(b"message".to_vec()),
    ]
}

fn parts() -> impl Strategy<Value = Parts> {
    let text = || prop_oneof![3 => value(), 1 => stream(), 1 => structure()];
    let body = prop_oneof![
        4 => text().prop_map(Body::Data),
        2 => text().prop_map(Body::Comment),
        1 => Just(Body::Nothing),
    ];
    let retry = option::weighted(0.2, prop_oneof![0..10_u64, any::<u64>()]);
    (body, option::of(value()), option::of(value()), retry)
        .prop_map(|(body, event_type, id, retry)| Parts { body, event_type, id, retry })
}

fn empty_trace() -> Trace {
    Trace { outputs: Vec::new(), last_event_id: Vec::new(), retry: None, discarded: false }
}

const SETUP: Setup = Setup { notify: Notify::ALL, ..Setup::ROOMY };

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn written_blocks_are_read_back(
        blocks in vec(parts(), 0..6),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut stream = Vec::new();
        let mut expected = empty_trace();
        for parts in &blocks {
            let bytes = parts.block().pieces().collect::<Vec<_>>().concat();
            assert_in_every_sink(&parts.block(), &bytes);
            stream.extend_from_slice(&bytes);
            parts.add_to(&mut expected);
        }
        let offsets: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        for chunks in [vec![&stream[..]], bytewise(&stream), cut(&stream, &offsets)] {
            for run in read_with_each_buffer(&SETUP, &chunks) {
                prop_assert_eq!(&run.trace, &expected, "{}, {:?}", run.buffer, show(&chunks));
            }
        }
    }

    #[test]
    fn parsed_events_can_be_sent_on(stream in prop_oneof![stream(), structure()]) {
        let mut parser = Parser::with_buffer(ArrayBuf::<100_000, 10_000>::new());
        let (mut sent, mut expected) = (Vec::new(), Vec::new());
        let mut chunk = &stream[..];
        let mut last_id = Vec::new();
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            let block = Block::try_from(event).expect("nothing to refuse");
            sent.extend(block.pieces().flatten());
            // An ID that was reset is lost: see the conversion.
            let id = event.last_event_id().as_bytes();
            if !id.is_empty() {
                last_id = id.to_vec();
            }
            expected.push(Output::from(Event::new(event.data()).with_type(event.event_type()).with_id(&last_id[..])));
        }
        parser = Parser::with_buffer(ArrayBuf::new());
        prop_assert_eq!(read(&mut parser, &[&sent], false).outputs, expected);
    }
}

/// Every text of up to five significant bytes, in every field.
#[test]
#[cfg_attr(miri, ignore = "too much to interpret")]
fn every_short_text() {
    const LEN: usize = 5;
    let bytes: [&[u8]; 7] = [b"\n", b"\r", b":", b" ", b"\0", b"a", b"\xEF\xBB\xBF"];
    let mut texts = vec![Vec::new()];
    let mut longest = texts.clone();
    for _ in 0..LEN {
        let longer = |text: &Vec<u8>| bytes.map(|bytes| [text, bytes].concat());
        longest = longest.iter().flat_map(longer).collect();
        texts.extend_from_slice(&longest);
    }
    assert_eq!(texts.len(), 1 + 7 + 49 + 343 + 2401 + 16_807);

    let mut memory = [0; 64];
    for text in texts {
        let x = Body::Data(b"x".to_vec());
        for parts in [
            Parts { body: Body::Data(text.clone()), event_type: None, id: None, retry: None },
            Parts { body: Body::Comment(text.clone()), event_type: None, id: None, retry: None },
            Parts { body: x.clone(), event_type: Some(text.clone()), id: None, retry: None },
            Parts { body: x, event_type: None, id: Some(text.clone()), retry: None },
        ] {
            let block = parts.block();
            let stream = block.write_to_slice(&mut memory).expect("room");
            let mut expected = empty_trace();
            parts.add_to(&mut expected);
            for chunks in [vec![stream], bytewise(stream)] {
                let buffer = ArrayBuf::<32, 32>::new();
                let mut parser = Parser::with_buffer(buffer).with_notify(Notify::ALL);
                assert_eq!(read(&mut parser, &chunks, false), expected, "{:?}", show(&chunks));
            }
        }
    }
}
