//! A judge that is a program for Node.js: a line of JSON for each stream, a
//! line for each answer.

use std::error::Error;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use crate::answer::{Answer, Request};
use crate::judge::Answers;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");

/// What the program makes of the requests.
pub(crate) fn answers(file: &str, requests: &[Request]) -> Answers {
    let mut child = Command::new("node")
        .arg(format!("{FOLDER}/{file}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let stdin = child.stdin.take().ok_or("no standard input")?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let answers = thread::scope(|scope| {
        // Written aside: the program answers while it is asked.
        let writer = scope.spawn(move || {
            let mut stdin = BufWriter::new(stdin);
            for request in requests {
                serde_json::to_writer(&mut stdin, request)?;
                stdin.write_all(b"\n")?;
            }
            stdin.flush()
        });
        let lines = BufReader::new(stdout).lines();
        let answers: Result<Vec<Answer>, Box<dyn Error>> =
            lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect();
        let written = writer.join().map_err(|_| "the writer panicked")?;
        written.map_err(|error| format!("{file} does not listen: {error}"))?;
        answers
    })?;
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("{file}: {status}").into());
    }
    if answers.len() != requests.len() {
        return Err(format!("{file} answers {} of {}", answers.len(), requests.len()).into());
    }
    Ok(answers)
}
