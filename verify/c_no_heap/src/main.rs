//! The C library without a heap: shows by the linker that none of its functions can panic, on the host and on a
//! Cortex-M4; runs the example `mcu.c` there, under QEMU; and holds the parser's code to a bound.
//!
//! What is shown is about the library as this compiler translates it with optimisation and without overflow checks.
//! A program that calls every function of the header is linked with the library, whose panic handler calls a
//! function that does not exist: with `--gc-sections` it links only if no function comes to the handler. Where a
//! panic is planted it must not.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::{env, fs};

const QEMU: &str = "qemu-system-arm";
const MACHINE: [&str; 5] = ["-machine", "netduinoplus2", "-nographic", "-semihosting", "-kernel"];

/// The most bytes that the code of `alone.c` may take, its loop included: a tenth above what the same program takes in
/// Rust (`verify/firmware`'s `alone.rs`, over a `SliceBuf`): 2,566.
const CODE: u64 = 2822;

/// What else is in a program: where it begins, and what copies, compares and clears bytes.
const OTHERS: [&str; 3] = ["board_", "semihosting", "vectors"];
const MEM: [&str; 4] = ["mem", "__aeabi_mem", "compiler_builtins", "__llvm_mem"];

/// What `mcu.c` prints.
const SAID: &str = "The light is on.\ncompleted\n";

fn main() -> ExitCode {
    match check() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn check() -> Result<bool, String> {
    let host = Target { triple: env!("HOST_TARGET"), compiler: "cc", flags: &[] };
    let is_bare = env::args().any(|argument| argument == "--bare-metal");
    let mut is_good = true;
    if has(host.compiler) {
        is_good &= host.show("s", NOTIFY)?;
        if is_bare {
            is_good &= host.show("3", NOTIFY)?;
        }
    }
    if is_bare && has(BARE.compiler) {
        is_good &= BARE.show("3", NOTIFY)? & BARE.show("s", NOTIFY)? & BARE.show("s", "")?;
        // Now with the panic handler that there is.
        is_good &= measure(&BARE.build("s", "", &[])?)?;
        if has(QEMU) {
            is_good &= run(&BARE.build("s", NOTIFY, &[])?)?;
        }
    }
    Ok(is_good)
}

/// Whether there is such a program. If not, says so.
fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    let is_there = command.arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        println!("!!! SKIPPED: the C library without a heap: no {program}");
    }
    is_there
}

/// The feature with which `sseam_set_notify` is there.
const NOTIFY: &str = "notify";

/// For what is built, and by which compiler of C.
struct Target {
    triple: &'static str,
    compiler: &'static str,
    flags: &'static [&'static str],
}

const BARE: Target = Target {
    triple: "thumbv7em-none-eabi",
    compiler: "arm-none-eabi-gcc",
    flags: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft", "-ffreestanding", "-nostdlib"],
};

impl Target {
    /// Builds the library, and returns where it is.
    fn build(&self, level: &str, features: &str, cfgs: &[&str]) -> Result<PathBuf, String> {
        let folder = target().join(format!("{level}{features}{}", cfgs.len()));
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(root());
        cargo.args([
            "rustc",
            "--quiet",
            "--locked",
            "--package",
            "sseam-capi",
            "--no-default-features",
        ]);
        cargo.args([
            "--features",
            features,
            "--release",
            "--crate-type",
            "staticlib",
            "--target",
            self.triple,
        ]);
        // As `docs/c.md` says.
        for setting in ["lto=\"fat\"", "codegen-units=1", "panic=\"abort\""] {
            cargo.arg("--config").arg(format!("profile.release.{setting}"));
        }
        let level = if level == "s" { "\"s\"" } else { level };
        cargo.arg("--config").arg(format!("profile.release.opt-level={level}"));
        cargo.arg("--target-dir").arg(&folder).arg("--");
        cargo.args(cfgs.iter().flat_map(|cfg| ["--cfg", *cfg]));
        succeed(&mut cargo)?;
        Ok(folder.join(self.triple).join("release/libsseam_capi.a"))
    }

    /// Links a program of these sources, and returns where it is.
    fn link(
        &self,
        name: &str,
        sources: &[&str],
        flags: &[&str],
        library: &Path,
    ) -> Result<PathBuf, String> {
        let program = target().join(format!("{name}-{}", self.triple));
        let package = root().join("crates/capi");
        let mut compiler = Command::new(self.compiler);
        compiler.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-Os", "-Wl,--gc-sections"]);
        compiler.args(self.flags).args(flags).arg("-I").arg(package.join("include"));
        compiler.args(sources.iter().map(|source| root().join(source)));
        if self.triple == BARE.triple {
            compiler.arg(package.join("examples/mcu/board.c"));
            compiler.arg("-T").arg(package.join("examples/mcu/board.ld"));
        }
        succeed(compiler.arg(library).arg("-o").arg(&program))?;
        Ok(program)
    }

    /// Shows that no panic can be reached, and that a planted one is found.
    fn show(&self, level: &str, features: &str) -> Result<bool, String> {
        let all = ["verify/c_no_heap/c/all.c"];
        let with = if features == NOTIFY { "-DNOTIFY" } else { "-DEVENTS_ALONE" };
        let library = self.build(level, features, &["sseam_no_panic", "sseam_planted_panic"])?;
        let Self { triple, .. } = self;
        let is_shown = match self.link("all", &all, &[with], &library) {
            Ok(_) => {
                println!(
                    "shown: no panic in any function of the header ({triple}, {level} {features})"
                );
                true
            }
            Err(error) => {
                println!(
                    "NOT SHOWN: no panic in any function of the header ({triple}, {level} {features})\n{error}"
                );
                false
            }
        };
        let planted = self.link("planted", &all, &[with, "-DPLANTED"], &library);
        let is_found = planted.is_err_and(|error| error.contains("a_panic_can_be_reached"));
        let shown = if is_found { "shown" } else { "NOT SHOWN" };
        println!("{shown}: a planted panic is found ({triple}, {level} {features})");
        Ok(is_shown && is_found)
    }
}

/// Prints how much code the parser takes, and returns whether that is within its bound.
fn measure(library: &Path) -> Result<bool, String> {
    let alone = BARE.link("alone", &["verify/c_no_heap/c/alone.c"], &[], library)?;
    let mut nm = Command::new("arm-none-eabi-nm");
    let symbols = succeed(nm.args(["--print-size", "--radix=d", "--demangle"]).arg(alone))?;
    let (mut code, mut panicking) = (0, 0);
    let show_all = env::args().any(|argument| argument == "--code");
    for line in symbols.lines() {
        // Address, size, kind, name.
        let mut words = line.splitn(4, ' ');
        let [_, size, kind, name] = [(); 4].map(|()| words.next().unwrap_or_default());
        let Ok(size) = size.parse::<u64>() else { continue };
        if !matches!(kind, "t" | "T" | "w" | "W")
            || OTHERS.iter().chain(&MEM).any(|it| name.starts_with(it))
        {
            continue;
        }
        if name.contains("panic") {
            panicking += size;
        }
        code += size;
        if show_all {
            println!("{size:>6}  {name}");
        }
    }
    println!(
        "code of a parser in its loop: {code} bytes, at most {CODE}; code that panics: {panicking}"
    );
    Ok(code > 0 && code <= CODE && panicking == 0)
}

/// Runs the example, and returns whether it said what it should.
fn run(library: &Path) -> Result<bool, String> {
    let mcu = BARE.link("mcu", &["crates/capi/examples/mcu.c"], &["-g"], library)?;
    let mut qemu = Command::new("timeout");
    let said = succeed(qemu.arg("60").arg(QEMU).args(MACHINE).arg(mcu))?;
    println!("mcu.c: {said:?}");
    Ok(said == SAID)
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder for what is made.
fn target() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let folder = env::var_os("CARGO_TARGET_DIR").map_or(own, PathBuf::from).join("c_no_heap");
    // Where that fails, so will what is to be made there.
    let _ = fs::create_dir_all(&folder);
    folder
}

/// Runs a command, and returns what it printed, or what is said of why it failed.
fn succeed(command: &mut Command) -> Result<String, String> {
    // Only this file says how it is built.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let Output { status, stdout, stderr } = output;
    if !status.success() {
        return Err(format!("{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr)));
    }
    String::from_utf8(stdout).map_err(|error| error.to_string())
}
