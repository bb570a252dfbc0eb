//! Recorded streams of many providers, which are not part of the repository.
//!
//! They are looked for in the folder that `SSEAM_RECORDINGS` names. Without one nothing is tested,
//! and the test prints that.

use std::collections::HashMap;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A recorded stream, and its row of the table.
pub struct Recorded {
    pub name: String,
    pub stream: Vec<u8>,
    row: HashMap<String, String>,
}

impl Recorded {
    /// Returns the value in `column`.
    pub fn expected(&self, column: &str) -> &str {
        self.find(column).expect("a column of the table")
    }

    /// Returns the value in `column`, if the table has that column.
    pub fn find(&self, column: &str) -> Option<&str> {
        self.row.get(column).map(String::as_str)
    }
}

/// Returns the folder of recordings of that name; prints a message if there is none.
pub fn folder(name: &str) -> Option<PathBuf> {
    let folder = env::var_os("SSEAM_RECORDINGS").map(|root| Path::new(&root).join(name));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        // Bypasses the capture of the test harness.
        let _ = writeln!(
            stderr(),
            "\n!!! SKIPPED: no recorded streams, since SSEAM_RECORDINGS names no folder of {name}\n"
        );
    }
    folder
}

/// Returns the streams that a table of the folder lists; empty without a folder.
pub fn recorded(name: &str, table: &str) -> Vec<Recorded> {
    let Some(folder) = folder(name) else { return Vec::new() };
    let table = fs::read_to_string(folder.join(table)).expect("a table");
    let mut rows = table.lines().map(|row| row.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    let recorded: Vec<_> = rows
        .map(|row| {
            let row: HashMap<_, _> = header.iter().cloned().zip(row).collect();
            let name = row["file"].clone();
            let stream = fs::read(folder.join(&name)).expect("a stream");
            Recorded { name, stream, row }
        })
        .collect();
    assert!(!recorded.is_empty(), "a table of no streams");
    recorded
}
