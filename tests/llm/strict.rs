//! `strict::Check` verifies the documented event order: tables of streams with the violation of
//! each event, `-` for none.

use sseam::llm::Name;
use sseam::llm::strict::{Check, Mark, Violation};
use sseam::{Event, Item, Notify, Parser};

/// Events as `name` or `name#number`, each with the expected violation.
#[track_caller]
fn check(events: &[(&str, &str)]) {
    let mut check = Check::new();
    for &(event, expected) in events {
        let data = match event.split_once('#') {
            _ if event.starts_with(['[', '{']) => event.to_owned(),
            Some((name, number)) => {
                format!(r#"{{"type":"{name}","sequence_number":{number}}}"#)
            }
            None => format!(r#"{{"type":"{event}"}}"#),
        };
        let violation = check.observe(&Event::new(&*data));
        let is = violation.map_or("-".to_owned(), |violation| show(&violation));
        assert_eq!(is, expected, "{event} of {events:?}");
    }
}

fn show(violation: &Violation) -> String {
    let mark = |mark: Option<Mark>| mark.map_or("nothing".to_owned(), |mark| mark.to_string());
    let [expected, found] = [violation.expected(), violation.found()].map(mark);
    format!("{}: {expected}, {found}", violation.name())
}

#[test]
fn documented_stream() {
    check(&[
        ("response.created#0", "-"),
        ("response.in_progress#1", "-"),
        ("keepalive#2", "-"),
        ("response.output_text.delta#3", "-"),
        ("response.completed#4", "-"),
    ]);
    check(&[("response.created#0", "-"), ("response.incomplete#1", "-")]);
}

#[test]
fn unexpected_first() {
    check(&[
        ("response.queued#1", "unexpected_first: response.created, response.queued"),
        // Only the first event is checked for this, and numbers continue from it.
        ("response.in_progress#2", "-"),
    ]);
    check(&[("keepalive#0", "unexpected_first: response.created, keepalive")]);
    check(&[("[DONE]", "unexpected_first: response.created, [DONE]")]);
    check(&[("{}", "unexpected_first: response.created, message")]);
    check(&[("response.created", "missing_sequence: 0, nothing")]);
    check(&[("error", "-")]);
    check(&[(r#"{"error":{"message":"no"}}"#, "-")]);
}

#[test]
fn missing_sequence() {
    check(&[
        ("response.created#0", "-"),
        ("response.in_progress", "missing_sequence: 1, nothing"),
        ("response.in_progress#\"1\"", "missing_sequence: 1, nothing"),
        ("response.in_progress#-1", "missing_sequence: 1, nothing"),
        ("response.in_progress#null", "missing_sequence: 1, nothing"),
        ("[DONE]", "missing_sequence: 1, nothing"),
        ("response.in_progress#1", "-"),
        ("error", "-"),
    ]);
}

#[test]
fn sequence_gap_and_repeat() {
    check(&[
        ("response.created#0", "-"),
        ("response.in_progress#3", "sequence_gap: 1, 3"),
        ("response.in_progress#4", "-"),
        ("response.in_progress#4", "sequence_repeat: 5, 4"),
        ("response.in_progress#0", "sequence_repeat: 5, 0"),
        ("response.in_progress#5", "-"),
        ("error#9", "sequence_gap: 6, 9"),
    ]);
    let last = u64::MAX;
    check(&[
        ("response.created#18446744073709551615", &format!("sequence_gap: 0, {last}")),
        ("response.in_progress#18446744073709551615", "-"),
        ("response.in_progress#1", &format!("sequence_repeat: {last}, 1")),
    ]);
}

#[test]
fn after_terminal() {
    check(&[
        ("response.created#0", "-"),
        ("response.completed#1", "-"),
        ("[DONE]", "after_terminal: nothing, [DONE]"),
        ("response.failed#2", "after_terminal: nothing, response.failed"),
        ("{}", "after_terminal: nothing, message"),
    ]);
    // It is reported before any other violation.
    check(&[("error", "-"), ("response.created", "after_terminal: nothing, response.created")]);
}

#[test]
fn failure_after_error() {
    check(&[
        ("response.created#0", "-"),
        ("error#1", "-"),
        ("response.failed#2", "-"),
        ("response.failed#3", "after_terminal: nothing, response.failed"),
    ]);
    check(&[
        ("response.created#0", "-"),
        ("error#1", "-"),
        ("response.failed#1", "sequence_repeat: 2, 1"),
    ]);
    // Also with events between them; but not after a failure.
    check(&[
        ("error#0", "-"),
        ("keepalive#1", "after_terminal: nothing, keepalive"),
        ("response.failed#1", "-"),
        ("response.failed#2", "after_terminal: nothing, response.failed"),
    ]);
    check(&[
        ("response.created#0", "-"),
        ("response.failed#1", "-"),
        ("response.failed#2", "after_terminal: nothing, response.failed"),
    ]);
}

/// Also if the error was only a notification.
#[test]
fn failure_after_error_without_data() {
    let failed = r#"data: {"type":"response.failed","sequence_number":0}"#;
    for error in ["event: error\n\n", "error: {}\n"] {
        let stream = format!("{error}{failed}\n\n{failed}\n\n");
        let mut parser = Parser::<sseam::ArrayBuf<256>>::default().with_notify(Notify::ALL);
        let (mut check, mut chunk, mut violations) = (Check::new(), stream.as_bytes(), Vec::new());
        while let Some(item) = parser.next_item(&mut chunk).expect("room") {
            violations.push(check.notice(&item).map(|violation| violation.name()));
            if !matches!(item, Item::Event(_)) {
                assert_eq!(violations, [None], "{error}");
            }
        }
        assert_eq!(violations, [None, None, Some("after_terminal")], "{error}");
    }
}

/// A truncated terminal does not end the stream, and a keep-alive counts as an event.
#[test]
fn truncated_terminal_and_keep_alive() {
    check(&[
        ("response.created#0", "-"),
        (r#"{"type":"response.completed","sequence_number":1,"resp"#, "-"),
        ("keepalive#2", "-"),
        (r#"{"type":"response.completed","sequence_number":3,"response":{}}"#, "-"),
        ("keepalive#4", "after_terminal: nothing, keepalive"),
    ]);
}

#[test]
fn escaped_name() {
    let first = |name: &str, shown: &str| {
        check(&[(name, &format!("unexpected_first: response.created, {shown}"))]);
    };
    first(r"response.q\u0075eued", "response.queued");
    first(r"\ud83d\ude00 \ud83d \n", "\u{1f600} \u{FFFD} \n");
    first(&r"\u0061".repeat(100), &"a".repeat(Name::MAX));
}

#[test]
fn violation_display() {
    let mut check = Check::new();
    let mut say = |event: Event<'_>| check.observe(&event).expect("a violation").to_string();
    let number = |number| format!(r#"{{"type":"x","sequence_number":{number}}}"#);
    let record = [
        say(Event::new("").with_type("x")),
        say(Event::new("").with_type("x")),
        say(Event::new(&*number(4))),
        say(Event::new(&*number(1))),
    ];
    let expected = [
        "first event is `x`, expected `response.created`",
        "sequence number missing, expected 0",
        "sequence number 4, expected 0: gap",
        "sequence number 1, expected 5: repeat",
    ];
    assert_eq!(record, expected);
    check.observe(&Event::new(r#"{"type":"response.completed"}"#));
    let violation = check.observe(&Event::new("[DONE]")).expect("a violation");
    assert_eq!(violation.to_string(), "`[DONE]` after the final event");
    assert_eq!(format!("{violation:?}"), r#"AfterTerminal { found: "[DONE]" }"#);
}

#[test]
fn long_name_is_cut() {
    let found =
        |event_type: &[u8]| match Check::new().observe(&Event::new("").with_type(event_type)) {
            Some(Violation::UnexpectedFirst { found, .. }) => found.as_str().to_owned(),
            other => panic!("{other:?}"),
        };
    let longest = "response.apply_patch_call_operation_diff.delta";
    assert_eq!(found(longest.as_bytes()), longest);
    assert_eq!(found(&[b'x'; 1000]), "x".repeat(Name::MAX));
    // Never cut within a character.
    assert_eq!(found("é".repeat(40).as_bytes()), "é".repeat(Name::MAX / 2));
    assert_eq!(found(b"caf\xE9 cr\xE8me"), "caf\u{FFFD} cr\u{FFFD}me");
    // Bytes after the cut are not kept, even if they would fit.
    let cut = "x".repeat(Name::MAX - 1);
    assert_eq!(found(format!("{cut}\u{e9}y").as_bytes()), cut);
    assert_eq!(found(&[cut.as_bytes(), b"\xFFy"].concat()), cut);
}

/// Of the notifications, only an error ends the stream, and only once.
#[test]
fn notifications_that_are_no_errors() {
    let stream = concat!(
        "data: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
        "warning: slow\n: comment\nevent: ping\n\n",
        "data: {\"type\":\"response.in_progress\",\"sequence_number\":1}\n\n",
        "data: {\"type\":\"response.completed\",\"sequence_number\":2}\n\n",
        "error: too late\n\n",
        "data: {\"type\":\"response.failed\",\"sequence_number\":3}\n\n",
    );
    let mut parser = Parser::<sseam::ArrayBuf<256>>::default().with_notify(Notify::ALL);
    let (mut chunk, mut check) = (stream.as_bytes(), Check::new());
    let mut violations = Vec::new();
    while let Some(item) = parser.next_item(&mut chunk).expect("within the limits") {
        violations.extend(check.notice(&item).map(|violation| show(&violation)));
    }
    assert_eq!(violations, ["after_terminal: nothing, response.failed"]);
}
