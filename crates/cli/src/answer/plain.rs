//! The answer for people: its text on standard output, everything else on standard error.

use std::io::{self, IsTerminal};

use sseam::llm::{Collected, Delta};

use super::{Ending, Printer};
use crate::output::{Text, one_line};
use crate::verdict::{KEPT, sentence, sum_up, why};

pub(super) struct Plain {
    /// Printed at the end.
    rest: Collected,
}

impl Plain {
    pub(super) fn new() -> Self {
        Self { rest: Collected::with_limit(KEPT) }
    }
}

impl Printer for Plain {
    fn delta(&mut self, delta: &Delta<'_>, out: &mut Text) -> io::Result<()> {
        match delta {
            Delta::Text { text, .. } => return out.print(&text.to_string()),
            // Not shown, so it is not collected.
            Delta::Reasoning { .. } => return Ok(()),
            Delta::Restart => {
                out.say(&"the provider restarted: the answer so far is void");
            }
            _ => {}
        }
        // An overflow is reported at the end.
        let _ = self.rest.push(delta);
        Ok(())
    }

    fn end(&mut self, ending: &Ending, out: &mut Text) -> io::Result<()> {
        let outcome = ending.outcome;
        sum_up(&self.rest, |line| out.say(&one_line(line)));
        if io::stderr().is_terminal() {
            let sentence = sentence(outcome, &self.rest);
            out.say(&format_args!("{outcome}: {}", one_line(&sentence)));
        } else {
            if let Some((kind, why)) = why(outcome, &self.rest) {
                out.say(&format_args!("{kind}: {}", one_line(&why)));
            }
            out.say(&format_args!("{}: {outcome:?}", ending.dialect.unwrap_or("none")));
        }
        Ok(())
    }
}
