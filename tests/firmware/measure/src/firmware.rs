//! The firmware: built, and run under QEMU.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;

const TARGET: &str = "thumbv7em-none-eabi";

/// As `device/.cargo/config.toml` has it.
const QEMU: &str = "qemu-system-arm";
const MACHINE: [&str; 5] = ["-machine", "netduinoplus2", "-nographic", "-semihosting", "-kernel"];

/// It takes a tenth of a second.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Firmware {
    programs: PathBuf,
}

impl Firmware {
    pub fn build() -> Result<Self> {
        let own = env::current_exe()?;
        let target = own.ancestors().nth(2).ok_or("no target directory")?;
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--quiet", "--release", "--locked", "--bins", "--package", "device"]);
        cargo.args(["--target", TARGET]).arg("--target-dir").arg(target);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        // Only Cargo.toml says how it is built.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PROFILE_") || text.ends_with("RUSTFLAGS") {
                cargo.env_remove(&name);
            }
        }
        if !cargo.status()?.success() {
            return Err(
                format!("the firmware does not build: is the target {TARGET} there?").into()
            );
        }
        Ok(Self { programs: target.join(TARGET).join("release") })
    }

    pub fn path(&self, program: &str) -> PathBuf {
        self.programs.join(program)
    }

    /// Runs a program. What it said, if it ended well.
    pub fn run(&self, program: &str) -> Result<String> {
        let mut qemu = Command::new(QEMU);
        qemu.args(MACHINE).arg(self.path(program)).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut running = qemu.spawn().map_err(|error| format!("{QEMU}: {error}"))?;
        let start = Instant::now();
        while running.try_wait()?.is_none() {
            if start.elapsed() > PATIENCE {
                running.kill()?;
                return Err(format!("{program} does not end").into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        let output = running.wait_with_output()?;
        let said = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("{program}: {}, and said\n{said}", output.status).into());
        }
        Ok(said)
    }
}
