//! sse-stream: its stream over byte buffers, which come as `Bytes` from a
//! transport that is always ready. It yields blocks, so the rules that make
//! them events are applied here: those without data are none, an ID stays.

use ::sse_stream::{Sse, SseByteStream};
use bytes::Bytes;

use super::poll::{poll, transport};
use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

#[derive(Default)]
pub(crate) struct SseStream {
    chunks: Vec<Bytes>,
}

impl Reader for SseStream {
    const IDENTITY: Identity =
        Identity { name: "sse-stream", kind: Kind::Peer, yields: "owned, checked strings" };

    fn prepare(&mut self, input: &Input) {
        self.chunks.clear();
        self.chunks.extend(input.shared());
    }

    fn read(&mut self, _input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        let mut last_event_id = String::new();
        for block in poll(SseByteStream::new(transport(self.chunks.drain(..)))) {
            let mut block = block.map_err(|error| error.to_string())?;
            if let Some(id) = block.id.take() {
                last_event_id = id;
            }
            if block.data.is_none() {
                continue;
            }
            if visitor.event(&Block { block, last_event_id: &last_event_id }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

struct Block<'a> {
    block: Sse,
    last_event_id: &'a str,
}

impl Seen for Block<'_> {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        let event_type = self.block.event.as_deref().unwrap_or_default();
        let data = self.block.data.as_deref().unwrap_or_default();
        Event::new(event_type.as_bytes(), data.as_bytes(), self.last_event_id.as_bytes())
    }
}
