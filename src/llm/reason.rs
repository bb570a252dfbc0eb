//! Stop reasons: one table for all protocols.

use core::fmt;

use super::node::parts;
use super::protocol::Protocol;
use super::{Name, Outcome};
use crate::json::Json;
use Outcome::{Completed, Failed, Incomplete};

/// The known reasons, in lower case, with underscores.
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

/// Why the model stopped: the provider's word, and the outcome that it implies.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::{Answer, Outcome};
///
/// let mut answer = Answer::new();
/// drop(answer.read(&Event::new(r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#)));
/// let reason = answer.reason().expect("a reason");
/// assert_eq!((reason.as_str(), reason.outcome()), ("length", Outcome::Incomplete));
/// ```
///
/// Words are compared without regard to ASCII case, and with `-` and space as `_`. A word that is
/// not in the table is [`Outcome::Unknown`], because it need not mean success.
///
/// | outcome | words |
/// | --- | --- |
/// | completed | `stop`, `end_turn`, `stop_sequence`, `tool_use`, `tool_calls`, `tool_call`, `function_call`, `eos`, `eos_token`, `complete`, `completed`, `success`, `succeeded`, `requires_action` |
/// | incomplete | `length`, `max_tokens`, `max_output_tokens`, `max_length`, `model_length`, `context_window_exceeded`, `model_context_window_exceeded`, `content_filter`, `content_filtered`, `safety`, `sensitive`, `refusal`, `recitation`, `blocklist`, `prohibited_content`, `spii`, `language`, `image_safety`, `pause_turn`, `compaction`, `repetition`, `max_turns`, `malformed_function_call`, `unexpected_tool_call`, `too_many_tool_calls`, `insufficient_system_resource`, `interrupt`, `partial_succeeded`, `stopped` |
/// | failed | `error`, `network_error`, `server_error`, `abort`, `aborted`, `cancelled`, `canceled`, `timeout`, `failed` |
///
/// A protocol can override the table: see [`Protocol::words`]. In Gemini's `generateContent`, every
/// word but `STOP` is incomplete.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason {
    word: Name,
    outcome: Outcome,
}

impl Reason {
    /// Reads a reason. `null`, `""` and `"null"`, which `DashScope` sends in place of `null`, mean
    /// that there is no reason yet.
    pub(super) fn of(value: Json<'_>, protocol: &Protocol) -> Option<Self> {
        let word = match value.as_text() {
            Some(text) => Name::decoded(text),
            None => Name::of(core::str::from_utf8(value.as_bytes()).unwrap_or_default()),
        };
        if matches!(word.as_str(), "" | "null") {
            return None;
        }
        let outcome = outcome_of(word.as_str(), protocol).unwrap_or(Outcome::Unknown);
        Some(Self { word, outcome })
    }

    /// Returns the provider's word as sent, or its first [`Name::MAX`] bytes. If the value is not a
    /// string, this is its JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.word.as_str()
    }

    /// Returns the outcome that the reason implies.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Returns the outcome that a word implies in the protocol, or `None` if the word is unknown.
pub(super) fn outcome_of(word: &str, protocol: &Protocol) -> Option<Outcome> {
    let is_in = |known: &str| parts(known, b'|').any(|known| is_word(word, known));
    let mut words = protocol.words.iter().chain(WORDS);
    words.find(|(known, _)| *known == "*" || is_in(known)).map(|(_, outcome)| *outcome)
}

/// Compares a provider's word with a known one.
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
