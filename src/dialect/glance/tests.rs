use super::Glance;
use crate::Event;

const NAMES: [&str; 3] = ["stop", "error", "start"];

/// The data and the `event` line, and whether they are surely none of the names.
const EVENTS: [(&str, &str, bool); 9] = [
    (r#"{"type":"delta","#, "", true),
    (r#"{"type":"d"#, "", true),
    // What may become a name is none for sure only when it differs.
    (r#"{"type":"s"#, "", false),
    (r#"{"type":"stop"}"#, "", false),
    (r#"{"type":"sxop"}"#, "", true),
    // It may be written with escapes.
    (r#"{"type":"\u0073top"}"#, "", false),
    (r#"{"type":""}"#, "", false),
    (r#"{ "type":"delta"}"#, "", false),
    // As long as a name: the `event` line would stand in for a type that breaks off.
    (r#"{"type":"delta","#, "four", false),
];

#[test]
fn what_is_surely_none_of_the_names() {
    let glance = Glance::new(br#"{"type":""#, &[b"stop", b"error", b"start"], &NAMES);
    for (data, event_type, expected) in EVENTS {
        // `message`, where there is no `event` line, is as long as none of them.
        let event = Event::new(data).with_type(event_type);
        assert_eq!(glance.is_none(&event), expected, "{event:?}");
    }
}
