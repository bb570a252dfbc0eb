//! The record: `counts.csv`, the counts of the last time and what they were
//! taken with.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::measure::Count;
use crate::rows::Row;

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

/// The setting of today: the compiler, memchr, and what copies bytes.
pub fn setting() -> Result<Setting> {
    let rustc = env::var_os("RUSTC").unwrap_or("rustc".into());
    let version = said(Command::new(rustc).arg("--version"))?;
    let libc = said(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or("unknown".into());
    let setting = [
        ("rustc", version.trim_start_matches("rustc ").to_string()),
        ("memchr", locked("memchr")?),
        ("libc", libc),
        ("cpu", cpu()),
    ];
    Ok(setting.map(|(name, value)| (name.to_string(), value)).into())
}

fn said(command: &mut Command) -> Result<String> {
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
    std::env::consts::ARCH.into()
}
