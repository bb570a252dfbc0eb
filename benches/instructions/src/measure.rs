//! Builds the programs and counts their instructions with callgrind.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use sseam_instructions::REGION;

use crate::Result;
use crate::record::{Build, Client, Row};

/// The count of a row.
#[derive(Clone, Copy)]
pub struct Count {
    pub instructions: u64,
    pub events: u64,
    pub bytes: u64,
}

impl Count {
    #[allow(clippy::cast_precision_loss)]
    pub fn per_event(self) -> f64 {
        self.instructions as f64 / self.events as f64
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn per_byte(self) -> f64 {
        self.instructions as f64 / self.bytes as f64
    }
}

/// The programs, built.
pub struct Programs {
    target: PathBuf,
}

impl Programs {
    /// Builds them under the target directory of this program.
    pub fn build() -> Result<Self> {
        let own = env::current_exe()?;
        let target = own.ancestors().nth(2).ok_or("no target directory")?.join("counted");
        let programs = Self { target };
        for build in [Build::Std, Build::Alloc] {
            let features = if build == Build::Std { "std" } else { "" };
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
            cargo.args(["build", "--quiet", "--release", "--locked", "--bins"]);
            cargo.args(["--no-default-features", "--features", features]);
            cargo.arg("--target-dir").arg(programs.target_of(build));
            cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
            // Only Cargo.toml determines how they are built.
            for (name, _) in env::vars_os() {
                let text = name.to_string_lossy();
                let is_how = text.starts_with("CARGO_PROFILE_") || text.starts_with("CARGO_BUILD_");
                if is_how || text.ends_with("RUSTFLAGS") {
                    cargo.env_remove(&name);
                }
            }
            if !cargo.status()?.success() {
                return Err("the programs to be measured do not build".into());
            }
        }
        fs::create_dir_all(programs.profiles())?;
        Ok(programs)
    }

    fn target_of(&self, build: Build) -> PathBuf {
        self.target.join(if build == Build::Std { "std" } else { "alloc" })
    }

    /// The folder of callgrind's profiles, for `callgrind_annotate`.
    pub fn profiles(&self) -> PathBuf {
        self.target.join("profiles")
    }

    /// Counts the rows, each in a process of its own that runs beside the others: callgrind counts
    /// only what the process itself executes.
    pub fn count_at_once(&self, rows: &[Row]) -> Vec<Result<Count>> {
        thread::scope(|scope| {
            let start = |row| scope.spawn(move || self.count(row));
            let counting: Vec<_> = rows.iter().map(start).collect();
            let finish = |count: thread::ScopedJoinHandle<_>| count.join().expect("no panic");
            counting.into_iter().map(finish).collect()
        })
    }

    /// Counts a row. Nothing that differs between machines or directories reaches the program, not
    /// even the environment or its own path.
    fn count(&self, row: &Row) -> Result<Count> {
        let Client { program, build, .. } = row.client;
        let name = row.to_string().replace(|c: char| !c.is_alphanumeric(), "_");
        let profile = self.profiles().join(name + ".out");
        let output = Command::new(in_path("valgrind")?)
            .args(["--tool=callgrind", "--dump-instr=no"])
            .arg(format!("--toggle-collect=*{REGION}*"))
            .arg(format!("--callgrind-out-file={}", profile.display()))
            .arg(format!("./{program}"))
            .args(row.arguments())
            .current_dir(self.target_of(build).join("release"))
            .env_clear()
            // glibc copies large blocks with `rep movsb`, of which callgrind counts every byte as
            // an instruction.
            .env("GLIBC_TUNABLES", "glibc.cpu.x86_rep_movsb_threshold=0x100000000")
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        let printed = String::from_utf8(output.stdout)?;
        let (events, bytes) = printed.trim().split_once(' ').ok_or("a program printed nothing")?;
        let count = Count {
            instructions: total(&profile)?,
            events: events.parse()?,
            bytes: bytes.parse()?,
        };
        if count.instructions == 0 {
            return Err(format!("callgrind did not find `{REGION}` in `{program}`").into());
        }
        Ok(count)
    }
}

/// The line `totals: 123` of a profile.
fn total(profile: &Path) -> Result<u64> {
    let text = fs::read_to_string(profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(total.ok_or("callgrind wrote no totals")?.trim().parse()?)
}

/// The path of a program: once `PATH` is cleared it can no longer be looked up.
fn in_path(program: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.ok_or_else(|| format!("{program} is not installed").into())
}
