//! sseer: its stream over `Bytes`, of which its strings are parts where they
//! can be, from a transport that is always ready.

use ::sseer::event_stream::EventStream;
use bytes::Bytes;

use super::poll::{poll, transport};
use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

#[derive(Default)]
pub(crate) struct Sseer {
    chunks: Vec<Bytes>,
}

impl Reader for Sseer {
    const IDENTITY: Identity =
        Identity { name: "sseer", kind: Kind::Peer, yields: "shared, checked strings" };

    fn prepare(&mut self, input: &Input) {
        self.chunks.clear();
        self.chunks.extend(input.shared());
    }

    fn read(&mut self, _input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for event in poll(EventStream::new(transport(self.chunks.drain(..)))) {
            let event = event.map_err(|error| error.to_string())?;
            if visitor.event(&event).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Seen for ::sseer::event::Event {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        Event::new(self.event.as_bytes(), self.data.as_bytes(), self.id.as_bytes())
    }
}
