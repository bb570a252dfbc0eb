//! A table of streams with the expected results: `cases.jsonl`, one object a line.
//!
//! Each line has the `stream`, a `name`, the `rule` that it tests, and `why`; and those parts of
//! the result that the rule decides:
//!
//! | key | |
//! | --- | --- |
//! | `dialect` | the protocol that is known at the end; `null` for none |
//! | `outcome` | at the end of the stream; with `flush` if that is set |
//! | `broken` | if the connection breaks after the last byte |
//! | `limit` | the parser's limit, in bytes |
//! | `reason` | the provider's word; `null` for none |
//! | `text`, `reasoning`, `refusal` | all of it; `""` for none |
//! | `calls` | of each the `id`, `name`, `arguments` that are given; `[]` for none |
//! | `usage`, `error` | the members that are given |
//! | `ignored` | how many events are ignored before the terminal |

use serde_json::{Value, json};
use sseam::llm::{Answer, Usage};
use sseam_testkit::llm::{Call, Contents, Reader, Record};

/// A stream and its expected result.
pub struct Case {
    pub name: String,
    pub stream: String,
    pub flush: bool,
    pub limit: Option<usize>,
    pub expected: Value,
}

/// Returns all cases, in the order of the file.
pub fn cases() -> Vec<Case> {
    let case = |line: &str| {
        let expected: Value = serde_json::from_str(line).expect("JSON");
        let limit = expected["limit"].as_u64();
        Case {
            name: text(&expected["name"]),
            stream: text(&expected["stream"]),
            flush: expected["flush"] == true,
            limit: limit.map(|limit| usize::try_from(limit).expect("a limit")),
            expected,
        }
    };
    include_str!("cases.jsonl").lines().map(case).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

impl Case {
    pub fn reader(&self) -> Reader {
        self.limit.map_or_else(Reader::new, Reader::with_room).flush(self.flush)
    }

    /// What an answer in any protocol returns for the stream.
    pub fn read(&self, chunks: &[&[u8]]) -> Record {
        self.reader().read(chunks, &mut Answer::new())
    }

    /// The stream in one chunk.
    pub fn whole(&self) -> Record {
        self.read(&[self.stream.as_bytes()])
    }

    /// The differences from the expected result.
    fn differences(&self, record: &Record) -> Vec<String> {
        let Contents { text, reasoning, refusal, calls, error, usage, .. } = &record.contents;
        let mut found = Differences { case: self, list: Vec::new() };
        found.check("dialect", record.protocol);
        found.check("outcome", record.outcome.as_str());
        found.check("broken", record.broken.as_str());
        found.check("reason", record.reason.map(|reason| reason.to_string()));
        found.check("text", text.as_str());
        found.check("reasoning", reasoning.as_str());
        found.check("refusal", refusal.as_str());
        found.check("ignored", ignored(record));
        found.check_calls(calls);
        found.check_members("usage", &usage_as_json(usage));
        let [kind, code, message] = error.clone().unwrap_or_default();
        found.check_members("error", &json!({ "kind": kind, "code": code, "message": message }));
        if record.usage != *usage {
            found.list.push(format!("the last delta of usage: {usage:?}, not {:?}", record.usage));
        }
        found.list
    }
}

/// How many events are ignored before the stream ends.
fn ignored(record: &Record) -> usize {
    let before = record.signals.find(['T', 'S']).unwrap_or(record.signals.len());
    record.signals[..before].matches('.').count()
}

struct Differences<'c> {
    case: &'c Case,
    list: Vec<String>,
}

impl Differences<'_> {
    /// Parts that the case does not have are not compared.
    fn check(&mut self, key: &str, got: impl Into<Value>) {
        if let Some(expected) = self.case.expected.get(key) {
            self.compare(key, &got.into(), expected);
        }
    }

    fn compare(&mut self, key: &str, got: &Value, expected: &Value) {
        if got != expected {
            self.list.push(format!("{key}: {got}, not {expected}"));
        }
    }

    fn check_calls(&mut self, calls: &[Call]) {
        let Some(expected) = self.case.expected.get("calls").and_then(Value::as_array) else {
            return;
        };
        self.compare("calls", &calls.len().into(), &expected.len().into());
        for (n, (call, expected)) in calls.iter().zip(expected).enumerate() {
            let got = json!({ "id": call.id, "name": call.name, "arguments": call.arguments });
            for (key, expected) in expected.as_object().expect("an object") {
                self.compare(&format!("calls[{n}].{key}"), &got[key], expected);
            }
        }
    }

    fn check_members(&mut self, key: &str, got: &Value) {
        let members = self.case.expected.get(key).and_then(Value::as_object);
        for (member, expected) in members.into_iter().flatten() {
            // A code is a number or its decimal text.
            let expected = match expected {
                Value::Number(code) if key == "error" => code.to_string().into(),
                expected => expected.clone(),
            };
            self.compare(&format!("{key}.{member}"), &got[member], &expected);
        }
    }
}

fn usage_as_json(usage: &Usage) -> Value {
    let Usage { input, output, cached, reasoning, .. } = usage;
    json!({ "input": input, "output": output, "cached": cached, "reasoning": reasoning })
}

#[test]
fn each_case() {
    let mut wrong = Vec::new();
    for case in cases() {
        let differences = case.differences(&case.whole());
        if !differences.is_empty() {
            let why = case.expected["why"].as_str().unwrap_or_default();
            wrong.push(format!("{} ({why}): {}", case.name, differences.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_case_byte_by_byte() {
    for case in cases() {
        let bytes: Vec<&[u8]> = case.stream.as_bytes().chunks(1).collect();
        assert_eq!(case.read(&bytes), case.whole(), "{}", case.name);
    }
}

#[test]
fn names_are_unique() {
    let mut names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
