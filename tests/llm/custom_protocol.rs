//! A user-defined protocol, by the public interface only.

use std::collections::HashSet;

use sseam::Event;
use sseam::llm::{
    Answer, Arguments, Begins, CallPaths, Delta, Ends, NamedBy, Outcome, Protocol, ReasonEnds,
    Rules, Says, Signal, TextKind, Tracker, When,
};
use sseam_testkit::llm::{Call, Record, ends, read_as, stream};

use Outcome::{Completed, Failed, Incomplete, Truncated};
use TextKind::{Reasoning, Refusal, Text};

/// With a rule of each kind.
static OWN: Protocol = Protocol::named("own")
    .named_by(NamedBy::Member("kind"))
    .told_by(&[When::Prefix("owned-|own-"), When::Has("hello|greeting")])
    .inside("wrapped")
    .ends(&[
        (When::Named("own-end"), Ends::By("how", Completed)),
        (When::Is("kind", "own-stop|own-halt"), Ends::As(Incomplete)),
        (When::Named("own-trouble"), Ends::Notes(Failed)),
    ])
    .restarts(&[When::Named("own-again")])
    .reasons(&["why"], ReasonEnds::Never)
    .words(&[("tired|worn_out", Incomplete), ("stop", Failed)])
    .says(&[
        (When::Always, Says::Usage("cost")),
        (When::Named("own-text|own-more"), Says::Piece(Text, "text")),
        (When::Named("own-all"), Says::Whole(Text, "text")),
        (When::Named("own-list"), Says::Each("list", PARTS)),
        (When::Has("sealed"), Says::Opaque("sealed.box")),
        (
            When::Named("own-call"),
            Says::Call(&CallPaths {
                index: "n",
                name: "tool",
                arguments: "with",
                is: Arguments::Whole,
                begins: Begins::First,
                ..CallPaths::NONE
            }),
        ),
    ]);

const PARTS: Rules = &[
    (When::IsTrue("thought"), Says::Piece(Reasoning, "text")),
    (When::IsNotTrue("thought"), Says::In("in", &[(When::Always, Says::Piece(Refusal, "no"))])),
];

fn own(events: &str) -> Record {
    read_as(&stream(events), Answer::of(&OWN))
}

#[test]
fn events() {
    let record = own(r#"
        {"kind":"own-text","text":"Good "}
        {"wrapped":{"kind":"own-more","text":"day"}}
        {"kind":"own-all","text":"Good day"}
        {"kind":"own-list","list":[{"thought":true,"text":"Hm."},{"in":{"no":"No."}}]}
        {"kind":"own-call","n":1,"tool":"add","with":[1]}
        {"kind":"own-call","n":1,"with":[2]}
        {"kind":"own-call","n":2,"tool":"now"}
        {"sealed":{"box":[7]},"cost":{"input_tokens":3}}
        {"kind":"own-end"}
    "#);
    assert_eq!((record.signals.as_str(), record.outcome), ("ppppppppT", Completed));
    let contents = record.contents;
    assert_eq!(contents.text, "Good day");
    assert_eq!(contents.reasoning, "Hm.");
    assert_eq!(contents.refusal, "No.");
    assert_eq!(contents.opaque, [("box".to_owned(), "[7]".to_owned())]);
    assert_eq!(contents.usage.input, Some(3));
    let call = |name: &str, arguments: &str| Call {
        name: name.to_owned(),
        arguments: arguments.to_owned(),
        id: None,
    };
    assert_eq!(contents.calls, [call("add", "[1]"), call("now", "{}")]);
}

#[test]
fn outcomes() {
    for (events, signals, outcome) in [
        (r#"{"kind":"own-end"}"#, "T", Completed),
        (r#"{"kind":"own-end","how":"length"}"#, "T", Incomplete),
        (r#"{"kind":"own-end","how":"tired"}"#, "T", Incomplete),
        (r#"{"kind":"own-end","how":"Worn out"}"#, "T", Incomplete),
        (r#"{"kind":"own-end","how":"stop"}"#, "T", Failed),
        (r#"{"kind":"own-end","how":"well"}"#, "T", Completed),
        (r#"{"kind":"own-halt"}"#, "T", Incomplete),
        (r#"{"kind":"own-text","why":"tired"}"#, "p", Truncated),
        ("{\"kind\":\"own-text\",\"why\":\"tired\"}\n{\"kind\":\"own-end\"}", "pT", Incomplete),
        (r#"{"kind":"own-trouble"}"#, "p", Failed),
        ("{\"kind\":\"own-trouble\"}\n{\"kind\":\"own-end\"}", "pT", Failed),
        // With its own terminal, the sentinel only ends the reading.
        ("[DONE]", "S", Truncated),
        (r#"{"kind":"own-e"#, "p", Truncated),
        // The same in all protocols.
        (r#"{"error":{"message":"no"}}"#, "T", Failed),
        (r#"{"wrapped":{"error":{"message":"no"}}}"#, "T", Failed),
        ("error | no", "T", Failed),
        ("ping | {}", ".", Truncated),
        (r#"ping | {"text":"read all the same"}"#, "p", Truncated),
    ] {
        let record = own(events);
        assert_eq!((record.signals.as_str(), record.outcome), (signals, outcome), "{events}");
    }
}

#[test]
fn sentinel_completes_without_ends() {
    static BARE: Protocol = Protocol::named("bare").says(&[(When::Always, Says::Piece(Text, ""))]);
    let record = read_as("data: \"Good \"\n\ndata: \"day\"\n\ndata: [DONE]\n\n", Answer::of(&BARE));
    assert_eq!((record.signals.as_str(), record.outcome), ("ppS", Completed));
    assert_eq!(record.contents.text, "Good day");
    assert_eq!(read_as("data: \"Good\"\n\n", Answer::of(&BARE)).outcome, Truncated);
}

#[test]
fn reason_ends() {
    const fn with(name: &'static str, ends: ReasonEnds) -> Protocol {
        Protocol::named(name).choices("list").reasons(&["why"], ends)
    }
    static NEVER: Protocol = with("never", ReasonEnds::Never);
    static AT_END: Protocol = with("at-end", ReasonEnds::AtEnd);
    static AT_CLEAN_END: Protocol = with("at-clean-end", ReasonEnds::AtCleanEnd);
    for (protocol, expected) in [
        (&NEVER, [Truncated, Truncated, Truncated]),
        (&AT_END, [Incomplete, Incomplete, Truncated]),
        (&AT_CLEAN_END, [Incomplete, Truncated, Truncated]),
    ] {
        for data in
            [r#"{"list":[{"why":"length"}]}"#, r#"{"list":[{"why":"stop"},{"why":"length"}]}"#]
        {
            let mut tracker = Tracker::of(protocol);
            tracker.observe(&Event::new(data));
            assert_eq!(ends().map(|end| tracker.outcome(end)), expected, "{protocol:?}: {data}");
        }
    }
}

#[test]
fn restart() {
    let record = own(r#"
        {"kind":"own-text","text":"Bad"}
        {"kind":"own-call","n":1,"tool":"add","with":[1]}
        {"kind":"own-again"}
        {"kind":"own-text","text":"Good"}
    "#);
    assert_eq!((record.contents.text.as_str(), record.contents.restarts), ("Good", 1));
    assert!(record.contents.calls.is_empty());
}

#[test]
fn detection_among_protocols() {
    static AMONG: &[&Protocol] = &[&OWN, Protocol::CHAT];
    for (data, expected) in [
        (r#"{"kind":"own-x"}"#, Some(&OWN)),
        (r#"{"kind":"owned-x"}"#, Some(&OWN)),
        (r#"{"kind":"own"}"#, None),
        (r#"{"greeting":1,"choices":[]}"#, Some(&OWN)),
        (r#"{"choices":[]}"#, Some(Protocol::CHAT)),
        (r#"{"type":"response.created"}"#, None),
    ] {
        let mut tracker = Tracker::among(AMONG);
        assert_eq!(tracker.observe(&Event::new(data)), Signal::Payload);
        assert_eq!(tracker.protocol(), expected, "{data}");
        let mut answer = Answer::among(AMONG);
        assert_eq!(answer.read(&Event::new(data)).signal(), Signal::Payload);
        assert_eq!(answer.tracker(), &tracker);
    }
    // If no protocol is known, the first reason ends the stream.
    let mut tracker = Tracker::among(AMONG);
    assert_eq!(tracker.observe(&Event::new("[DONE]")), Signal::Sentinel);
}

/// Rules nested as deep as possible.
#[test]
fn nested_rules() {
    const A: Rules = &[(When::Always, Says::Each("b", B))];
    const B: Rules = &[(When::Always, Says::Each("c", C))];
    const C: Rules = &[(When::Always, Says::In("d", &[(When::Always, Says::Piece(Text, "e"))]))];
    static DEEP: Protocol = Protocol::named("deep").says(&[(When::Always, Says::Each("a", A))]);
    let data = r#"{"a":[{"b":[{"c":[{"d":{"e":"1"}},{"d":{"e":"2"}}]}]},{"b":[{"c":[{"d":{"e":"3"}}]}]}]}"#;
    let mut answer = Answer::of(&DEEP);
    let texts: String = answer
        .read(&Event::new(data))
        .map(|delta| match delta {
            Delta::Text { text, .. } => text.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, "123");
}

#[cfg(feature = "alloc")]
#[test]
fn owned_event() {
    let owned = Event::new(r#"{"kind":"own-end"}"#).into_owned();
    let mut tracker = Tracker::of(&OWN);
    assert_eq!(tracker.notice(&sseam::Item::Event(owned.as_event())), Signal::Terminal);
}

#[test]
fn protocol_equality() {
    assert_eq!(&OWN, &OWN);
    assert_ne!(&OWN, Protocol::CHAT);
    assert_eq!(HashSet::from([&OWN, Protocol::CHAT, &OWN]).len(), 2);
    assert_eq!(OWN.name(), "own");
    assert_eq!(format!("{OWN:?}"), "own");
}

/// Not only in constants.
#[test]
fn protocol_made_at_run_time() {
    let protocol = Protocol::named("own")
        .named_by(NamedBy::Member("kind"))
        .told_by(&[When::Named("own-text")])
        .inside("in")
        .ends(&[(When::Named("own-end"), Ends::As(Completed))])
        .restarts(&[When::Named("own-again")])
        .reasons(&["why"], ReasonEnds::AtEnd)
        .words(&[("tired", Incomplete)])
        .choices("some")
        .says(&[(When::Always, Says::Piece(Text, "text"))]);
    let protocol: &'static Protocol = Box::leak(Box::new(protocol));
    let record = read_as(
        &stream(r#"{"in":{"kind":"own-text","text":"Hi","some":[{"why":"tired"}]}}"#),
        Answer::of(protocol),
    );
    assert_eq!((&*record.contents.text, record.outcome), ("Hi", Incomplete));
}

/// A call that begins with all of its arguments, with the first part of them, or without any.
#[test]
fn arguments_at_the_beginning_of_a_call() {
    static EARLY: Protocol = Protocol::named("early").named_by(NamedBy::Member("kind")).says(&[
        (When::Named("begin"), Says::Call(&CallPaths { is: Arguments::Early, ..CALL })),
        (When::Named("more"), Says::Call(&CallPaths { begins: Begins::Never, ..CALL })),
    ]);
    const CALL: CallPaths =
        CallPaths { index: "n", name: "name", arguments: "input", ..CallPaths::NONE };

    for (first, more, expected) in [
        (r#"{"a":1}"#, "x", r#"{"a":1}"#),
        (r#""{\"a\":1}""#, "x", r#"{"a":1}"#),
        (r#""{\"a\":""#, "1}", r#"{"a":1}"#),
        ("{}", "[2]", "[2]"),
        (r#""""#, "[2]", "[2]"),
        ("null", "[2]", "[2]"),
        ("[1]", "x", "[1]"),
    ] {
        let events = format!(
            "{{\"kind\":\"begin\",\"n\":0,\"name\":\"f\",\"input\":{first}}}\n\
             {{\"kind\":\"more\",\"n\":0,\"input\":\"{more}\"}}"
        );
        let calls = read_as(&stream(&events), Answer::of(&EARLY)).contents.calls;
        let arguments: Vec<_> = calls.iter().map(|call| &*call.arguments).collect();
        assert_eq!(arguments, [expected], "{first}, then {more}");
    }
}

/// A whole text is used for an item that no piece of arrived, by its ID or its index.
#[test]
fn whole_texts_of_other_items() {
    static ITEMS: Protocol = Protocol::named("items").named_by(NamedBy::Member("kind")).says(&[
        (When::Named("piece"), Says::Piece(Text, "text")),
        (When::Named("whole"), Says::Whole(Text, "text")),
    ]);
    for (one, other) in [
        (r#""item_id":"a""#, r#""item_id":"b""#),
        (r#""output_index":0"#, r#""output_index":1"#),
        (r#""item_id":"a","content_index":0"#, r#""item_id":"a","content_index":1"#),
    ] {
        let events = format!(
            r#"{{"kind":"piece",{one},"text":"A"}}
            {{"kind":"whole",{other},"text":"B"}}
            {{"kind":"whole",{one},"text":"A"}}
            {{"kind":"whole",{other},"text":"B"}}"#
        );
        let contents = read_as(&stream(&events), Answer::of(&ITEMS)).contents;
        assert_eq!(contents.text, "AB", "{one}, {other}");
    }
}

/// A good status needs no reason: another one beside it does not count.
#[test]
fn status_and_reason() {
    for (end, outcome) in [
        (r#"{"kind":"own-end","how":"completed","why":"length"}"#, Completed),
        (r#"{"kind":"own-end","how":"tired","why":"length"}"#, Incomplete),
    ] {
        assert_eq!(own(end).outcome, outcome, "{end}");
    }
}
