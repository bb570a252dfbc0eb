//! The streams that the benches read, the same at every run; a module of each.
#![allow(unreachable_pub)]

use std::fmt::Write;

/// A kind of stream.
pub struct Workload {
    pub name: &'static str,
    /// The `n`th event.
    event: fn(n: usize) -> String,
}

impl Workload {
    /// Whole events, of at least `bytes` bytes in all.
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
    // 9: next to nothing.
    Workload { name: "W3", event: |_| "data: x\n\n".into() },
    // 65,544: one line of 64 KiB, as an image comes.
    Workload { name: "W4", event: |_| format!("data: {}\n\n", "QUJD".repeat(16 << 10)) },
    // 901: twenty lines of some 40 bytes, joined.
    Workload { name: "W5", event: lines },
    // 236: W2 with CRLF, and a comment between.
    Workload { name: "W6", event: |n| responses(n, "\r\n") + ": keep-alive\r\n\r\n" },
];

fn chat(n: usize) -> String {
    let fill = ["the", "of", "and", "to", "in", "is", "it", "on"][n % 8];
    let json = format!(
        r#"{{"id":"chatcmpl-B7tKqYw0ZpR5mVfUe2XcN8sLgHd1","object":"chat.completion.chunk","created":17627{:05},"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_62a23a81ef","choices":[{{"index":0,"delta":{{"content":" {fill}"}},"logprobs":null,"finish_reason":null}}]}}"#,
        n % 100_000,
    );
    padded("data: ", &json, 287, "\n\n")
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

/// The event, its JSON filled up with spaces so that it is `len` bytes long.
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
        line.expect("a string takes anything");
    }
    event + "\n"
}
