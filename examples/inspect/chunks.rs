//! The input, cut into the chunks that the parser is fed.

use std::io::{self, BufRead, BufReader, Read};
use std::iter::Peekable;
use std::num::NonZeroUsize;
use std::vec;

/// How much is read at a time.
pub(crate) const READ: usize = 64 << 10;

/// Lends one chunk after the other. By default a chunk is what one read
/// brought, as a network client has it; a given size, or a cut ahead, is
/// waited for until it is reached.
pub(crate) struct Chunks<R> {
    input: BufReader<R>,
    /// How much of what the reader holds is the chunk lent last.
    lent: usize,
    /// A chunk that may have taken several reads.
    gathered: Vec<u8>,
    size: Option<NonZeroUsize>,
    cuts: Peekable<vec::IntoIter<u64>>,
    offset: u64,
}

impl<R: Read> Chunks<R> {
    /// The chunks of `input`, at most `size` bytes each. `cuts` are offsets in
    /// the stream, in ascending order, at which a chunk ends in any case; at
    /// the second of two equal ones it is an empty chunk.
    pub(crate) fn new(input: R, size: Option<NonZeroUsize>, cuts: Vec<u64>) -> Self {
        Self {
            input: BufReader::with_capacity(READ, input),
            lent: 0,
            gathered: Vec::new(),
            size,
            cuts: cuts.into_iter().peekable(),
            offset: 0,
        }
    }

    /// The next chunk; none at the end of the input.
    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.input.consume(std::mem::take(&mut self.lent));
        let chunk = match self.wanted() {
            Some(wanted) if wanted > self.input.buffer().len() => {
                self.gathered.clear();
                let mut input = self.input.by_ref().take(wanted as u64);
                input.read_to_end(&mut self.gathered)?;
                &self.gathered
            }
            wanted => {
                fill(&mut self.input)?;
                let held = self.input.buffer();
                self.lent = wanted.unwrap_or(held.len());
                &held[..self.lent]
            }
        };
        self.offset += chunk.len() as u64;
        let is_cut = self.cuts.next_if_eq(&self.offset).is_some();
        Ok((is_cut || !chunk.is_empty()).then_some(chunk))
    }

    /// How long the next chunk is to be, unless it is what one read brings.
    fn wanted(&mut self) -> Option<usize> {
        let size = self.size.map(NonZeroUsize::get);
        let Some(cut) = self.cuts.peek() else {
            return size;
        };
        let ahead = usize::try_from(cut - self.offset).unwrap_or(usize::MAX);
        // The cut may be farther ahead than memory reaches.
        Some(ahead.min(size.unwrap_or(READ)))
    }

    /// How much of the stream has been lent.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the next chunk has to be read first.
    pub(crate) fn is_drained(&self) -> bool {
        self.input.buffer().len() == self.lent
    }
}

/// Has the reader hold something, unless the input has ended.
fn fill(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            filled => return filled.map(drop),
        }
    }
}
