//! A table of streams with what each says: `cases.jsonl`, an object a line.
//!
//! Each line has the `stream`, a `name`, the `rule` that it is for, and `why`; and as much of the
//! answer as that decides:
//!
//! | key | |
//! | --- | --- |
//! | `dialect` | the protocol that is told at the end; `null` for none |
//! | `outcome` | at the end of the stream; with `flush` where that is set |
//! | `broken` | where the connection breaks after the last byte |
//! | `limit` | the parser's limit, in bytes |
//! | `reason` | the provider's word; `null` for none |
//! | `text`, `reasoning`, `refusal` | all of it; `""` for none |
//! | `calls` | of each the `id`, `name`, `arguments` that are given; `[]` for none |
//! | `usage`, `error` | those members that are given |
//! | `ignored` | how many events are ignored before the terminal |

use serde_json::{Value, json};
use sseam::llm::{Answer, Usage};
use sseam_testkit::llm::{Call, Contents, Reader, Said};

/// A stream and what it says.
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

    /// What an answer in any protocol says of the stream.
    pub fn read(&self, chunks: &[&[u8]]) -> Said {
        self.reader().read(chunks, &mut Answer::new())
    }

    /// The stream in one chunk.
    pub fn whole(&self) -> Said {
        self.read(&[self.stream.as_bytes()])
    }

    /// What the case expects otherwise.
    fn differences(&self, said: &Said) -> Vec<String> {
        let Contents { text, reasoning, refusal, calls, error, usage, .. } = &said.contents;
        let mut found = Differences { case: self, list: Vec::new() };
        found.check("dialect", said.protocol);
        found.check("outcome", said.outcome.as_str());
        found.check("broken", said.broken.as_str());
        found.check("reason", said.reason.map(|reason| reason.to_string()));
        found.check("text", text.as_str());
        found.check("reasoning", reasoning.as_str());
        found.check("refusal", refusal.as_str());
        found.check("ignored", ignored(said));
        found.check_calls(calls);
        found.check_members("usage", &usage_as_json(usage));
        let [kind, code, message] = error.clone().unwrap_or_default();
        found.check_members("error", &json!({ "kind": kind, "code": code, "message": message }));
        if said.usage != *usage {
            found.list.push(format!("the last delta of usage: {usage:?}, not {:?}", said.usage));
        }
        found.list
    }
}

/// How many events are ignored before the stream is over.
fn ignored(said: &Said) -> usize {
    let before = said.signals.find(['T', 'S']).unwrap_or(said.signals.len());
    said.signals[..before].matches('.').count()
}

struct Differences<'c> {
    case: &'c Case,
    list: Vec<String>,
}

impl Differences<'_> {
    /// Of what the case does not say nothing is compared.
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
fn each_says_what_it_says() {
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
fn each_says_the_same_byte_by_byte() {
    for case in cases() {
        let bytes: Vec<&[u8]> = case.stream.as_bytes().chunks(1).collect();
        assert_eq!(case.read(&bytes), case.whole(), "{}", case.name);
    }
}

#[test]
fn each_has_a_name_of_its_own() {
    let mut names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
