//! Without a network.

use crate::setup::{run, run_with};

const TEXT: &str = "The Danube, from the Black Forest to the Black Sea;\n\
                    the Loire, the longest in France;\n\
                    and the Vistula, on which Warsaw and Kraków lie.\n";

#[test]
fn without_a_url_a_recorded_answer_is_played() {
    for api in ["chat", "responses", "messages"] {
        let ran = run_with(&[], &["--speed", "100", "--api", api]);
        assert_eq!((ran.out.as_str(), ran.status), (TEXT, 0), "{}", ran.err);
        assert_eq!(
            ran.err,
            "chat: offline: a recorded answer, whatever is asked; --help says how to ask a model\n\
             chat: > Name three rivers of Europe.\n\
             chat: calls river_length({\"river\":\"Danube\"})\n\
             chat: 14 tokens in, 47 out\n\
             chat: completed: this is the whole answer\n"
        );
    }
}

/// Whatever the environment says.
#[test]
fn offline_means_offline() {
    let nowhere = "http://127.0.0.1:1/v1";
    let environment = [("OPENAI_BASE_URL", nowhere), ("http_proxy", nowhere)];
    let ran = run_with(&environment, &["--offline", "--speed", "100", "Why?"]);
    assert_eq!((ran.out.as_str(), ran.status), (TEXT, 0), "{}", ran.err);
    ran.says("chat: > Why?\n");
}

#[test]
fn it_breaks_off_as_often_as_it_is_told() {
    let broken = ["--speed", "100", "--breaks", "1"];
    let ran = run(&broken);
    assert!(TEXT.starts_with(&ran.out) && !ran.out.is_empty());
    assert_eq!(ran.status, 5);
    ran.says("chat: the connection broke off: ");

    let ran = run(&[&broken[..], &["--retries", "1", "--backoff", "0"]].concat());
    assert_eq!((ran.out.as_str(), ran.status), (TEXT, 0), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly() {
    use std::io::Read;
    use std::process::Command;

    use crate::setup::{example, finish, start};

    let mut child = start(Command::new(example()).env_clear().arg("--offline"));
    // It has begun to answer.
    let mut first = [0; 3];
    let out = child.stdout.as_mut().expect("a pipe");
    out.read_exact(&mut first).expect("an answer");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("a kill").success());
    let ran = finish(child);
    assert_eq!(ran.status, 130);
    assert!(ran.err.ends_with("chat: stopped\n"), "{}", ran.err);
    assert!(TEXT.starts_with(&format!("The{}", ran.out)));
}

/// As with `| head`.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::process::Command;

    use crate::setup::{example, finish, start};

    let mut child = start(Command::new(example()).env_clear().args(["--speed", "20"]));
    drop(child.stdout.take());
    assert_eq!(finish(child).status, 0);
}
