//! What is asked of the command line and the environment.

use crate::setup::{run, run_with};

#[test]
fn what_cannot_be_asked_is_said_in_a_sentence() {
    let url = "http://127.0.0.1:1/v1";
    let cases: [(&[&str], &str); 11] = [
        (&["--frob"], "invalid option '--frob' (--help lists the options)"),
        (&["--retries", "some"], "--retries takes a number, not 'some'"),
        (&["--speed", "0"], "--speed takes a number, not '0'"),
        (&["--stall", "-1"], "--stall takes a number of seconds, not '-1'"),
        (&["--backoff", "NaN"], "--backoff takes a number of seconds, not 'NaN'"),
        (&["--api", "smtp"], "--api takes 'chat', 'responses' or 'messages', not 'smtp'"),
        (&["--url", "x"], "the URL is none: relative URL without a base"),
        (&["--url", "ftp://x/v1"], "the URL is of http or https, not of 'ftp'"),
        (&["--url", "http://u:p@x/v1"], "the URL has a user in it, who has no place there"),
        (
            &["--url", "http://x/v1/responses", "--api", "chat"],
            "the URL ends in /responses, which --api is not",
        ),
        (&["--model"], "missing argument for option '--model' (--help lists the options)"),
    ];
    for (args, says) in cases {
        let ran = run(args);
        assert_eq!(ran.err, format!("chat: {says}\n"));
        assert_eq!((ran.out.as_str(), ran.status), ("", 2));
    }
    let ran = run_with(&[("OPENAI_BASE_URL", url)], &[]);
    assert_eq!(ran.err, "chat: which model? Say --model, or set OPENAI_MODEL\n");
}

#[test]
fn help_names_all_options_and_variables() {
    let ran = run(&["--help"]);
    for name in ["OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "--retries", "--offline"] {
        assert!(ran.out.contains(name), "{name}");
    }
    assert_eq!((ran.err.as_str(), ran.status), ("", 0));
    assert!(run(&["-V"]).out.starts_with("chat ("));
}
