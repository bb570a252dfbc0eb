//! What one call of the machine works with.

use crate::buffer::{Full, Limits, Slot, Storage};
use crate::parser::step::{Part, Refusal, Step};
use crate::work;

/// One call: the chunk, the buffer, and what is noted of the block.
pub(super) struct Turn<'t> {
    pub(super) chunk: &'t [u8],
    pub(super) store: Store<'t>,
    /// The next byte.
    pub(super) at: usize,
    pub(super) held: Held,
    /// What it has come to.
    pub(super) told: Step,
}

/// Where values are copied to, and how long they may be.
pub(crate) struct Store<'b> {
    pub(super) buffer: &'b mut dyn Storage,
    pub(super) limits: Limits,
}

/// The block's values that lie whole in this call's chunk and are not copied.
#[derive(Default)]
pub(super) struct Held {
    /// The data, of one line so far.
    pub(super) data: Option<Part>,
    pub(super) event_type: Option<Part>,
}

impl<'b> Store<'b> {
    #[inline]
    pub(crate) fn new(buffer: &'b mut dyn Storage) -> Self {
        Self { limits: buffer.limits(), buffer }
    }

    pub(super) fn write(&mut self, slot: Slot, at: usize, bytes: &[u8]) -> Result<(), Refusal> {
        write(self.buffer, slot, at, bytes)
    }
}

impl<'t> Turn<'t> {
    pub(super) fn new(chunk: &'t [u8], store: Store<'t>) -> Self {
        Self { chunk, store, at: 0, held: Held::default(), told: Step::NeedMore }
    }

    pub(super) const fn has_told(&self) -> bool {
        !matches!(self.told, Step::NeedMore)
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        self.chunk.get(self.at..).unwrap_or_default()
    }

    /// Copies what is only noted of the block: the chunk is about to go.
    pub(super) fn keep_block(&mut self) -> Result<(), Refusal> {
        self.keep_data()?;
        match self.held.event_type.take() {
            Some(part) => self.store.write(Slot::EventType, 0, part.of(self.chunk)),
            None => Ok(()),
        }
    }

    /// Copies the data, which is only noted: more is to follow it.
    pub(super) fn keep_data(&mut self) -> Result<(), Refusal> {
        match self.held.data.take() {
            Some(part) => self.store.write(Slot::Data, 0, part.of(self.chunk)),
            None => Ok(()),
        }
    }
}

pub(super) fn write(
    buffer: &mut (impl Storage + ?Sized),
    slot: Slot,
    at: usize,
    bytes: &[u8],
) -> Result<(), Refusal> {
    work::moved(bytes.len());
    buffer.write(slot, at, bytes).map_err(|Full| Refusal::OutOfMemory)
}
