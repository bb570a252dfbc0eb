//! The outcome of a stream in words and as an exit status, and the lines at its end.

use std::fmt::Display;

use sseam::llm::{Collected, Outcome};

/// How many bytes of an answer are kept until its end.
pub(crate) const KEPT: usize = 64 << 20;

/// The exit status for how a stream ended. 2 is a [`Failure`](crate::output::Failure)'s.
pub(crate) const fn status(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Completed => 0,
        Outcome::Incomplete => 3,
        Outcome::Failed => 4,
        Outcome::Truncated => 5,
        Outcome::Unknown => 6,
    }
}

/// What the outcome means to a person.
pub(crate) const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "this is the whole answer",
        Outcome::Incomplete => "the provider cut the answer short, and said so",
        Outcome::Failed => "the provider sent an error",
        Outcome::Truncated => "the stream stopped before its final event; ask again",
        Outcome::Unknown => "nothing that sseam knows says how the answer ended",
    }
}

/// What the outcome of this answer means, and the provider's own word for it.
pub(crate) fn sentence(outcome: Outcome, answer: &Collected) -> String {
    let meaning = meaning(outcome);
    match (outcome, why(outcome, answer)) {
        (_, None) => meaning.to_string(),
        (Outcome::Truncated, Some((_, why))) => {
            format!("the stream stopped after the model did ({why}), but before its final event")
        }
        (_, Some((_, why))) => format!("{meaning}: {why}"),
    }
}

/// What the provider said of an answer that is not whole: whether that is an error or a reason,
/// and its words.
pub(crate) fn why(outcome: Outcome, answer: &Collected) -> Option<(&'static str, String)> {
    let error = || answer.error.as_ref().map(|error| ("error", error.to_string()));
    let reason = || answer.reason.map(|reason| ("reason", reason.to_string()));
    if outcome == Outcome::Completed { None } else { error().or_else(reason) }
}

/// The lines after the text: one for each call, one for a refusal, one for what did not fit, and
/// one for usage.
pub(crate) fn sum_up(answer: &Collected, mut line: impl FnMut(&dyn Display)) {
    for call in &answer.calls {
        line(&format_args!("calls {}({})", call.name, call.arguments));
    }
    if !answer.refusal.is_empty() {
        line(&format_args!("the model refuses: {}", answer.refusal));
    }
    if answer.is_full() {
        line(&format_args!(
            "the answer exceeds the {KEPT} bytes that are kept: what follows is cut"
        ));
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
    fn what_is_cut_is_said() {
        let mut said = Collected::with_limit(3);
        let event = Event::new(
            r#"{"choices":[{"delta":{"refusal":"Never"}}],"usage":{"completion_tokens":9}}"#,
        );
        for delta in Answer::new().read(&event) {
            let _ = said.push(&delta);
        }
        let mut lines = Vec::new();
        sum_up(&said, |line| lines.push(line.to_string()));
        let cut = "the answer exceeds the 67108864 bytes that are kept: what follows is cut";
        assert_eq!(lines, ["the model refuses: Nev", cut, "9 tokens out"]);
    }
}
