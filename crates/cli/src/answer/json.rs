//! The answer as JSON Lines: a line for each delta, and a last one with the whole answer. `--help`
//! documents the members and their order, which scripts rely on.

use std::fmt::Display;
use std::io;

use sseam::llm::payload::Code;
use sseam::llm::{Call, Collected, Delta, OwnedError, ProviderError};

use super::{Ending, Printer};
use crate::json::{OrNull, Str};
use crate::output::Text;
use crate::verdict::KEPT;

pub(super) struct Json {
    answer: Collected,
    /// Whether the code of the error is a number, once a code has arrived.
    has_number: Option<bool>,
}

impl Json {
    /// Keeps at most `limit` bytes for the last line.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { answer: Collected::with_limit(limit), has_number: None }
    }

    /// The last line with the whole answer.
    fn last(&self, ending: &Ending) -> String {
        let Collected { text, reasoning, refusal, calls, usage, reason, error, .. } = &self.answer;
        let calls: Vec<_> = calls.iter().map(call).collect();
        format!(
            concat!(
                r#"{{"answer":{{"dialect":{},"outcome":{},"reason":{},"text":{},"reasoning":{},"#,
                r#""refusal":{},"calls":[{}],"usage":{{"input":{},"output":{}}},"error":{},"#,
                r#""ignored":{}}}}}"#,
            ),
            OrNull(ending.dialect.map(Str)),
            Str(ending.outcome),
            OrNull(reason.map(Str)),
            Str(text),
            Str(reasoning),
            Str(refusal),
            calls.join(","),
            OrNull(usage.input),
            OrNull(usage.output),
            OrNull(error.as_ref().map(|error| self.error(error))),
            ending.ignored,
        )
    }

    /// The error on the last line. A collected code does not show whether it was a number.
    fn error(&self, error: &OwnedError) -> String {
        let code = error.code.as_ref().map(|code| match code.parse::<i64>() {
            Ok(number) if self.has_number == Some(true) => number.to_string(),
            _ => Str(code).to_string(),
        });
        error_object(error.message.as_ref(), code, error.kind.as_ref())
    }
}

impl Printer for Json {
    fn delta(&mut self, delta: &Delta<'_>, out: &mut Text) -> io::Result<()> {
        if let Delta::Error { error: ProviderError { code: Some(code), .. }, .. } = delta {
            self.has_number.get_or_insert(matches!(code, Code::Number(_)));
        }
        // An overflow is reported at the end.
        let _ = self.answer.push(delta);
        match line(delta) {
            Some(line) => out.print(&(line + "\n")),
            None => Ok(()),
        }
    }

    fn end(&mut self, ending: &Ending, out: &mut Text) -> io::Result<()> {
        if self.answer.is_full() {
            out.say(&format_args!(
                "the answer exceeds the {KEPT} bytes that the last line can hold"
            ));
        }
        out.print(&(self.last(ending) + "\n"))?;
        out.flush()
    }
}

/// The line of a delta.
fn line(delta: &Delta<'_>) -> Option<String> {
    Some(match delta {
        Delta::Text { text, .. } => format!(r#"{{"text":{}}}"#, Str(text)),
        Delta::Reasoning { text, .. } => format!(r#"{{"reasoning":{}}}"#, Str(text)),
        Delta::Refusal { text, .. } => format!(r#"{{"refusal":{}}}"#, Str(text)),
        Delta::Call { call, id, name, .. } => {
            let [id, name] = [id, name].map(|text| OrNull(text.as_ref().map(Str)));
            format!(r#"{{"call":{{"n":{call},"id":{id},"name":{name}}}}}"#)
        }
        Delta::Arguments { call, json, .. } => {
            format!(r#"{{"arguments":{{"n":{call},"json":{}}}}}"#, Str(json))
        }
        Delta::Opaque { name, json, .. } => {
            format!(r#"{{"opaque":{{"name":{},"json":{}}}}}"#, Str(name), Str(json))
        }
        Delta::Usage { usage, .. } => {
            let [input, output, cached, reasoning] =
                [usage.input, usage.output, usage.cached, usage.reasoning].map(OrNull);
            format!(
                concat!(r#"{{"usage":{{"input":{},"output":{},"cached":{},"reasoning":{}}}}}"#),
                input, output, cached, reasoning
            )
        }
        Delta::Reason { reason, .. } => format!(r#"{{"reason":{}}}"#, Str(reason)),
        Delta::Error { error, .. } => {
            let code = error.code.map(|code| match code {
                Code::Number(number) => number.to_string(),
                word => Str(word).to_string(),
            });
            let error = error_object(error.message.as_ref(), code, error.kind.as_ref());
            format!(r#"{{"error":{error}}}"#)
        }
        Delta::Restart => r#"{"restart":true}"#.to_string(),
        _ => return None,
    })
}

fn call(call: &Call) -> String {
    let (id, name, arguments) =
        (OrNull(call.id.as_ref().map(Str)), Str(&call.name), Str(&call.arguments));
    format!(r#"{{"id":{id},"name":{name},"arguments":{arguments}}}"#)
}

/// An error whose code is JSON.
fn error_object(
    message: Option<impl Display>,
    code: Option<String>,
    kind: Option<impl Display>,
) -> String {
    let (message, code, kind) = (OrNull(message.map(Str)), OrNull(code), OrNull(kind.map(Str)));
    format!(r#"{{"message":{message},"code":{code},"kind":{kind}}}"#)
}

#[cfg(test)]
mod tests {
    use sseam::Event;
    use sseam::llm::{Answer, Outcome};

    use super::*;

    #[test]
    fn last_line_is_cut_at_limit() {
        let (mut answer, mut json) = (Answer::new(), Json::with_limit(4));
        let event =
            Event::new(r#"{"choices":[{"delta":{"content":"Łódź"},"finish_reason":"stop"}]}"#);
        for delta in answer.read(&event) {
            let _ = json.answer.push(&delta);
        }
        let ending = Ending { dialect: None, outcome: Outcome::Completed, ignored: 0 };
        assert!(json.answer.is_full());
        let line = json.last(&ending);
        assert!(line.contains(r#""reason":"stop","text":"Łó","reasoning":"""#), "{line}");
    }
}
