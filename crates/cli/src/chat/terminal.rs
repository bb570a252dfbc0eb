//! Where the answer goes: text to standard output, the rest to standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::mem;

use sseam::llm::{Collected, Outcome};

use super::endpoint::Key;
use crate::output::{Text, harmless, has_colours, one_line, paint};
use crate::verdict::sentence;

/// How much text is held.
const MOST: usize = 16 << 20;

/// Both outputs.
pub(crate) struct Terminal {
    key: Key,
    /// The text, where it waits for its outcome.
    held: Option<String>,
    text: Text,
    /// Whether any of this answer is there.
    has_text: bool,
    has_colours: bool,
}

impl Terminal {
    pub(crate) fn new(key: Key) -> Self {
        let has_colours = has_colours(&io::stderr());
        Self { key, held: None, text: Text::new(), has_text: false, has_colours }
    }

    /// An answer begins. If it may be lost and asked for again, a reader that is no person gets
    /// none of it before that is known.
    pub(crate) fn begin(&mut self, may_be_lost: bool) {
        let holds = may_be_lost && !io::stdout().is_terminal();
        self.held = holds.then(String::new);
        self.has_text = false;
    }

    /// A piece of the text.
    pub(crate) fn text(&mut self, piece: &str) -> io::Result<()> {
        let piece = harmless(piece);
        match &mut self.held {
            Some(held) if held.len() < MOST => held.push_str(&piece),
            // No memory is without a bound: the rest comes as it comes.
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
        // It should be seen now: more may take a while.
        self.text.flush()
    }

    /// What is held is the answer.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        let held = mem::take(&mut self.held).unwrap_or_default();
        self.print(&held)
    }

    /// What came is not the answer: says so of what is there.
    pub(crate) fn forget(&mut self) {
        match self.held.take() {
            Some(held) if held.is_empty() => {}
            Some(_) => self.note("what came of this answer is left out"),
            None if self.has_text => self.note("the text above is not the answer: it broke off"),
            None => {}
        }
    }

    /// The provider starts again: what came is not the answer.
    pub(crate) fn restart(&mut self) {
        match &mut self.held {
            Some(held) => held.clear(),
            None if self.has_text => self.note("the provider starts again: the text above is void"),
            None => {}
        }
    }

    /// A line on standard error.
    pub(crate) fn note(&mut self, message: impl Display) {
        let message = short(&self.shown(&message));
        self.text.say(&paint(self.has_colours, "2", message));
    }

    /// A line that must not be shortened: half of a call's arguments would be no JSON.
    pub(crate) fn line(&mut self, message: &dyn Display) {
        self.text.say(&paint(self.has_colours, "2", self.shown(message)));
    }

    /// The outcome, and what it means.
    pub(crate) fn outcome(&mut self, outcome: Outcome, answer: &Collected) {
        let colour = match outcome {
            Outcome::Completed => "1;32",
            Outcome::Failed => "1;31",
            _ => "1;33",
        };
        self.verdict(outcome.as_str(), colour, &sentence(outcome, answer));
    }

    /// Why there is none.
    pub(crate) fn trouble(&mut self, message: &str) {
        self.verdict("no answer", "1;31", message);
    }

    fn verdict(&mut self, verdict: &str, colour: &str, meaning: &str) {
        let meaning = short(&self.shown(&meaning));
        let verdict = paint(self.has_colours, colour, verdict);
        self.text.say(&format_args!("{verdict}: {meaning}"));
    }

    /// What may be shown, on one line. The key goes first: of one that is cut, none would be
    /// found.
    fn shown(&self, message: &dyn Display) -> String {
        one_line(self.key.hide(message.to_string()))
    }
}

/// As much of a line as a person reads.
fn short(line: &str) -> String {
    const LONGEST: usize = 500;

    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", line.get(..at).unwrap_or_default()),
        None => line.to_string(),
    }
}
