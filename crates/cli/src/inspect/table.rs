//! The table, the observer for people. Rows are printed as items arrive, so the widths of the
//! columns are fixed before.

use std::fmt::Display;
use std::io::{self, Write};

use sseam::llm::strict::Violation;
use sseam::llm::{Outcome, Signal};
use sseam::{Error, Event, Item, Value};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Ending, Observer, Verdict, word};
use crate::output::{has_colours, paint, picture};
use crate::verdict::meaning;

/// The width if standard output is not a terminal.
const WIDTH: usize = 100;

const TITLE: &str = "A sample stream; `sseam FILE` or `curl -N … | sseam` shows yours.";

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const CYAN: &str = "36";

pub(crate) struct Table<W> {
    out: W,
    has_colours: bool,
    is_sample: bool,
    /// Whether the header has been printed.
    has_begun: bool,
    columns: Columns,
    place: Place,
    last_event_id: Vec<u8>,
    sums: Sums,
}

/// Figures for the summary.
#[derive(Clone, Copy, Default)]
struct Sums {
    events: u64,
    /// The number of these whose data was a slice of the chunk.
    zero_copy: u64,
    longest: usize,
    errors: u64,
    violations: u64,
}

impl<W: Write> Table<W> {
    /// Has a column for signals if a dialect was chosen.
    pub(crate) fn new(out: W, is_sample: bool, has_signals: bool) -> Self {
        // With `| head`, the lines still reach the same terminal.
        let terminal = terminal_size::terminal_size_of(io::stdout())
            .or_else(|| terminal_size::terminal_size_of(io::stderr()));
        let width = terminal.map_or(WIDTH, |(width, _)| usize::from(width.0));
        Self {
            out,
            has_colours: has_colours(&io::stdout()),
            is_sample,
            has_begun: false,
            columns: Columns::new(width, has_signals),
            place: Place::default(),
            last_event_id: Vec::new(),
            sums: Sums::default(),
        }
    }

    fn paint(&self, style: &str, text: impl Display) -> String {
        paint(self.has_colours, style, text)
    }

    fn header(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        if self.is_sample {
            writeln!(self.out, "{}\n", self.paint(DIM, TITLE))?;
        }
        let header = self.columns.cells(["#", "offset", "signal", "type", "[last ID] data"]);
        writeln!(self.out, "{}", self.paint(DIM, header.concat()))
    }

    /// The ID in brackets, unless it is that of the row before.
    fn id(&mut self, id: Value<'_>) -> String {
        if id.as_bytes() == self.last_event_id {
            return String::new();
        }
        self.last_event_id = id.as_bytes().to_vec();
        format!("[{}] ", excerpt(id, 16))
    }

    fn event(&mut self, event: Event<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        let data = event.data().as_bytes();
        self.sums.events += 1;
        self.sums.longest = self.sums.longest.max(data.len());
        // Empty data is never copied, wherever its slice points.
        if data.is_empty() || chunk.as_ptr_range().contains(&data.as_ptr()) {
            self.sums.zero_copy += 1;
        }

        let width = self.columns.data();
        let id = self.id(event.last_event_id());
        let rest = width.saturating_sub(id.width()).max(width / 2);
        let cells = self.columns.cells([
            &self.sums.events.to_string(),
            &self.place.block.to_string(),
            mark(signal),
            &excerpt(event.event_type(), self.columns.kind),
            &(id + &without_type(&event, rest)),
        ]);
        if signal == Some(Signal::Ignored) {
            return writeln!(self.out, "{}", self.paint(DIM, cells.concat()));
        }
        let [place, signal, kind, data] = cells;
        let (place, signal) = (self.paint(DIM, place), self.paint("1;36", signal));
        writeln!(self.out, "{place}{signal}{}{data}", self.paint(CYAN, kind))
    }

    /// A row of something other than an event, which began at that offset.
    fn notice(
        &mut self,
        at: u64,
        kind: &str,
        signal: Option<Signal>,
        text: &str,
    ) -> io::Result<()> {
        // Most signals of notifications are of no interest.
        let mark = mark(signal.filter(|signal| signal.is_end()));
        let text = truncate(text, self.columns.data());
        let [place, signal, rest @ ..] =
            self.columns.cells(["·", &at.to_string(), mark, kind, &text]);
        let (signal, rest) = (self.paint("1;36", signal), self.paint(DIM, rest.concat()));
        writeln!(self.out, "{}{signal}{rest}", self.paint(DIM, place))
    }

    /// A row about an error. The sentence spans the unused columns.
    fn wrong(&mut self, sentence: &str) -> io::Result<()> {
        self.header()?;
        let at = self.place.block.to_string();
        let [place, ..] = self.columns.cells(["!", &at, "", "", ""]);
        writeln!(self.out, "{}", self.paint(RED, place + sentence))
    }

    /// The dialect's result, in the summary.
    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let Verdict { dialect, outcome, reason, is_hidden } = *verdict;
        self.sum("dialect", dialect)?;
        self.sum("violations", self.alarm(self.sums.violations))?;
        if let Some(reason) = reason {
            self.sum("reason", truncate(reason.as_str(), self.columns.data()))?;
        }
        let name = match outcome {
            Outcome::Completed => self.paint("1;36", outcome),
            Outcome::Incomplete | Outcome::Unknown => self.paint(BOLD, outcome),
            Outcome::Failed | Outcome::Truncated => self.paint("1;31", outcome),
        };
        let hint = if is_hidden { " (in what --notifications shows)" } else { "" };
        self.sum("outcome", format_args!("{name}: {}{hint}", meaning(outcome)))
    }

    /// A number that should be zero, highlighted otherwise.
    fn alarm(&self, number: u64) -> String {
        if number == 0 { "none".to_string() } else { self.paint(RED, count(number)) }
    }

    fn sum(&mut self, label: &str, value: impl Display) -> io::Result<()> {
        let label = self.paint(DIM, format_args!("{label:20}"));
        writeln!(self.out, "{label}{value}")
    }
}

impl<W: Write> Observer for Table<W> {
    fn passed(&mut self, bytes: &[u8]) {
        self.place.pass(bytes);
    }

    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        self.header()?;
        let (block, line) = (self.place.block, self.place.line);
        // Text that is too long for a cell is not decoded to its end.
        let width = self.columns.data();
        let text = |value| excerpt(value, width);
        let more = |truncated| if truncated { "…" } else { "" };
        match item {
            Item::Event(event) => self.event(event, signal, chunk),
            Item::Comment { text: comment, truncated } => {
                self.notice(line, "comment", signal, &(text(comment) + more(truncated)))
            }
            Item::UnknownField { name, value, truncated } => {
                let colon = if value.is_empty() { "" } else { ": " };
                let text = [&text(name), colon, &text(value), more(truncated)].concat();
                self.notice(line, "unknown field", signal, &text)
            }
            Item::EmptyBlock { event_type, last_event_id: id } => {
                let text = self.id(id) + &text(event_type);
                self.notice(block, "empty block", signal, &text)
            }
            Item::ReconnectionTime(time) => {
                self.notice(line, "retry", signal, &format!("{} ms", time.as_millis()))
            }
            _ => Ok(()),
        }
    }

    fn violation(&mut self, violation: &Violation) -> io::Result<()> {
        self.sums.violations += 1;
        self.wrong(&format!("violation: {violation}"))
    }

    fn error(&mut self, error: Error) -> io::Result<()> {
        self.sums.errors += 1;
        self.wrong(&format!("error: {error}"))
    }

    fn end(&mut self, ending: &Ending<'_>) -> io::Result<()> {
        // A body that is not an event stream gets only the message about that.
        if ending.is_no_stream && !self.has_begun && ending.verdict.is_none() {
            return Ok(());
        }
        self.header()?;
        let Sums { events, zero_copy, longest, errors, .. } = self.sums;
        let len = self.place.offset;
        writeln!(self.out)?;
        self.sum("events", count(events))?;
        self.sum("  zero-copy", count(zero_copy))?;
        let copied = count(events - zero_copy);
        self.sum("  copied", format!("{copied}, across chunks or joined from several lines"))?;
        self.sum("longest data", bytes(longest as u64))?;
        self.sum("stream", bytes(len))?;
        if ending.discarded {
            let from = self.place.block;
            self.sum("discarded", format_args!("{} from offset {from} on", bytes(len - from)))?;
        } else {
            self.sum("discarded", "nothing")?;
        }
        let id = excerpt(ending.last_event_id, WIDTH / 2);
        self.sum("last event ID", if id.is_empty() { "none" } else { &id })?;
        let retry = ending.retry.map(|time| format!("{} ms", time.as_millis()));
        self.sum("reconnection time", retry.as_deref().unwrap_or("none"))?;
        self.sum("errors", self.alarm(errors))?;
        ending.verdict.as_ref().map_or(Ok(()), |verdict| self.verdict(verdict))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The text in the column of signals: empty for ordinary events.
fn mark(signal: Option<Signal>) -> &'static str {
    match signal {
        None | Some(Signal::Payload) => "",
        Some(signal) => word(signal),
    }
}

fn bytes(n: u64) -> String {
    format!("{} {}", count(n), if n == 1 { "byte" } else { "bytes" })
}

/// With commas between the thousands.
fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The data without the type at its beginning: many providers repeat it, and the column of types
/// shows it.
fn without_type(event: &Event<'_>, width: usize) -> String {
    let data = event.data().as_bytes();
    let rest = data.strip_prefix(b"{").and_then(|data| {
        let value = data.trim_ascii_start().strip_prefix(b"\"type\":")?;
        let value = value.trim_ascii_start().strip_prefix(b"\"")?;
        value.strip_prefix(event.event_type().as_bytes())?.strip_prefix(b"\",")
    });
    match rest {
        Some(rest) => format!("…{}", excerpt(Value::new(rest.trim_ascii_start()), width - 1)),
        None => excerpt(event.data(), width),
    }
}

/// The beginning of `value` that fits into `width`, without control characters.
fn excerpt(value: Value<'_>, width: usize) -> String {
    let bytes = value.as_bytes();
    // A character has at most four bytes, so the rest does not fit.
    let head = &bytes[..bytes.len().min(4 * (width + 1))];
    truncate(&Value::new(head).to_string_lossy(), width)
}

/// The beginning of `text` that fits, on one line.
fn truncate(text: &str, width: usize) -> String {
    let (mut shown, mut columns) = (String::new(), 0);
    let mut last_fit = 0;
    for c in text.chars().map(visible) {
        columns += c.width().unwrap_or(0);
        if columns > width {
            shown.truncate(last_fit);
            shown.push('…');
            break;
        }
        shown.push(c);
        if columns < width {
            last_fit = shown.len();
        }
    }
    shown
}

/// Replaces a character that is invisible or affects others.
fn visible(c: char) -> char {
    match c {
        '\n' => '↵',
        '\t' => '⇥',
        // Marks that change the direction of the text.
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => '·',
        c if c.is_control() => picture(c),
        c => c,
    }
}

/// The widths of the cells. Those of numbers grow with the numbers.
struct Columns {
    total: usize,
    number: usize,
    offset: usize,
    /// Zero without signals, and then there is no such column.
    signal: usize,
    kind: usize,
}

impl Columns {
    const GAP: &str = "  ";

    fn new(total: usize, has_signals: bool) -> Self {
        Self {
            total,
            number: 3,
            offset: 7,
            signal: if has_signals { "signal".len() } else { 0 },
            // From 80 columns on `response.output_text.delta` fits.
            kind: if total < 80 { total / 3 } else { (total / 4).clamp(27, 36) },
        }
    }

    /// The width that the other columns leave for the data.
    fn data(&self) -> usize {
        let signal = if self.signal > 0 { self.signal + Self::GAP.len() } else { 0 };
        let others = self.number + self.offset + signal + self.kind + 3 * Self::GAP.len();
        self.total.saturating_sub(others).max(16)
    }

    /// A row as cells: number and offset in one, signal, type, data.
    fn cells(&mut self, [number, offset, signal, kind, data]: [&str; 5]) -> [String; 4] {
        self.number = self.number.max(number.chars().count());
        self.offset = self.offset.max(offset.len());
        let left = |text: &str, width: usize| match width {
            0 => String::new(),
            _ => format!("{text}{:1$}{2}", "", width.saturating_sub(text.width()), Self::GAP),
        };
        [
            format!("{number:>0$}{2}{offset:>1$}{2}", self.number, self.offset, Self::GAP),
            left(signal, self.signal),
            left(kind, self.kind),
            data.to_string(),
        ]
    }
}

/// The position in the stream: the current block and line, or the last one, with their offsets. The
/// parser does not count offsets, which few clients need. This counts line ends only, so it covers
/// what the parser skips, too.
#[derive(Default)]
struct Place {
    offset: u64,
    block: u64,
    line: u64,
    in_block: bool,
    in_line: bool,
    /// The last byte was a CR: an LF would belong to it.
    after_cr: bool,
}

impl Place {
    /// Advances by `bytes`.
    fn pass(&mut self, mut bytes: &[u8]) {
        let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        while let Some(first) = bytes.first() {
            let mut taken = 1;
            if *first == b'\n' && self.after_cr {
                self.after_cr = false;
            } else if !self.in_line && is_line_end(first) {
                self.in_block = false;
                self.after_cr = *first == b'\r';
            } else {
                if !self.in_line {
                    self.line = self.offset;
                }
                if !std::mem::replace(&mut self.in_block, true) {
                    self.block = self.offset;
                }
                let end = bytes.iter().position(is_line_end);
                taken = end.map_or(bytes.len(), |end| end + 1);
                self.in_line = end.is_none();
                self.after_cr = bytes[taken - 1] == b'\r';
            }
            self.offset += taken as u64;
            bytes = &bytes[taken..];
        }
    }
}
