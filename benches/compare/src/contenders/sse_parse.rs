//! sse-parse: its parser without I/O, which is fed slices and then emptied.

use ::sse_parse::SseParser;

use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle::Event;
use crate::visitor::{self, Seen, Visitor};

#[derive(Default)]
pub(crate) struct SseParse {
    parser: SseParser,
}

impl Reader for SseParse {
    const IDENTITY: Identity =
        Identity { name: "sse-parse", kind: Kind::Peer, yields: "owned, checked strings" };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for chunk in input.slices() {
            self.parser.feed(chunk);
            while let Some(event) = self.parser.next_event() {
                if visitor.event(&event).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl Seen for ::sse_parse::Event {
    #[inline]
    fn touch(&self) {
        visitor::touch(self);
    }

    fn to_event(&self) -> Event {
        Event::new(self.event.as_bytes(), self.data.as_bytes(), self.id.as_bytes())
    }
}
