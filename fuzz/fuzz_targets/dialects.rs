//! What each dialect says of a stream depends on its bytes alone, not on where they are
//! cut; and what `peek` finds in JSON is what `serde_json` finds there.
#![no_main]

use std::fmt;

use arbitrary::Arbitrary;
use libfuzzer_sys::{Corpus, fuzz_target};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use sseam::dialect::peek::{self, Json, Members};
use sseam::{Event, Outcome, OwnedEvent, Parser, Signal, Tracker};
use sseam_fuzz::Cuts;
use sseam_testkit::bytewise;
use sseam_testkit::dialects::{Reader, Said, dialects, ends};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: Cuts,
    flush: bool,
    stream: &'a [u8],
}

/// JSON as `serde_json` reads it, with every member in order, also of names that come twice.
#[derive(PartialEq)]
enum Tree {
    Null,
    Bool(bool),
    /// A number, if it is written as digits only and fits.
    Number(Option<u64>),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// The value, where `serde_json` can parse it.
    fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// The members of an object; of something else there are none.
    fn members(&self) -> &[(String, Tree)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// The elements of an array; of something else there are none.
    fn elements(&self) -> &[Tree] {
        if let Self::Array(elements) = self { elements } else { &[] }
    }

    /// The string, if it is one.
    fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(is))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(Some(number)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Number(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element()? {
            elements.push(element);
        }
        Ok(Tree::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// What each dialect says of the chunks.
fn said(chunks: &[&[u8]], flush: bool) -> Vec<(&'static str, Said)> {
    let mut reader = Reader::with_room(1024);
    let read = |mut dialect: Box<dyn sseam::dialect::Dialect>| {
        let said = reader.read(chunks, flush, &mut Tracker::new(&mut *dialect));
        (dialect.name(), said)
    };
    dialects().into_iter().map(read).collect()
}

/// In longer data `Chat` does not look for a keep-alive.
const KEEP_ALIVE_LEN: usize = 64;

/// The same JSON, not as providers write it, which is looked at in a hurry; but
/// none that would be too long for a keep-alive by that.
fn spaced(event: &Event<'_>) -> OwnedEvent {
    let data = event.data().as_bytes();
    let inside = data.strip_prefix(b"{").filter(|_| data.len() != KEEP_ALIVE_LEN);
    let spaced = inside.map(|inside| [b"{ ", inside].concat());
    Event::new(spaced.as_deref().unwrap_or(data)).with_type(event.event_type()).into_owned()
}

/// What holds of every dialect.
fn hold_each(events: &[Event<'_>]) {
    let spaced: Vec<OwnedEvent> = events.iter().map(spaced).collect();
    for (mut dialect, mut other) in dialects().into_iter().zip(dialects()) {
        let (name, mut over) = (dialect.name(), false);
        let mut tracker = Tracker::new(&mut *dialect);
        let mut other = Tracker::new(&mut *other);
        for (event, spaced) in events.iter().zip(&spaced) {
            let signal = tracker.observe(event);
            assert_eq!(other.observe(&spaced.as_event()), signal, "{name}, spaced otherwise");
            assert_eq!(other.violation(), tracker.violation(), "{name}, spaced otherwise");
            assert!(!over || signal == Signal::Ignore, "{name}, after the terminal");
            over |= signal.is_end();
            assert_eq!(tracker.is_over(), over, "{name}");
            assert!(tracker.violation().is_none() || name == "responses-strict", "{name}");
        }
        let [between, in_the_middle] = ends().map(|end| tracker.finish(end));
        assert_eq!(ends().map(|end| other.finish(end)), [between, in_the_middle], "{name}");
        assert!(between == in_the_middle || in_the_middle == Outcome::Truncated, "{name}");
        assert!(between != Outcome::Unknown || name == "auto", "{name}");
        assert!(over || between != Outcome::Failed || name == "chat", "{name}");
    }
}

/// Whether all that can be asked of the value has the answer of the full parse.
fn hold_value(value: Json<'_>, tree: &Tree) {
    assert_eq!(value.is_null(), *tree == Tree::Null);
    assert_eq!(value.is_true(), *tree == Tree::Bool(true));
    assert_eq!(value.u64(), if let Tree::Number(number) = tree { *number } else { None });
    assert_eq!(value.text().map(|text| text.to_string()).as_deref(), tree.as_text());
    if let (Some(text), Some(parsed)) = (value.text(), tree.as_text()) {
        assert!(
            text == parsed && text.starts_with(parsed) && text != format!("{parsed}x").as_str()
        );
    }
    let (is_array, is_object) = (matches!(tree, Tree::Array(_)), matches!(tree, Tree::Object(_)));
    assert!(value.is_array() == is_array && value.is_object() == is_object);
    let mut elements = value.elements();
    for element in tree.elements() {
        hold_value(elements.next().expect("an element"), element);
    }
    assert!(elements.next().is_none() && elements.is_broken() != is_array);
    hold_members(value.members(), tree);
}

fn hold_members(mut members: Members<'_>, tree: &Tree) {
    for (name, tree) in tree.members() {
        let mut hoped = members.clone();
        let (found, value) = members.next().expect("a member");
        assert_eq!(found.to_string(), *name);
        hold_value(value, tree);
        if let Some(value) = hoped.next_if_named(name) {
            hold_value(value, tree);
            assert_eq!(hoped.count(), members.clone().count());
        }
    }
    assert!(members.next().is_none());
    assert_eq!(members.is_broken(), !matches!(tree, Tree::Object(_)));
}

/// Of what is no JSON there is nothing to say but that there is an answer.
fn hold_peek(data: &[u8]) {
    match Tree::parse(data) {
        Some(tree) => hold_members(peek::members(data), &tree),
        None => assert!(!format!("{:?}", peek::members(data).collect::<Vec<_>>()).is_empty()),
    }
    assert!(peek::members(data).count() <= data.len());
}

fuzz_target!(|input: Input<'_>| -> Corpus {
    let (stream, flush) = (input.stream, input.flush);
    if stream.len() > 1024 {
        return Corpus::Reject; // Within the bounds, and none of them broken.
    }
    let whole = said(&[stream], flush);
    assert_eq!(said(&input.cuts.of(stream), flush), whole);
    assert_eq!(said(&bytewise(stream), flush), whole);

    let (mut parser, mut chunk, mut events) = (Parser::new(), stream, Vec::new());
    while let Some(event) = parser.next_event(&mut chunk).expect("within the bounds") {
        events.push(event.into_owned());
    }
    let events: Vec<Event<'_>> = events.iter().map(OwnedEvent::as_event).collect();
    hold_each(&events);
    for event in &events {
        hold_peek(event.data().as_bytes());
    }
    hold_peek(stream);
    Corpus::Keep
});
