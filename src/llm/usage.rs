//! The tokens that an answer took, whatever its provider calls them.

use core::fmt;

use super::node::{Node, Path};
use crate::json::Json;

/// The tokens that an answer took, as far as its provider has said.
///
/// Counts are the provider's: whether `input` has those of the cache in it, and `output` those of
/// reasoning, differs from one to the other. Displays as "11 tokens in, 22 out".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the request.
    pub input: Option<u64>,
    /// Tokens of the answer.
    pub output: Option<u64>,
    /// Tokens of the request that were in the provider's cache.
    pub cached: Option<u64>,
    /// Tokens of reasoning.
    pub reasoning: Option<u64>,
}

/// The names by which a count goes, most common first.
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

    /// Takes the counts of an object of usage: a later one takes the place of an earlier one.
    /// Returns whether any has changed.
    pub(super) fn take(&mut self, usage: Json<'_>) -> bool {
        let (node, mut has_changed) = (Node::of(usage), false);
        let Self { input, output, cached, reasoning } = self;
        let counts = [(input, INPUT), (output, OUTPUT), (cached, CACHED), (reasoning, REASONING)];
        for (count, path) in counts {
            if let Some(new) = node.at(path).and_then(|count| count.u64()) {
                has_changed |= count.replace(new) != Some(new);
            }
        }
        has_changed
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.input, self.output) {
            (Some(input), Some(output)) => write!(f, "{input} tokens in, {output} out"),
            (Some(input), None) => write!(f, "{input} tokens in"),
            (None, Some(output)) => write!(f, "{output} tokens out"),
            (None, None) => f.write_str("tokens not counted"),
        }
    }
}
