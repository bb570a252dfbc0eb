//! Offsets in the stream. The parser tells none: it would have to count what
//! few ask for, and a caller who does sees the same bytes.

/// Where in the stream we are: which block and which line began where. It goes
/// by line ends alone, so that what the parser skips or passes over counts too.
#[derive(Default)]
pub(crate) struct Place {
    offset: u64,
    block: u64,
    line: u64,
    in_block: bool,
    in_line: bool,
    /// The last byte was a CR: an LF would belong to it.
    after_cr: bool,
}

impl Place {
    /// How many bytes have passed.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Where the block under way began, or else the one that ended last.
    pub(crate) fn block(&self) -> u64 {
        self.block
    }

    /// Where the line under way began, or else the one that ended last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The stream goes on with `bytes`.
    pub(crate) fn pass(&mut self, mut bytes: &[u8]) {
        while let Some(&first) = bytes.first() {
            let mut taken = 1;
            if first == b'\n' && self.after_cr {
                self.after_cr = false;
            } else if !self.in_line && is_line_end(first) {
                self.in_block = false;
                self.after_cr = first == b'\r';
            } else {
                self.begin_line();
                let end = bytes.iter().position(|&byte| is_line_end(byte));
                taken = end.map_or(bytes.len(), |end| end + 1);
                self.in_line = end.is_none();
                self.after_cr = bytes[taken - 1] == b'\r';
            }
            self.offset += taken as u64;
            bytes = &bytes[taken..];
        }
    }

    /// Unless one is under way, which goes on.
    fn begin_line(&mut self) {
        if !self.in_line {
            self.line = self.offset;
        }
        if !self.in_block {
            self.block = self.offset;
            self.in_block = true;
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
