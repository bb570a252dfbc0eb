//! Why a model stopped: one table of words for all protocols.

use core::fmt;

use super::node::parts;
use super::protocol::Protocol;
use super::{Name, Outcome};
use crate::json::Json;
use Outcome::{Completed, Failed, Incomplete};

/// The words that are known, in lower case, with underscores.
const WORDS: &[(&str, Outcome)] =
    &[(COMPLETED, Completed), (INCOMPLETE, Incomplete), (FAILED, Failed)];

const COMPLETED: &str = "stop|end_turn|stop_sequence|tool_use|tool_calls|tool_call|function_call|\
                         eos|eos_token|complete|completed|success|succeeded|requires_action";
const INCOMPLETE: &str = "length|max_tokens|max_output_tokens|max_length|model_length|\
                          context_window_exceeded|model_context_window_exceeded|content_filter|\
                          content_filtered|safety|sensitive|refusal|recitation|blocklist|\
                          prohibited_content|spii|language|image_safety|pause_turn|compaction|\
                          repetition|max_turns|malformed_function_call|unexpected_tool_call|\
                          too_many_tool_calls|insufficient_system_resource|interrupt|\
                          partial_succeeded|stopped";
const FAILED: &str = "error|network_error|server_error|abort|aborted|cancelled|canceled|timeout|\
                      failed";

/// Why a model stopped, in its provider's word, and what that makes of the stream.
///
/// Words are compared without regard to case, and `-` and a space count as `_`. A word that is
/// not in the table, such as one that a provider has invented since, is
/// [`Outcome::Unknown`]: nobody has said that it is a good end.
///
/// | outcome | words |
/// | --- | --- |
/// | completed | `stop`, `end_turn`, `stop_sequence`, `tool_use`, `tool_calls`, `tool_call`, `function_call`, `eos`, `eos_token`, `complete`, `completed`, `success`, `succeeded`, `requires_action` |
/// | incomplete | `length`, `max_tokens`, `max_output_tokens`, `max_length`, `model_length`, `context_window_exceeded`, `model_context_window_exceeded`, `content_filter`, `content_filtered`, `safety`, `sensitive`, `refusal`, `recitation`, `blocklist`, `prohibited_content`, `spii`, `language`, `image_safety`, `pause_turn`, `compaction`, `repetition`, `max_turns`, `malformed_function_call`, `unexpected_tool_call`, `too_many_tool_calls`, `insufficient_system_resource`, `interrupt`, `partial_succeeded`, `stopped` |
/// | failed | `error`, `network_error`, `server_error`, `abort`, `aborted`, `cancelled`, `canceled`, `timeout`, `failed` |
///
/// A protocol may know further words, or others by these (see
/// [`Protocol::words`]): in Gemini's `generateContent` all words but `STOP` are incomplete.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason {
    word: Name,
    outcome: Outcome,
}

impl Reason {
    /// The reason that a value gives: none where it is absent, `null`, `""` or `"null"`, which is
    /// how `DashScope` writes that there is none yet.
    pub(super) fn of(value: Json<'_>, protocol: &Protocol) -> Option<Self> {
        let word = match value.text() {
            Some(text) => Name::decoded(text),
            None => Name::of(core::str::from_utf8(value.as_bytes()).unwrap_or_default()),
        };
        if matches!(word.as_str(), "" | "null") {
            return None;
        }
        let outcome = outcome_of(word.as_str(), protocol).unwrap_or(Outcome::Unknown);
        Some(Self { word, outcome })
    }

    /// The provider's word as it stands in the stream, or the first [`Name::MAX`] bytes of it; of
    /// what is no string, the JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.word.as_str()
    }

    /// What the reason makes of the stream.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// What a word says in the protocol, if it is known.
pub(super) fn outcome_of(word: &str, protocol: &Protocol) -> Option<Outcome> {
    let is_in = |known: &str| parts(known, b'|').any(|known| is_word(word, known));
    let mut words = protocol.words.iter().chain(WORDS);
    words.find(|(known, _)| *known == "*" || is_in(known)).map(|(_, outcome)| *outcome)
}

/// Whether a provider's word is one that is known.
fn is_word(word: &str, known: &str) -> bool {
    let plain =
        |byte: u8| if matches!(byte, b'-' | b' ') { b'_' } else { byte.to_ascii_lowercase() };
    word.len() == known.len() && word.bytes().map(plain).zip(known.bytes()).all(|(a, b)| a == b)
}

/// Writes the provider's word.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word.fmt(f)
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({:?}, {})", self.word, self.outcome)
    }
}
