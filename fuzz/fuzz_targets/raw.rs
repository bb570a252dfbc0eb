//! Calls in any order do not panic, no value exceeds its limit, and every call makes progress.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sseam::{
    ArrayBuf, Buffer, End, Error, Event, Item, LastEventIdError, Parser, SliceBuf, VecBuf,
};
use sseam_fuzz::Bounds;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    bounds: Bounds,
    data: u8,
    meta: u8,
    calls: Vec<Call>,
    stream: &'a [u8],
}

/// The lengths are bytes of the stream.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Call {
    Next(u8),
    NextItem(u8),
    /// Calls once, and drops the rest of the chunk.
    Once(u8),
    /// Finds one item.
    Find(u8),
    Flush,
    FlushItem,
    FlushNotification,
    /// Views the last found item with this many bytes of the stream, after any other calls.
    View(u8),
    Finish,
    Reset,
    Seed(u8),
}

/// The limits of a buffer, which no reported value exceeds.
struct Limits {
    data: usize,
    /// On each of event type and ID.
    meta: usize,
}

impl Limits {
    /// Checks the limits on a returned item.
    fn check(&self, answer: Result<Item<'_>, Error>) {
        assert!(!format!("{answer:?}").is_empty());
        match answer {
            Ok(Item::Event(event)) => self.check_event(event),
            Ok(Item::Comment { text, .. }) => assert!(text.len() <= self.data),
            Ok(Item::UnknownField { name, value, .. }) => {
                assert!(name.len() + value.len() <= self.data);
            }
            Ok(Item::EmptyBlock { event_type, last_event_id }) => {
                self.check_event(Event::new("").with_type(event_type).with_id(last_event_id));
            }
            Ok(_) => {}
            Err(Error::TooLarge { limit, .. }) => {
                assert!(limit == self.data || limit == self.meta);
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn check_event(&self, event: Event<'_>) {
        assert!(event.data().len() <= self.data);
        let event_type = event.event_type();
        assert!(event_type == "message" || (1..=self.meta).contains(&event_type.len()));
        assert!(event.last_event_id().len() <= self.meta);
        assert_eq!(event.into_owned().as_event(), event);
    }
}

/// Calls until the chunk is used up, or only once.
fn feed<B: Buffer>(
    parser: &mut Parser<B>,
    limits: &Limits,
    mut chunk: &[u8],
    is_item: bool,
    is_once: bool,
) {
    loop {
        let before = chunk.len();
        let answer = if is_item {
            parser.next_item(&mut chunk).transpose()
        } else {
            parser.next_event(&mut chunk).transpose().map(|event| event.map(Item::Event))
        };
        match answer {
            None => {
                assert!(chunk.is_empty(), "`None` without consuming the chunk");
                return;
            }
            Some(answer) => {
                let is_error = answer.is_err();
                limits.check(answer);
                assert!(chunk.len() < before || is_error, "a result without progress");
            }
        }
        if is_once {
            return;
        }
    }
}

fn drive<B: Buffer>(buffer: B, limits: &Limits, input: &Input<'_>) {
    let mut parser = Parser::with_buffer(buffer).with_notify(input.bounds.notify());
    let mut stream = input.stream;
    let mut found = None;
    for call in &input.calls {
        let mut take = |len: u8| {
            let (chunk, rest) = stream.split_at(usize::from(len).min(stream.len()));
            stream = rest;
            chunk
        };
        match *call {
            Call::Next(len) => feed(&mut parser, limits, take(len), false, false),
            Call::NextItem(len) => feed(&mut parser, limits, take(len), true, false),
            Call::Once(len) => feed(&mut parser, limits, take(len), len % 2 == 0, true),
            Call::Flush => {
                if let Some(event) = parser.flush_event().transpose() {
                    limits.check(event.map(Item::Event));
                }
            }
            Call::Find(len) => {
                let chunk = take(len);
                let mut rest = chunk;
                match parser.find(&mut rest) {
                    Ok(None) => assert!(rest.is_empty(), "`None` without consuming the chunk"),
                    Ok(Some(token)) => {
                        limits.check(Ok(parser.view(chunk, token)));
                        found = Some(token);
                    }
                    Err(error) => limits.check(Err(error)),
                }
            }
            Call::View(len) => {
                if let Some(token) = found {
                    let _ = format!("{:?}", parser.view(take(len), token));
                }
            }
            Call::FlushNotification => {
                if let Some(item) = parser.flush_notification() {
                    assert!(item.event().is_none(), "an event instead of a notification");
                    limits.check(Ok(item));
                }
            }
            // Never more than a line and a block.
            Call::FlushItem => {
                let left = (0..4).find_map(|_| match parser.flush_item().transpose() {
                    None => Some(()),
                    Some(item) => {
                        limits.check(item);
                        None
                    }
                });
                assert!(left.is_some(), "a flush without an end");
                assert_eq!(parser.finish(), End::Clean, "nothing is left after a flush");
            }
            Call::Finish => {
                let _ = parser.finish();
                assert_eq!(parser.finish(), End::Clean);
            }
            Call::Reset => parser.reset(),
            Call::Seed(len) => seed(&mut parser, limits, take(len)),
        }
        let id = parser.last_event_id();
        assert!(
            id.len() <= limits.meta && !id.as_bytes().iter().any(|byte| b"\0\r\n".contains(byte))
        );
    }
    feed(&mut parser, limits, stream, true, false);
    assert!(!format!("{parser:?}").is_empty());
}

fn seed<B: Buffer>(parser: &mut Parser<B>, limits: &Limits, id: &[u8]) {
    let before = parser.last_event_id().as_bytes().to_vec();
    match parser.set_last_event_id(id) {
        Ok(()) => assert_eq!(parser.last_event_id(), id),
        Err(error) => {
            let is_too_large =
                matches!(error, LastEventIdError::TooLarge { .. }) && id.len() > limits.meta;
            assert!(is_too_large || error == LastEventIdError::InvalidByte);
            assert_eq!(parser.last_event_id(), &before[..]);
        }
    }
}

fuzz_target!(|input: Input<'_>| {
    let (data, meta) = (usize::from(input.data % 65), usize::from(input.meta % 33));
    drive(VecBuf::with_limits(data, meta), &Limits { data, meta }, &input);
    let (mut data_memory, mut meta_memory) = (vec![0; data], vec![0; 3 * meta]);
    let buffer = SliceBuf::new(&mut data_memory, &mut meta_memory);
    drive(buffer, &Limits { data, meta }, &input);
    let data = data.min(8);
    drive(ArrayBuf::<8, 4>::new().with_limit(data), &Limits { data, meta: 4 }, &input);
    drive(ArrayBuf::<1, 0>::new(), &Limits { data: 1, meta: 0 }, &input);
});
