//! The columns of the table.

use console::{Alignment, pad_str};

/// The widths of the cells. Those of numbers grow with them.
pub(crate) struct Columns {
    total: usize,
    number: usize,
    offset: usize,
    /// Zero where there are no signals, and no such column.
    signal: usize,
    pub(crate) kind: usize,
    pub(crate) id: usize,
}

/// What stands in a row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Row<'a> {
    pub(crate) number: &'a str,
    pub(crate) offset: &'a str,
    pub(crate) signal: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) id: &'a str,
    pub(crate) data: &'a str,
}

impl Columns {
    const GAP: &str = "  ";

    pub(crate) fn new(total: usize, has_signals: bool) -> Self {
        Self {
            total,
            number: 3,
            offset: 7,
            signal: if has_signals { "signal".len() } else { 0 },
            // From 80 columns on there is room for `response.output_text.delta`.
            kind: match total {
                80.. => (total / 4).clamp(27, 36),
                _ => total / 3,
            },
            id: (total / 10).clamp(7, 16),
        }
    }

    /// What the other columns leave for the data.
    pub(crate) fn data(&self) -> usize {
        let signal = if self.signal > 0 { self.signal + Self::GAP.len() } else { 0 };
        let others = self.number + self.offset + signal + self.kind + self.id + 4 * Self::GAP.len();
        self.total.saturating_sub(others).max(16)
    }

    /// A row as cells that are written one after the other: number and offset,
    /// which are one, signal, type, last ID, data.
    pub(crate) fn cells(&mut self, row: Row<'_>) -> [String; 5] {
        self.number = self.number.max(row.number.chars().count());
        self.offset = self.offset.max(row.offset.len());
        let left = |text, width| match width {
            0 => String::new(),
            _ => pad_str(text, width, Alignment::Left, None).into_owned() + Self::GAP,
        };
        let (number, offset) = (row.number, row.offset);
        [
            format!("{number:>0$}{2}{offset:>1$}{2}", self.number, self.offset, Self::GAP),
            left(row.signal, self.signal),
            left(row.kind, self.kind),
            left(row.id, self.id),
            row.data.to_string(),
        ]
    }
}
