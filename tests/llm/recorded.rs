//! Recorded streams of many providers, against what was found out about each by hand and by other
//! programs; and their calls, against a second reader over `serde_json`.
//!
//! `sseam_testkit::recorded` describes where they are looked for.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::Digest;
use sseam::Parser;
use sseam::llm::strict::{Check, Mark, Violation};
use sseam::llm::{Answer, Outcome};
use sseam_testkit::llm::{Call, Reader, Record};
use sseam_testkit::recorded::Recorded;

/// For the largest of their events.
pub const ROOM: usize = 4 << 20;

/// The streams with a known expected result.
pub fn recorded() -> Vec<Recorded> {
    ["corpus", "corpus2"]
        .into_iter()
        .flat_map(|folder| sseam_testkit::recorded::recorded(folder, "EXPECTED.tsv"))
        .collect()
}

/// Returns `true` for a column without a known value.
fn is_open(expected: &str) -> bool {
    expected == "-"
}

/// The differences from the table.
fn differences(recorded: &Recorded, record: &Record, flushed: &Record) -> Vec<String> {
    let text = &record.contents.text;
    let hash = if text.is_empty() {
        "-".to_owned()
    } else {
        format!("{:x}", sha2::Sha256::digest(text.as_bytes()))
    };
    let dialect = record.protocol.unwrap_or("none");
    let is = [
        ("dialect", dialect.to_owned()),
        ("outcome", record.outcome.to_string()),
        ("outcome_flush", flushed.outcome.to_string()),
        ("text_chars", text.chars().count().to_string()),
        ("text_sha256", hash),
    ];
    // If the table has no protocol, the one found by hand is accepted, too.
    let by_hand = recorded.find("human_protocol").filter(|_| {
        matches!(recorded.expected("dialect"), "none" | "done")
            && recorded.find("human_protocol") == Some(dialect)
    });
    if by_hand.is_some() {
        let expected = recorded.expected("human_outcome");
        let outcome = record.outcome.as_str();
        return if outcome == expected { vec![] } else { vec![format!("outcome {outcome}")] };
    }
    let is_wrong = |(column, is): &(&str, String)| {
        let expected = recorded.expected(column);
        !is_open(expected) && expected != is
    };
    is.into_iter()
        .filter(is_wrong)
        .map(|(column, is)| format!("{column} {is}, not {}", recorded.expected(column)))
        .collect()
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn results_match_table() {
    let [mut reader, mut flushing] =
        [false, true].map(|flush| Reader::with_room(ROOM).flush(flush));
    let mut wrong = Vec::new();
    for recorded in recorded() {
        let record = reader.read(&[&recorded.stream], &mut Answer::new());
        let flushed = flushing.read(&[&recorded.stream], &mut Answer::new());
        let pieces: Vec<&[u8]> = recorded.stream.chunks(1460).collect();
        assert_eq!(reader.read(&pieces, &mut Answer::new()), record, "{}", recorded.name);
        let found = differences(&recorded, &record, &flushed);
        if !found.is_empty() {
            wrong.push(format!("{}: {}", recorded.name, found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// In the form of the table: `{"kind":"SequenceGap","expected":1,"found":3}`.
fn as_json(violation: &Violation) -> String {
    let mark = |mark: Option<Mark>| match mark {
        None => "null".to_owned(),
        Some(Mark::Number(number)) => number.to_string(),
        Some(Mark::Name(name)) => format!("{:?}", name.as_str()),
        Some(mark) => panic!("{mark:?} is not in the table's format"),
    };
    let kind: String =
        violation.name().split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let [expected, found] = [violation.expected(), violation.found()].map(mark);
    format!(r#"{{"kind":"{kind}","expected":{expected},"found":{found}}}"#)
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn first_violation_matches_table() {
    let recorded = recorded();
    let mut compared = 0;
    for recorded in &recorded {
        let expected = recorded.expected("strict_first_violation");
        if is_open(expected) {
            continue;
        }
        let (mut check, mut first) = (Check::new(), None);
        let (mut parser, mut chunk) = (Parser::new(), &recorded.stream[..]);
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            let violation = check.observe(&event);
            first = first.or(violation);
        }
        let first = first.map_or("none".to_owned(), |violation| as_json(&violation));
        assert_eq!(first, expected, "{}", recorded.name);
        compared += 1;
    }
    assert!(compared > 0 || recorded.is_empty(), "no column of violations");
}

/// A stream that breaks off before its terminal is truncated, at any byte, unless its protocol ends
/// with a reason and the reason has arrived.
#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn not_completed_before_terminal_or_reason() {
    use Outcome::{Completed, Truncated};

    for recorded in recorded() {
        let (mut parser, mut chunk) = (Parser::new(), &recorded.stream[..]);
        let mut answer = Answer::new();
        while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
            drop(answer.read(&event));
            let tracker = answer.tracker();
            if tracker.is_over() {
                break;
            }
            let broken = answer.outcome(None);
            let protocol = tracker.protocol().map_or("none", |protocol| protocol.name());
            let is_rpc = matches!(protocol, "json-rpc" | "a2a");
            assert!(broken != Completed || is_rpc, "{}: {chunk:?}", recorded.name);
            let ends_with_reason = matches!(protocol, "chat" | "generate-content")
                || protocol == "sap-orchestration"
                || is_rpc;
            let [clean, ..] = sseam_testkit::llm::ends();
            if answer.reason().is_none() && !is_rpc || !ends_with_reason {
                let outcome = answer.outcome(clean);
                let is_known = protocol != "none";
                assert!(
                    outcome == Truncated || !is_known || broken == outcome,
                    "{}",
                    recorded.name
                );
            }
        }
    }
}

// A second reader of the calls.

/// The calls of a stream in the order in which they began, distinguished as in most streams: by an
/// index or an ID.
#[derive(Default)]
struct Naive {
    calls: Vec<Call>,
    /// Which call a key identifies.
    keys: BTreeMap<String, usize>,
}

impl Naive {
    fn call(&mut self, key: String) -> &mut Call {
        let next = self.calls.len();
        let at = *self.keys.entry(key).or_insert(next);
        if at == next {
            self.calls.push(Call::default());
        }
        &mut self.calls[at]
    }

    fn read(&mut self, protocol: &str, line: &str, data: &Value) {
        match protocol {
            "chat" => self.read_chat(data),
            "responses" => self.read_responses(data),
            "messages" => self.read_messages(line, data),
            "generate-content" => self.read_generate_content(data),
            _ => self.read_cohere(data),
        }
    }

    fn read_chat(&mut self, data: &Value) {
        let choices = data["choices"].as_array().into_iter().flatten();
        for choice in choices.filter(|choice| choice["index"].as_u64().unwrap_or(0) == 0) {
            for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
                let id = call["id"].as_str().filter(|id| !id.is_empty());
                let mut key = format!("index {}", call["index"]);
                // An index that is used again, as some servers do for whole calls.
                if let (Some(id), Some(at)) = (id, self.keys.get(&key)) {
                    if self.calls[*at].id.as_deref().is_some_and(|known| known != id) {
                        self.keys.remove(&key);
                    }
                }
                if call["index"].as_u64().is_none() {
                    key = id.map_or_else(|| "last".to_owned(), |id| format!("id {id}"));
                }
                let kept = self.call(key);
                kept.id = kept.id.take().or(id.map(str::to_owned));
                let function = &call["function"];
                let name = function["name"].as_str().unwrap_or_default();
                if kept.name != name {
                    kept.name += name;
                }
                kept.arguments += &text_or_json(&function["arguments"]);
            }
        }
    }

    fn read_responses(&mut self, data: &Value) {
        const CALLS: [&str; 6] = [
            "function_call",
            "custom_tool_call",
            "mcp_call",
            "code_interpreter_call",
            "shell_call",
            "local_shell_call",
        ];
        const DELTAS: [&str; 5] = [
            "response.function_call_arguments.delta",
            "response.custom_tool_call_input.delta",
            "response.mcp_call_arguments.delta",
            "response.code_interpreter_call_code.delta",
            "response.shell_call_command.delta",
        ];

        let (item, key) = (&data["item"], data["output_index"].to_string());
        let kind = item["type"].as_str().unwrap_or_default();
        let is_call = CALLS.contains(&kind);
        match data["type"].as_str().unwrap_or_default() {
            "response.output_item.added" if is_call => {
                let call = self.call(key);
                call.id = item["call_id"].as_str().or(item["id"].as_str()).map(String::from);
                item["name"].as_str().unwrap_or(kind).clone_into(&mut call.name);
            }
            name if DELTAS.contains(&name) => self.call(key).arguments += &text(&data["delta"]),
            "response.output_item.done" if is_call => {
                let call = self.call(key);
                let names = ["arguments", "input", "code", "action"];
                let whole = names.iter().map(|name| &item[*name]).find(|value| !value.is_null());
                if call.arguments.is_empty() {
                    call.arguments = whole.map(text_or_json).unwrap_or_default();
                }
            }
            _ => {}
        }
    }

    fn read_messages(&mut self, line: &str, data: &Value) {
        let kind = data["type"].as_str().unwrap_or(line);
        let (block, delta) = (&data["content_block"], &data["delta"]);
        let is_call = block["type"].as_str().is_some_and(|kind| kind.ends_with("tool_use"));
        let key = data["index"].to_string();
        match kind {
            "content_block_start" if is_call => {
                let call = self.call(key);
                call.id = block["id"].as_str().map(String::from);
                call.name = text(&block["name"]);
                if block["input"].as_object().is_some_and(|input| !input.is_empty()) {
                    call.arguments = block["input"].to_string();
                }
            }
            "content_block_delta" if delta["type"] == "input_json_delta" => {
                self.call(key).arguments += &text(&delta["partial_json"]);
            }
            "content_block_stop" => {
                if let Some(at) = self.keys.get(&key) {
                    if self.calls[*at].arguments.is_empty() {
                        "{}".clone_into(&mut self.calls[*at].arguments);
                    }
                }
            }
            _ => {}
        }
    }

    fn read_generate_content(&mut self, data: &Value) {
        let data = data.get("response").unwrap_or(data);
        let candidates = data["candidates"].as_array().into_iter().flatten().enumerate();
        for (n, candidate) in candidates {
            if candidate["index"].as_u64().unwrap_or(n as u64) != 0 {
                continue;
            }
            for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
                let call = &part["functionCall"];
                // Arguments in pieces, by paths, are not read.
                if call["name"].is_string() {
                    let args = call.get("args").cloned().unwrap_or(serde_json::json!({}));
                    self.calls.push(Call {
                        id: call["id"].as_str().map(str::to_owned),
                        name: text(&call["name"]),
                        arguments: args.to_string(),
                    });
                }
            }
        }
    }

    fn read_cohere(&mut self, data: &Value) {
        let call = &data["delta"]["message"]["tool_calls"];
        if call.is_object() {
            let kept = self.call(data["index"].to_string());
            kept.id = kept.id.take().or(call["id"].as_str().map(str::to_owned));
            kept.name += &text(&call["function"]["name"]);
            kept.arguments += &text(&call["function"]["arguments"]);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn text_or_json(value: &Value) -> String {
    if value.is_object() || value.is_array() { value.to_string() } else { text(value) }
}

/// Arguments that are JSON, with normalised spacing.
fn comparable(calls: &[Call]) -> Vec<(Option<String>, String, String)> {
    let spaced = |text: &str| {
        serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |it| it.to_string())
    };
    calls.iter().map(|call| (call.id.clone(), call.name.clone(), spaced(&call.arguments))).collect()
}

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn calls_match_second_reader() {
    let mut reader = Reader::with_room(ROOM);
    let (recorded, mut wrong, mut count) = (recorded(), Vec::new(), 0);
    for recorded in &recorded {
        let record = reader.read(&[&recorded.stream], &mut Answer::new());
        let protocol = record.protocol.unwrap_or_default();
        let is_compared = ["chat", "responses", "messages", "generate-content", "cohere-chat"];
        if !is_compared.contains(&protocol) {
            continue;
        }
        let mut naive = Naive::default();
        let (mut parser, mut chunk) = (Parser::new(), &recorded.stream[..]);
        for signal in record.signals.chars() {
            let event = parser.next_event(&mut chunk).expect("room").expect("an event");
            if let (true, Ok(data)) =
                (matches!(signal, 'p' | 'T'), serde_json::from_slice(event.data().as_bytes()))
            {
                naive.read(protocol, &event.event_type().to_string(), &data);
            }
        }
        let [ours, theirs] = [&record.contents.calls, &naive.calls].map(|calls| comparable(calls));
        count += ours.len();
        if ours != theirs {
            wrong.push(format!("{}: {ours:?}, not {theirs:?}", recorded.name));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 100 || recorded.is_empty(), "{count} calls");
}
