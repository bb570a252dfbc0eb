//! sse-core: its decoder without I/O, which reads from slices.

use ::sse_core::{MessageEvent, SseDecoder, SseEvent};

use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

pub(crate) struct SseCore {
    decoder: SseDecoder,
}

impl Default for SseCore {
    fn default() -> Self {
        Self { decoder: SseDecoder::new() }
    }
}

impl Reader for SseCore {
    const IDENTITY: Identity =
        Identity { name: "sse-core", kind: Kind::Peer, yields: "owned, checked strings" };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for bytes in input.slices() {
            let mut chunk = bytes;
            while let Some(event) = self.decoder.next(&mut chunk) {
                let SseEvent::Message(event) = event.map_err(|error| error.to_string())? else {
                    continue;
                };
                if visitor.event(&event).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl Seen for MessageEvent {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        let id = self.last_event_id.as_deref().unwrap_or_default();
        Event::new(self.event.as_bytes(), self.data.as_bytes(), id.as_bytes())
    }
}
