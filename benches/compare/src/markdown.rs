//! Tables that can be read both as Markdown and as they are.

use std::fmt::{Display, Write};

/// A table with its first columns set left, the others (figures) right.
pub(crate) struct Table {
    left: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<T: Into<String>>(left: usize, header: impl IntoIterator<Item = T>) -> Self {
        let mut table = Self { left, rows: Vec::new() };
        table.row(header);
        table
    }

    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn markdown(&self) -> String {
        let widths: Vec<usize> = (0..self.rows[0].len())
            .map(|column| self.rows.iter().map(|row| row[column].chars().count()).max())
            .map(|width| width.unwrap_or_default().max(3))
            .collect();
        let mut text = String::new();
        for (n, row) in self.rows.iter().enumerate() {
            self.line(&mut text, row, &widths, ' ');
            if n == 0 {
                self.line(&mut text, &vec![String::new(); row.len()], &widths, '-');
            }
        }
        text + "\n"
    }

    fn line(&self, text: &mut String, row: &[String], widths: &[usize], fill: char) {
        text.push('|');
        for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
            let space = fill.to_string().repeat(width - cell.chars().count());
            match (column < self.left, fill) {
                (true, _) => write!(text, " {cell}{space} |"),
                (false, '-') => write!(text, " {}: |", &space[1..]),
                (false, _) => write!(text, " {space}{cell} |"),
            }
            .expect("a string takes it");
        }
        text.push('\n');
    }
}

/// The items with commas between.
pub(crate) fn list(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A figure with three digits that count.
pub(crate) fn figure(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A number of bytes.
pub(crate) fn size(bytes: usize) -> String {
    const UNITS: [(&str, usize); 2] = [("MiB", 1 << 20), ("KiB", 1 << 10)];
    let fitting = UNITS.into_iter().find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    fitting.map_or(format!("{bytes} bytes"), |(name, unit)| format!("{} {name}", bytes / unit))
}
