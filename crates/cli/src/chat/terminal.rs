//! Prints the answer: text to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::mem;

use sseam::llm::{Collected, Outcome};

use super::endpoint::Key;
use crate::output::{Text, has_colours, one_line, paint, sanitize};
use crate::verdict::sentence;

/// The limit on held text.
const MOST: usize = 16 << 20;

/// Both outputs.
pub(crate) struct Terminal {
    key: Key,
    /// The text, while it is held until the outcome.
    held: Option<String>,
    text: Text,
    /// Whether text of this answer was printed.
    has_text: bool,
    has_colours: bool,
}

impl Terminal {
    pub(crate) fn new(key: Key) -> Self {
        let has_colours = has_colours(&io::stderr());
        Self { key, held: None, text: Text::new(), has_text: false, has_colours }
    }

    /// Begins an answer. If it may be lost and asked for again, and standard output is not a
    /// terminal, its text is held until that is known.
    pub(crate) fn begin(&mut self, may_be_lost: bool) {
        let holds = may_be_lost && !io::stdout().is_terminal();
        self.held = holds.then(String::new);
        self.has_text = false;
    }

    /// Prints or holds a piece of the text.
    pub(crate) fn text(&mut self, piece: &str) -> io::Result<()> {
        let piece = sanitize(piece);
        match &mut self.held {
            Some(held) if held.len() < MOST => held.push_str(&piece),
            // Memory is bounded: the rest is printed as it arrives.
            _ => {
                self.keep()?;
                self.print(&piece)?;
            }
        }
        Ok(())
    }

    fn print(&mut self, piece: &str) -> io::Result<()> {
        self.has_text |= !piece.is_empty();
        self.text.print(piece)?;
        // Visible at once: the next piece may take a while.
        self.text.flush()
    }

    /// Prints the held text.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        let held = mem::take(&mut self.held).unwrap_or_default();
        self.print(&held)
    }

    /// Drops the held text, or notes that the printed text is not the answer.
    pub(crate) fn forget(&mut self) {
        match self.held.take() {
            Some(held) if held.is_empty() => {}
            Some(_) => self.note("the partial answer is omitted"),
            None if self.has_text => {
                self.note("the text above is incomplete: the answer broke off");
            }
            None => {}
        }
    }

    /// Drops the text of a restarted answer.
    pub(crate) fn restart(&mut self) {
        match &mut self.held {
            Some(held) => held.clear(),
            None if self.has_text => self.note("the provider restarted: the text above is void"),
            None => {}
        }
    }

    /// Prints a line on standard error.
    pub(crate) fn note(&mut self, message: impl Display) {
        let message = short(&self.shown(&message));
        self.text.say(&paint(self.has_colours, "2", message));
    }

    /// Prints a line in full: part of a call's arguments would not be JSON.
    pub(crate) fn line(&mut self, message: &dyn Display) {
        self.text.say(&paint(self.has_colours, "2", self.shown(message)));
    }

    /// Prints the outcome, and its meaning.
    pub(crate) fn outcome(&mut self, outcome: Outcome, answer: &Collected) {
        let colour = match outcome {
            Outcome::Completed => "1;32",
            Outcome::Failed => "1;31",
            _ => "1;33",
        };
        self.verdict(outcome.as_str(), colour, &sentence(outcome, answer));
    }

    /// Prints why there is no answer.
    pub(crate) fn error(&mut self, message: &str) {
        self.verdict("no answer", "1;31", message);
    }

    fn verdict(&mut self, verdict: &str, colour: &str, meaning: &str) {
        let meaning = short(&self.shown(&meaning));
        let verdict = paint(self.has_colours, colour, verdict);
        self.text.say(&format_args!("{verdict}: {meaning}"));
    }

    /// Sanitises the message, on one line. The key is hidden first: a truncated one would not be
    /// found.
    fn shown(&self, message: &dyn Display) -> String {
        one_line(self.key.hide(message.to_string()))
    }
}

/// The beginning of a line, short enough to read.
fn short(line: &str) -> String {
    const LONGEST: usize = 500;

    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", line.get(..at).unwrap_or_default()),
        None => line.to_string(),
    }
}
