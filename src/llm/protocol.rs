//! A protocol, as a row of a table: how it is told, what ends it, where it says what.

use core::fmt;

use super::node::{NOWHERE, Node, Path, parts};
use super::payload::Discriminator;
use super::tracker::Verdict;
use super::{Outcome, Tracker, rows};
use crate::Event;

/// A protocol on top of event streams: how it is told from others, what ends its streams and as
/// what, and where text, calls, usage and reasons stand in its events.
///
/// Those of this crate are constants here. One of your own is built in the same way:
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Delta, Ends, Outcome, Protocol, Says, TextKind, Tracker, When};
///
/// /// `{"text":…}`, and at last `{"final":…}`.
/// static MINE: Protocol = Protocol::named("mine")
///     .ends(&[(When::Has("final"), Ends::As(Outcome::Completed))])
///     .says(&[(When::Always, Says::Piece(TextKind::Text, "text"))]);
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
/// In all protocols alike: the sentinel `[DONE]`, keep-alives, and the shapes of errors (see
/// [`Tracker`](super::Tracker)).
pub struct Protocol {
    pub(super) name: &'static str,
    // What is public is so for the tests of this crate, which try each rule.
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
    pub(super) lane: Lane,
}

/// What judges the data of an event, and whether it is called as a keep-alive.
pub(super) type Judge = fn(&mut Tracker, &'static Protocol, &[u8], bool) -> Verdict;

/// What names a protocol's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// The `event` line.
    Line,
    /// A member of the data.
    Member(&'static str),
    /// A member of the data, or, where it is absent or empty, the `event` line.
    MemberOrLine(&'static str),
}

/// Of which events a rule speaks, or of which objects in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Of all.
    Always,
    /// Of events by this name, or by one of several, which `|` separates.
    Named(&'static str),
    /// Of events whose name begins so, or in one of several ways, which `|` separates.
    Prefix(&'static str),
    /// Where there is a value other than `null` and `""`.
    Has(Path),
    /// Where there is a value other than `null`, an empty one too.
    NotNull(Path),
    /// Where there is none but `null` and `""`.
    Lacks(Path),
    /// Where there is a string that is one of these words, which `|` separates.
    Is(Path, &'static str),
    /// Where there is `true`.
    IsTrue(Path),
    /// Where there is something else than `true`, or nothing.
    IsNotTrue(Path),
    /// Where there are members by all of these names, `null` or not.
    Members(&'static [&'static str]),
}

/// What an event that ends the stream makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// This outcome, unless a reason says worse.
    As(Outcome),
    /// What the word at the path says; where it says nothing final, this outcome.
    By(Path, Outcome),
    /// This outcome, although more is to come: the event ends nothing.
    Notes(Outcome),
}

/// Rules that say what stands where, each with its condition: all that are met say something.
pub type Rules = &'static [(When, Says)];

/// What a value in an event says.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    /// The next piece of a text.
    Piece(TextKind, Path),
    /// All of a part of a text, which counts where no piece of the part came.
    Whole(TextKind, Path),
    /// An object with counts of tokens.
    Usage(Path),
    /// What a client must send back as it stands.
    Opaque(Path),
    /// A call, or more of one.
    Call(&'static CallPaths),
    /// What these rules say of the value at the path.
    In(Path, Rules),
    /// What these rules say of each element of the array at the path.
    Each(Path, Rules),
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The answer itself.
    Text,
    /// Reasoning.
    Reasoning,
    /// A summary of reasoning, which is read as reasoning: its parts are counted by themselves.
    Summary,
    /// A refusal.
    Refusal,
}

/// Where a call of a tool stands, or a fragment of one.
///
/// ```
/// use sseam::llm::CallPaths;
///
/// const CALL: CallPaths = CallPaths { id: "id", name: "function.name", arguments: "function.arguments", ..CallPaths::NONE };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CallPaths {
    /// What its fragments are told by, where that is another ID than the one reported.
    pub key: Path,
    /// What its fragments are told by, where there is no ID.
    pub index: Path,
    /// The ID to answer it by.
    pub id: Path,
    /// The tool's name, or a piece of it.
    pub name: Path,
    /// The arguments, or a piece of them.
    pub arguments: Path,
    /// What the arguments are.
    pub is: Arguments,
    /// When a fragment begins a call.
    pub begins: Begins,
}

/// What the arguments in a fragment of a call are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// The next piece.
    Piece,
    /// All of them, unless they are empty: then pieces may follow.
    Early,
    /// All of them, which count where no piece came. Where they are absent they are `{}`.
    Whole,
}

/// When a fragment begins a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Where no call is known that it belongs to, or it has another ID than that.
    Unknown,
    /// Where no call is known that it belongs to.
    First,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl CallPaths {
    /// Nothing; for `..CallPaths::NONE`.
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

/// Whether a reason ends the stream where nothing else comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonEnds {
    /// No: an event does.
    Never,
    /// At the end of the stream.
    AtEnd,
    /// At the end of the stream, unless that is in the middle of an event.
    AtCleanEnd,
}

/// Where an error may stand besides what the protocol itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errors {
    Anywhere,
    /// Also as a `detail` where there are no `choices`.
    OrDetail,
    /// Only where there is no `data`, as in GraphQL.
    WithoutData,
    Nowhere,
}

/// The protocols that have shortcuts for speed: see [`look`](super::look) and
/// [`lane`](super::lane).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    None,
    Chat,
    Responses,
    Messages,
}

impl Protocol {
    /// A protocol of this name, which ends with `[DONE]` and says nothing.
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
            lane: Lane::None,
        }
    }

    /// Sets the events that end a stream: then `[DONE]` alone completes none.
    #[must_use]
    pub const fn ends(mut self, ends: &'static [(When, Ends)]) -> Self {
        self.ends = ends;
        self.sentinel_completes = ends.is_empty();
        self
    }

    /// Sets where reasons stand, and whether they end a stream.
    #[must_use]
    pub const fn reasons(mut self, reasons: &'static [Path], ends: ReasonEnds) -> Self {
        self.reasons = reasons;
        self.reason_ends = ends;
        self
    }

    /// Is judged by code, which is linked only with such a protocol.
    pub(super) const fn by_code(mut self, judge: Judge) -> Self {
        self.by_code = Some(judge);
        self.sentinel_completes = false;
        self.errors(Errors::Nowhere)
    }

    /// The name, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The protocol of that name, among [`ALL`](Self::ALL) and [`DONE`](Self::DONE).
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().chain([Self::DONE]).find(|protocol| protocol.name == name)
    }

    /// What the event calls itself.
    pub(super) fn event_name<'a>(&self, event: &Event<'a>, node: &Node<'a>) -> Discriminator<'a> {
        let member = match self.named_by {
            NamedBy::Line => None,
            NamedBy::Member(member) | NamedBy::MemberOrLine(member) => {
                node.get(member).and_then(|name| name.text()).filter(|name| !name.is_empty())
            }
        };
        match (member, self.named_by) {
            (Some(name), _) => Discriminator::of_text(name),
            (None, NamedBy::Member(_)) => Discriminator::None,
            (None, _) => Discriminator::of_line(event),
        }
    }

    /// Whether an event by that name tells this protocol.
    pub(super) fn is_told_by(&self, name: &Discriminator<'_>, node: &Node<'_>) -> bool {
        self.told_by.iter().any(|when| when.is_met(name, node))
    }

    /// The part of the event of which the rules speak, where that is not all of it.
    pub(super) fn inner<'a>(&self, node: &Node<'a>) -> Option<Node<'a>> {
        let inside = if self.inside.is_empty() { None } else { node.at(self.inside) };
        inside.map(Node::of)
    }

    /// Whether a rule reads something in the object.
    pub(super) fn reads(&self, node: &Node<'_>) -> bool {
        self.says.iter().any(|(_, says)| says.is_in(node))
            || self.reasons.iter().any(|path| node.at(path).is_some())
    }
}

/// Methods that set what has their name.
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
    /// Sets what names its events: `type`, or else the `event` line, where nothing is set.
    pub named_by: NamedBy;
    /// Sets the events that tell it from other protocols: one is enough.
    pub told_by: &'static [When];
    /// Sets where in an event that stands of which all rules speak but those of
    /// [`told_by`](Self::told_by); an event without it is looked at as it is.
    pub inside: Path;
    /// Sets the events that void what came before.
    pub restarts: &'static [When];
    /// Sets words that mean something else here than in [`Reason`](super::Reason)'s table, in
    /// lower case, with underscores, several with `|` between them; `*` is any other word.
    pub words: &'static [(&'static str, Outcome)];
    /// Sets the array in whose elements reasons and errors stand.
    pub choices: Path;
    /// Sets what its events say.
    pub says: Rules;
    pub(super) errors: Errors;
    /// Whether `[DONE]` completes a stream, whatever else does.
    pub(super) sentinel_completes: bool;
    pub(super) lane: Lane;
}

impl Says {
    /// Whether there is in the object what it reads.
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
    /// Whether it speaks of an event by that name, or of an object in it.
    pub(super) fn is_met(&self, name: &Discriminator<'_>, node: &Node<'_>) -> bool {
        let is_true = |path| node.at(path).is_some_and(|value| value.is_true());
        match *self {
            Self::Always => true,
            Self::Named(names) => parts(names, b'|').any(|it| name.is(it)),
            Self::Prefix(prefixes) => parts(prefixes, b'|').any(|it| name.starts_with(it)),
            Self::Has(path) => node.at(path).is_some(),
            Self::NotNull(path) => node.given(path).is_some(),
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
        /// The protocols of this crate, as [`Tracker::new`](super::Tracker::new) tells them.
        impl Protocol {
            $($(#[$meta])* pub const $name: &'static Self = &rows::$name;)*

            /// All of them, in the order in which they are asked whether an event tells them.
            pub const ALL: &'static [&'static Self] = &[$(Self::$name,)*];

            /// Streams that end with `[DONE]`, or an event `done`, whatever their payloads are:
            /// those are not looked at.
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
    /// `OpenAI` Responses, and what is compatible: Azure, EU GPT, `OpenRouter`, xAI, and others.
    RESPONSES,
    /// Anthropic Messages, also by way of Vertex and others.
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
    /// Gemini's `streamGenerateContent?alt=sse`, also on Vertex, and Code Assist, which wraps it.
    GENERATE_CONTENT,
    /// `OpenAI` Chat Completions, legacy Completions, and what is compatible.
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
    /// Whether both are the same.
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }
}

impl Eq for Protocol {}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
