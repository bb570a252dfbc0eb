//! Protocols as rows of a table, and the types of the rows.

use core::fmt;
use core::hash::{Hash, Hasher};

use super::node::{NOWHERE, Node, Path, parts};
use super::payload::Discriminator;
use super::tracker::Verdict;
use super::{Outcome, Tracker, rows};
use crate::Event;

/// A protocol of LLM streams: how it is recognized, what ends a stream, and where its events hold
/// text, calls, usage and stop reasons.
///
/// The protocols of this crate are associated constants. Define others in the same way:
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Delta, Ends, Outcome, Protocol, Says, TextKind, Tracker, When};
///
/// /// Sends `{"text":…}`, and finally `{"final":…}`.
/// static MINE: Protocol = Protocol::named("mine")
///     .ends(&[(When::Has("final"), Ends::As(Outcome::Completed))])
///     .says(&[(When::Always, Says::Piece(TextKind::Text, "text"))])
///     .restarts(&[(When::Has("again"))]); // `choices` sets the array of several answers.
///
/// let mut tracker = Tracker::of(&MINE);
/// assert!(tracker.observe(&Event::new(r#"{"text":"Hi"}"#)).has_payload());
/// assert!(tracker.observe(&Event::new(r#"{"final":true}"#)).is_end());
/// assert_eq!(tracker.outcome(None), Outcome::Completed);
///
/// let mut answer = Answer::of(&MINE);
/// let event = Event::new(r#"{"text":"Hi"}"#);
/// let Some(Delta::Text { text, .. }) = answer.read(&event).next() else { panic!("no text") };
/// assert_eq!(text.to_string(), "Hi");
/// ```
///
/// With a stop reason, tool calls and names of its own, inside an envelope:
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{
///     Answer, CallPaths, Delta, Ends, NamedBy, Outcome, Protocol, ReasonEnds, Rules, Says, TextKind,
///     When,
/// };
///
/// /// Events such as `{"event":{"kind":"part","parts":[{"text":…}]}}`, up to `{"kind":"end"}`.
/// static YOURS: Protocol = Protocol::named("yours")
///     .told_by(&[When::Has("event.kind")]) // To recognize it among several, by the whole data.
///     .named_by(NamedBy::Member("kind"))
///     .inside("event")
///     .ends(&[(When::Named("end"), Ends::By("why", Outcome::Completed))])
///     .reasons(&["why"], ReasonEnds::Never)
///     .words(&[("tired", Outcome::Incomplete)]) // Besides the usual ones.
///     .says(&[(When::Named("part"), Says::Each("parts", PART))]);
///
/// const PART: Rules = &[
///     (When::Has("text"), Says::Piece(TextKind::Text, "text")),
///     (When::Has("call"), Says::Call(&CALL)),
/// ];
/// const CALL: CallPaths = CallPaths {
///     id: "call.id",
///     name: "call.name",
///     arguments: "call.input",
///     ..CallPaths::NONE
/// };
///
/// let mut answer = Answer::among(const { &[&YOURS, Protocol::CHAT] });
/// let part = r#"{"event":{"kind":"part","parts":[{"text":"Hm."},
///     {"call":{"id":"a","name":"add","input":"[1]"}}]}}"#;
/// let mut calls = 0;
/// for delta in answer.read(&Event::new(part)) {
///     match delta {
///         Delta::Text { text, .. } => assert_eq!(text, "Hm."),
///         Delta::Call { name: Some(name), .. } => assert_eq!(name, "add"),
///         Delta::Arguments { json, .. } => {
///             assert_eq!(json, "[1]");
///             calls += 1;
///         }
///         _ => {}
///     }
/// }
/// assert_eq!(calls, 1);
/// drop(answer.read(&Event::new(r#"{"event":{"kind":"end","why":"tired"}}"#)));
/// assert_eq!(answer.outcome(None), Outcome::Incomplete);
/// assert_eq!(answer.reason().expect("a reason").as_str(), "tired");
/// ```
///
/// The rules for `[DONE]`, keep-alives and errors are the same for all protocols: see
/// [`Tracker`](super::Tracker).
pub struct Protocol {
    pub(super) name: &'static str,
    // Some fields are public for this crate's tests, which try each rule.
    #[doc(hidden)]
    pub named_by: NamedBy,
    #[doc(hidden)]
    pub told_by: &'static [When],
    #[doc(hidden)]
    pub inside: Path,
    #[doc(hidden)]
    pub ends: &'static [(When, Ends)],
    pub(super) restarts: &'static [When],
    #[doc(hidden)]
    pub reasons: &'static [Path],
    pub(super) words: &'static [(&'static str, Outcome)],
    #[doc(hidden)]
    pub choices: Path,
    #[doc(hidden)]
    pub says: Rules,
    pub(super) sentinel_completes: bool,
    pub(super) reason_ends: ReasonEnds,
    pub(super) errors: Errors,
    pub(super) by_code: Option<Judge>,
    pub(super) fast: Fast,
}

/// A function that judges an event by its data. Its last argument is whether the event looks like a
/// keep-alive.
pub(super) type Judge = fn(&mut Tracker, &'static Protocol, &[u8], bool) -> Verdict;

/// The source of an event's name. Set by [`Protocol::named_by`]. [`Protocol`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NamedBy {
    /// The `event` line.
    Line,
    /// A member of the data.
    Member(&'static str),
    /// A member of the data, or the `event` line if that member is absent or empty.
    MemberOrLine(&'static str),
}

/// The condition of a rule: the events, or the objects in them, to which it applies.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Ends, Outcome, Protocol, Tracker, When};
///
/// static MINE: Protocol = Protocol::named("mine").ends(&[
///     (When::Named("end|stop"), Ends::As(Outcome::Completed)),
///     (When::Is("state", "failed|cancelled"), Ends::As(Outcome::Failed)),
/// ]);
///
/// let mut tracker = Tracker::of(&MINE);
/// tracker.observe(&Event::new(r#"{"type":"update","state":"failed"}"#));
/// assert_eq!(tracker.outcome(None), Outcome::Failed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum When {
    /// Always.
    Always,
    /// The event has this name. `|` separates alternatives.
    Named(&'static str),
    /// The event's name has this prefix. `|` separates alternatives.
    Prefix(&'static str),
    /// The value exists and is neither `null` nor `""`.
    Has(Path),
    /// The value exists and is not `null`.
    NotNull(Path),
    /// The value is absent, `null` or `""`.
    Lacks(Path),
    /// The value is this string. `|` separates alternatives.
    Is(Path, &'static str),
    /// The value is `true`.
    IsTrue(Path),
    /// The value is absent or not `true`.
    IsNotTrue(Path),
    /// The object has all of these members, `null` or not.
    Members(&'static [&'static str]),
}

/// The outcome that a final event sets. Used in [`Protocol::ends`]. [`Protocol`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ends {
    /// This outcome, or a worse one by a stop reason.
    As(Outcome),
    /// The outcome of the word at the path, or this one if the word is absent or unknown.
    By(Path, Outcome),
    /// This outcome, although more events follow. The event does not end the stream.
    Notes(Outcome),
}

/// Rules that extract content from an event. All rules whose condition is met apply, in order.
pub type Rules = &'static [(When, Says)];

/// A rule that extracts content from an event. Used in [`Protocol::says`]. [`Protocol`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Says {
    /// The value is the next piece of a text.
    Piece(TextKind, Path),
    /// The value is a whole part of a text. It is used only if no piece of that part arrived.
    Whole(TextKind, Path),
    /// The value is an object with token counts.
    Usage(Path),
    /// The client must send the value back unchanged.
    Opaque(Path),
    /// The object is a tool call, or a fragment of one.
    Call(&'static CallPaths),
    /// These rules apply to the value.
    In(Path, Rules),
    /// These rules apply to each element of the array.
    Each(Path, Rules),
}

/// The kind of a text, in [`Says`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextKind {
    /// The answer itself.
    Text,
    /// Reasoning.
    Reasoning,
    /// A summary of reasoning. It is reported as reasoning; its parts are numbered separately.
    Summary,
    /// A refusal.
    Refusal,
}

/// The paths of a tool call, or of a fragment of one, in an object.
///
/// ```
/// use sseam::llm::CallPaths;
///
/// const CALL: CallPaths = CallPaths {
///     id: "id",
///     name: "function.name",
///     arguments: "function.arguments",
///     ..CallPaths::NONE
/// };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallPaths {
    /// The ID that assigns fragments to a call, if it differs from the reported [`id`](Self::id).
    pub key: Path,
    /// The index that assigns fragments to a call if there is no ID.
    pub index: Path,
    /// The ID that the tool's result must carry.
    pub id: Path,
    /// The tool's name, or a piece of it.
    pub name: Path,
    /// The arguments, or a piece of them.
    pub arguments: Path,
    /// The form of the arguments.
    pub is: Arguments,
    /// The condition under which a fragment begins a new call.
    pub begins: Begins,
}

/// The form of the arguments in a fragment of a call. Used in [`CallPaths::is`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Arguments {
    /// The next piece.
    Piece,
    /// The whole arguments, unless they are empty. Then pieces may follow.
    Early,
    /// The whole arguments, or `{}` if absent. They are used only if no piece arrived.
    Whole,
}

/// The condition under which a fragment begins a new call. Used in [`CallPaths::begins`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Begins {
    /// If it belongs to no known call, or its ID differs from that call's.
    Unknown,
    /// If it belongs to no known call.
    First,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl CallPaths {
    /// No paths, for `..CallPaths::NONE`.
    pub const NONE: Self = Self {
        key: NOWHERE,
        index: NOWHERE,
        id: NOWHERE,
        name: NOWHERE,
        arguments: NOWHERE,
        is: Arguments::Piece,
        begins: Begins::Unknown,
    };
}

/// The effect of a stop reason on a stream that ends without a final event. Used in
/// [`Protocol::reasons`]. [`Protocol`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReasonEnds {
    /// None. Such a stream is truncated.
    Never,
    /// The reason decides the outcome, unless the connection broke.
    AtEnd,
    /// The reason decides the outcome, if the stream ended between events.
    AtCleanEnd,
}

/// The members in which an event may hold an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errors {
    Anywhere,
    /// Anywhere, and in `detail` if there is no `choices`.
    OrDetail,
    /// Anywhere, but `errors` only if there is no `data`, as in GraphQL.
    WithoutData,
    Nowhere,
}

/// The protocols with shortcuts for speed: see [`prefilter`](super::prefilter) and
/// [`fast_path`](super::fast_path).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fast {
    None,
    Chat,
    Responses,
    Messages,
}

impl Protocol {
    /// Creates a protocol that ends with `[DONE]` and from which no content is read.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            named_by: NamedBy::MemberOrLine("type"),
            told_by: &[],
            inside: "",
            ends: &[],
            restarts: &[],
            reasons: &[],
            words: &[],
            choices: "",
            says: &[],
            sentinel_completes: true,
            reason_ends: ReasonEnds::Never,
            errors: Errors::Anywhere,
            by_code: None,
            fast: Fast::None,
        }
    }

    /// Sets the events that end a stream. `[DONE]` alone then does not complete it.
    #[must_use]
    pub const fn ends(mut self, ends: &'static [(When, Ends)]) -> Self {
        self.ends = ends;
        self.sentinel_completes = ends.is_empty();
        self
    }

    /// Sets where stop reasons are, and whether one decides the outcome of a stream that ends
    /// without a final event.
    #[must_use]
    pub const fn reasons(mut self, reasons: &'static [Path], ends: ReasonEnds) -> Self {
        self.reasons = reasons;
        self.reason_ends = ends;
        self
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the protocol with that name, out of [`ALL`](Self::ALL) and [`DONE`](Self::DONE).
    ///
    /// ```
    /// use sseam::llm::Protocol;
    ///
    /// assert_eq!(Protocol::by_name("messages"), Some(Protocol::MESSAGES));
    /// assert_eq!(Protocol::MESSAGES.name(), "messages");
    /// ```
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().chain([Self::DONE]).find(|protocol| protocol.name == name)
    }

    /// Returns the event's name.
    pub(super) fn event_name<'a>(&self, event: &Event<'a>, node: &Node<'a>) -> Discriminator<'a> {
        let member = match self.named_by {
            NamedBy::Line => None,
            NamedBy::Member(member) | NamedBy::MemberOrLine(member) => {
                let name_in = |node: &Node<'a>| {
                    let name = node.get(member).and_then(|name| name.as_text());
                    name.filter(|name| !name.is_empty())
                };
                self.inner(node).and_then(|inner| name_in(&inner)).or_else(|| name_in(node))
            }
        };
        match (member, self.named_by) {
            (Some(name), _) => Discriminator::of_text(name),
            (None, NamedBy::Member(_)) => Discriminator::None,
            (None, _) => Discriminator::of_line(event),
        }
    }

    /// Returns `true` if the event shows that a stream is in this protocol.
    pub(super) fn is_told_by(&self, name: &Discriminator<'_>, node: &Node<'_>) -> bool {
        self.told_by.iter().any(|when| when.is_met(name, node))
    }

    /// Returns the object [`inside`](Self::inside) the event, if it has one.
    pub(super) fn inner<'a>(&self, node: &Node<'a>) -> Option<Node<'a>> {
        let inside = if self.inside.is_empty() { None } else { node.at(self.inside) };
        inside.map(Node::of)
    }

    /// Returns `true` if a rule reads something in the object.
    pub(super) fn reads(&self, node: &Node<'_>) -> bool {
        self.says.iter().any(|(_, says)| says.is_in(node))
            || self.reasons.iter().any(|path| node.at(path).is_some())
    }
}

/// Defines methods that set the field of the same name.
macro_rules! setters {
    ($($(#[$meta:meta])* $vis:vis $field:ident: $type:ty;)*) => {
        impl Protocol {$(
            $(#[$meta])*
            #[must_use]
            $vis const fn $field(mut self, $field: $type) -> Self {
                self.$field = $field;
                self
            }
        )*}
    };
}
setters! {
    /// Sets where events have their name. The default is `type`, or the `event` line if `type` is
    /// absent or empty.
    pub named_by: NamedBy;
    /// Sets the events by which the protocol is recognized. One is enough.
    pub told_by: &'static [When];
    /// Sets the object in an event to which all rules apply but those of
    /// [`told_by`](Self::told_by), and in which the event's name is looked for first. If an event
    /// lacks it, they apply to the whole data.
    pub inside: Path;
    /// Sets the events that start the answer again and void earlier output.
    pub restarts: &'static [When];
    /// Sets stop reasons and states whose outcome differs from [`Reason`](super::Reason)'s table.
    ///
    /// Write them in lower case with underscores. `|` separates alternatives, and `*` is any other
    /// word.
    pub words: &'static [(&'static str, Outcome)];
    /// Sets the array whose elements hold stop reasons and errors.
    pub choices: Path;
    /// Sets the rules that read content from events.
    pub says: Rules;
    pub(super) errors: Errors;
    /// Sets whether `[DONE]` completes a stream.
    pub(super) sentinel_completes: bool;
    pub(super) fast: Fast;
    /// Sets a function that judges events. It is linked only if the protocol is used.
    pub(super) by_code: Option<Judge>;
}

impl Says {
    /// Returns `true` if the object has what the rule reads.
    pub(super) fn is_in(&self, node: &Node<'_>) -> bool {
        match self {
            Self::In("", rules) => rules.iter().any(|(_, says)| says.is_in(node)),
            Self::Call(call) => {
                let paths = [call.id, call.name, call.arguments, call.index];
                paths.iter().any(|path| node.at(path).is_some())
            }
            Self::Piece(_, path)
            | Self::Whole(_, path)
            | Self::Usage(path)
            | Self::Opaque(path)
            | Self::In(path, _)
            | Self::Each(path, _) => node.at(path).is_some(),
        }
    }
}

impl When {
    /// Returns `true` if the condition is met by an event with that name, or an object in it.
    pub(super) fn is_met(&self, name: &Discriminator<'_>, node: &Node<'_>) -> bool {
        let is_true = |path| node.at(path).is_some_and(|value| value.is_true());
        match *self {
            Self::Always => true,
            Self::Named(names) => parts(names, b'|').any(|it| name.is(it)),
            Self::Prefix(prefixes) => parts(prefixes, b'|').any(|it| name.starts_with(it)),
            Self::Has(path) => node.at(path).is_some(),
            Self::NotNull(path) => node.at_or_empty(path).is_some(),
            Self::Lacks(path) => node.at(path).is_none(),
            Self::Is(path, words) => node.is(path, words),
            Self::IsTrue(path) => is_true(path),
            Self::IsNotTrue(path) => !is_true(path),
            Self::Members(names) => names.iter().all(|name| node.has_member(name)),
        }
    }
}

macro_rules! protocols {
    ($($(#[$meta:meta])* $name:ident,)*) => {
        /// The protocols of this crate.
        impl Protocol {
            $($(#[$meta])* pub const $name: &'static Self = &rows::$name;)*

            /// All protocols that [`Tracker::new`](super::Tracker::new) recognizes, in the order in
            /// which they are tried.
            pub const ALL: &'static [&'static Self] = &[$(Self::$name,)*];

            /// Any stream that ends with `[DONE]` or an event named `done`. Payloads are not read.
            pub const DONE: &'static Self = &rows::DONE;
        }
    };
}
protocols! {
    /// AG-UI.
    AG_UI,
    /// A2A, over JSON-RPC or as REST.
    A2A,
    /// JSON-RPC, such as MCP.
    JSON_RPC,
    /// `OpenAI` Responses and compatible APIs: Azure, EU GPT, `OpenRouter`, xAI, and others.
    RESPONSES,
    /// Anthropic Messages, also through Vertex AI and others.
    MESSAGES,
    /// Cohere's chat, version 2.
    COHERE_CHAT,
    /// Mistral's conversations and agents.
    MISTRAL_CONVERSATIONS,
    /// Gemini's interactions.
    INTERACTIONS,
    /// Vercel's UI message stream.
    UI_MESSAGE_STREAM,
    /// `OpenAI`'s transcriptions, speech and images.
    OPENAI_MEDIA,
    /// SAP's orchestration, which wraps Chat Completions.
    SAP_ORCHESTRATION,
    /// Gemini's `streamGenerateContent?alt=sse`, also on Vertex AI and inside Code Assist.
    GENERATE_CONTENT,
    /// `OpenAI` Chat Completions, legacy Completions, and compatible APIs.
    CHAT,
    /// Hugging Face's Text Generation Inference.
    TGI,
    /// llama.cpp's own completions.
    LLAMA_CPP,
    /// Dify.
    DIFY,
    /// `OpenAI` Assistants, which was shut down in 2026.
    ASSISTANTS,
    /// Coze.
    COZE,
    /// GraphQL over SSE.
    GRAPHQL_SSE,
    /// tRPC.
    TRPC,
    /// `LangGraph` and `LangServe`.
    LANGGRAPH,
}

impl PartialEq for Protocol {
    /// Compares by identity.
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }
}

impl Eq for Protocol {}

impl Hash for Protocol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        core::ptr::hash(self, state);
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
