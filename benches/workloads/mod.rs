//! The streams of the benches, the same in every run; each bench includes this module.
#![allow(unreachable_pub, dead_code)] // Each bench uses some of them.

use std::fmt::Write;

/// A kind of stream.
pub struct Workload {
    pub name: &'static str,
    /// The `n`th event.
    event: fn(n: usize) -> String,
}

impl Workload {
    /// Whole events, of at least `bytes` bytes in total.
    pub fn stream(&self, bytes: usize) -> Vec<u8> {
        let mut stream = Vec::with_capacity(bytes + bytes / 4);
        for n in 0.. {
            if stream.len() >= bytes {
                break;
            }
            stream.extend_from_slice((self.event)(n).as_bytes());
        }
        stream
    }
}

/// Written as LLM APIs and others write them; lengths in bytes per event.
pub const WORKLOADS: [Workload; 6] = [
    // 287: OpenAI Chat Completions.
    Workload { name: "W1", event: chat },
    // 217: OpenAI Responses.
    Workload { name: "W2", event: |n| responses(n, "\n") },
    // 9: almost nothing.
    Workload { name: "W3", event: |_| "data: x\n\n".into() },
    // 65,544: one line of 64 KiB, like an image.
    Workload { name: "W4", event: |_| format!("data: {}\n\n", "QUJD".repeat(16 << 10)) },
    // 901: twenty lines of some 40 bytes, joined.
    Workload { name: "W5", event: lines },
    // 236: W2 with CRLF, and a comment between.
    Workload { name: "W6", event: |n| responses(n, "\r\n") + ": keep-alive\r\n\r\n" },
];

/// Payload types are measured with these besides W1 and W2.
pub const PAYLOADS: [Workload; 7] = [
    // 172: a text delta of Anthropic's, with its `event` line.
    Workload { name: "A", event: messages },
    // 287: W1 in Chinese.
    Workload { name: "J", event: |n| chat_of(n, "\u{8bcd}\u{8bed}\u{ff0c}\u{5b57}", 287) },
    // 308: W1 with spaces after commas and colons, as Python's json writes them.
    Workload { name: "S", event: |n| spaced(&chat(n)) },
    // 344: another order of members, and some unknown ones.
    Workload { name: "D", event: reordered },
    // 391: a piece of a tool call's arguments, with fifteen escapes.
    Workload { name: "T", event: tool_call },
    // 284: the same of Responses.
    Workload { name: "R", event: arguments },
    // 64 KiB: `response.completed`, which repeats the whole text.
    Workload { name: "C", event: completed },
];

fn chat(n: usize) -> String {
    let fill = ["the", "of", "and", "to", "in", "is", "it", "on"][n % 8];
    chat_of(n, &format!(" {fill}"), 287)
}

fn chat_of(n: usize, content: &str, len: usize) -> String {
    let json = format!(
        r#"{{"id":"chatcmpl-B7tKqYw0ZpR5mVfUe2XcN8sLgHd1","object":"chat.completion.chunk","created":17627{:05},"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_62a23a81ef","choices":[{{"index":0,"delta":{{"content":"{content}"}},"logprobs":null,"finish_reason":null}}]}}"#,
        n % 100_000,
    );
    padded("data: ", &json, len, "\n\n")
}

fn spaced(event: &str) -> String {
    // No string of W1 contains a comma or a colon.
    let (start, json) = event.split_at("data: ".len());
    format!("{start}{}\n\n", json.trim_end().replace(',', ", ").replace(':', ": "))
}

fn messages(n: usize) -> String {
    let fill = ["the", "of", "and", "to", "in", "is", "it", "on"][n % 8];
    let json = format!(
        r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":" {fill}"}}}}"#,
    );
    padded("event: content_block_delta\ndata: ", &json, 121, "\n\n")
}

fn reordered(n: usize) -> String {
    let fill = ["the", "of", "and", "to", "in", "is", "it", "on"][n % 8];
    let json = format!(
        r#"{{"provider":"OpenAI","choices":[{{"delta":{{"role":"assistant","content":" {fill}"}},"finish_reason":null,"native_finish_reason":null,"index":0,"logprobs":null}}],"model":"openai/gpt-4o-mini","object":"chat.completion.chunk","created":17627{:05},"id":"gen-B7tKqYw0ZpR5mVfUe2XcN8sLgHd1","service_tier":"default"}}"#,
        n % 100_000,
    );
    padded("data: ", &json, 344, "\n\n")
}

/// With fifteen escapes.
const ARGUMENTS: &str =
    r#"{\"city\":\"Paris\",\"days\":[1,2],\"unit\":\"celsius\",\"note\":\"all\n\"}"#;

fn tool_call(n: usize) -> String {
    let json = format!(
        r#"{{"id":"chatcmpl-B7tKqYw0ZpR5mVfUe2XcN8sLgHd1","object":"chat.completion.chunk","created":17627{:05},"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_62a23a81ef","choices":[{{"index":0,"delta":{{"tool_calls":[{{"index":0,"function":{{"arguments":"{ARGUMENTS}"}}}}]}},"logprobs":null,"finish_reason":null}}]}}"#,
        n % 100_000,
    );
    padded("data: ", &json, 391, "\n\n")
}

fn arguments(n: usize) -> String {
    let json = format!(
        r#"{{"type":"response.function_call_arguments.delta","sequence_number":{n},"item_id":"fc_68a1f2","output_index":0,"delta":"{ARGUMENTS}","obfuscation":""}}"#,
    );
    padded("event: response.function_call_arguments.delta\ndata: ", &json, 284, "\n\n")
}

fn completed(n: usize) -> String {
    const PARAGRAPH: &str = r#"The quick brown fox \"jumps\" over the lazy dog, and then \u2014 caf\u00e9 \u00e0 la carte \u2014 it rests.\n\nNa\u00efve? No: d\u00e9j\u00e0 vu, in UTF-8 as \u{e9}\u{e0}\u{fc}.\n"#;

    let text = PARAGRAPH.replace(r"\u{e9}\u{e0}\u{fc}", "\u{e9}\u{e0}\u{fc}").repeat(360);
    let json = format!(
        r#"{{"type":"response.completed","sequence_number":{n},"response":{{"id":"resp_68a1f2","object":"response","created_at":1762700000,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-4o-mini-2024-07-18","output":[{{"id":"msg_68a1f2","type":"message","status":"completed","role":"assistant","content":[{{"type":"output_text","annotations":[],"logprobs":[],"text":"{text}"}}]}}],"usage":{{"input_tokens":36,"input_tokens_details":{{"cached_tokens":0}},"output_tokens":87,"output_tokens_details":{{"reasoning_tokens":0}},"total_tokens":123}}}}}}"#,
    );
    format!("event: response.completed\ndata: {json}\n\n")
}

fn responses(n: usize, end: &str) -> String {
    let fill = ["the", "of", "and", "to", "in", "is", "it", "on"][n % 8];
    let json = format!(
        r#"{{"type":"response.output_text.delta","sequence_number":{n},"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" {fill}","logprobs":[],"obfuscation":""}}"#,
    );
    let event = format!("event: response.output_text.delta{end}data: ");
    let end = format!("{end}{end}");
    padded(&event, &json, 217 + 3 * (end.len() / 2 - 1), &end)
}

/// The event, its JSON padded with spaces to `len` bytes.
fn padded(start: &str, json: &str, len: usize, end: &str) -> String {
    let width = len - start.len() - end.len();
    assert!(json.len() <= width, "{} bytes are too many for {width}", json.len());
    let (open, close) = json.split_at(json.len() - 1);
    format!("{start}{open:<pad$}{close}{end}", pad = width - 1)
}

fn lines(n: usize) -> String {
    let mut event = String::new();
    for line in 0..20 {
        let line = writeln!(event, "data: line {line:02} of event {n:08}, to be read.");
        line.expect("writing to a string does not fail");
    }
    event + "\n"
}
