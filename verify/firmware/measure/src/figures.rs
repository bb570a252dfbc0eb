//! The figures, their limits, and the table of `docs/embedded.md`.

use std::fmt;

use sseam::{ArrayBuf, Parser, SliceBuf};

use crate::Result;
use crate::firmware::Code;

/// The limit on the parser's code. Like those on stacks, it is a tenth above the size with rustc
/// 1.95: other versions give other sizes.
const CODE: u64 = 2240;
const CONSTANTS: u64 = 48;

/// The limit on the code of the three payload modules.
const PAYLOADS: u64 = 40 << 10;

/// The limit on the code of an answer in one protocol, and of what collects it.
const ANSWER: u64 = 16 << 10;

/// The limit on what a program with a source takes beyond one with a parser: the source, and the
/// client's own loop.
const SOURCE: u64 = 3200;

/// What a program prints, and the limit on each.
#[rustfmt::skip]
const PRINTED: [(&str, u64); 9] = [
    ("stack of the parser",        352),
    ("Parser<SliceBuf>",            96),
    ("Parser<ArrayBuf<64, 16>>",   of_array(64, 16, 96)),
    ("Parser<ArrayBuf<1024, 64>>", of_array(1024, 64, 96)),
    ("Answer",                     320),
    ("size of the client",         1696),
    ("stack of the client",        1920),
    ("size of the task",           1808),
    ("stack of the task",          2304),
];

/// The limit on a parser with an `ArrayBuf<data, meta>`: its bytes, and `more`.
const fn of_array(data: u64, meta: u64, more: u64) -> u64 {
    data + 3 * meta + more
}

/// In bytes.
struct Figure {
    title: String,
    bytes: u64,
    most: u64,
}

#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    fn add(&mut self, title: impl Into<String>, bytes: u64, most: u64) {
        self.0.push(Figure { title: title.into(), bytes, most });
    }

    pub fn add_code(&mut self, code: &Code) {
        self.add("code of the parser", code.bytes(), CODE);
        self.add("constants of the parser", code.constants, CONSTANTS);
        self.add("code that panics", code.panicking, 0);
    }

    pub fn add_payloads(&mut self, code: &Code) {
        self.add("code of the payloads", code.bytes(), PAYLOADS);
    }

    pub fn add_answer(&mut self, code: &Code) {
        self.add("code of an answer", code.bytes(), ANSWER);
    }

    pub fn add_source(&mut self, code: &Code, parser: &Code) {
        self.add("code of a source", code.in_all.saturating_sub(parser.in_all), SOURCE);
    }

    /// Adds what a program printed, line by line; every line that ends in a number has to be known.
    pub fn add_printed(&mut self, printed: &str) -> Result<()> {
        for line in printed.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            let Ok(bytes) = value.parse() else { continue };
            let known = PRINTED.iter().find(|(known, _)| *known == name);
            let (_, most) = known.ok_or_else(|| format!("what is `{line}`?"))?;
            self.add(name, bytes, *most);
        }
        Ok(())
    }

    /// Adds the sizes of parsers on the machine that runs this program.
    pub fn add_host(&mut self) {
        if cfg!(target_arch = "x86_64") {
            let (slice, array) =
                (size_of::<Parser<SliceBuf<'_>>>(), size_of::<Parser<ArrayBuf<1024, 64>>>());
            self.add("Parser<SliceBuf> on x86-64", slice as u64, 192);
            self.add("Parser<ArrayBuf<1024, 64>> on x86-64", array as u64, of_array(1024, 64, 192));
        }
    }

    /// Returns `true` if all figures are present and within their limits.
    pub fn are_good(&self) -> bool {
        let are_all = PRINTED.iter().all(|(name, _)| self.0.iter().any(|it| it.title == *name));
        are_all && self.0.iter().all(|figure| figure.bytes <= figure.most)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| in bytes | | at most |")?;
        write!(f, "| --- | ---: | ---: |")?;
        for Figure { title, bytes, most } in &self.0 {
            let broken = if bytes > most { " **broken**" } else { "" };
            write!(f, "\n| {title} | {bytes} | {most}{broken} |")?;
        }
        Ok(())
    }
}
