//! The ways to the next event, but for the one that is inlined.
//!
//! From top to bottom: the faster first. Each tries what it is made for and
//! leaves the rest to one below, in the end to [`Machine::step`]. Where size
//! counts more than speed (`IS_SMALL`), only the last of them is there.
//!
//! [`Machine::step`]: super::machine::Machine::step

use super::Parser;
use super::machine::Fast;
use super::shape::{ID, Look, Shape, Values};
use super::step::{Part, Told};
use crate::buffer::Slot;
use crate::{Buffer, Error, Event, Notify};

impl<B: Buffer> Parser<B> {
    /// Where the chunk does not begin with a whole event in the usual shape,
    /// which is what `look` has seen of it.
    #[inline(never)]
    pub(super) fn next_otherwise<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
        look: Look,
    ) -> Result<Option<Event<'a>>, Error> {
        if let [byte] = **chunk {
            if self.machine.push_name_byte(&mut self.buffer, byte) {
                *chunk = &[];
                return Ok(None);
            }
        } else if look.is_in_data() {
            let kept = self.machine.finish_data(&mut self.buffer, chunk, look);
            if let Some((type_len, data_len)) = kept {
                return Ok(Some(self.kept_event(type_len, data_len)));
            }
        }
        if self.machine.is_at_block_start() {
            match Shape::seen(chunk, look) {
                Shape::Lines(values)
                    if self.machine.begin_lines(&mut self.buffer, chunk, &values) => {}
                Shape::Other => return self.next_unseen(chunk, look),
                shape => return self.next_seen(chunk, shape),
            }
        }
        match self.machine.resume_data(&mut self.buffer, chunk, look) {
            Fast::NeedMore => Ok(None),
            Fast::Kept { type_len, data_len } => Ok(Some(self.kept_event(type_len, data_len))),
            Fast::Otherwise => self.next_approached(chunk),
        }
    }

    /// Where a block does not begin in the usual shape, or not yet.
    #[inline]
    fn next_unseen<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
        look: Look,
    ) -> Result<Option<Event<'a>>, Error> {
        match chunk.first().copied() {
            None => Ok(None),
            Some(b'\n' | b'\r' | b':') if self.machine.skip_idle(chunk) => self.next_block(chunk),
            Some(b'e') if look.is_in_type() && self.machine.begin_type(&mut self.buffer, chunk) => {
                Ok(None)
            }
            Some(b'i') => self.next_identified(chunk),
            _ => self.next_in_general(chunk),
        }
    }

    /// Where the chunk goes on before the first data of a block, which may come
    /// in the usual way.
    #[inline(never)]
    fn next_approached<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        if !self.machine.reach_data(&mut self.buffer, chunk) {
            return self.next_in_general(chunk);
        }
        if self.machine.is_in_data() {
            return self.next_otherwise(chunk, Look::NONE);
        }
        match Shape::of(chunk) {
            Shape::Whole(values) if self.allows(&values) => {
                *chunk = values.rest;
                let type_len = self.machine.end_event(&self.buffer);
                let event_type = Part::new(0, type_len).of(self.buffer.slot(Slot::EventType));
                Ok(Some(self.lent_event(event_type, values.data)))
            }
            shape => self.next_seen(chunk, shape),
        }
    }

    /// Where a block begins with an `id` line, behind which it may go on in the
    /// usual shape.
    #[inline(never)]
    fn next_identified<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        match self.machine.take_id(&mut self.buffer, chunk) {
            Ok(true) => self.next_block(chunk),
            Ok(false) => self.next_in_general(chunk),
            Err(refusal) => Err(self.machine.give_up(&mut self.buffer, refusal)),
        }
    }

    /// Where a block in the usual shape may follow what was passed over.
    #[inline(never)]
    fn next_block<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        if self.machine.is_at_block_start() && chunk.starts_with(ID) {
            return self.next_identified(chunk);
        }
        self.next_shaped(chunk, Shape::of(chunk))
    }

    /// Where a block in the usual shape has begun, and is no whole event.
    #[inline(never)]
    fn next_seen<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
        shape: Shape<'c>,
    ) -> Result<Option<Event<'a>>, Error> {
        self.next_shaped(chunk, shape)
    }

    #[allow(clippy::inline_always)] // Into the two above; the shape then needs no memory.
    #[inline(always)]
    fn next_shaped<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
        shape: Shape<'c>,
    ) -> Result<Option<Event<'a>>, Error> {
        match shape {
            Shape::Whole(values) if self.allows(&values) => {
                *chunk = values.rest;
                if !self.machine.is_at_block_start() {
                    self.machine.end_event(&self.buffer);
                }
                Ok(Some(self.lent_event(values.event_type, values.data)))
            }
            Shape::Begun(values)
                if self.machine.begin_data(&mut self.buffer, values.event_type, values.data) =>
            {
                *chunk = &[];
                Ok(None)
            }
            Shape::Lines(values) if self.machine.begin_lines(&mut self.buffer, chunk, &values) => {
                self.next_otherwise(chunk, Look::NONE)
            }
            _ => self.next_in_general(chunk),
        }
    }

    #[inline(never)]
    pub(super) fn next_in_general<'a, 'c: 'a>(
        &'a mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<Event<'a>>, Error> {
        let input = *chunk;
        self.step(chunk, Notify::NONE)?;
        Ok((self.machine.told() == Told::Event).then(|| self.take_event(input)))
    }

    #[inline]
    pub(super) fn allows(&self, values: &Values<'_>) -> bool {
        self.buffer.limits().allow(values.event_type, values.data)
    }

    /// The event that a fast path has found in the chunk.
    #[inline]
    pub(super) fn lent_event<'a>(&'a self, event_type: &'a [u8], data: &'a [u8]) -> Event<'a> {
        Event::new(event_type, data, self.last_event_id())
    }

    /// The event that a fast path has put together in the buffer.
    pub(super) fn kept_event(&self, type_len: usize, data_len: usize) -> Event<'_> {
        let event_type = Part::new(0, type_len).of(self.buffer.slot(Slot::EventType));
        let data = Part::new(0, data_len).of(self.buffer.slot(Slot::Data));
        Event::new(event_type, data, self.last_event_id())
    }
}
