use super::{DATA, EVENT, Look, Shape, split_type};
use crate::scan;

/// The shape in words, the event type, the data, and what follows.
type Told<'c> = (&'static str, &'c str, &'c str, &'c str);

/// What a chunk begins with.
fn told(shape: Shape<'_>) -> Told<'_> {
    let (name, values) = match shape {
        Shape::Whole(values) => ("whole", values),
        Shape::Lines(values) => ("lines", values),
        Shape::Begun(values) => ("begun", values),
        Shape::Other => return ("other", "", "", ""),
    };
    let text = |bytes| str::from_utf8(bytes).expect("what is here is ASCII");
    (name, text(values.event_type), text(values.data), text(values.rest))
}

/// What `Parser::next` has seen of a chunk that it does not take: where the data of its first
/// `data` line begins and ends.
fn look(chunk: &[u8]) -> Option<Look> {
    let value = match chunk.strip_prefix(EVENT) {
        Some(lines) => split_type(lines, scan::line_end(lines)?)?.1,
        None => chunk.strip_prefix(DATA)?,
    };
    Some(Look::new(chunk, value, scan::line_end(value)?))
}

#[rustfmt::skip]
const CHUNKS: &[(&str, Told<'_>)] = &[
    ("data: x\n\n",                             ("whole", "", "x", "")),
    ("data: x\n\ndata: y\n\n",                  ("whole", "", "x", "data: y\n\n")),
    ("data: \n\n",                              ("whole", "", "", "")),
    ("event: t\ndata: x\n\n:",                  ("whole", "t", "x", ":")),
    // The LF behind the CR that dispatches is for the next call.
    ("data: x\r\n\r\n",                         ("whole", "", "x", "\n")),
    ("event: t\r\ndata: {\"a\": 1}\r\n\r\n",    ("whole", "t", "{\"a\": 1}", "\n")),
    ("event: \ndata: x\n\n",                    ("whole", "", "x", "")),
    ("data: x\ndata: y\n\n",                    ("lines", "", "x", "data: y\n\n")),
    ("event: t\r\ndata: x\r\ndata: y",          ("lines", "t", "x", "data: y")),
    ("data: x",                                 ("begun", "", "x", "")),
    ("event: t\ndata: ",                        ("begun", "t", "", "")),
    ("data: x\n",                               ("other", "", "", "")),
    ("data: x\r\r",                             ("other", "", "", "")),
    ("data: x\nid: 1\n\n",                      ("other", "", "", "")),
    ("data: x\n\rdata: y",                      ("other", "", "", "")),
    ("data:x\n\n",                              ("other", "", "", "")),
    ("event: t",                                ("other", "", "", "")),
    ("event: t\rdata: x\n\n",                   ("other", "", "", "")),
    ("event: t\nid: 1\ndata: x\n\n",            ("other", "", "", "")),
    (": note\n\n",                              ("other", "", "", "")),
    ("",                                        ("other", "", "", "")),
];

#[test]
fn a_chunk_begins_with() {
    for (chunk, expected) in CHUNKS {
        assert_eq!(told(Shape::of(chunk.as_bytes())), *expected, "{chunk:?}");
    }
}

#[test]
fn what_was_seen_before_need_not_be_looked_for() {
    for (chunk, expected) in CHUNKS {
        let Some(look) = look(chunk.as_bytes()) else { continue };
        assert_eq!(told(Shape::seen(chunk.as_bytes(), look)), *expected, "{chunk:?}");
    }
}

/// Whatever was seen of another chunk.
#[test]
fn what_was_not_seen_is_another_shape() {
    for chunk in ["", "data: x\n\n", "event: t\ndata: x\n\n", "event: t\rdata: x\n\n"] {
        for look in [Look::NONE, Look::IN_TYPE, Look::in_data(3), Look::new(&[0; 99], b"", 0)] {
            assert_eq!(told(Shape::seen(chunk.as_bytes(), look)).0, "other", "{chunk:?}");
        }
    }
    let look = Look::new(b"event: t\rdata: x\n\n", b"x\n\n", 1);
    assert_eq!(told(Shape::seen(b"event: t\rdata: x\n\n", look)).0, "other");
}
