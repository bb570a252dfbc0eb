//! sseam's plain loop without `std`. Cargo builds sseam and memchr once for a
//! whole program, with `std`; so this loop is a program of its own, which takes
//! its turn with the others.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::contender::{Identity, Kind, Timed};
use crate::input::Input;

/// Its name in the tables.
pub(crate) const NAME: &str = "sseam+no_std";

/// The package of the program.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/no_std");

/// The program, built.
pub(crate) struct Program(PathBuf);

impl Program {
    /// Builds it below the target directory that this program is in.
    pub(crate) fn build() -> Result<Self, String> {
        let own = env::current_exe().map_err(|error| error.to_string())?;
        let target = own.ancestors().nth(2).ok_or("no target directory")?.join("no_std");
        // The second is right where this program was started by hand.
        let cargo = env::var_os("CARGO").unwrap_or(env!("CARGO").into());
        let status = Command::new(&cargo)
            .args(["build", "--quiet", "--release", "--locked"])
            .arg("--target-dir")
            .arg(&target)
            .current_dir(PACKAGE)
            .status()
            .map_err(|error| format!("{} cannot be run in {PACKAGE}: {error}", cargo.display()))?;
        if !status.success() {
            return Err(format!("{PACKAGE} does not build"));
        }
        let name = format!("compare_no_std{}", env::consts::EXE_SUFFIX);
        Ok(Self(target.join("release").join(name)))
    }

    /// The loop over a workload's stream of `size` bytes, in one chunk.
    pub(crate) fn on(&self, workload: &'static str, size: usize) -> Whole<'_> {
        Whole { program: self, workload, size }
    }
}

/// The loop over one stream, which the program makes for itself.
pub(crate) struct Whole<'a> {
    program: &'a Program,
    workload: &'static str,
    size: usize,
}

impl Whole<'_> {
    /// How long one reading takes, if it finds `expected` events.
    pub(crate) fn admit(&mut self, expected: usize) -> Result<Duration, String> {
        match self.run(1)? {
            (elapsed, events) if events == expected => Ok(elapsed),
            (_, events) => Err(format!("{events} events instead of {expected}")),
        }
    }

    /// How long so many readings take, and how many events there are in each.
    #[allow(clippy::cast_precision_loss)] // There are far fewer events than 2^53.
    fn run(&self, readings: u32) -> Result<(Duration, usize), String> {
        let output = Command::new(&self.program.0)
            .args([self.workload, &self.size.to_string(), &readings.to_string()])
            .output()
            .map_err(|error| format!("{} cannot be run: {error}", self.program.0.display()))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().into());
        }
        let line = String::from_utf8_lossy(&output.stdout);
        let (ns, events) = figures(&line).ok_or_else(|| format!("it prints {line:?}"))?;
        let ns = ns * events as f64 * f64::from(readings);
        Ok((Duration::from_secs_f64(ns / 1e9), events))
    }
}

/// The last two of `workload,size,chunk,ns_per_event,events`.
fn figures(line: &str) -> Option<(f64, usize)> {
    let mut cells = line.trim().split(',').skip(3);
    Some((cells.next()?.parse().ok()?, cells.next()?.parse().ok()?))
}

impl Timed for Whole<'_> {
    fn identity(&self) -> Identity {
        Identity { name: NAME, kind: Kind::Sseam, yields: "borrowed bytes, with SSE2 only" }
    }

    fn time(&mut self, input: &Input) -> Duration {
        self.times(input, 1)
    }

    fn times(&mut self, _: &Input, readings: u32) -> Duration {
        self.run(readings).expect("a program that ran before").0
    }
}
