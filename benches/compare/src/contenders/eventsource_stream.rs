//! eventsource-stream: its stream over slices from a transport that is always ready.

use ::eventsource_stream::EventStream;

use super::poll::{poll, transport};
use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

#[derive(Default)]
pub(crate) struct EventsourceStream;

impl Reader for EventsourceStream {
    const IDENTITY: Identity =
        Identity { name: "eventsource-stream", kind: Kind::Peer, yields: "owned, checked strings" };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for event in poll(EventStream::new(transport(input.slices()))) {
            let event = event.map_err(|error| error.to_string())?;
            if visitor.event(&event).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Seen for ::eventsource_stream::Event {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        Event::new(self.event.as_bytes(), self.data.as_bytes(), self.id.as_bytes())
    }
}
