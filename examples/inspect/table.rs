//! The table: the observer for people. Rows are printed as their items come,
//! so the widths of the columns are chosen before anything is known of them.

use std::fmt::Display;
use std::io::{self, Write};

use console::{Alignment, Term, pad_str, style, truncate_str};
use indicatif::HumanCount;
use sseam::{Error, Event, Item, Value};

use crate::observer::{Observer, Outcome};
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
#[derive(Default)]
struct Sums {
    events: u64,
    /// Of these, the ones whose data was a slice of the chunk.
    zero_copy: u64,
    longest: usize,
    errors: u64,
}

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W, title: Option<&'static str>) -> Self {
        let terminal = Term::stdout().size_checked();
        let width = terminal.map_or(WIDTH, |(_rows, columns)| usize::from(columns));
        Self {
            out,
            title,
            columns: Columns::new(width),
            place: Place::default(),
            sums: Sums::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, chunk: &[u8]) -> io::Result<()> {
        let data = event.data().as_bytes();
        self.sums.events += 1;
        self.sums.longest = self.sums.longest.max(data.len());
        // Empty data needs no copy, wherever its slice may point.
        if data.is_empty() || chunk.as_ptr_range().contains(&data.as_ptr()) {
            self.sums.zero_copy += 1;
        }

        let [place, kind, id, data] = self.columns.row(
            &self.sums.events.to_string(),
            &self.place.block().to_string(),
            &excerpt(event.event_type(), self.columns.kind),
            &excerpt(event.last_event_id(), self.columns.id),
            &excerpt(event.data(), self.columns.data()),
        );
        let (place, kind) = (style(place).dim(), style(kind).cyan());
        writeln!(self.out, "{place}{kind}{id}{data}")
    }

    /// A row of something else than an event.
    fn notice(&mut self, at: u64, kind: &str, id: Value<'_>, text: &str) -> io::Result<()> {
        let id = excerpt(id, self.columns.id);
        let text = truncate_str(text, self.columns.data(), "…");
        let row = self.columns.row("·", &at.to_string(), kind, &id, &text).concat();
        writeln!(self.out, "{}", style(row).dim())
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
        let header = self.columns.row("#", "offset", "type", "last ID", "data");
        writeln!(self.out, "{}", style(header.concat()).dim())
    }

    fn passed(&mut self, bytes: &[u8]) {
        self.place.pass(bytes);
    }

    fn item(&mut self, item: Item<'_>, chunk: &[u8]) -> io::Result<()> {
        let (block, line, none) = (self.place.block(), self.place.line(), Value::default());
        // What is too long for a cell need not be decoded to its end.
        let text = |value| excerpt(value, self.columns.data());
        let more = |truncated| if truncated { "…" } else { "" };
        match item {
            Item::Event(event) => self.event(event, chunk),
            Item::Comment { text: comment, truncated } => {
                let text = text(comment) + more(truncated);
                self.notice(line, "comment", none, &text)
            }
            Item::UnknownField { name, value, truncated } => {
                let colon = if value.is_empty() { "" } else { ": " };
                let text = [&text(name), colon, &text(value), more(truncated)].concat();
                self.notice(line, "unknown field", none, &text)
            }
            Item::EmptyBlock { event_type, last_event_id } => {
                let text = text(event_type);
                self.notice(block, "empty block", last_event_id, &text)
            }
            Item::ReconnectionTime(time) => {
                let text = format!("{} ms", time.as_millis());
                self.notice(line, "retry", none, &text)
            }
            _ => Ok(()),
        }
    }

    fn error(&mut self, error: Error) -> io::Result<()> {
        self.sums.errors += 1;
        let at = self.place.block().to_string();
        // The sentence takes the columns that an error has no use for.
        let sentence = format!("error: {error}");
        let row = self.columns.row("!", &at, &sentence, "", "").concat();
        writeln!(self.out, "{}", style(row.trim_end()).red())
    }

    fn end(&mut self, outcome: &Outcome<'_>) -> io::Result<()> {
        let Sums { events, zero_copy, longest, errors } = std::mem::take(&mut self.sums);
        let len = self.place.offset();
        writeln!(self.out)?;
        self.sum("events", HumanCount(events))?;
        self.sum("  zero-copy", HumanCount(zero_copy))?;
        let copied = HumanCount(events - zero_copy);
        let why = "across chunks or joined from several lines";
        self.sum("  copied", format_args!("{copied}, {why}"))?;
        self.sum("longest data", bytes(longest as u64))?;
        self.sum("stream", bytes(len))?;
        if outcome.discarded {
            let from = self.place.block();
            let pending = bytes(len - from);
            self.sum("discarded", format_args!("{pending} from offset {from} on"))?;
        } else {
            self.sum("discarded", "nothing")?;
        }
        if outcome.last_event_id.is_empty() {
            self.sum("last event ID", "none")?;
        } else {
            self.sum("last event ID", excerpt(outcome.last_event_id, WIDTH / 2))?;
        }
        match outcome.retry {
            Some(time) => self.sum("reconnection time", format_args!("{} ms", time.as_millis()))?,
            None => self.sum("reconnection time", "none")?,
        }
        match errors {
            0 => self.sum("errors", "none"),
            _ => self.sum("errors", style(HumanCount(errors)).red()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The widths of the cells. Those of numbers grow with them.
struct Columns {
    total: usize,
    number: usize,
    offset: usize,
    kind: usize,
    id: usize,
}

impl Columns {
    const GAP: &str = "  ";

    fn new(total: usize) -> Self {
        Self {
            total,
            number: 3,
            offset: 7,
            // From 80 columns on there is room for `response.output_text.delta`.
            kind: match total {
                80.. => (total / 4).clamp(27, 36),
                _ => total / 3,
            },
            id: (total / 10).clamp(7, 16),
        }
    }

    /// What the other columns leave for the data.
    fn data(&self) -> usize {
        let others = self.number + self.offset + self.kind + self.id + 4 * Self::GAP.len();
        self.total.saturating_sub(others).max(16)
    }

    /// A row as cells that are written one after the other; number and offset are one.
    fn row(&mut self, number: &str, offset: &str, kind: &str, id: &str, data: &str) -> [String; 4] {
        self.number = self.number.max(number.chars().count());
        self.offset = self.offset.max(offset.len());
        let left =
            |text, width| pad_str(text, width, Alignment::Left, None).into_owned() + Self::GAP;
        [
            format!("{number:>0$}{2}{offset:>1$}{2}", self.number, self.offset, Self::GAP),
            left(kind, self.kind),
            left(id, self.id),
            data.to_string(),
        ]
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
