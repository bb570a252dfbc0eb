//! The rows, and the record `counts.csv`: the previous counts and the setting that they were taken
//! with.

use std::env;
use std::fmt::{self, Write};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::measure::Count;

/// One measurement, and a line of the record.
#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub chunk: String,
    /// The minimal number of bytes in the stream.
    pub size: usize,
    pub client: Client,
}

/// The program that a row runs.
#[derive(Clone, Copy)]
pub struct Client {
    pub program: &'static str,
    pub build: Build,
    /// Follows the workload in the name of a row.
    suffix: &'static str,
}

/// How the programs are built: with sseam's default features, or with `alloc` only, which leaves
/// memchr with SSE2.
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
const ENCODE: Client = Client { program: "encode", build: Build::Std, suffix: " encode" };
const MOVED: Client = Client { program: "moved", build: Build::Std, suffix: "" };
const READ_CHAT: Client = Client { program: "read_chat", build: Build::Std, suffix: " payload" };
const READ_RESPONSES: Client =
    Client { program: "read_responses", build: Build::Std, suffix: " payload" };
const READ_MESSAGES: Client =
    Client { program: "read_messages", build: Build::Std, suffix: " payload" };
const ANSWER: Client = Client { program: "answer", build: Build::Std, suffix: " answer" };
const PAYLOAD: Client = Client { program: "payload", build: Build::Std, suffix: "" };

/// The workloads of `benches/workloads`.
pub const WORKLOADS: [&str; 6] = ["W1", "W2", "W3", "W4", "W5", "W6"];

/// The types that the events of W2 are read into, ours first.
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

/// The chunks with which the cost of a byte has to be flat.
pub const FLAT_CHUNKS: [&str; 2] = ["whole", "1"];

impl Row {
    fn new(workload: &str, client: Client, chunk: &str, size: usize) -> Self {
        Self { name: format!("{workload}{}", client.suffix), chunk: chunk.into(), size, client }
    }

    /// The arguments of its program.
    pub fn arguments(&self) -> Vec<String> {
        let workload = self.name.strip_suffix(self.client.suffix).unwrap_or(&self.name);
        if let Some((workload, into)) = workload.split_once(" into ") {
            return vec![into.into(), workload.into(), self.size.to_string()];
        }
        match workload.strip_prefix("move ") {
            Some(what) => vec![what.into()],
            None => vec![workload.into(), self.chunk.clone(), self.size.to_string()],
        }
    }

    /// Returns `true` if its cost has to be flat. An event of W4 is as large as the smallest size.
    pub fn is_flat(&self) -> bool {
        let smallest = if self.name == "W4" { SIZES[1] } else { SIZES[0] };
        WORKLOADS.contains(&self.name.as_str())
            && FLAT_CHUNKS.contains(&self.chunk.as_str())
            && self.size >= smallest
    }
}

/// As in the record: the first columns.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.name, self.chunk, self.size)
    }
}

/// Every row, in the order of the record.
pub fn rows() -> Vec<Row> {
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
    add(&["A"], MESSAGES, &["whole"], &[SIZE]);
    add(&["W1", "W2"], ENCODE, &["whole"], &[SIZE]);
    add(&["W1", "J", "S", "D", "T"], READ_CHAT, &["whole"], &[SIZE]);
    add(&["W2", "R", "C"], READ_RESPONSES, &["whole"], &[SIZE]);
    add(&["A"], READ_MESSAGES, &["whole"], &[SIZE]);
    add(&["W1", "W2", "A", "J", "S", "D", "T", "R", "C"], ANSWER, &["whole"], &[SIZE]);
    add(&PAYLOADS, PAYLOAD, &["whole"], &[SIZE]);
    add(&["move VecBuf", "move ArrayBuf", "move SliceBuf"], MOVED, &["-"], &[0]);
    rows
}

/// The header of the record, after the setting.
const COLUMNS: &str = "workload,chunk,size,instructions,events,bytes,per_event,per_byte";

/// What has to be the same for counts to be compared.
pub type Setting = Vec<(String, String)>;

pub struct Record {
    pub setting: Setting,
    /// The name of the row, and its instructions.
    pub counts: Vec<(String, u64)>,
}

fn file() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "counts.csv"].iter().collect()
}

impl Record {
    pub fn read() -> Result<Self> {
        let text = fs::read_to_string(file())
            .map_err(|error| format!("counts.csv: {error}; `--record` makes one"))?;
        let mut record = Self { setting: Vec::new(), counts: Vec::new() };
        for line in text.lines() {
            if let Some((name, value)) = line.strip_prefix("# ").and_then(|l| l.split_once(": ")) {
                record.setting.push((name.into(), value.into()));
            } else if line != COLUMNS {
                let mut columns = line.splitn(4, ',');
                let key: Vec<&str> = columns.by_ref().take(3).collect();
                let count = columns.next().and_then(|rest| rest.split(',').next());
                let count = count.ok_or_else(|| format!("counts.csv: what is `{line}`?"))?;
                record.counts.push((key.join(","), count.parse()?));
            }
        }
        Ok(record)
    }

    /// The count of a row.
    pub fn instructions(&self, row: &Row) -> Option<u64> {
        let key = row.to_string();
        self.counts.iter().find(|(name, _)| *name == key).map(|(_, count)| *count)
    }
}

/// Replaces the record.
pub fn write(setting: &Setting, counts: &[(Row, Count)]) -> Result<()> {
    let mut text = String::new();
    for (name, value) in setting {
        writeln!(text, "# {name}: {value}")?;
    }
    writeln!(text, "{COLUMNS}")?;
    for (row, count) in counts {
        let Count { instructions, events, bytes } = *count;
        let (per_event, per_byte) = (count.per_event(), count.per_byte());
        writeln!(text, "{row},{instructions},{events},{bytes},{per_event:.1},{per_byte:.3}")?;
    }
    Ok(fs::write(file(), text)?)
}

/// The current setting: the compiler, memchr, and what copies bytes.
pub fn setting() -> Result<Setting> {
    let rustc = env::var_os("RUSTC").unwrap_or("rustc".into());
    let version = output_of(Command::new(rustc).arg("--version"))?;
    let libc =
        output_of(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or("unknown".into());
    let setting = [
        ("rustc", version.trim_start_matches("rustc ").to_string()),
        ("memchr", locked("memchr")?),
        ("libc", libc),
        ("cpu", cpu()),
    ];
    Ok(setting.map(|(name, value)| (name.to_string(), value)).into())
}

fn output_of(command: &mut Command) -> Result<String> {
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_string())
}

/// The version of a package in `Cargo.lock`.
fn locked(package: &str) -> Result<String> {
    let lock = include_str!("../Cargo.lock");
    let entry = format!("name = \"{package}\"\nversion = \"");
    let version = lock.split_once(&entry).and_then(|(_, rest)| rest.split_once('"'));
    Ok(version.ok_or("Cargo.lock does not name it")?.0.to_string())
}

#[cfg(target_arch = "x86_64")]
fn cpu() -> String {
    let simd = if is_x86_feature_detected!("avx2") { "AVX2" } else { "no AVX2" };
    format!("x86_64 with {simd}")
}

#[cfg(not(target_arch = "x86_64"))]
fn cpu() -> String {
    env::consts::ARCH.into()
}
