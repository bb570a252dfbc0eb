//! Reads the usual deltas of Chat Completions, Responses and Messages in one pass.
//!
//! A shortcut for speed: the protocol's row would read the same facts. An event that is not quite
//! usual is left to the row.

use super::Tracker;
use super::facts::Fact;
use super::memory::{self, Fragment, Kind};
use super::prefilter::{self, PlainDelta};
use super::protocol::{Arguments, Begins, Fast};
use super::sentinel::is_unnamed;
use crate::Event;
use crate::json::{self, ErrorKind, Fill, JsonStr, Pass, object, space};
use crate::size::IS_SMALL;

/// Reads the event's fact, if any, into `fact`. Returns `false` if the event is not a usual delta,
/// or may affect the outcome.
#[inline]
pub(super) fn read<'e>(tracker: &Tracker, event: &Event<'e>, fact: &mut Option<Fact<'e>>) -> bool {
    if IS_SMALL || tracker.is_over() {
        return false;
    }
    let data = event.data().as_bytes();
    let read = match tracker.protocol().map_or(Fast::None, |protocol| protocol.fast) {
        Fast::Chat if is_unnamed(event) => of_chat(data, fact),
        other => match prefilter::by_name(other, event) {
            None => None,
            Some(PlainDelta::ContentBlock) => of_messages(data, fact),
            Some(plain) => of_responses(plain, data, fact),
        },
    };
    read.is_some()
}

/// A string or `null`. Any other value is not usual and fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Str<'a>(JsonStr<'a>);

impl<'a> Fill<'a> for Str<'a> {
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

/// `null` or `""`. Any other value is not usual and fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Absent;

impl<'a> Fill<'a> for Absent {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        pass.took = false;
        let rest = value.strip_prefix(b"null").or_else(|| value.strip_prefix(b"\"\""));
        if rest.is_some() { rest } else { pass.fail(ErrorKind::ExpectedValue, value) }
    }
}

/// `null`, `""`, or an empty array or object. Any other value fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct AbsentOrEmpty;

impl<'a> Fill<'a> for AbsentOrEmpty {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        match value {
            [b'[', b']', rest @ ..] | [b'{', b'}', rest @ ..] => {
                pass.took = false;
                Some(rest)
            }
            _ => Absent.fill(pass, value),
        }
    }
}

object! {
    /// A chunk of Chat Completions.
    Chunk<'a> {
        object: Str<'a> = "object",
        choices: AtMostOne<Choice<'a>> = "choices",
        none: Absent = "usage" | "x_groq" | "error" | "errors" | "base_resp" | "detail" | "type",
    } in order {
        _ = "id", object = "object", _ = "created", _ = "model", _ = "service_tier",
        _ = "system_fingerprint", choices = "choices", none = "usage", _ = "obfuscation",
    }
}

/// An array of at most one element. A second element fails the pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct AtMostOne<T>(Option<T>);

impl<'a, T: Fill<'a> + Default> Fill<'a> for AtMostOne<T> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let [b'[', element @ ..] = value else { return AbsentOrEmpty.fill(pass, value) };
        let element = space(element);
        if !element.starts_with(b"{") {
            return AbsentOrEmpty.fill(pass, value);
        }
        pass.enter(value)?;
        let rest = self.0.insert(T::default()).fill(pass, element)?;
        let [b']', after @ ..] = space(rest) else {
            return pass.fail(ErrorKind::ExpectedCommaOrEnd, rest);
        };
        pass.took = true;
        Some(pass.leave(after))
    }
}

object! {
    Choice<'a> {
        index: Option<u64> = "index",
        delta: Delta<'a> = "delta",
        none: Absent = "finish_reason" | "native_finish_reason" | "text" | "message" | "error" | "usage",
    } in order {
        index = "index", delta = "delta", _ = "logprobs", none = "finish_reason",
    };

    Delta<'a> {
        content: Str<'a> = "content",
        reasoning_content: Str<'a> = "reasoning_content",
        reasoning: Str<'a> = "reasoning",
        reasoning_text: Str<'a> = "reasoning_text",
        calls: AtMostOne<ToolCall<'a>> = "tool_calls",
        none: AbsentOrEmpty = "refusal" | "function_call" | "audio" | "reasoning_details" | "reasoning_opaque",
    } in order {
        _ = "role", content = "content", reasoning_content = "reasoning_content",
        none = "refusal", calls = "tool_calls",
    };

    ToolCall<'a> {
        index: Option<u64> = "index",
        id: Str<'a> = "id",
        function: Function<'a> = "function",
        none: Absent = "custom" | "name" | "arguments",
    } in order {
        index = "index", id = "id", _ = "type", function = "function",
    };

    Function<'a> {
        name: Str<'a> = "name",
        arguments: Str<'a> = "arguments",
    } in order {
        name = "name", arguments = "arguments",
    }
}

/// Reads a chunk with a piece of one text, a fragment of one call, or nothing.
#[inline(never)]
fn of_chat<'e>(data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut chunk = Chunk::default();
    json::read(data, &mut chunk).ok()?;
    let choice = chunk.choices.0.as_ref()?;
    if choice.index.unwrap_or(0) != 0 || chunk.object.0 == "error" {
        return None;
    }
    let Delta { content, reasoning_content, reasoning, reasoning_text, calls, .. } = &choice.delta;
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

/// Makes a fragment of a call, unless it would be empty.
fn fragment<'e>(
    id: Str<'e>,
    index: Option<u64>,
    name: Str<'e>,
    arguments: Str<'e>,
    begins: Begins,
) -> Option<Fact<'e>> {
    let [id, name, arguments] =
        [id, name, arguments].map(|text| Some(text.0).filter(|text| !text.is_empty()));
    id.or(name).or(arguments)?;
    Some(Fact::Fragment(Fragment {
        key: id.map_or(0, |id| memory::key(0, id.as_bytes())),
        index: index.map(memory::clamp_index),
        id,
        name,
        arguments: arguments.map(Into::into),
        is: Arguments::Piece,
        begins,
    }))
}

object! {
    /// A delta event of Responses.
    ResponsesDelta<'a> {
        delta: Str<'a> = "delta",
        item_id: Str<'a> = "item_id",
        output_index: Option<u64> = "output_index",
        content_index: Option<u64> = "content_index",
        summary_index: Option<u64> = "summary_index",
        none: Absent = "response",
    } in order {
        _ = "type", _ = "sequence_number", item_id = "item_id",
        output_index = "output_index", content_index = "content_index",
        summary_index = "summary_index", delta = "delta", _ = "logprobs", _ = "obfuscation",
    }
}

#[inline(never)]
fn of_responses<'e>(plain: PlainDelta, data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut part = ResponsesDelta::default();
    json::read(data, &mut part).ok()?;
    let ResponsesDelta { delta, item_id, output_index, content_index, summary_index, .. } = part;
    if delta.0.is_empty() {
        return Some(());
    }
    let kind = match plain {
        PlainDelta::OutputText => Kind::Text,
        PlainDelta::ReasoningText => Kind::Reasoning,
        PlainDelta::ReasoningSummary => Kind::Summary,
        PlainDelta::FunctionCallArguments | PlainDelta::ContentBlock => {
            *fact = arguments_of(item_id, output_index, delta);
            return Some(());
        }
    };
    let index = content_index.or(summary_index);
    let item = memory::item_key(output_index, item_id.0);
    let part = memory::part(kind, item, index.map_or(0, memory::clamp_index));
    *fact = Some(Fact::Piece(kind, part, delta.0.into()));
    Some(())
}

/// Makes a fragment with a piece of a call's arguments. `key` assigns it to the call and is not the
/// reported ID.
fn arguments_of<'e>(key: Str<'e>, index: Option<u64>, piece: Str<'e>) -> Option<Fact<'e>> {
    let none = Str::default();
    let mut fact = fragment(none, index, none, piece, Begins::First);
    if let (Some(Fact::Fragment(fragment)), false) = (&mut fact, key.0.is_empty()) {
        fragment.key = memory::key(0, key.0.as_bytes());
    }
    fact
}

object! {
    /// A `content_block_delta` of Messages.
    MessagesDelta<'a> {
        index: Option<u64> = "index",
        delta: BlockDelta<'a> = "delta",
        none: Absent = "usage" | "message",
    } in order {
        _ = "type", index = "index", delta = "delta",
    };

    BlockDelta<'a> {
        kind: Str<'a> = "type",
        text: Str<'a> = "text",
        partial_json: Str<'a> = "partial_json",
        thinking: Str<'a> = "thinking",
        none: Absent = "signature" | "stop_reason",
    } in order {
        kind = "type", text = "text", partial_json = "partial_json", thinking = "thinking",
    }
}

#[inline(never)]
fn of_messages<'e>(data: &'e [u8], fact: &mut Option<Fact<'e>>) -> Option<()> {
    let mut block = MessagesDelta::default();
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
            arguments_of(Str::default(), block.index, partial_json)
        }
        () => return None,
    };
    Some(())
}
