//! Where the answer goes: text to standard output, the rest to standard error.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::mem;

use sseam::Outcome;

use crate::harmless::{self, Harmless};
use crate::key::Key;

/// How much text is held.
const MOST: usize = 16 << 20;

/// Both outputs.
pub(crate) struct Terminal {
    key: Key,
    /// The text, where it waits for its outcome.
    held: Option<String>,
    /// Whether standard output stands behind a text that has not ended its line.
    is_in_line: bool,
    /// Whether any of this answer is there.
    has_text: bool,
    has_colours: bool,
}

impl Terminal {
    pub(crate) fn new(key: Key) -> Self {
        let has_colours = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
        Self { key, held: None, is_in_line: false, has_text: false, has_colours }
    }

    /// An answer begins. If it may be lost and asked for again, a reader that is no
    /// person gets none of it before that is known.
    pub(crate) fn begin(&mut self, may_be_lost: bool) {
        let holds = may_be_lost && !io::stdout().is_terminal();
        self.held = holds.then(String::new);
        self.has_text = false;
    }

    /// A piece of the text.
    pub(crate) fn text(&mut self, piece: &str) -> io::Result<()> {
        let piece = Harmless(piece).to_string();
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
        if let Some(last) = piece.chars().last() {
            (self.is_in_line, self.has_text) = (last != '\n', true);
            let mut out = io::stdout().lock();
            out.write_all(piece.as_bytes())?;
            // It should be seen now: more may take a while.
            out.flush()?;
        }
        Ok(())
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
        let message = harmless::short(&self.line(message.to_string()));
        self.dim(&message);
    }

    /// A tool call, whole: half of its arguments would be no JSON.
    pub(crate) fn call(&mut self, name: &str, arguments: impl Display) {
        let call = self.line(format!("calls {name}({arguments})"));
        self.dim(&call);
    }

    fn dim(&mut self, message: &str) {
        let (dim, plain) = if self.has_colours { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
        self.say(&format!("{dim}chat: {message}{plain}"));
    }

    /// How it came out, and what that means.
    pub(crate) fn outcome(&mut self, outcome: Outcome, meaning: &str) {
        let colour = match outcome {
            Outcome::Completed => "32",
            Outcome::Failed => "31",
            _ => "33",
        };
        self.verdict(outcome.as_str(), colour, meaning);
    }

    /// Why there is none.
    pub(crate) fn trouble(&mut self, message: &str) {
        self.verdict("no answer", "31", message);
    }

    fn verdict(&mut self, verdict: &str, colour: &str, meaning: &str) {
        let meaning = harmless::short(&self.line(meaning.to_string()));
        self.say(&if self.has_colours {
            format!("\x1b[2mchat:\x1b[0m \x1b[1;{colour}m{verdict}\x1b[0m: {meaning}")
        } else {
            format!("chat: {verdict}: {meaning}")
        });
    }

    /// What may be shown. The key goes first: of one that is cut, none would be found.
    fn line(&self, message: String) -> String {
        harmless::line(&self.key.hide(message))
    }

    /// What is lost here is nobody's harm.
    fn say(&mut self, line: &str) {
        if mem::take(&mut self.is_in_line) && io::stdout().is_terminal() {
            let _ = writeln!(io::stdout());
        }
        let _ = writeln!(io::stderr(), "{line}");
    }
}
