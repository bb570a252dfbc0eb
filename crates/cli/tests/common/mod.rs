//! Runs the program.

#![allow(dead_code)] // Not every test uses everything.

use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

/// The result of a run.
pub(crate) struct Ran {
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
    pub(crate) status: i32,
}

/// The program with these arguments, which contain no spaces.
pub(crate) fn command(args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sseam"));
    command.args(args.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(Stdio::piped());
    command
}

/// Runs it with this on standard input.
pub(crate) fn sseam(args: &str, input: &[u8]) -> Ran {
    finish(&mut command(args), input)
}

pub(crate) fn finish(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command.spawn().expect("sseam");
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // The program may not read everything.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        output(child)
    })
}

fn output(child: Child) -> Ran {
    let Output { status, stdout, stderr } = child.wait_with_output().expect("its output");
    let err = String::from_utf8(stderr).expect("UTF-8");
    Ran { out: stdout, err, status: status.code().expect("a status") }
}

/// Runs it with standard input open after this, and presses Ctrl-C.
pub(crate) fn interrupted(args: &str, input: &[u8]) -> Ran {
    let mut child = command(args).spawn().expect("sseam");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("a reader");
    // It has printed something, so it is waiting for more.
    let mut first = [0];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("output");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    let mut ran = output(child);
    ran.out.insert(0, first[0]);
    ran
}
