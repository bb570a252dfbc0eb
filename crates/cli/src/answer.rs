//! What did the model say? Prints the visible text of a language model's event stream as it
//! arrives, and at last how the stream came out.

use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use sseam::{Item, Parser};

use crate::dialect::{self, Said};
use crate::input::{Input, is_interrupted};
use crate::output::{self, Failure, INTERRUPTED, Text, meaning};

pub(crate) const HELP: &str = include_str!("help/answer.txt");

/// How many bytes of the tools' arguments are kept.
const ARGUMENTS: usize = 64 << 10;

/// Between two events of the sample.
const READING_SPEED: Duration = Duration::from_millis(150);

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    input: Input,
    /// The protocol; 'auto' finds it out
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = dialect::NAMES)]
    dialect: String,
}

/// Feeds the stream to the parser, prints the text of what comes, and yields the exit status.
pub(crate) fn run(args: &Args) -> Result<u8, Failure> {
    let mut follow = dialect::by_name(&args.dialect);
    let mut chunks = args.input.open(Vec::new())?;
    let is_sample = chunks.is_sample;
    let mut parser = Parser::new().with_notify(dialect::NOTIFY);
    let (mut said, mut text) = (Said::new(ARGUMENTS), Text::new());
    let mut has_events = false;
    while let Some(mut chunk) = chunks.next()? {
        loop {
            match parser.next_item(&mut chunk) {
                Ok(Some(item)) => {
                    has_events |= matches!(item, Item::Event(_));
                    let (_, wrong) = said.hear(&mut *follow, &item);
                    text.print(&said.take_text())?;
                    for why in wrong {
                        text.say(&why);
                    }
                }
                Ok(None) => break,
                // It is about one event: the next call goes on after it.
                Err(error) => text.say(&error),
            }
            if is_sample && !is_interrupted() {
                text.flush()?;
                thread::sleep(READING_SPEED);
            }
        }
        if chunks.is_drained() {
            text.flush()?;
        }
    }
    text.print(&said.end_text())?;
    text.flush()?;
    let no_event = output::no_event(&chunks.head, chunks.offset);
    if let Some(sentence) = no_event.filter(|_| !has_events && chunks.offset > 0) {
        text.say(&format_args!("{}: {sentence}", chunks.name));
    }
    said.sum_up(|line| text.say(&line));
    let (name, outcome) = (follow.name(), follow.finish(Some(parser.finish())));
    if io::stderr().is_terminal() {
        let reason =
            said.reason.filter(|_| output::status(outcome) != 0).map(|why| format!(" ({why})"));
        let (is, reason) = (outcome.as_str(), reason.unwrap_or_default());
        text.say(&format_args!("{is}: {}{reason}", meaning(outcome)));
    } else {
        text.say(&format_args!("{name}: {outcome:?}"));
    }
    Ok(if is_interrupted() { INTERRUPTED } else { output::status(outcome) })
}
