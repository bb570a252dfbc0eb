//! sse-codec: its decoder, called as the codec's own reader calls it. The first
//! chunk lies in the buffer when the clock starts, as if it had been read
//! there; the others are appended, for that is how the decoder gets them.

use ::sse_codec::{Event as CodecEvent, SSECodec};
use futures_codec::{BytesMut, Decoder};

use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

#[derive(Default)]
pub(crate) struct SseCodec {
    codec: SSECodec,
    buffer: BytesMut,
}

impl Reader for SseCodec {
    const IDENTITY: Identity =
        Identity { name: "sse-codec", kind: Kind::Peer, yields: "owned, checked strings" };

    fn prepare(&mut self, input: &Input) {
        self.buffer = input.slices().next().unwrap_or_default().into();
    }

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for (n, chunk) in input.slices().enumerate() {
            if n > 0 {
                self.buffer.extend_from_slice(chunk);
            }
            while let Some(event) =
                self.codec.decode(&mut self.buffer).map_err(|error| error.to_string())?
            {
                let CodecEvent::Message { id, event, data } = event else { continue };
                if visitor.event(&Message { id, event, data }).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

struct Message {
    id: Option<String>,
    event: String,
    data: String,
}

impl Seen for Message {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        let id = self.id.as_deref().unwrap_or_default();
        Event::new(self.event.as_bytes(), self.data.as_bytes(), id.as_bytes())
    }
}
