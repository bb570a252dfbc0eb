//! What the events of an answer say: text, tool calls, usage, and why it ended.

use std::io;

use sseam::Event;
use sseam::payload::{
    Accumulator, Error, ErrorBody, Growing, Joiner, JsonStr, Part, PartKind, chat, messages,
    responses,
};

use crate::endpoint::Api;
use crate::terminal::Terminal;

/// How much is gathered of tools' arguments and refusals.
const LIMIT: usize = 16 << 20;

/// How many tool calls are told.
const CALLS: usize = 256;

/// What one answer has said so far, but for the text, which is printed as it comes.
pub(crate) struct Said {
    text: Joiner,
    gathered: Accumulator<Growing>,
    calls: Vec<Call>,
    usage: [Option<u64>; 2],
    /// The provider's reason to stop, or its error.
    pub(crate) reason: Option<String>,
}

struct Call {
    /// What its arguments come under.
    index: u64,
    name: String,
}

/// Why an event was not heard to its end.
enum Unheard {
    /// It is no payload of its API.
    Unread(Error),
    /// Its text could not be printed.
    Unprinted(io::Error),
}

impl From<Error> for Unheard {
    fn from(error: Error) -> Self {
        Self::Unread(error)
    }
}

impl From<io::Error> for Unheard {
    fn from(error: io::Error) -> Self {
        Self::Unprinted(error)
    }
}

impl Said {
    pub(crate) fn new() -> Self {
        Self {
            text: Joiner::new(),
            gathered: Accumulator::growing(LIMIT),
            calls: Vec::new(),
            usage: [None; 2],
            reason: None,
        }
    }

    /// Takes an event, and prints the text that it holds.
    pub(crate) fn hear(
        &mut self,
        api: Api,
        event: &Event<'_>,
        to: &mut Terminal,
    ) -> io::Result<()> {
        let heard = match api {
            Api::Chat => self.hear_chat(event, to),
            Api::Responses => self.hear_responses(event, to),
            Api::Messages => self.hear_messages(event, to),
        };
        match heard {
            Ok(()) => Ok(()),
            Err(Unheard::Unread(error)) => {
                to.note(format_args!("an event could not be read: {error}"));
                Ok(())
            }
            Err(Unheard::Unprinted(error)) => Err(error),
        }
    }

    fn text(&mut self, text: JsonStr<'_>, to: &mut Terminal) -> io::Result<()> {
        let mut decoded = String::new();
        // A `String` takes whatever is written.
        let _ = self.text.write(text, &mut decoded);
        to.text(&decoded)
    }

    /// The text has ended.
    pub(crate) fn end_text(&mut self, to: &mut Terminal) -> io::Result<()> {
        let mut rest = String::new();
        let _ = self.text.finish(&mut rest);
        to.text(&rest)
    }

    fn hear_chat(&mut self, event: &Event<'_>, to: &mut Terminal) -> Result<(), Unheard> {
        let chunk = chat::Chunk::parse(event)?;
        if let Some(error) = chunk.error {
            self.fail(&error);
        }
        if let Some(usage) = chunk.usage {
            self.use_up(usage.prompt_tokens, usage.completion_tokens);
        }
        for choice in &chunk.choices {
            for text in choice.texts() {
                self.text(text, to)?;
            }
            let delta = choice.delta.unwrap_or_default();
            self.gather(PartKind::Refusal, 0, delta.refusal);
            for call in &delta.tool_calls {
                let function = call.function.unwrap_or_default();
                // Only its first fragment has a name. Some servers give all calls
                // one index.
                if let Some(name) = function.name.filter(|name| !name.is_empty()) {
                    self.call(call.index, name);
                }
                self.argue(call.index, function.arguments);
            }
            if let Some(reason) = choice.finish_reason {
                self.reason.get_or_insert_with(|| reason.to_string());
            }
        }
        Ok(())
    }

    fn hear_responses(&mut self, event: &Event<'_>, to: &mut Terminal) -> Result<(), Unheard> {
        use responses::Event;

        match Event::parse(event)? {
            Event::OutputTextDelta(delta) => self.text(delta.delta, to)?,
            Event::RefusalDelta(delta) => self.gather(PartKind::Refusal, 0, Some(delta.delta)),
            Event::OutputItemAdded(added) => {
                if let Some(name) = added.item.name {
                    self.call(added.output_index, name);
                }
            }
            Event::FunctionCallArgumentsDelta(delta) | Event::CustomToolCallInputDelta(delta) => {
                self.argue(delta.output_index, Some(delta.delta));
            }
            Event::Completed(event) | Event::Incomplete(event) | Event::Failed(event) => {
                let response = event.response;
                if let Some(usage) = response.usage {
                    self.use_up(usage.input_tokens, usage.output_tokens);
                }
                if let Some(reason) = response.incomplete_details.and_then(|why| why.reason) {
                    self.reason = Some(reason.to_string());
                }
                if let Some(error) = response.error {
                    self.fail(&error);
                }
            }
            Event::Error(event) => self.fail(&event.error),
            _ => {}
        }
        Ok(())
    }

    fn hear_messages(&mut self, event: &Event<'_>, to: &mut Terminal) -> Result<(), Unheard> {
        use messages::{Delta, Event};

        match Event::parse(event)? {
            Event::ContentBlockDelta(event) => match event.delta {
                Delta::Text(text) => self.text(text, to)?,
                Delta::InputJson(json) => self.argue(event.index, Some(json)),
                _ => {}
            },
            Event::ContentBlockStart(event) => {
                if let Some(name) = event.content_block.name {
                    self.call(event.index, name);
                }
            }
            Event::MessageStart(event) => {
                let usage = event.message.usage;
                self.use_up(usage.input_tokens, usage.output_tokens);
            }
            Event::MessageDelta(event) => {
                self.use_up(event.usage.input_tokens, event.usage.output_tokens);
                if let Some(reason) = event.delta.stop_reason {
                    self.reason = Some(reason.to_string());
                }
            }
            Event::Error(error) => self.fail(&error),
            _ => {}
        }
        Ok(())
    }

    /// A tool call begins.
    fn call(&mut self, index: u64, name: JsonStr<'_>) {
        if self.calls.len() < CALLS {
            self.calls.push(Call { index, name: name.to_string() });
        }
    }

    /// Arguments of the last call with that index.
    fn argue(&mut self, index: u64, arguments: Option<JsonStr<'_>>) {
        if let Some(call) = self.calls.iter().rposition(|call| call.index == index) {
            self.gather(PartKind::Arguments, call, arguments);
        }
    }

    fn gather(&mut self, kind: PartKind, number: usize, delta: Option<JsonStr<'_>>) {
        // What is over the limit is left out; nobody reads that much of it.
        let _ = self.gathered.push(part(kind, number), delta.unwrap_or_default());
    }

    /// Counts are cumulative: the last one is the one.
    fn use_up(&mut self, input: Option<u64>, output: Option<u64>) {
        let [old_input, old_output] = self.usage;
        self.usage = [input.or(old_input), output.or(old_output)];
    }

    /// The provider's error, whatever reason to stop came before.
    fn fail(&mut self, error: &ErrorBody<'_>) {
        let code = error.code.map(|code| code.to_string());
        let code = code.or_else(|| error.kind.map(|kind| kind.to_string()));
        let message = error.message.map(|message| message.to_string());
        self.reason = Some(match (message, code) {
            (Some(message), Some(code)) => format!("{message} ({code})"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return,
        });
    }

    /// Tells what was said besides the text.
    pub(crate) fn tell(&mut self, to: &mut Terminal) {
        let _ = self.gathered.finish();
        let refusal = self.gathered.get(part(PartKind::Refusal, 0));
        if !refusal.is_empty() {
            to.note(format_args!("the model refuses: {refusal}"));
        }
        for (number, call) in self.calls.iter().enumerate() {
            let arguments = self.gathered.get(part(PartKind::Arguments, number));
            to.call(&call.name, arguments);
        }
        if let [Some(input), Some(output)] = self.usage {
            to.note(format_args!("{input} tokens in, {output} out"));
        }
    }
}

fn part(kind: PartKind, number: usize) -> Part {
    Part { kind, output: u32::try_from(number).unwrap_or(u32::MAX), content: 0 }
}
