//! What is measured.

use std::fmt;

/// One measurement, and a line of the record.
pub struct Row {
    pub name: String,
    pub chunk: String,
    /// The least number of bytes in the stream.
    pub size: usize,
    pub client: Client,
}

/// The program that a row runs.
#[derive(Clone, Copy)]
pub struct Client {
    pub program: &'static str,
    pub build: Build,
    /// Behind the workload in the name of a row.
    suffix: &'static str,
}

/// How the programs are built: with the features of sseam that are default, or
/// with `alloc` alone, which leaves memchr SSE2.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    Std,
    Alloc,
}

const VEC: Client = Client { program: "vec_buf", build: Build::Std, suffix: "" };
const ARRAY: Client = Client { program: "array_buf", build: Build::Std, suffix: " ArrayBuf<1024>" };
const SLICE: Client = Client { program: "slice_buf", build: Build::Std, suffix: " SliceBuf" };
const SSE2: Client = Client { program: "vec_buf", build: Build::Alloc, suffix: " SSE2" };
const CHAT: Client = Client { program: "chat", build: Build::Std, suffix: " Chat" };
const CHAT_SSE2: Client = Client { program: "chat", build: Build::Alloc, suffix: " Chat SSE2" };
const RESPONSES: Client = Client { program: "responses", build: Build::Std, suffix: " Responses" };
const STRICT: Client =
    Client { program: "strict", build: Build::Std, suffix: " Responses::strict" };
const MESSAGES: Client = Client { program: "messages", build: Build::Std, suffix: " Messages" };
const ITEMS: Client = Client { program: "items", build: Build::Std, suffix: " items" };
const STREAM: Client =
    Client { program: "event_stream", build: Build::Std, suffix: " EventStream" };
const SHARED: Client =
    Client { program: "shared_events", build: Build::Std, suffix: " SharedEvent" };
const CODEC: Client = Client { program: "event_codec", build: Build::Std, suffix: " EventCodec" };
const MOVED: Client = Client { program: "moved", build: Build::Std, suffix: "" };
const PAYLOAD: Client = Client { program: "payload", build: Build::Std, suffix: "" };
const PEEK: Client = Client { program: "peek", build: Build::Std, suffix: "" };

/// The workloads of `benches/workloads`.
pub const WORKLOADS: [&str; 6] = ["W1", "W2", "W3", "W4", "W5", "W6"];

/// What the events of W2 are read into, ours first.
pub const PAYLOADS: [&str; 5] = [
    "W2 into sseam",
    "W2 into Value",
    "W2 into derived",
    "W2 into derived str",
    "W2 into derived core",
];

/// The size at which everything is measured.
pub const SIZE: usize = 64 << 10;

/// The sizes over which the cost of a byte has to be flat.
pub const SIZES: [usize; 3] = [SIZE, 256 << 10, 1 << 20];

/// How the streams are cut where the cost of a byte has to be flat.
pub const FLAT_CHUNKS: [&str; 2] = ["whole", "1"];

impl Row {
    fn new(workload: &str, client: Client, chunk: &str, size: usize) -> Self {
        Self { name: format!("{workload}{}", client.suffix), chunk: chunk.into(), size, client }
    }

    /// What its program is told.
    pub fn arguments(&self) -> Vec<String> {
        let workload = self.name.strip_suffix(self.client.suffix).unwrap_or(&self.name);
        if let Some((workload, into)) = workload.split_once(" into ") {
            return vec![into.into(), workload.into(), self.size.to_string()];
        }
        match workload.strip_prefix("move ").or(workload.strip_prefix("peek ")) {
            Some(what) => vec![what.into()],
            None => vec![workload.into(), self.chunk.clone(), self.size.to_string()],
        }
    }

    /// Whether it belongs to those that have to be flat. An event of W4 is as
    /// large as the smallest size.
    pub fn is_flat(&self) -> bool {
        let smallest = if self.name == "W4" { SIZES[1] } else { SIZES[0] };
        WORKLOADS.contains(&self.name.as_str())
            && FLAT_CHUNKS.contains(&self.chunk.as_str())
            && self.size >= smallest
    }
}

/// As it stands in the record: the first columns.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.name, self.chunk, self.size)
    }
}

/// Every row, in the order of the record.
pub fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |workloads: &[&str], client, chunks: &[&str], sizes: &[usize]| {
        for workload in workloads {
            for chunk in chunks {
                rows.extend(sizes.iter().map(|&size| Row::new(workload, client, chunk, size)));
            }
        }
    };
    add(&WORKLOADS, VEC, &["whole", "1460", "64", "1"], &[SIZE]);
    add(&WORKLOADS, VEC, &FLAT_CHUNKS, &SIZES[1..]);
    add(&["W4"], VEC, &["65536"], &SIZES[1..2]);
    add(&["W1+id"], VEC, &["whole", "1460", "64", "1"], &[SIZE]);
    add(&["W1"], ARRAY, &["whole", "64", "1"], &[SIZE]);
    add(&["W1"], SLICE, &["whole", "64", "1"], &[SIZE]);
    add(&["W1", "W2", "W3"], SSE2, &["whole", "1460", "64"], &[SIZE]);
    add(&["W1", "W2", "W6"], ITEMS, &["whole", "1460"], &[SIZE]);
    add(&["W1"], STREAM, &["whole"], &[SIZE]);
    add(&["W1"], SHARED, &["whole"], &[SIZE]);
    add(&["W1"], CODEC, &["whole"], &[SIZE]);
    add(&["W1"], CHAT, &["whole"], &[SIZE]);
    add(&["W1"], CHAT_SSE2, &["whole"], &[SIZE]);
    add(&["W2"], RESPONSES, &["whole"], &[SIZE]);
    add(&["W2"], STRICT, &["whole"], &[SIZE]);
    add(&["W2"], MESSAGES, &["whole"], &[SIZE]);
    add(&PAYLOADS, PAYLOAD, &["whole"], &[SIZE]);
    add(&["peek leading", "peek last"], PEEK, &["-"], &[0]);
    add(&["move VecBuf", "move ArrayBuf", "move SliceBuf"], MOVED, &["-"], &[0]);
    rows
}
