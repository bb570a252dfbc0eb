//! The table: the observer for people. Rows are printed as their items come,
//! so the widths of the columns are chosen before anything is known of them.

use std::fmt::Display;
use std::io::{self, Write};

use console::{Alignment, Term, pad_str, style, truncate_str};
use indicatif::HumanCount;
use sseam::dialect::Violation;
use sseam::{Error, Event, Item, Outcome, Signal, Value};

use crate::columns::{Columns, Row};
use crate::observer::{Ending, Observer, Verdict};
use crate::place::Place;

/// The width where standard output is no terminal.
const WIDTH: usize = 100;

pub(crate) struct Table<W> {
    out: W,
    title: Option<&'static str>,
    columns: Columns,
    place: Place,
    sums: Sums,
}

/// What only the summary tells.
#[derive(Clone, Copy, Default)]
struct Sums {
    events: u64,
    /// Of these, the ones whose data was a slice of the chunk.
    zero_copy: u64,
    longest: usize,
    errors: u64,
    violations: u64,
}

/// A row of something else than an event, but for its text.
struct Notice<'a> {
    at: u64,
    kind: &'static str,
    id: Value<'a>,
    signal: Option<Signal>,
}

impl<W: Write> Table<W> {
    /// With a column for signals where a dialect was chosen.
    pub(crate) fn new(out: W, title: Option<&'static str>, has_signals: bool) -> Self {
        let terminal = Term::stdout().size_checked();
        let width = terminal.map_or(WIDTH, |(_rows, columns)| usize::from(columns));
        Self {
            out,
            title,
            columns: Columns::new(width, has_signals),
            place: Place::default(),
            sums: Sums::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        let data = event.data().as_bytes();
        self.sums.events += 1;
        self.sums.longest = self.sums.longest.max(data.len());
        // Empty data needs no copy, wherever its slice may point.
        if data.is_empty() || chunk.as_ptr_range().contains(&data.as_ptr()) {
            self.sums.zero_copy += 1;
        }

        let cells = self.columns.cells(Row {
            number: &self.sums.events.to_string(),
            offset: &self.place.block().to_string(),
            signal: mark(signal),
            kind: &excerpt(event.event_type(), self.columns.kind),
            id: &excerpt(event.last_event_id(), self.columns.id),
            data: &excerpt(event.data(), self.columns.data()),
        });
        if signal == Some(Signal::Ignore) {
            return writeln!(self.out, "{}", style(cells.concat()).dim());
        }
        let [place, signal, kind, id, data] = cells;
        let (place, signal) = (style(place).dim(), style(signal).cyan().bold());
        writeln!(self.out, "{place}{signal}{}{id}{data}", style(kind).cyan())
    }

    /// A row of something else than an event.
    fn notice(&mut self, notice: &Notice<'_>, text: &str) -> io::Result<()> {
        let row = Row {
            number: "·",
            offset: &notice.at.to_string(),
            // Nearly all is nothing to the client, which is no news.
            signal: mark(notice.signal.filter(|signal| signal.is_end())),
            kind: notice.kind,
            id: &excerpt(notice.id, self.columns.id),
            data: &truncate_str(text, self.columns.data(), "…"),
        };
        let [place, signal, rest @ ..] = self.columns.cells(row);
        let (signal, rest) = (style(signal).cyan().bold(), style(rest.concat()).dim());
        writeln!(self.out, "{}{signal}{rest}", style(place).dim())
    }

    /// A row of what went wrong. The sentence takes the columns that it has no
    /// use for.
    fn wrong(&mut self, sentence: &str) -> io::Result<()> {
        let at = self.place.block().to_string();
        let [place, ..] = self.columns.cells(Row { number: "!", offset: &at, ..Row::default() });
        writeln!(self.out, "{}", style(place + sentence).red())
    }

    /// What the dialect says, in the summary.
    fn verdict(&mut self, verdict: &Verdict) -> io::Result<()> {
        let Verdict { dialect, outcome, is_hidden } = *verdict;
        self.sum("dialect", dialect)?;
        match self.sums.violations {
            0 => self.sum("violations", "none")?,
            violations => self.sum("violations", style(HumanCount(violations)).red())?,
        }
        let (name, meaning) = (style(outcome).bold(), meaning(outcome));
        let name = match outcome {
            Outcome::Completed => name.cyan(),
            Outcome::Incomplete | Outcome::Unknown => name,
            Outcome::Failed | Outcome::Truncated => name.red(),
        };
        let hint = if is_hidden { " (in what --notifications shows)" } else { "" };
        self.sum("outcome", format_args!("{name}: {meaning}{hint}"))
    }

    fn sum(&mut self, label: &str, value: impl Display) -> io::Result<()> {
        let label = pad_str(label, 20, Alignment::Left, None);
        writeln!(self.out, "{}{value}", style(label).dim())
    }
}

impl<W: Write> Observer for Table<W> {
    fn begin(&mut self) -> io::Result<()> {
        if let Some(title) = self.title {
            writeln!(self.out, "{}\n", style(title).dim())?;
        }
        let header = self.columns.cells(Row {
            number: "#",
            offset: "offset",
            signal: "signal",
            kind: "type",
            id: "last ID",
            data: "data",
        });
        writeln!(self.out, "{}", style(header.concat()).dim())
    }

    fn passed(&mut self, bytes: &[u8]) {
        self.place.pass(bytes);
    }

    fn item(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        let (block, line, id) = (self.place.block(), self.place.line(), Value::default());
        // What is too long for a cell need not be decoded to its end.
        let text = |value| excerpt(value, self.columns.data());
        let more = |truncated| if truncated { "…" } else { "" };
        match item {
            Item::Event(event) => self.event(event, signal, chunk),
            Item::Comment { text: comment, truncated } => {
                let text = text(comment) + more(truncated);
                self.notice(&Notice { at: line, kind: "comment", id, signal }, &text)
            }
            Item::UnknownField { name, value, truncated } => {
                let colon = if value.is_empty() { "" } else { ": " };
                let text = [&text(name), colon, &text(value), more(truncated)].concat();
                self.notice(&Notice { at: line, kind: "unknown field", id, signal }, &text)
            }
            Item::EmptyBlock { event_type, last_event_id: id } => {
                let text = text(event_type);
                self.notice(&Notice { at: block, kind: "empty block", id, signal }, &text)
            }
            Item::ReconnectionTime(time) => {
                let text = format!("{} ms", time.as_millis());
                self.notice(&Notice { at: line, kind: "retry", id, signal }, &text)
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
        let Sums { events, zero_copy, longest, errors, .. } = self.sums;
        let len = self.place.offset();
        writeln!(self.out)?;
        self.sum("events", HumanCount(events))?;
        self.sum("  zero-copy", HumanCount(zero_copy))?;
        let copied = HumanCount(events - zero_copy);
        let why = "across chunks or joined from several lines";
        self.sum("  copied", format_args!("{copied}, {why}"))?;
        self.sum("longest data", bytes(longest as u64))?;
        self.sum("stream", bytes(len))?;
        if ending.discarded {
            let from = self.place.block();
            let pending = bytes(len - from);
            self.sum("discarded", format_args!("{pending} from offset {from} on"))?;
        } else {
            self.sum("discarded", "nothing")?;
        }
        if ending.last_event_id.is_empty() {
            self.sum("last event ID", "none")?;
        } else {
            self.sum("last event ID", excerpt(ending.last_event_id, WIDTH / 2))?;
        }
        match ending.retry {
            Some(time) => self.sum("reconnection time", format_args!("{} ms", time.as_millis()))?,
            None => self.sum("reconnection time", "none")?,
        }
        match errors {
            0 => self.sum("errors", "none")?,
            _ => self.sum("errors", style(HumanCount(errors)).red())?,
        }
        match &ending.verdict {
            Some(verdict) => self.verdict(verdict),
            None => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What stands in the column of signals: nothing for what most events are.
fn mark(signal: Option<Signal>) -> &'static str {
    match signal {
        None | Some(Signal::Message) => "",
        Some(signal) => signal.as_str(),
    }
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "the whole answer",
        Outcome::Incomplete => "cut short by the provider, who said so",
        Outcome::Failed => "the provider sent an error",
        Outcome::Truncated => "ended with no terminal seen; worth another try",
        Outcome::Unknown => "of no protocol that is known here",
    }
}

fn bytes(n: u64) -> String {
    let unit = if n == 1 { "byte" } else { "bytes" };
    format!("{} {unit}", HumanCount(n))
}

/// As much of `value` as `width` has room for, with nothing in it that a
/// terminal would act on.
fn excerpt(value: Value<'_>, width: usize) -> String {
    let bytes = value.as_bytes();
    // No character has more than four bytes, so the rest is out of sight.
    let head = &bytes[..bytes.len().min(4 * (width + 1))];
    let text: String = Value::new(head).to_string_lossy().chars().map(visible).collect();
    truncate_str(&text, width, "…").into_owned()
}

/// What stands for a character that has no shape or would move others.
fn visible(c: char) -> char {
    match c {
        '\n' => '↵',
        '\t' => '⇥',
        // The pictures of the control characters stand in their order.
        '\0'..' ' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7F' => '␡',
        // The marks that turn the direction of the text.
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => '·',
        c if c.is_control() => '·',
        c => c,
    }
}
