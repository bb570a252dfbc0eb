//! The header: made from the source, whole by itself, and its example a program.
#![cfg(not(miri))]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{C, PACKAGE, Program, folder, has, run, run_on, shown};

/// With `SSEAM_BLESS=1` it is written anew.
#[test]
fn header_as_committed() {
    let mut made = Vec::new();
    let config = cbindgen::Config::from_root_or_default(PACKAGE);
    cbindgen::Builder::new()
        .with_crate(PACKAGE)
        .with_config(config)
        .generate()
        .expect("a header")
        .write(&mut made);
    let made = String::from_utf8(made).expect("UTF-8");
    let path = Path::new(PACKAGE).join("include/sseam.h");
    if std::env::var_os("SSEAM_BLESS").is_some() {
        fs::write(&path, &made).expect("it can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == committed,
        "sseam.h is not what the source says: SSEAM_BLESS=1 cargo test -p sseam-capi"
    );
}

#[test]
fn header_alone() {
    let warnings =
        ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-fsyntax-only"];
    let headers: [(&str, &str, &[&str]); 3] = [
        ("cc", "sseam.h", &["-std=c11", "-x", "c", "-Wstrict-prototypes"]),
        ("c++", "sseam.h", &["-std=c++17", "-x", "c++"]),
        ("c++", "sseam.hpp", &["-std=c++17", "-x", "c++"]),
    ];
    for (compiler, header, flags) in headers {
        if has(compiler) {
            let program = folder().join(format!("{header}.{compiler}.c"));
            fs::write(&program, format!("#include <{header}>\n")).expect("a file");
            let mut command = Command::new(compiler);
            command.args(flags).args(warnings).arg("-I").arg(Path::new(PACKAGE).join("include"));
            run(command.arg(program));
        }
    }
}

#[test]
fn example_in_header() {
    if !has("cc") {
        return;
    }
    let header = fs::read_to_string(Path::new(PACKAGE).join("include/sseam.h")).expect("a header");
    let lines = header.lines().skip_while(|line| !line.contains("#include <stdio.h>"));
    let lines = lines.take_while(|line| line.starts_with(" *     ") || *line == " *");
    let program: Vec<&str> = lines.map(|line| line.get(7..).unwrap_or_default()).collect();
    let program = program.join("\n") + "\n";
    let path = folder().join("in_header.c");
    fs::write(&path, program).expect("a file");
    let source = path.to_str().expect("UTF-8");
    let made = Program { source, name: "in_header", ..C }.make();
    let output = run_on(made, b"event: add\ndata: 1\n\ndata: cut");
    assert!(output.status.success(), "{}", shown(&output));
    assert_eq!(output.stdout, b"1\n");
    assert_eq!(output.stderr, b"the stream ended in the middle of an event\n");
}

#[test]
fn version_of_package() {
    let parts =
        env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse::<u32>().expect("a number"));
    let version = parts.fold(0, |sum, part| sum << 8 | part);
    assert_eq!(sseam_capi::sseam_version(), version);
}
