//! How large the parser is in a client: the symbols of its `.text`.

use std::process::Command;

use crate::Result;
use crate::measure::Programs;
use crate::rows::Build;

/// Where a symbol belongs: the first of these whose words its name holds.
const GROUPS: [(&str, &[&str]); 6] = [
    ("memchr", &["memchr::arch"]),
    ("the state machine", &["machine", "Machine"]),
    ("buffers", &["sseam::buffer"]),
    ("the parser, around the machine", &["sseam::parser"]),
    ("the client's loop, with what is inlined", &["sseam_instructions::read"]),
    ("the rest of sseam", &["sseam::"]),
];

pub fn report(programs: &Programs) -> Result<()> {
    for program in ["vec_buf", "array_buf", "slice_buf"] {
        let symbols = symbols(programs, program)?;
        let own = symbols.iter().filter(|(group, ..)| *group != 0).map(|(_, size, _)| size);
        println!("\n{program}: {} bytes of sseam and the loop around it", own.sum::<usize>());
        for (at, (title, _)) in GROUPS.iter().enumerate().rev() {
            let group: Vec<_> = symbols.iter().filter(|(group, ..)| *group == at).collect();
            if group.is_empty() {
                continue;
            }
            println!("  {title}: {}", group.iter().map(|(_, size, _)| size).sum::<usize>());
            for (_, size, name) in group {
                println!("    {size:>6}  {name}");
            }
        }
    }
    Ok(())
}

/// The functions of a program that belong to a group: its place, their size
/// and name, the largest first.
fn symbols(programs: &Programs, program: &str) -> Result<Vec<(usize, usize, String)>> {
    let output = Command::new("nm")
        .args(["--size-sort", "--reverse-sort", "--print-size", "--demangle", "--radix=d"])
        .arg(programs.directory(Build::Std).join(program))
        .output()?;
    let listing = String::from_utf8(output.stdout)?;
    let mut symbols = Vec::new();
    for line in listing.lines() {
        let [_, size, kind, name] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else { continue };
        let group =
            GROUPS.iter().position(|(_, words)| words.iter().any(|word| name.contains(word)));
        if let (Some(group), "t" | "T") = (group, kind) {
            symbols.push((group, size.parse()?, name.into()));
        }
    }
    Ok(symbols)
}
