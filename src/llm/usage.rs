//! Token counts, under the names of all providers.

use core::fmt;

use super::node::{Node, Path};
use crate::json::Json;

/// The token counts that a provider reported. A count is `None` until it is reported.
///
/// Providers count differently: for some `input` includes `cached`, and `output` includes
/// `reasoning`; for others it does not.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::Answer;
///
/// let mut answer = Answer::new();
/// let event = r#"{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":22}}"#;
/// drop(answer.read(&Event::new(event)));
/// let usage = answer.usage();
/// assert_eq!((usage.input, usage.output, usage.cached), (Some(11), Some(22), None));
/// assert_eq!(usage.to_string(), "11 tokens in, 22 out");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens in the request.
    pub input: Option<u64>,
    /// Tokens in the answer.
    pub output: Option<u64>,
    /// Tokens of the request that the provider read from its cache.
    pub cached: Option<u64>,
    /// Tokens used for reasoning.
    pub reasoning: Option<u64>,
}

// The members that hold each count, most common first.
const INPUT: Path = "prompt_tokens|input_tokens|promptTokenCount|inputTokens|\
                     total_input_tokens|tokens.input_tokens|billed_units.input_tokens|input_count";
const OUTPUT: Path = "completion_tokens|output_tokens|candidatesTokenCount|outputTokens|\
                      total_output_tokens|tokens.output_tokens|billed_units.output_tokens|\
                      output_count";
const CACHED: Path = "prompt_tokens_details.cached_tokens|input_tokens_details.cached_tokens|\
                      cache_read_input_tokens|cachedContentTokenCount|cachedInputTokens|\
                      total_cached_tokens|cached_tokens";
const REASONING: Path = "completion_tokens_details.reasoning_tokens|\
                         output_tokens_details.reasoning_tokens|thoughtsTokenCount|\
                         reasoningTokens|total_thought_tokens|tokens.reasoning_tokens|\
                         reasoning_tokens";

impl Usage {
    pub(super) const NONE: Self = Self { input: None, output: None, cached: None, reasoning: None };

    /// Merges the counts of a usage object: a later count replaces an earlier one. Returns `true`
    /// if any changed.
    pub(super) fn take(&mut self, usage: Json<'_>) -> bool {
        let (node, mut has_changed) = (Node::of(usage), false);
        let Self { input, output, cached, reasoning } = self;
        let counts = [(input, INPUT), (output, OUTPUT), (cached, CACHED), (reasoning, REASONING)];
        for (count, path) in counts {
            if let Some(new) = node.at(path).and_then(|count| count.as_u64()) {
                has_changed |= count.replace(new) != Some(new);
            }
        }
        has_changed
    }
}

/// Writes the counts of input and output, such as "11 tokens in, 22 out".
impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.input, self.output) {
            (Some(input), Some(output)) => write!(f, "{input} tokens in, {output} out"),
            (Some(input), None) => write!(f, "{input} tokens in"),
            (None, Some(output)) => write!(f, "{output} tokens out"),
            (None, None) => f.write_str("token counts unknown"),
        }
    }
}
