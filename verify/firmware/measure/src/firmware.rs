//! Builds the firmware, runs it under QEMU, and separates the parser's code and constants from the
//! rest.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};
use rustc_demangle::demangle;

use crate::Result;

const TARGET: &str = "thumbv7em-none-eabi";

/// As in `device/.cargo/config.toml`.
const QEMU: &str = "qemu-system-arm";
const MACHINE: [&str; 5] = ["-machine", "netduinoplus2", "-nographic", "-semihosting", "-kernel"];

/// A run takes a tenth of a second.
const TIMEOUT: Duration = Duration::from_mins(1);

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
        // Only Cargo.toml determines how it is built.
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

    /// Runs a program. Returns what it printed if it succeeded.
    pub fn run(&self, program: &str) -> Result<String> {
        let mut qemu = Command::new(QEMU);
        qemu.args(MACHINE).arg(self.path(program)).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut running = qemu.spawn().map_err(|error| format!("{QEMU}: {error}"))?;
        let start = Instant::now();
        while running.try_wait()?.is_none() {
            if start.elapsed() > TIMEOUT {
                running.kill()?;
                return Err(format!("{program} does not end").into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        let output = running.wait_with_output()?;
        let printed = String::from_utf8(output.stdout)?;
        if !output.status.success() {
            return Err(format!("{program}: {}, and printed\n{printed}", output.status).into());
        }
        Ok(printed)
    }
}

/// Other code of the program: its start, and its loop. All other code is the parser's.
const OTHERS: [&str; 6] =
    ["Reset", "main", "DefaultPreInit", "DefaultHandler_", "HardFault_", "device::read"];

/// Functions that copy, compare and clear bytes; every program has them.
const MEM: [&str; 4] = ["mem", "__aeabi_mem", "compiler_builtins::mem", "__llvm_mem"];

/// Not a constant of the parser's: the stream.
const STREAM: u64 = include_bytes!("../../../../examples/embedded/answer.sse").len() as u64;

pub struct Code {
    /// The parser's functions, the largest first.
    functions: Vec<(u64, String)>,
    /// All code and constants of the program, including what is not the parser's.
    pub in_all: u64,
    /// Its constants: tables for `match`, and those of the buffer's functions.
    pub constants: u64,
    /// Code for panics, none of which can be reached.
    pub panicking: u64,
}

impl Code {
    pub fn of(program: &Path) -> Result<Self> {
        let bytes = fs::read(program)?;
        let file = object::File::parse(&*bytes)?;
        let text = file.section_by_name(".text").ok_or("no .text")?;
        let (text, text_size) = (text.index(), text.size());
        let rodata = file.section_by_name(".rodata").map_or(0, |section| section.size());
        let in_all = text_size + rodata;
        let mut code = Self { functions: Vec::new(), in_all, constants: 0, panicking: 0 };
        code.constants = rodata.checked_sub(STREAM).ok_or("the stream is not in .rodata")?;
        for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
            let name = format!("{:#}", demangle(symbol.name()?));
            if name.contains("panic") {
                code.panicking += symbol.size();
            }
            let is_other = OTHERS.contains(&name.as_str())
                || name.ends_with("__cortex_m_rt_main")
                || MEM.iter().any(|start| name.starts_with(start));
            if symbol.section_index() == Some(text) && symbol.size() > 0 && !is_other {
                code.functions.push((symbol.size(), name));
            }
        }
        code.functions.sort_unstable_by(|one, other| other.cmp(one));
        Ok(code)
    }

    pub fn bytes(&self) -> u64 {
        self.functions.iter().map(|(size, _)| size).sum()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (size, name) in &self.functions {
            writeln!(f, "{size:>6}  {name}")?;
        }
        writeln!(f, "{:>6}  in all", self.bytes())?;
        write!(f, "{:>6}  constants", self.constants)
    }
}
