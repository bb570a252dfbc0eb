//! Compilers of C, and programs made by them with the library that this test was built with.
#![allow(dead_code)] // Each test uses some.

use std::env;
use std::ffi::OsStr;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// Says what could not be done, past the capture of the test harness.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(stderr(), "\n!!! SKIPPED: {why}\n");
}

/// Whether there is such a program. If not, says so.
pub(crate) fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    let status = command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = status.is_ok_and(|status| status.success());
    if !is_there {
        skipped(&format!("C programs: no {program}"));
    }
    is_there
}

/// A folder for what is made.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// The static library.
pub(crate) fn library() -> PathBuf {
    let own = env::current_exe().expect("a path");
    let library = own.with_file_name("libsseam_capi.a");
    assert!(library.exists(), "{} is not there", library.display());
    library
}

/// A program of C or C++, and how it is made.
pub(crate) struct Program<'p> {
    pub(crate) compiler: &'p str,
    /// In the package.
    pub(crate) source: &'p str,
    pub(crate) name: &'p str,
    pub(crate) flags: &'p [&'p str],
    pub(crate) libraries: &'p [&'p str],
}

/// As examples and tests are compiled.
pub(crate) const C: Program<'_> = Program {
    compiler: "cc",
    source: "",
    name: "",
    flags: &["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-g", "-O1"],
    libraries: &[],
};

impl Program<'_> {
    /// Compiles and links it.
    pub(crate) fn make(&self) -> PathBuf {
        self.make_with(&library())
    }

    pub(crate) fn make_with(&self, library: &Path) -> PathBuf {
        let program = folder().join(self.name);
        let mut command = Command::new(self.compiler);
        command.args(self.flags).arg("-I").arg(Path::new(PACKAGE).join("include"));
        command.arg("-I").arg(folder()).arg("-o").arg(&program);
        command.arg(Path::new(PACKAGE).join(self.source)).arg(library).args(self.libraries);
        run(command.args(["-lpthread", "-ldl", "-lm"]));
        program
    }
}

/// Runs a command that has to succeed, and returns what it printed.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(output.status.success(), "{command:?}\n{}", shown(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

pub(crate) fn shown(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// Runs a program on so many bytes of standard input.
pub(crate) fn run_on(program: impl AsRef<OsStr>, input: &[u8]) -> Output {
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("it starts");
    running.stdin.take().expect("a pipe").write_all(input).expect("it reads");
    running.wait_with_output().expect("it ends")
}
