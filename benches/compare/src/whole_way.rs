//! The whole way from bytes to text: framing, verdict, payload, text. The contenders are sseam's
//! answer, which reads any API, sseam with its payload types, sseam's framing with other JSON
//! readers, and the usual pair, eventsource-stream with the types of async-openai.
//!
//! Each is written for speed. The structs that serde derives have only the printed members and
//! borrow them, except with escapes. If a provider names its events, the peers that use sseam's
//! framing go by that name and do not look for it in the JSON. Of async-openai's client only the
//! types are used, not the channel between its tasks.

use std::borrow::Cow;
use std::fmt::Display;
use std::hint::black_box;
use std::marker::PhantomData;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use async_openai::types::chat::CreateChatCompletionStreamResponse;
use async_openai::types::responses::ResponseStreamEvent;
use eventsource_stream::EventStream;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sonic_rs::{JsonValueTrait, PointerNode, pointer};
use sseam::json::JsonStr;
use sseam::llm::payload::{chat, messages, responses};
use sseam::llm::{Delta as AnswerDelta, Outcome, Protocol, Tracker, is_done};
use sseam::{Event, Parser, Value, VecBuf, llm};
use sseam_testkit::heap;

use crate::check::Input;
use crate::contenders::{Contender, Racer, Recorded, poll, transport};
use crate::workloads::{PAYLOADS, WORKLOADS};

/// The API of a stream.
#[derive(Clone, Copy)]
pub(crate) enum Api {
    Chat,
    Responses,
    Messages,
}

/// The streams of the whole way, and their API.
pub(crate) const STREAMS: [(&str, Api); 8] = [
    ("W1", Api::Chat),
    ("W2", Api::Responses),
    ("A", Api::Messages),
    ("J", Api::Chat),
    ("S", Api::Chat),
    ("D", Api::Chat),
    ("T", Api::Chat),
    ("R", Api::Responses),
];

/// A stream of that name, of at least `size` bytes.
pub(crate) fn stream(name: &str, size: usize) -> Vec<u8> {
    let mut workloads = WORKLOADS.iter().chain(&PAYLOADS);
    workloads.find(|workload| workload.name == name).expect("a workload").stream(size)
}

impl Api {
    /// The end of a complete stream.
    pub(crate) fn end(self) -> &'static str {
        match self {
            Self::Chat => concat!(
                r#"data: {"id":"chatcmpl-B7tK","object":"chat.completion.chunk","created":1762700000,"#,
                r#""model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{},"#,
                r#""logprobs":null,"finish_reason":"stop"}]}"#,
                "\n\ndata: [DONE]\n\n",
            ),
            Self::Responses => concat!(
                "event: response.completed\n",
                r#"data: {"type":"response.completed","sequence_number":9,"response":{"#,
                r#""id":"resp_68a1f2","object":"response","created_at":1762700000,"#,
                r#""status":"completed","error":null,"model":"gpt-4o-mini-2024-07-18","output":[]}}"#,
                "\n\n",
            ),
            Self::Messages => concat!(
                "event: message_delta\n",
                r#"data: {"type":"message_delta","delta":{"stop_reason":"end_turn","#,
                r#""stop_sequence":null},"usage":{"output_tokens":15}}"#,
                "\n\nevent: message_stop\n",
                r#"data: {"type":"message_stop"}"#,
                "\n\n",
            ),
        }
    }

    /// The end of a stream that the provider gives up.
    pub(crate) fn failure(self) -> &'static str {
        match self {
            Self::Chat => concat!(
                r#"data: {"error":{"message":"overloaded","type":"server_error","code":null}}"#,
                "\n\ndata: [DONE]\n\n",
            ),
            Self::Responses => concat!(
                "event: response.failed\n",
                r#"data: {"type":"response.failed","sequence_number":9,"response":{"#,
                r#""id":"resp_68a1f2","object":"response","created_at":1762700000,"#,
                r#""status":"failed","error":{"code":"server_error","message":"overloaded"},"#,
                r#""model":"gpt-4o-mini-2024-07-18","output":[]}}"#,
                "\n\n",
            ),
            Self::Messages => concat!(
                "event: error\n",
                r#"data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                "\n\n",
            ),
        }
    }
}

/// The contenders of an API. The first is sseam.
pub(crate) fn all(api: Api) -> Vec<Contender<Answer>> {
    match api {
        Api::Chat => vec![
            of::<Framed<TypedChat>>(),
            of::<Framed<ByAnswer<CHAT>>>(),
            of::<Framed<Chat<SerdeJson>>>(),
            of::<Framed<Chat<SonicRs>>>(),
            of::<Framed<Chat<SonicRsGet>>>(),
            of::<AsyncOpenAi<CreateChatCompletionStreamResponse>>(),
        ],
        Api::Responses => vec![
            of::<Framed<TypedResponses>>(),
            of::<Framed<ByAnswer<RESPONSES>>>(),
            of::<Framed<Responses<SerdeJson>>>(),
            of::<Framed<Responses<SonicRs>>>(),
            of::<Framed<Responses<SonicRsGet>>>(),
            of::<AsyncOpenAi<ResponseStreamEvent>>(),
        ],
        Api::Messages => vec![
            of::<Framed<TypedMessages>>(),
            of::<Framed<ByAnswer<MESSAGES>>>(),
            of::<Framed<Messages<SerdeJson>>>(),
            of::<Framed<Messages<SonicRs>>>(),
            of::<Framed<Messages<SonicRsGet>>>(),
        ],
    }
}

/// What a client has at the end of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// Whether the provider marked it as finished.
    pub(crate) is_complete: bool,
}

/// One way to read streams. A value reads many streams one after another.
trait Client: Default {
    const NAME: &'static str;
    /// The type that the payload is read into.
    const YIELDS: &'static str;

    /// Reads all of `input`, writes its text, and returns `true` if it is complete.
    fn read(&mut self, input: &Input, text: &mut String) -> Result<bool, String>;
}

/// sseam's own names.
const OWN: [&str; 2] = ["sseam", "sseam's answer"];

fn of<C: Client>() -> Contender<Answer> {
    let racer = Racer {
        name: C::NAME,
        yields: C::YIELDS,
        is_peer: !OWN.contains(&C::NAME),
        time: time::<C>,
        allocations: allocations::<C>,
    };
    Contender { racer, record: record::<C> }
}

fn record<C: Client>(input: &Input, limit: Duration) -> Recorded<Answer> {
    let (mut client, mut answer) = (C::default(), Answer::default());
    let start = Instant::now();
    let read = panic::catch_unwind(AssertUnwindSafe(|| client.read(input, &mut answer.text)));
    answer.is_complete = read.unwrap_or_else(|_| Err("it panics".into()))?;
    let elapsed = start.elapsed();
    if elapsed < limit { Ok((answer, elapsed)) } else { Err("it takes too long".into()) }
}

fn time<C: Client>(input: &Input, readings: u32) -> Duration {
    let (mut client, mut text) = (C::default(), String::new());
    let mut elapsed = Duration::ZERO;
    for n in 0..=readings {
        text.clear();
        let start = Instant::now();
        if n == 0 {
            read_once(&mut client, input, &mut text);
        } else {
            counted_region(&mut client, input, &mut text);
            elapsed += start.elapsed();
        }
        black_box(&mut text);
    }
    elapsed
}

fn allocations<C: Client>(input: &Input) -> usize {
    let (mut client, mut text) = (C::default(), String::new());
    read_once(&mut client, input, &mut text);
    text.clear();
    heap::usage(|| read_once(&mut client, input, &mut text)).1.allocations
}

/// Counted by callgrind, after a warm-up. See [`crate::instructions`].
#[inline(never)]
fn counted_region<C: Client>(client: &mut C, input: &Input, text: &mut String) {
    read_once(client, input, text);
}

#[inline(never)]
fn read_once<C: Client>(client: &mut C, input: &Input, text: &mut String) {
    let is_complete = client.read(input, text).expect("a stream that was read before");
    black_box(is_complete);
}

/// sseam's framing, and a reader of its events.
struct Framed<B> {
    parser: Parser<VecBuf>,
    consumer: PhantomData<B>,
}

impl<B> Default for Framed<B> {
    fn default() -> Self {
        Self { parser: Parser::new(), consumer: PhantomData }
    }
}

/// Reads the framed events of one stream.
trait Consumer: Default {
    const NAME: &'static str;
    const YIELDS: &'static str;

    /// Reads an event, and writes its text.
    fn event(&mut self, event: &Event<'_>, text: &mut String) -> Result<(), String>;

    /// Ends the stream. Returns `true` if it is complete.
    fn finish(self, text: &mut String) -> bool;
}

impl<B: Consumer> Client for Framed<B> {
    const NAME: &'static str = B::NAME;
    const YIELDS: &'static str = B::YIELDS;

    fn read(&mut self, input: &Input, text: &mut String) -> Result<bool, String> {
        let mut consumer = B::default();
        for mut chunk in input.slices() {
            while let Some(event) =
                self.parser.next_event(&mut chunk).map_err(|error| error.to_string())?
            {
                consumer.event(&event, text)?;
            }
        }
        Ok(consumer.finish(text))
    }
}

/// The prefix of errors for JSON that is not the expected payload.
pub(crate) const NO_PAYLOAD: &str = "no payload: ";

fn no_payload(error: impl Display) -> String {
    format!("{NO_PAYLOAD}{error}")
}

/// sseam's answer, in the protocol with this number.
struct ByAnswer<const N: usize>(llm::Answer);

const PROTOCOLS: [&Protocol; 3] = [Protocol::CHAT, Protocol::RESPONSES, Protocol::MESSAGES];
const CHAT: usize = 0;
const RESPONSES: usize = 1;
const MESSAGES: usize = 2;

impl<const N: usize> Default for ByAnswer<N> {
    fn default() -> Self {
        Self(llm::Answer::of(PROTOCOLS[N]))
    }
}

impl<const N: usize> Consumer for ByAnswer<N> {
    const NAME: &'static str = "sseam's answer";
    const YIELDS: &'static str = "Delta";

    fn event(&mut self, event: &Event<'_>, text: &mut String) -> Result<(), String> {
        for delta in self.0.read(event) {
            match delta {
                AnswerDelta::Text { text: piece, .. }
                | AnswerDelta::Arguments { json: piece, .. } => piece.append_to(text),
                _ => {}
            }
        }
        Ok(())
    }

    fn finish(self, _: &mut String) -> bool {
        self.0.outcome(None) == Outcome::Completed
    }
}

/// sseam's tracker and payload types.
macro_rules! typed {
    ($client:ident, $protocol:ident, $payload:ty, ($read:ident, $write:ident) => $texts:expr) => {
        struct $client(Tracker);

        impl Default for $client {
            fn default() -> Self {
                Self(Tracker::of(Protocol::$protocol))
            }
        }

        impl Consumer for $client {
            const NAME: &'static str = "sseam";
            const YIELDS: &'static str = stringify!($payload);

            fn event(&mut self, event: &Event<'_>, text: &mut String) -> Result<(), String> {
                let mut $read = <$payload>::default();
                if !self.0.read(event, &mut $read).map_err(no_payload)?.has_payload() {
                    return Ok(());
                }
                let mut $write = |piece: JsonStr<'_>| piece.append_to(text);
                $texts;
                Ok(())
            }

            fn finish(self, _: &mut String) -> bool {
                self.0.outcome(None) == Outcome::Completed
            }
        }
    };
}

typed!(TypedChat, CHAT, chat::Chunk, (chunk, write) => {
    chunk.choices.for_each(|choice| {
        choice.texts().for_each(&mut write);
        let Some(delta) = &choice.delta else { return };
        delta.tool_calls.for_each(|call| {
            let arguments = call.function.and_then(|function| function.arguments);
            if let Some(arguments) = arguments.and_then(|arguments| arguments.as_json_str()) {
                write(arguments);
            }
        });
    });
});

typed!(TypedResponses, RESPONSES, responses::StreamEvent, (event, write) => {
    match event {
        responses::StreamEvent::OutputTextDelta(event)
        | responses::StreamEvent::FunctionCallArgumentsDelta(event) => write(event.delta),
        _ => {}
    }
});

typed!(TypedMessages, MESSAGES, messages::StreamEvent, (event, write) => {
    if let messages::StreamEvent::ContentBlockDelta(event) = event
        && let messages::Delta::Text(piece) = event.delta
    {
        write(piece);
    }
});

/// A client over sseam's framing that reads JSON by `J` and looks for the terminal itself.
macro_rules! clients {
    ($($client:ident: ($event:ident, $json:ident, $text:ident) => $take:expr;)*) => {$(
        #[derive(Default)]
        struct $client<J> {
            json: J,
            is_complete: Option<bool>,
        }

        impl<J: Json> Consumer for $client<J> {
            const NAME: &'static str = J::NAME;
            const YIELDS: &'static str = J::YIELDS;

            fn event(&mut self, $event: &Event<'_>, $text: &mut String) -> Result<(), String> {
                if self.is_complete.is_none() {
                    let $json = &self.json;
                    self.is_complete = $take;
                }
                Ok(())
            }

            fn finish(self, _: &mut String) -> bool {
                self.is_complete == Some(true)
            }
        }
    )*};
}

clients! {
    Chat: (event, json, text) => {
        if is_done(event) { Some(true) } else { json.chunk(event.data(), text)?.then_some(false) }
    };
    Responses: (event, json, text) => match event.event_type().as_bytes() {
        b"response.output_text.delta" | b"response.function_call_arguments.delta" => {
            json.delta(event.data(), text)?;
            None
        }
        b"response.completed" => Some(true),
        b"response.failed" | b"response.incomplete" | b"error" => Some(false),
        _ => None,
    };
    Messages: (event, json, text) => match event.event_type().as_bytes() {
        b"content_block_delta" => {
            json.block_delta(event.data(), text)?;
            None
        }
        b"message_stop" => Some(true),
        b"error" => Some(false),
        _ => None,
    };
}

/// A JSON reader.
trait Json: Default {
    const NAME: &'static str;
    const YIELDS: &'static str;

    /// Reads a chunk of Chat Completions, and returns `true` if it is an error.
    fn chunk(&self, json: Value<'_>, text: &mut String) -> Result<bool, String>;

    /// Reads a delta of Responses.
    fn delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String>;

    /// Reads a delta of Messages.
    fn block_delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String>;
}

/// `choices[..].delta` of Chat Completions.
#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    choices: Vec<Choice<'a>>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: ChoiceDelta<'a>,
}

#[derive(Deserialize)]
struct ChoiceDelta<'a> {
    #[serde(borrow)]
    content: Option<Text<'a>>,
    tool_calls: Option<Vec<ToolCall<'a>>>,
}

#[derive(Deserialize)]
struct ToolCall<'a> {
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    arguments: Option<Text<'a>>,
}

/// `delta` of Responses.
#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    delta: Text<'a>,
}

/// `delta.text` of Messages.
#[derive(Deserialize)]
struct BlockDelta<'a> {
    #[serde(borrow)]
    delta: TextDelta<'a>,
}

#[derive(Deserialize)]
struct TextDelta<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
}

/// Borrowed, unless there are escapes: `Option<Cow<str>>` would always be owned.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

macro_rules! derived {
    ($json:ident, $name:literal, $read:ident) => {
        #[derive(Default)]
        struct $json;

        impl Json for $json {
            const NAME: &'static str = $name;
            const YIELDS: &'static str = "a struct of what is printed";

            fn chunk(&self, json: Value<'_>, text: &mut String) -> Result<bool, String> {
                let chunk: Chunk<'_> = $read(json)?;
                for choice in &chunk.choices {
                    text.push_str(choice.delta.content.as_ref().map_or("", |text| &text.0));
                    for call in choice.delta.tool_calls.iter().flatten() {
                        let arguments = call.function.as_ref().and_then(|f| f.arguments.as_ref());
                        text.push_str(arguments.map_or("", |text| &text.0));
                    }
                }
                Ok(chunk.error.is_some())
            }

            fn delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String> {
                let event: Delta<'_> = $read(json)?;
                text.push_str(&event.delta.0);
                Ok(())
            }

            fn block_delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String> {
                let event: BlockDelta<'_> = $read(json)?;
                text.push_str(event.delta.text.as_ref().map_or("", |text| &text.0));
                Ok(())
            }
        }
    };
}

derived!(SerdeJson, "sseam+serde_json", by_serde_json);
derived!(SonicRs, "sseam+sonic-rs", by_sonic_rs);

/// From text that is validated as a whole, which is cheaper than from bytes.
fn by_serde_json<'a, T: Deserialize<'a>>(json: Value<'a>) -> Result<T, String> {
    serde_json::from_str(json.to_str().map_err(no_payload)?).map_err(no_payload)
}

fn by_sonic_rs<'a, T: Deserialize<'a>>(json: Value<'a>) -> Result<T, String> {
    sonic_rs::from_slice(json.as_bytes()).map_err(no_payload)
}

/// sonic-rs without a struct: the value at a path, for a client that expects one choice.
struct SonicRsGet {
    content: [PointerNode; 4],
    arguments: [PointerNode; 7],
    error: [PointerNode; 1],
    delta: [PointerNode; 1],
    text: [PointerNode; 2],
}

impl Default for SonicRsGet {
    fn default() -> Self {
        Self {
            content: pointer!["choices", 0, "delta", "content"],
            arguments: pointer!["choices", 0, "delta", "tool_calls", 0, "function", "arguments"],
            error: pointer!["error"],
            delta: pointer!["delta"],
            text: pointer!["delta", "text"],
        }
    }
}

impl SonicRsGet {
    /// Writes the string at the path. Returns `true` if there is one.
    fn write(json: Value<'_>, path: &[PointerNode], text: &mut String) -> Result<bool, String> {
        match sonic_rs::get_from_slice(json.as_bytes(), path) {
            Ok(found) => Ok(found.as_str().map(|found| text.push_str(found)).is_some()),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(no_payload(error)),
        }
    }
}

impl Json for SonicRsGet {
    const NAME: &'static str = "sseam+sonic-rs get";
    const YIELDS: &'static str = "the text alone";

    fn chunk(&self, json: Value<'_>, text: &mut String) -> Result<bool, String> {
        if Self::write(json, &self.content, text)? || Self::write(json, &self.arguments, text)? {
            return Ok(false);
        }
        Ok(sonic_rs::get_from_slice(json.as_bytes(), &self.error).is_ok())
    }

    fn delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String> {
        Self::write(json, &self.delta, text).map(drop)
    }

    fn block_delta(&self, json: Value<'_>, text: &mut String) -> Result<(), String> {
        Self::write(json, &self.text, text).map(drop)
    }
}

/// eventsource-stream over slices from a transport that is always ready, with async-openai's
/// handling of events: it ends at `[DONE]`, skips keep-alives, and reads all others by `serde_json`
/// into `T`.
struct AsyncOpenAi<T>(PhantomData<T>);

impl<T> Default for AsyncOpenAi<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// A type of async-openai.
trait Typed: for<'a> Deserialize<'a> {
    const YIELDS: &'static str;

    /// Writes the text, and returns whether the stream is complete, if this decides it.
    fn write(&self, text: &mut String) -> Option<bool>;
}

impl<T: Typed> Client for AsyncOpenAi<T> {
    const NAME: &'static str = "eventsource-stream+async-openai";
    const YIELDS: &'static str = T::YIELDS;

    fn read(&mut self, input: &Input, text: &mut String) -> Result<bool, String> {
        for event in poll(EventStream::new(transport(input.slices()))) {
            let event = event.map_err(|error| error.to_string())?;
            if event.data == "[DONE]" {
                return Ok(true);
            }
            if event.event == "keepalive" {
                continue;
            }
            let payload: T = serde_json::from_str(&event.data).map_err(no_payload)?;
            if let Some(is_complete) = payload.write(text) {
                return Ok(is_complete);
            }
        }
        Ok(false)
    }
}

impl Typed for CreateChatCompletionStreamResponse {
    const YIELDS: &'static str = "CreateChatCompletionStreamResponse";

    fn write(&self, text: &mut String) -> Option<bool> {
        for choice in &self.choices {
            text.push_str(choice.delta.content.as_deref().unwrap_or_default());
            for call in choice.delta.tool_calls.iter().flatten() {
                let arguments = call.function.as_ref().and_then(|f| f.arguments.as_deref());
                text.push_str(arguments.unwrap_or_default());
            }
        }
        None
    }
}

impl Typed for ResponseStreamEvent {
    const YIELDS: &'static str = "ResponseStreamEvent";

    fn write(&self, text: &mut String) -> Option<bool> {
        match self {
            Self::ResponseOutputTextDelta(event) => text.push_str(&event.delta),
            Self::ResponseFunctionCallArgumentsDelta(event) => text.push_str(&event.delta),
            Self::ResponseCompleted(_) => return Some(true),
            Self::ResponseFailed(_) | Self::ResponseIncomplete(_) | Self::ResponseError(_) => {
                return Some(false);
            }
            _ => {}
        }
        None
    }
}
