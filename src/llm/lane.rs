//! The usual deltas of the three APIs that nearly everyone speaks, each read in one pass: a
//! shortcut for speed. What is read here says the same by its row, and what is not quite usual is
//! left to that.

use super::Tracker;
use super::facts::Fact;
use super::look::{self, Quiet};
use super::memory::{self, Fragment, Kind};
use super::protocol::{Arguments, Begins, Lane};
use super::sentinel::is_unnamed;
use crate::Event;
use crate::json::{self, ErrorKind, Fill, JsonStr, Pass, object, space};
use crate::size::IS_SMALL;

/// Reads what the event says into `fact`, if it is a usual one, in which nothing matters to the
/// outcome. Returns whether it is.
#[inline]
pub(super) fn read<'e>(tracker: &Tracker, event: &Event<'e>, fact: &mut Option<Fact<'e>>) -> bool {
    if IS_SMALL || tracker.is_over() {
        return false;
    }
    let data = event.data().as_bytes();
    let read = match tracker.protocol().map_or(Lane::None, |protocol| protocol.lane) {
        Lane::Chat if is_unnamed(event) => of_chat(data, fact),
        lane => match look::by_name(lane, event) {
            None => None,
            Some(Quiet::ContentBlock) => of_messages(data, fact),
            Some(quiet) => of_responses(quiet, data, fact),
        },
    };
    read.is_some()
}

/// A string or `null`: what is neither is not usual, and fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Text<'a>(JsonStr<'a>);

impl<'a> Fill<'a> for Text<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        match value {
            [b'"', ..] => self.0.fill(pass, value),
            [b'n', ..] => pass.skip_other(value),
            _ => pass.fail(ErrorKind::ExpectedValue, value),
        }
    }

    #[inline]
    fn usual(value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        JsonStr::usual(value).map(|(text, rest)| (Self(text), rest))
    }
}

/// Nothing: `null` or `""`. What is something else fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Nothing;

impl<'a> Fill<'a> for Nothing {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        pass.took = false;
        let rest = value.strip_prefix(b"null").or_else(|| value.strip_prefix(b"\"\""));
        if rest.is_some() { rest } else { pass.fail(ErrorKind::ExpectedValue, value) }
    }
}

/// As [`Nothing`], or an empty list or object.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Empty;

impl<'a> Fill<'a> for Empty {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        match value {
            [b'[', b']', rest @ ..] | [b'{', b'}', rest @ ..] => {
                pass.took = false;
                Some(rest)
            }
            _ => Nothing.fill(pass, value),
        }
    }
}

object! {
    /// A chunk of Chat Completions.
    Chunk<'a> {
        object: Text<'a> = "object",
        choices: Alone<Choice<'a>> = "choices",
        nothing: Nothing = "usage" | "x_groq" | "error" | "errors" | "base_resp" | "detail" | "type",
    } in order {
        _ = "id", object = "object", _ = "created", _ = "model", _ = "service_tier",
        _ = "system_fingerprint", choices = "choices", nothing = "usage", _ = "obfuscation",
    }
}

/// The only element of a list, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Alone<T>(Option<T>);

impl<'a, T: Fill<'a> + Default> Fill<'a> for Alone<T> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let [b'[', element @ ..] = value else { return Empty.fill(pass, value) };
        let element = space(element);
        if !element.starts_with(b"{") {
            return Empty.fill(pass, value);
        }
        pass.enter(value)?;
        let rest = self.0.insert(T::default()).fill(pass, element)?;
        let [b']', behind @ ..] = space(rest) else {
            return pass.fail(ErrorKind::ExpectedCommaOrEnd, rest);
        };
        pass.took = true;
        Some(pass.leave(behind))
    }
}

object! {
    Choice<'a> {
        index: Option<u64> = "index",
        delta: Words<'a> = "delta",
        nothing: Nothing = "finish_reason" | "native_finish_reason" | "text" | "message" | "error" | "usage",
    } in order {
        index = "index", delta = "delta", _ = "logprobs", nothing = "finish_reason",
    };

    Words<'a> {
        content: Text<'a> = "content",
        reasoning_content: Text<'a> = "reasoning_content",
        reasoning: Text<'a> = "reasoning",
        reasoning_text: Text<'a> = "reasoning_text",
        calls: Alone<ToolCall<'a>> = "tool_calls",
        nothing: Empty = "refusal" | "function_call" | "audio" | "reasoning_details" | "reasoning_opaque",
    } in order {
        _ = "role", content = "content", reasoning_content = "reasoning_content",
        nothing = "refusal", calls = "tool_calls",
    };

    ToolCall<'a> {
        index: Option<u64> = "index",
        id: Text<'a> = "id",
        function: Function<'a> = "function",
        nothing: Nothing = "custom" | "name" | "arguments",
    } in order {
        index = "index", id = "id", _ = "type", function = "function",
    };

    Function<'a> {
        name: Text<'a> = "name",
        arguments: Text<'a> = "arguments",
    } in order {
        name = "name", arguments = "arguments",
    }
}

/// What a chunk says: a piece of one text, or of one call, or nothing.
#[inline(never)]
fn of_chat<'e>(data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut chunk = Chunk::default();
    json::read(data, &mut chunk).ok()?;
    let choice = chunk.choices.0.as_ref()?;
    if choice.index.unwrap_or(0) != 0 || chunk.object.0 == "error" {
        return None;
    }
    let Words { content, reasoning_content, reasoning, reasoning_text, calls, .. } = &choice.delta;
    let reasoning = [reasoning_content.0, reasoning.0, reasoning_text.0];
    let reasoning = reasoning.into_iter().find(|text| !text.is_empty());
    *fact = match (content.0, reasoning, &calls.0) {
        (text, None, None) if text.is_empty() => None,
        (text, None, None) => Some(Fact::Piece(Kind::Text, 0, text.into())),
        (text, Some(reasoning), None) if text.is_empty() => {
            Some(Fact::Piece(Kind::Reasoning, 0, reasoning.into()))
        }
        (text, None, Some(call)) if text.is_empty() => {
            let Function { name, arguments, .. } = call.function;
            fragment(call.id, call.index, name, arguments, Begins::Unknown)
        }
        _ => return None,
    };
    Some(())
}

/// A fragment of a call, if there is anything in it.
fn fragment<'e>(
    id: Text<'e>,
    index: Option<u64>,
    name: Text<'e>,
    arguments: Text<'e>,
    begins: Begins,
) -> Option<Fact<'e>> {
    let [id, name, arguments] =
        [id, name, arguments].map(|text| Some(text.0).filter(|text| !text.is_empty()));
    id.or(name).or(arguments)?;
    Some(Fact::Fragment(Fragment {
        key: id.map_or(0, |id| memory::key(0, id.as_bytes())),
        index: index.map(memory::short),
        id,
        name,
        arguments: arguments.map(Into::into),
        is: Arguments::Piece,
        begins,
    }))
}

object! {
    /// A delta of Responses.
    Part<'a> {
        delta: Text<'a> = "delta",
        item_id: Text<'a> = "item_id",
        output_index: Option<u64> = "output_index",
        content_index: Option<u64> = "content_index",
        summary_index: Option<u64> = "summary_index",
        nothing: Nothing = "response",
    } in order {
        _ = "type", _ = "sequence_number", item_id = "item_id",
        output_index = "output_index", content_index = "content_index",
        summary_index = "summary_index", delta = "delta", _ = "logprobs", _ = "obfuscation",
    }
}

#[inline(never)]
fn of_responses<'e>(quiet: Quiet, data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut part = Part::default();
    json::read(data, &mut part).ok()?;
    let Part { delta, item_id, output_index, content_index, summary_index, .. } = part;
    if delta.0.is_empty() {
        return Some(());
    }
    let kind = match quiet {
        Quiet::OutputText => Kind::Text,
        Quiet::ReasoningText => Kind::Reasoning,
        Quiet::ReasoningSummary => Kind::Summary,
        Quiet::FunctionCallArguments | Quiet::ContentBlock => {
            *fact = arguments_of(item_id, output_index, delta);
            return Some(());
        }
    };
    let index = content_index.or(summary_index);
    let item = memory::item_key(output_index, item_id.0);
    let part = memory::part(kind, item, index.map_or(0, memory::short));
    *fact = Some(Fact::Piece(kind, part, delta.0.into()));
    Some(())
}

/// A piece of a call's arguments; `key` is what the call is told by, and not its ID.
fn arguments_of<'e>(key: Text<'e>, index: Option<u64>, piece: Text<'e>) -> Option<Fact<'e>> {
    let nothing = Text::default();
    let mut fact = fragment(nothing, index, nothing, piece, Begins::First);
    if let (Some(Fact::Fragment(fragment)), false) = (&mut fact, key.0.is_empty()) {
        fragment.key = memory::key(0, key.0.as_bytes());
    }
    fact
}

object! {
    /// A `content_block_delta` of Messages.
    Block<'a> {
        index: Option<u64> = "index",
        delta: BlockDelta<'a> = "delta",
        nothing: Nothing = "usage" | "message",
    } in order {
        _ = "type", index = "index", delta = "delta",
    };

    BlockDelta<'a> {
        kind: Text<'a> = "type",
        text: Text<'a> = "text",
        partial_json: Text<'a> = "partial_json",
        thinking: Text<'a> = "thinking",
        nothing: Nothing = "signature" | "stop_reason",
    } in order {
        kind = "type", text = "text", partial_json = "partial_json", thinking = "thinking",
    }
}

#[inline(never)]
fn of_messages<'e>(data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut block = Block::default();
    json::read(data, &mut block).ok()?;
    let BlockDelta { kind, text, partial_json, thinking, .. } = block.delta;
    let piece = |kind, text: JsonStr<'e>| Fact::Piece(kind, 0, text.into());
    let (is_text, is_thinking) = (!text.0.is_empty(), !thinking.0.is_empty());
    *fact = match () {
        () if kind.0 == "text_delta" && !is_thinking => is_text.then(|| piece(Kind::Text, text.0)),
        () if kind.0 == "thinking_delta" && !is_text => {
            is_thinking.then(|| piece(Kind::Reasoning, thinking.0))
        }
        () if kind.0 == "input_json_delta" && !is_text && !is_thinking => {
            arguments_of(Text::default(), block.index, partial_json)
        }
        () => return None,
    };
    Some(())
}
