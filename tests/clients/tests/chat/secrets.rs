//! The key is not shown, and nothing that a server sends moves the terminal.

use crate::key::Key;
use crate::setup::{KEY, Reply, ask, run_with};

#[test]
fn the_key_is_never_shown() {
    let echo = format!(r#"{{"error":{{"message":"Bad key {KEY}","code":"{KEY}"}}}}"#);
    // Where it would be cut in the middle, half of it would not be found.
    let long = format!(r#"{{"error":"{}{KEY}"}}"#, "x".repeat(430));
    let event = format!("data: {echo}\n\n");
    let replies = [
        Reply::json(401, &echo),
        Reply::json(401, &long),
        Reply::new(401, "text/html", &format!("<title>{KEY}</title>")),
        Reply::json(200, &echo),
        Reply::stream(&event),
        Reply::new(302, "text/html", "").with("location", &format!("/{KEY}")),
    ];
    for reply in replies {
        let (ran, _) = ask("/v1?key=hidden", reply, &[]);
        assert!(!ran.err.contains("sk-very") && !ran.out.contains("sk-very"), "{}", ran.err);
        assert!(!ran.err.contains("hidden"), "{}", ran.err);
        ran.says("(key)");
    }

    for (url, key) in [
        ("http://127.0.0.1:1/v1?key=hidden", KEY),
        ("http://127.0.0.1:1/v1", "sk-very\nsecret"),
        ("http://127.0.0.1:1/v1", "sk-very\u{7f}secret"),
        ("http://me:hidden@127.0.0.1:1/v1", KEY),
        ("ftp://hidden@x", KEY),
        ("hidden", KEY),
    ] {
        let environment =
            [("OPENAI_BASE_URL", url), ("OPENAI_API_KEY", key), ("OPENAI_MODEL", "m")];
        let ran = run_with(&environment, &[]);
        assert_eq!(ran.status, 2);
        assert!(!ran.err.contains("sk-very") && !ran.err.contains("hidden"), "{}", ran.err);
        assert!(ran.err.starts_with("chat: "), "{}", ran.err);
    }
}

#[test]
fn what_is_printed_of_a_key_for_debugging_is_not_the_key() {
    let key = Key::new(Some(format!(" {KEY}\n")), "OPENAI_API_KEY".to_string());
    assert!(!format!("{key:?}").contains("sk-very"));
    let header = key.header("Bearer ").expect("a header").expect("a key");
    assert!(!format!("{header:?}").contains("sk-very"));
    assert_eq!(header, format!("Bearer {KEY}").as_str());
    assert_eq!(key.hide(format!("<{KEY}>")), "<(key)>");
    assert!(key.advice().contains("OPENAI_API_KEY"));
    // No secret, and part of many words.
    let none = Key::new(Some("none".to_string()), String::new());
    assert_eq!(none.hide("nonetheless".to_string()), "nonetheless");
    assert_eq!(Key::none().header("Bearer "), Ok(None));
}

/// Of control characters, line ends and tabs alone reach a terminal.
#[test]
fn escape_sequences_are_made_harmless() {
    let evil = r"a\u001b[2J\u001b]0;x\u0007\r\n\tb\u009b31m\u007f\u0000";
    let shown = "a␛[2J␛]0;x␇\n\tb\u{FFFD}31m␡␀";
    let stream = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{evil}\",\"tool_calls\":[\
         {{\"function\":{{\"name\":\"f{evil}\",\"arguments\":\"{evil}\"}}}}]}}}}]}}\n\n\
         data: {{\"error\":{{\"message\":\"{evil}\"}}}}\n\n"
    );
    let json = format!(r#"{{"error":{{"message":"{evil}"}}}}"#);
    let (answer, _) = ask("/v1", Reply::stream(&stream), &[]);
    assert_eq!(answer.out, shown);
    let (refusal, _) = ask("/v1", Reply::json(400, &json), &[]);
    let (whole, _) = ask("/v1", Reply::json(200, &json), &[]);
    let (page, _) =
        ask("/v1", Reply::new(400, "text/html", "<title>a\u{1b}[2Jb\u{9b}m</title>"), &[]);
    page.says("400 Bad Request: a␛[2Jb\u{FFFD}m\n");
    for ran in [answer, refusal, whole, page] {
        let is_raw = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        assert!(!ran.err.contains(is_raw), "{:?}", ran.err);
        // No line of a server's looks like one of ours.
        assert!(ran.err.lines().all(|line| line.starts_with("chat: ")), "{}", ran.err);
    }
}
