//! The streams: the workloads of the benches, one more with IDs, and the odd
//! ones that only the check reads.

#[allow(clippy::format_push_string)] // Written for a bench without this lint.
#[path = "../../workloads/mod.rs"]
mod workloads;

use std::fmt::Write;

/// A kind of stream that is timed.
pub(crate) enum Workload {
    Shared(workloads::Workload),
    /// Responses, as a server sends them that can resume: with an ID.
    Ids,
}

/// The one whose events are as large as chunks may be.
pub(crate) const LARGE: &str = "W4";

/// The one whose events have IDs.
pub(crate) const IDS: &str = "W7";

impl Workload {
    pub(crate) fn all() -> Vec<Self> {
        workloads::WORKLOADS.into_iter().map(Self::Shared).chain([Self::Ids]).collect()
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Shared(workload) => workload.name,
            Self::Ids => IDS,
        }
    }

    /// What it is, in a word.
    pub(crate) fn title(&self) -> &'static str {
        match self.name() {
            "W1" => "chat",
            "W2" => "responses",
            "W3" => "tiny",
            "W4" => "large",
            "W5" => "many lines",
            "W6" => "CRLF",
            _ => "IDs",
        }
    }

    /// What it is, in a few.
    pub(crate) fn about(&self) -> &'static str {
        match self.name() {
            "W1" => "chat completions, only data",
            "W2" => "responses, event type and data",
            "W3" => "one byte of data",
            "W4" => "one line of 64 KiB of data",
            "W5" => "twenty lines of data",
            "W6" => "W2 with CRLF, and a comment between events",
            _ => "responses with ID, event type and data",
        }
    }

    /// Whole events, of at least `bytes` bytes in all.
    pub(crate) fn stream(&self, bytes: usize) -> Vec<u8> {
        match self {
            Self::Shared(workload) => workload.stream(bytes),
            Self::Ids => with_ids(bytes),
        }
    }
}

fn with_ids(bytes: usize) -> Vec<u8> {
    let mut stream = String::new();
    for n in 0.. {
        if stream.len() >= bytes {
            break;
        }
        write!(
            stream,
            "id: {n}\nevent: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"sequence_number\":{n},\"item_id\":\"msg_68a1f2\",\"delta\":\" the\",\"logprobs\":[]}}\n\n",
        )
        .expect("a string takes it");
    }
    stream.into()
}

/// Short streams at the edges of the standard.
pub(crate) const ODD: [(&str, &[u8]); 21] = [
    ("byte order mark", b"\xEF\xBB\xBFdata: a\n\ndata: b\n\n"),
    ("byte order mark later", b"data: a\n\n\xEF\xBB\xBFdata: b\n\ndata: c\n\n"),
    ("LF", b"event: e\ndata: a\ndata: b\n\ndata: c\n\n"),
    ("CRLF", b"event: e\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n"),
    ("CR", b"event: e\rdata: a\rdata: b\r\rdata: c\r\r:\n"),
    ("CR at the end", b"data: a\r\rdata: b\r\r"),
    ("mixed line ends", b"data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\r\n:\n"),
    ("several lines of data", b"data: a\ndata\ndata:\ndata: b\n\ndata:\ndata:\n\n"),
    ("empty data", b"data\n\ndata:\n\ndata: \n\n"),
    ("IDs", b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: 2\nid: 3\ndata: d\n\n"),
    ("ID without data", b"id: 1\n\ndata: a\n\nid:\n\ndata: b\n\n"),
    ("ID with NUL", b"id: 1\nid: 2\0\ndata: a\n\n"),
    ("ID of a discarded block", b"id: 1\ndata: a\n\nid: 2\ndata: b\n"),
    ("type without data", b"event: e\n\ndata: a\n\n"),
    ("empty type", b"event: e\nevent:\ndata: a\n\nevent: e\nevent\ndata: b\n\n"),
    ("spaces", b"data:a\n\ndata:  a \n\ndata:\ta\n\n data: b\n\ndata : c\n\n"),
    ("unknown fields and comments", b": c\nfoo: bar\nDATA: a\ndatab: a\ndat: a\ndata: b\n:\n\n"),
    ("colons", b"data: a:b: c\n\ndata::\n\n"),
    ("retry", b"retry: 10\n\nretry: 20\ndata: a\n\nretry: x\ndata: b\n\n"),
    ("UTF-8", "event: δ\nid: ž\ndata: žluťoučký 🦀…\n\n".as_bytes()),
    ("invalid UTF-8", b"data: caf\xE9\n\ndata: a\xF0\x9F\xA6\n\ndata: b\n\n"),
];
