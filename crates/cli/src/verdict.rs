//! The outcome of a stream as text and as an exit status, and the lines at its end.

use std::fmt::Display;

use sseam::llm::{Collected, Outcome};

/// How many bytes of an answer are kept until its end.
pub(crate) const KEPT: usize = 64 << 20;

/// The exit status for an outcome. 2 is a [`Failure`](crate::output::Failure)'s.
pub(crate) const fn status(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Completed => 0,
        Outcome::Incomplete => 3,
        Outcome::Failed => 4,
        Outcome::Truncated => 5,
        Outcome::Unknown => 6,
    }
}

/// The meaning of an outcome.
pub(crate) const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "this is the whole answer",
        Outcome::Incomplete => "the provider cut the answer short",
        Outcome::Failed => "the provider sent an error",
        Outcome::Truncated => "the stream stopped before its final event; ask again",
        Outcome::Unknown => "nothing in the stream says how the answer ended",
    }
}

/// The meaning of this answer's outcome, with the provider's word for it.
pub(crate) fn sentence(outcome: Outcome, answer: &Collected) -> String {
    let meaning = meaning(outcome);
    match (outcome, why(outcome, answer)) {
        (_, None) => meaning.to_string(),
        (Outcome::Truncated, Some((_, why))) => {
            format!(
                "the stream stopped after the model finished ({why}), but before its final event"
            )
        }
        (_, Some((_, why))) => format!("{meaning}: {why}"),
    }
}

/// The provider's words about an incomplete answer: whether they are an error or a reason, and the
/// text.
pub(crate) fn why(outcome: Outcome, answer: &Collected) -> Option<(&'static str, String)> {
    let error = || answer.error.as_ref().map(|error| ("error", error.to_string()));
    let reason = || answer.reason.map(|reason| ("reason", reason.to_string()));
    if outcome == Outcome::Completed { None } else { error().or_else(reason) }
}

/// The lines after the text: one for each call, one for a refusal, one for an overflow, and one for
/// usage.
pub(crate) fn sum_up(answer: &Collected, mut line: impl FnMut(&dyn Display)) {
    for call in &answer.calls {
        line(&format_args!("calls {}({})", call.name, call.arguments));
    }
    if !answer.refusal.is_empty() {
        line(&format_args!("the model refuses: {}", answer.refusal));
    }
    if answer.is_full() {
        line(&format_args!("the answer exceeds the {KEPT} bytes that are kept: the rest is cut"));
    }
    if answer.usage.input.or(answer.usage.output).is_some() {
        line(&answer.usage);
    }
}

#[cfg(test)]
mod tests {
    use sseam::Event;
    use sseam::llm::Answer;

    use super::*;

    #[test]
    fn overflow_is_reported() {
        let mut said = Collected::with_limit(3);
        let event = Event::new(
            r#"{"choices":[{"delta":{"refusal":"Never"}}],"usage":{"completion_tokens":9}}"#,
        );
        for delta in Answer::new().read(&event) {
            let _ = said.push(&delta);
        }
        let mut lines = Vec::new();
        sum_up(&said, |line| lines.push(line.to_string()));
        let cut = "the answer exceeds the 67108864 bytes that are kept: the rest is cut";
        assert_eq!(lines, ["the model refuses: Nev", cut, "9 tokens out"]);
    }
}
