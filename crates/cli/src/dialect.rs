//! What a dialect makes of a stream: did it finish, and what does the answer in it say? That is
//! visible text, tool calls, usage, and why it ended.

use std::fmt::Display;

use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
    Violation,
};
use sseam::json::{self, Json, Members};
use sseam::payload::{
    Accumulator, Error, ErrorBody, Growing, Joiner, JsonStr, Part, PartKind, StrOrJson, chat,
    messages, responses,
};
use sseam::{End, Event, Item, Notify, Outcome, Signal, Tracker};

/// What `--dialect` takes.
pub(crate) const NAMES: [&str; 9] = [
    "auto",
    "done",
    "chat",
    "responses",
    "responses-strict",
    "messages",
    "generate-content",
    "cohere-chat",
    "assistants",
];

/// What a tracker needs besides events: some servers fail or end a stream with what the standard
/// passes over.
pub(crate) const NOTIFY: Notify = Notify::UNKNOWN_FIELDS.union(Notify::EMPTY_BLOCKS);

/// A tracker, whatever its dialect is.
pub(crate) trait Follow {
    /// What the item is to a client, and where it broke the provider's word.
    fn follow(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>);

    /// The dialect's name, as far as it is known yet.
    fn name(&self) -> &'static str;

    /// How the stream came out.
    fn finish(&self, end: Option<End>) -> Outcome;
}

struct Follower<D> {
    tracker: Tracker<D>,
    name: fn(&D) -> &'static str,
}

impl<D: Dialect> Follow for Follower<D> {
    fn follow(&mut self, item: &Item<'_>) -> (Signal, Option<Violation>) {
        let signal = self.tracker.notice(item);
        // What a violation is about is always an event, the one observed last.
        (signal, self.tracker.violation().filter(|_| matches!(item, Item::Event(_))))
    }

    fn name(&self) -> &'static str {
        (self.name)(self.tracker.dialect())
    }

    fn finish(&self, end: Option<End>) -> Outcome {
        self.tracker.finish(end)
    }
}

/// A tracker for a stream in the dialect of that name, or else in the one that it turns out to be.
pub(crate) fn by_name(name: &str) -> Box<dyn Follow> {
    match name {
        "done" => known(Done::new()),
        "chat" => known(Chat::new()),
        "responses" => known(Responses::new()),
        "responses-strict" => known(Responses::strict()),
        "messages" => known(Messages::new()),
        "generate-content" => known(GenerateContent::new()),
        "cohere-chat" => known(CohereChat::new()),
        "assistants" => known(Assistants::new()),
        _ => Box::new(Follower {
            tracker: Tracker::new(Auto::new()),
            name: |auto| auto.settled().unwrap_or("none"),
        }),
    }
}

fn known<D: Dialect + 'static>(dialect: D) -> Box<dyn Follow> {
    Box::new(Follower { tracker: Tracker::new(dialect), name: D::name })
}

/// How many tool calls are kept, and how many bytes of their names.
const CALLS: usize = 512;
const CALL_NAMES: usize = 8 << 10;

/// What one answer has said so far. Memory is bounded, whatever the stream sends.
pub(crate) struct Said {
    joiner: Joiner,
    /// What was decoded and not taken yet.
    text: String,
    /// The tool calls, in the order in which they began.
    calls: Vec<Call>,
    has_more_calls: bool,
    /// Their arguments, by their place among the calls, and what the model refuses.
    gathered: Accumulator<Growing>,
    limit: usize,
    usage: [Option<u64>; 2],
    /// The provider's reason to stop, or its error.
    pub(crate) reason: Option<String>,
}

struct Call {
    /// Which item, block or call of the answer it is.
    index: u64,
    id: Option<String>,
    name: String,
}

fn arguments(call: usize) -> Part {
    let output = u32::try_from(call).unwrap_or(u32::MAX);
    Part { kind: PartKind::Arguments, output, content: 0 }
}

const REFUSAL: Part = Part { kind: PartKind::Refusal, output: 0, content: 0 };

impl Said {
    /// Keeps so many bytes of the tools' arguments.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            joiner: Joiner::new(),
            text: String::new(),
            calls: Vec::new(),
            has_more_calls: false,
            gathered: Accumulator::growing(limit),
            limit,
            usage: [None; 2],
            reason: None,
        }
    }

    /// Takes an item: what it is to a client, and what is wrong with it. Its text can be taken
    /// then, also where something is.
    pub(crate) fn hear(
        &mut self,
        follow: &mut dyn Follow,
        item: &Item<'_>,
    ) -> (Signal, Vec<String>) {
        let (signal, violation) = follow.follow(item);
        let mut wrong: Vec<_> = violation.iter().map(ToString::to_string).collect();
        match (item, signal) {
            (Item::Event(event), Signal::Message | Signal::Last) => {
                let heard = match follow.name() {
                    "chat" => chat(event, self),
                    "responses" | "responses-strict" => responses(event, self),
                    "messages" => messages(event, self),
                    "generate-content" => {
                        generate_content(event, self);
                        Ok(())
                    }
                    "cohere-chat" => {
                        cohere_chat(event, self);
                        Ok(())
                    }
                    "assistants" => {
                        assistants(event, self);
                        Ok(())
                    }
                    _ => Ok(()),
                };
                wrong.extend(heard.err().map(|why| format!("an event could not be read: {why}")));
            }
            // llama.cpp has failed so.
            (Item::UnknownField { value, .. }, Signal::Last) => {
                self.reason = Some(value.to_string_lossy().into_owned());
            }
            _ => {}
        }
        (signal, wrong)
    }

    /// The text that has come since it was taken last.
    pub(crate) fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// What is left of the text at its end: half a character.
    pub(crate) fn end_text(&mut self) -> String {
        // A `String` takes whatever is written.
        let _ = self.joiner.finish(&mut self.text);
        self.take_text()
    }

    /// A line for each call, one for what is missing, and one for usage.
    pub(crate) fn sum_up(&mut self, mut line: impl FnMut(&dyn Display)) {
        let _ = self.gathered.finish();
        let calls = self.calls.iter().enumerate();
        for (place, call) in calls.filter(|(_, call)| !call.name.is_empty()) {
            line(&format_args!("calls {}({})", call.name, self.gathered.get(arguments(place))));
        }
        if self.has_more_calls {
            line(&"there are more calls than can be kept");
        }
        if self.gathered.is_full() {
            line(&format_args!("arguments are cut: all calls together have {} bytes", self.limit));
        }
        if let [Some(input), Some(output)] = self.usage {
            line(&format_args!("{input} tokens in, {output} out"));
        }
    }

    /// What the model says instead of an answer.
    #[cfg(feature = "http")]
    pub(crate) fn refusal(&self) -> Option<impl Display> {
        let refusal = self.gathered.get(REFUSAL);
        (!refusal.is_empty()).then_some(refusal)
    }

    fn text(&mut self, text: JsonStr<'_>) {
        let _ = self.joiner.write(text, &mut self.text);
    }

    /// A piece of the arguments of the call by that index. Some servers say the name in each
    /// event, some give all calls one index: another ID or name begins another call.
    fn call(
        &mut self,
        index: u64,
        [id, name]: [Option<JsonStr<'_>>; 2],
        piece: Option<StrOrJson<'_>>,
    ) {
        let [id, name] =
            [id, name].map(|is| is.map(|is| is.to_string()).filter(|is| !is.is_empty()));
        let found = self.calls.iter().rposition(|call| call.index == index);
        let place = match (found, name) {
            (Some(place), None) => place,
            (Some(place), Some(name)) if self.is_same(place, id.as_deref(), &name) => {
                self.calls[place].name = name;
                place
            }
            (None, None) if piece.is_none() => return,
            (_, name) => {
                let name = name.unwrap_or_default();
                let names: usize = self.calls.iter().map(|call| call.name.len()).sum();
                if self.calls.len() == CALLS || names + name.len() > CALL_NAMES {
                    self.has_more_calls = true;
                    return;
                }
                self.calls.push(Call { index, id, name });
                self.calls.len() - 1
            }
        };
        let piece = piece.unwrap_or_default();
        let in_a_string = match piece.as_json_str() {
            Some(_) => String::new(),
            None => as_a_string(&piece.to_string()),
        };
        let piece = piece.as_json_str().or_else(|| JsonStr::new(&in_a_string).ok());
        // What does not fit is said at the end.
        let _ = self.gathered.push(arguments(place), piece.unwrap_or_default());
    }

    fn is_same(&self, place: usize, id: Option<&str>, name: &str) -> bool {
        let call = &self.calls[place];
        match (&call.id, id) {
            (Some(old), Some(new)) if old != new => false,
            _ => call.name.is_empty() || call.name == name,
        }
    }

    /// All of the arguments, where they did not come in pieces before.
    fn whole_call(&mut self, index: u64, name: Option<JsonStr<'_>>, whole: Option<StrOrJson<'_>>) {
        let found = self.calls.iter().rposition(|call| call.index == index);
        let is_known = found.is_some_and(|place| !self.gathered.get(arguments(place)).is_empty());
        self.call(index, [None, name], whole.filter(|_| !is_known));
    }

    fn refuse(&mut self, piece: Option<JsonStr<'_>>) {
        let _ = self.gathered.push(REFUSAL, piece.unwrap_or_default());
    }

    /// Counts are cumulative: the last one is the one.
    fn use_up(&mut self, input: Option<u64>, output: Option<u64>) {
        let [old_input, old_output] = self.usage;
        self.usage = [input.or(old_input), output.or(old_output)];
    }

    fn stop(&mut self, reason: Option<JsonStr<'_>>) {
        self.reason = reason.map(|reason| reason.to_string()).or(self.reason.take());
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
}

/// The first choice.
fn chat(event: &Event<'_>, to: &mut Said) -> Result<(), Error> {
    let chunk = chat::Chunk::parse(event)?;
    if let Some(error) = chunk.error {
        to.fail(&error);
    }
    if let Some(usage) = chunk.usage {
        to.use_up(usage.prompt_tokens, usage.completion_tokens);
    }
    for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
        let delta = choice.delta.unwrap_or_default();
        // The legacy way has one call, without an index.
        let legacy = delta.function_call.map(|function| (0, None, function));
        let calls =
            delta.tool_calls.iter().filter_map(|call| Some((call.index, call.id, call.function?)));
        for (index, id, function) in legacy.into_iter().chain(calls) {
            to.call(index, [id, function.name], function.arguments);
        }
        to.refuse(delta.refusal);
        if to.reason.is_none() {
            to.stop(choice.finish_reason);
        }
        for text in choice.texts() {
            to.text(text);
        }
    }
    Ok(())
}

fn responses(event: &Event<'_>, to: &mut Said) -> Result<(), Error> {
    use responses::Event as E;

    match E::parse(event)? {
        E::OutputTextDelta(delta) => to.text(delta.delta),
        E::FunctionCallArgumentsDelta(delta) | E::CustomToolCallInputDelta(delta) => {
            to.call(delta.output_index, [None, None], Some(StrOrJson::Str(delta.delta)));
        }
        E::OutputItemAdded(event) => to.call(event.output_index, [None, event.item.name], None),
        E::OutputItemDone(event) => {
            let responses::Item { name, arguments, input, .. } = event.item;
            to.whole_call(event.output_index, name, arguments.or(input));
        }
        E::RefusalDelta(delta) => to.refuse(Some(delta.delta)),
        E::Completed(event) | E::Incomplete(event) | E::Failed(event) => {
            if let Some(usage) = event.response.usage {
                to.use_up(usage.input_tokens, usage.output_tokens);
            }
            to.stop(event.response.incomplete_details.and_then(|why| why.reason));
            if let Some(error) = event.response.error {
                to.fail(&error);
            }
        }
        E::Error(event) => to.fail(&event.error),
        _ => {}
    }
    Ok(())
}

fn messages(event: &Event<'_>, to: &mut Said) -> Result<(), Error> {
    use messages::{Delta, Event as E};

    match E::parse(event)? {
        E::ContentBlockDelta(event) => match event.delta {
            Delta::Text(text) => to.text(text),
            Delta::InputJson(delta) => {
                to.call(event.index, [None, None], Some(StrOrJson::Str(delta)));
            }
            _ => {}
        },
        E::ContentBlockStart(event) => {
            to.call(event.index, [None, event.content_block.name], None);
        }
        E::MessageStart(event) => {
            to.use_up(event.message.usage.input_tokens, event.message.usage.output_tokens);
        }
        E::MessageDelta(event) => {
            to.use_up(event.usage.input_tokens, event.usage.output_tokens);
            to.stop(event.delta.stop_reason);
        }
        E::Error(error) => to.fail(&error),
        _ => {}
    }
    Ok(())
}

/// JSON as a string of JSON holds it. Line ends are between its tokens, where a space will do.
fn as_a_string(json: &str) -> String {
    let mut string = String::new();
    for char in json.chars() {
        match char {
            '"' | '\\' => string.extend(['\\', char]),
            '\n' | '\r' | '\t' => string.push(' '),
            _ => string.push(char),
        }
    }
    string
}

/// The member at a path such as `delta.text`, if it is there. These dialects have no typed
/// payloads: a look is enough.
fn at<'a>(members: Members<'a>, path: &str) -> Option<Json<'a>> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let value = members.get(name)?;
    if rest.is_empty() { Some(value) } else { at(value.members(), rest) }
}

fn in_data<'a>(event: &Event<'a>, path: &str) -> Option<Json<'a>> {
    at(json::members(event.data().as_bytes()), path)
}

fn text(value: Option<Json<'_>>, to: &mut Said) {
    if let Some(text) = value.and_then(|value| value.text()) {
        to.text(text);
    }
}

/// The parts of candidate 0 that are no thoughts.
fn generate_content(event: &Event<'_>, to: &mut Said) {
    for candidate in in_data(event, "candidates").into_iter().flat_map(|list| list.elements()) {
        let index = at(candidate.members(), "index").and_then(|index| index.u64());
        let parts = at(candidate.members(), "content.parts").filter(|_| index.unwrap_or(0) == 0);
        for part in parts.into_iter().flat_map(|parts| parts.elements()) {
            if !at(part.members(), "thought").is_some_and(|thought| thought.is_true()) {
                text(at(part.members(), "text"), to);
            }
        }
    }
    let usage = in_data(event, "usageMetadata");
    usage_by(usage, ["promptTokenCount", "candidatesTokenCount"], to);
}

/// The tokens that were used, or else those that are billed.
fn cohere_chat(event: &Event<'_>, to: &mut Said) {
    let Some(kind) = in_data(event, "type").and_then(|kind| kind.text()) else { return };
    if kind == "content-delta" {
        text(in_data(event, "delta.message.content.text"), to);
    } else if kind == "message-end" {
        let tokens = in_data(event, "delta.usage.tokens")
            .or_else(|| in_data(event, "delta.usage.billed_units"));
        usage_by(tokens, ["input_tokens", "output_tokens"], to);
    }
}

fn assistants(event: &Event<'_>, to: &mut Said) {
    match event.event_type().as_bytes() {
        b"thread.message.delta" => {
            let content = in_data(event, "delta.content");
            for part in content.into_iter().flat_map(|content| content.elements()) {
                text(at(part.members(), "text.value"), to);
            }
        }
        b"thread.run.completed" | b"thread.run.incomplete" => {
            usage_by(in_data(event, "usage"), ["prompt_tokens", "completion_tokens"], to);
        }
        _ => {}
    }
}

/// Both counts, by their names.
fn usage_by(usage: Option<Json<'_>>, names: [&str; 2], to: &mut Said) {
    let [input, output] = names.map(|name| at(usage?.members(), name)?.u64());
    to.use_up(input, output);
}
