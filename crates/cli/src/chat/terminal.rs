//! Where the answer goes: text to standard output, the rest to standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal};
use std::mem;

use sseam::Outcome;

use super::endpoint::Key;
use crate::output::{Text, harmless, has_colours, meaning, paint};

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

    /// A line on standard error.
    pub(crate) fn note(&mut self, message: impl Display) {
        let message = short(&self.line(&message));
        self.text.say(&paint(self.has_colours, "2", message));
    }

    /// A tool call, whole: half of its arguments would be no JSON.
    pub(crate) fn call(&mut self, call: &dyn Display) {
        self.text.say(&paint(self.has_colours, "2", self.line(call)));
    }

    /// How it came out, and what that means.
    pub(crate) fn outcome(&mut self, outcome: Outcome, reason: Option<String>) {
        let colour = match outcome {
            Outcome::Completed => "1;32",
            Outcome::Failed => "1;31",
            _ => "1;33",
        };
        let reason = reason.filter(|_| outcome != Outcome::Completed);
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        self.verdict(outcome.as_str(), colour, &format!("{}{reason}", meaning(outcome)));
    }

    /// Why there is none.
    pub(crate) fn trouble(&mut self, message: &str) {
        self.verdict("no answer", "1;31", message);
    }

    fn verdict(&mut self, verdict: &str, colour: &str, meaning: &str) {
        let meaning = short(&self.line(&meaning));
        let verdict = paint(self.has_colours, colour, verdict);
        self.text.say(&format_args!("{verdict}: {meaning}"));
    }

    /// What may be shown, on one line. The key goes first: of one that is cut, none would be
    /// found.
    fn line(&self, message: &dyn Display) -> String {
        harmless(&self.key.hide(message.to_string()).trim().replace('\n', " "))
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
