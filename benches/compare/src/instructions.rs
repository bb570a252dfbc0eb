//! Instructions on the whole way, counted by callgrind: the same in every run and on a busy
//! machine. As in `benches/instructions`, the same client reads a stream of 64 KiB twice, the
//! second time is counted, and nothing that differs between machines or directories reaches the
//! program. All contenders are in one program here, so figures differ a little from those there.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;

use crate::check::{self, Input};
use crate::whole_way::{self, Api, STREAMS};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The function whose instructions are counted.
const REGION: &str = "counted_region";
const SIZE: usize = 64 << 10;
const CHUNKS: [(&str, usize); 2] = [("whole", usize::MAX), ("1460", 1460)];

/// A table for each way to cut the streams.
pub(crate) fn tables() -> Result<String> {
    let mut text = String::from("## Instructions per event on the whole way\n");
    for (chunk, bytes) in CHUNKS {
        match bytes {
            usize::MAX => writeln!(text, "\n64 KiB in one chunk:\n")?,
            _ => writeln!(text, "\n64 KiB in chunks of {bytes} bytes:\n")?,
        }
        let names = STREAMS.map(|(name, _)| format!(" {name} |")).concat();
        writeln!(text, "| implementation |{names}\n| --- |{}", " ---: |".repeat(STREAMS.len()))?;
        // The contenders of Chat Completions are all contenders.
        for contender in whole_way::all(Api::Chat) {
            let name = contender.racer.name;
            write!(text, "| {name} |")?;
            for (workload, api) in STREAMS {
                let takes_part = whole_way::all(api).iter().any(|other| other.racer.name == name);
                if !takes_part {
                    write!(text, " |")?;
                    continue;
                }
                match count(name, workload, chunk) {
                    Ok(count) => write!(text, " {count} |")?,
                    Err(why) => {
                        eprintln!("{name}, {workload}, chunk {chunk}: {why}");
                        write!(text, " fails |")?;
                    }
                }
            }
            text.push('\n');
        }
    }
    Ok(text)
}

/// Runs this program under callgrind. Returns the instructions per event.
fn count(name: &str, workload: &str, chunk: &str) -> Result<u64> {
    let program = env::current_exe()?;
    let directory = program.parent().ok_or("the program is in no directory")?;
    let file = program.file_name().ok_or("the program has no name")?;
    let profile = directory.join("compare.callgrind");
    let output = Command::new(in_path("valgrind")?)
        .args(["--tool=callgrind", "--dump-instr=no"])
        .arg(format!("--toggle-collect=*{REGION}*"))
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(Path::new(".").join(file))
        .args(["--counted", name, workload, chunk])
        .current_dir(directory)
        .env_clear()
        // glibc copies large blocks with `rep movsb`, of which callgrind counts every byte as an
        // instruction.
        .env("GLIBC_TUNABLES", "glibc.cpu.x86_rep_movsb_threshold=0x100000000")
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let events: u64 = String::from_utf8(output.stdout)?.trim().parse()?;
    let text = fs::read_to_string(profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    match total.ok_or("callgrind wrote no totals")?.trim().parse::<u64>()? {
        0 => Err(format!("callgrind did not find `{REGION}`").into()),
        total => Ok((total + events / 2) / events),
    }
}

/// Run by callgrind. Prints the number of events.
pub(crate) fn counted(arguments: &[String]) -> Result<()> {
    let [name, workload, chunk] = arguments else { return Err("three arguments".into()) };
    let (_, api) = STREAMS.into_iter().find(|(known, _)| known == workload).ok_or("a workload")?;
    let (_, chunk) = CHUNKS.into_iter().find(|(known, _)| known == chunk).ok_or("a chunk")?;
    let contenders = whole_way::all(api);
    let contender = contenders.iter().find(|known| known.racer.name == name);
    let stream = Bytes::from(whole_way::stream(workload, SIZE));
    (contender.ok_or("an implementation")?.racer.time)(&Input::new(&stream, chunk), 1);
    println!("{}", check::events(&stream).len());
    Ok(())
}

/// The path of a program: once `PATH` is cleared it can no longer be looked up.
fn in_path(program: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.ok_or_else(|| format!("{program} is not installed").into())
}
