//! The C API, from C: the shared table of cases, what the header says of each function, the examples, and the C++
//! wrapper. With `--ignored` also under sanitizers and valgrind, and by CMake. What is missing of compilers and
//! libraries is skipped, loudly.
#![cfg(not(miri))]

mod common;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs, thread};

use common::{C, PACKAGE, Program, folder, has, run, run_on, shown, skipped};
use sseam::Notify;
use sseam_testkit::cases::CASES;
use sseam_testkit::{Output, Setup, oracle};

/// The table of cases, in C: what the oracle says of each, which agrees with the table.
static CASES_IN_C: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut table = String::new();
    let mut cases = String::new();
    let setup = Setup { notify: Notify::ALL, ..Setup::ROOMY };
    for (n, case) in CASES.iter().enumerate() {
        let log = oracle(case.input, &setup, usize::MAX);
        let events =
            log.outputs.iter().filter(|output| matches!(output, Output::Event { .. })).count();
        assert_eq!(events, case.events.len(), "{}", case.name);
        let output: Vec<_> = log.outputs.iter().map(in_c).chain(["{0}".into()]).collect();
        let output = output.join(",\n    ");
        let _ = writeln!(table, "static const struct output OUTPUTS_{n}[] = {{\n    {output}}};");
        let _ = writeln!(
            cases,
            "    {{\"{}\", {}, {}, OUTPUTS_{n}, {}, {}, {}, {}ULL}},",
            case.name,
            bytes(case.input),
            bytes(&log.last_event_id),
            log.outputs.len(),
            log.retry.is_some(),
            log.discarded,
            log.retry.unwrap_or_default(),
        );
    }
    let path = folder().join("cases.h");
    fs::write(&path, format!("{table}static const struct expected CASES[] = {{\n{cases}}};\n"))
        .expect("a file");
    path
});

fn in_c(output: &Output) -> String {
    let item = |kind: &str, ms: u128, parts: [&[u8]; 3]| {
        format!("{{{kind}, {ms}ULL, {}}}", parts.map(bytes).join(", "))
    };
    match output {
        Output::Event { event_type, data, id } => item("SSEAM_EVENT", 0, [event_type, data, id]),
        Output::Comment { text, .. } => item("SSEAM_COMMENT", 0, [b"", text, b""]),
        Output::UnknownField { name, value, .. } => {
            item("SSEAM_UNKNOWN_FIELD", 0, [name, value, b""])
        }
        Output::EmptyBlock { event_type, id } => {
            item("SSEAM_EMPTY_BLOCK", 0, [event_type, b"", id])
        }
        Output::ReconnectionTime(time) => item("SSEAM_RETRY", time.as_millis(), [b""; 3]),
        Output::Error(error) => panic!("{error}"),
    }
}

fn bytes(bytes: &[u8]) -> String {
    let octal = bytes.iter().fold(String::new(), |mut octal, byte| {
        let _ = write!(octal, "\\{byte:03o}");
        octal
    });
    format!("{{\"{octal}\", {}}}", bytes.len())
}

const CONFORMANCE: Program<'_> =
    Program { source: "tests/c/conformance.c", name: "conformance", ..C };
const API: Program<'_> = Program { source: "tests/c/api.c", name: "api", ..C };
const INSPECT: Program<'_> = Program { source: "examples/inspect.c", name: "inspect", ..C };

/// A stream with something of each.
const STREAM: &[u8] =
    b": hello\nretry: 1500\nid: 7\nevent: add\ndata: one\ndata: two\n\nerror: x\n\ndata: cut";

#[test]
fn conformance_table() {
    if has("cc") {
        LazyLock::force(&CASES_IN_C);
        let said = run(&mut Command::new(CONFORMANCE.make()));
        assert!(said.starts_with(&format!("{} cases", CASES.len())), "{said}");
    }
}

#[test]
fn every_function() {
    if has("cc") {
        run(&mut Command::new(API.make()));
    }
}

#[test]
fn example_inspect() {
    if has("cc") {
        let output = run_on(INSPECT.make(), STREAM);
        assert!(output.status.success(), "{}", shown(&output));
        let expected = "comment\n  text: hello\nretry: 1500 ms\nevent\n  type: add\n  data: one\ntwo\n  id: 7\n\
                        unknown field\n  name: error\n  value: x\ncut in the middle of an event\n";
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    }
}

#[test]
fn wrapper_in_cpp() {
    if has("c++") {
        let flags = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g"];
        let wrapper = Program {
            compiler: "c++",
            source: "tests/c/wrapper.cpp",
            name: "wrapper",
            flags: &flags,
            libraries: &[],
        };
        assert_eq!(run(&mut Command::new(wrapper.make())), "right\n");
    }
}

/// A server that answers each request with the next of the bodies, without a length, and closes.
fn serve(bodies: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for body in bodies {
            let (mut connection, _) = listener.accept().expect("a client");
            let mut request = Vec::new();
            while !request.ends_with(b"{}") {
                let mut byte = [0];
                connection.read_exact(&mut byte).expect("a request");
                request.extend(byte);
            }
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
            let length = body.strip_prefix('!').map(|body| body.len() + 100);
            let length = length.map_or(String::new(), |len| format!("Content-Length: {len}\r\n"));
            let response =
                format!("{head}{length}Connection: close\r\n\r\n{}", body.trim_start_matches('!'));
            for piece in response.as_bytes().chunks(50) {
                connection.write_all(piece).expect("it reads");
                connection.flush().expect("it reads");
            }
        }
    });
    format!("http://{address}/v1/chat/completions")
}

/// A whole answer; one that the provider cuts; one whose connection breaks (`!`); an error that is no stream.
const BODIES: &[&str] = &[
    "data: {\"choices\":[{\"delta\":{\"content\":\"Good \"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"day\"},\
     \"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":2}}\n\ndata: [DONE]",
    "data: {\"choices\":[{\"delta\":{\"content\":\"Good \"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n",
    "!data: {\"choices\":[{\"delta\":{\"content\":\"Good \"}}]}\n\ndata: {\"cho",
    "{\"error\":{\"message\":\"no such model\"}}",
];

#[test]
fn example_chat() {
    if !has("cc") {
        return;
    }
    let mut probe = Command::new("cc");
    probe.args(["-fsyntax-only", "-include", "curl/curl.h", "-x", "c", "/dev/null"]);
    if !probe.output().is_ok_and(|output| output.status.success()) {
        return skipped("the example chat.c: no headers of libcurl");
    }
    let libraries = ["-lcurl"];
    let chat =
        Program { source: "examples/chat.c", name: "chat", libraries: &libraries, ..C }.make();
    let url = serve(BODIES);
    let expected = [
        (0, "Good day\ncompleted, 2 tokens\n", ""),
        (3, "Good \nincomplete, -1 tokens\n", ""),
        (5, "Good \ntruncated, -1 tokens\n", "transfer closed"),
        (4, "\nfailed, -1 tokens\n", "message: no such model\n"),
    ];
    for (status, said, error) in expected {
        let output = Command::new(&chat).args([&url, "{}"]).output().expect("it starts");
        assert_eq!(output.status.code(), Some(status), "{}", shown(&output));
        assert_eq!(String::from_utf8_lossy(&output.stdout), said);
        assert!(String::from_utf8_lossy(&output.stderr).contains(error), "{}", shown(&output));
    }
}

#[test]
#[ignore = "takes longer; for `.ci/check --long`"]
fn under_sanitizers() {
    if !has("cc") {
        return;
    }
    LazyLock::force(&CASES_IN_C);
    let flags = [C.flags, &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]].concat();
    // With the library as it is: a sanitizer sees its allocations, its copies, and all that C does. And,
    // where there is one, with a library that is itself compiled for it.
    let mut libraries = vec![("", common::library())];
    match env::var_os("SSEAM_ASAN_LIBRARY") {
        Some(library) => libraries.push(("_all", PathBuf::from(library))),
        None => skipped("a library for AddressSanitizer: SSEAM_ASAN_LIBRARY does not name it"),
    }
    for (suffix, library) in libraries {
        for program in [CONFORMANCE, API, INSPECT] {
            let name = format!("{}_sanitized{suffix}", program.name);
            let made = Program { name: &name, flags: &flags, ..program }.make_with(&library);
            let output = run_on(made, STREAM);
            assert!(output.status.success(), "{name}: {}", shown(&output));
        }
    }
}

#[test]
#[ignore = "takes longer; for `.ci/check --long`"]
fn under_valgrind() {
    if !has("cc") || !has("valgrind") {
        return;
    }
    LazyLock::force(&CASES_IN_C);
    for program in [CONFORMANCE, API, INSPECT] {
        let name = format!("{}_valgrind", program.name);
        let made = Program { name: &name, ..program }.make();
        let mut valgrind = Command::new("valgrind");
        valgrind.args([
            "--quiet",
            "--error-exitcode=9",
            "--leak-check=full",
            "--show-leak-kinds=all",
        ]);
        run(valgrind.args(["--errors-for-leak-kinds=all"]).arg(made));
    }
}

#[test]
#[ignore = "takes longer; for `.ci/check --long`"]
fn found_by_cmake() {
    if !has("cc") || !has("cmake") {
        return;
    }
    let build = folder().join("cmake");
    let _ = fs::remove_dir_all(&build);
    let mut cargo = Command::new(env!("CARGO"));
    run(cargo
        .args(["build", "--quiet", "--release", "--package", "sseam-capi"])
        .current_dir(PACKAGE));
    let package = Path::new(PACKAGE);
    // Where cargo has put it, or where `cargo cinstall` has: SSEAM_PREFIX.
    let find = match env::var("SSEAM_PREFIX") {
        Ok(prefix) => format!("-DCMAKE_PREFIX_PATH={prefix}"),
        Err(_) => format!("-Dsseam_DIR={}", package.join("cmake").display()),
    };
    let mut cmake = Command::new("cmake");
    run(cmake.arg("-S").arg(package.join("examples/cmake")).arg("-B").arg(&build).arg(find));
    run(Command::new("cmake").arg("--build").arg(&build));
    for program in ["inspect", "inspect_static"] {
        let output = run_on(build.join(program), STREAM);
        assert!(String::from_utf8_lossy(&output.stdout).contains("two"), "{}", shown(&output));
    }
}
