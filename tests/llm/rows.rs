//! Every rule of every protocol's row has an effect: rules that identify the protocol, end a
//! stream, or locate reasons and usage, on events generated for them; rules for the content of an
//! event, on the table of streams.
//!
//! A second reader over `serde_json::Value`, independent of the library's, applies the rules.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sseam::llm::{Answer, CallPaths, Ends, NamedBy, Outcome, Path, Protocol, Says, Tracker, When};
use sseam::{ArrayBuf, End, Event, Parser};

use crate::cases::cases;

// Events generated for a rule.

/// An event with that name and that member.
struct Generated {
    line: String,
    data: Value,
}

impl Generated {
    /// Events that meet the condition, one for each of its names, paths and words.
    fn of(protocol: &Protocol, when: &When) -> Vec<Self> {
        let is_named = |name: &str| match protocol.named_by {
            NamedBy::Line => Self { line: name.to_owned(), data: json!({}) },
            NamedBy::Member(member) | NamedBy::MemberOrLine(member) => {
                Self { line: String::new(), data: json!({ member: name }) }
            }
            named_by => panic!("not tested: {named_by:?}"),
        };
        let with = |path: &str, value: Value| {
            let mut data = json!({});
            put(&mut data, path, value);
            Self { line: String::new(), data }
        };
        match *when {
            When::Always => vec![with("x", 1.into())],
            When::Named(names) => names.split('|').map(is_named).collect(),
            When::Prefix(prefixes) => {
                prefixes.split('|').map(|prefix| is_named(&format!("{prefix}x"))).collect()
            }
            When::Has(paths) | When::NotNull(paths) => {
                paths.split('|').map(|at| with(at, json!([1]))).collect()
            }
            When::Is(path, words) => words.split('|').map(|it| with(path, it.into())).collect(),
            When::IsTrue(path) => vec![with(path, true.into())],
            When::Members(these) => {
                let members = these.iter().map(|name| ((*name).to_owned(), Value::Null));
                vec![Self { line: String::new(), data: Value::Object(members.collect()) }]
            }
            _ => panic!("no event can be generated for {when:?}"),
        }
    }

    fn inside(mut self, protocol: &Protocol) -> Self {
        if !protocol.inside.is_empty() {
            let inside = protocol.inside.split('|').next().unwrap_or_default();
            self.data = json!({ inside: self.data });
        }
        self
    }

    fn read<T>(&self, read: impl FnOnce(&Event<'_>) -> T) -> T {
        read(&Event::new(&*self.data.to_string()).with_type(&*self.line))
    }
}

/// Puts the value at the path.
fn put(data: &mut Value, path: &str, value: Value) {
    let (name, inner) = match path.split_once('.') {
        Some((name, rest)) => {
            let mut inner = json!({});
            put(&mut inner, rest, value);
            (name, inner)
        }
        None => (path, value),
    };
    match name.strip_suffix("[0]").or(name.strip_suffix("[]")) {
        Some(name) => data[name] = json!([inner]),
        None => data[name] = inner,
    }
}

#[test]
fn each_event_identifies_one_protocol() {
    for protocol in Protocol::ALL {
        assert!(!protocol.told_by.is_empty(), "{protocol:?}");
        for when in protocol.told_by {
            for generated in Generated::of(protocol, when) {
                let mut tracker = Tracker::new();
                generated.read(|event| tracker.observe(event));
                assert_eq!(tracker.protocol(), Some(*protocol), "{when:?}: {}", generated.data);
            }
        }
    }
}

#[test]
fn protocol_names_are_unique() {
    let names: BTreeSet<_> = Protocol::ALL.iter().map(|protocol| protocol.name()).collect();
    assert_eq!(names.len(), Protocol::ALL.len());
    for protocol in Protocol::ALL {
        assert_eq!(Protocol::by_name(protocol.name()), Some(*protocol));
    }
    assert_eq!(Protocol::by_name("done"), Some(Protocol::DONE));
    assert_eq!(Protocol::by_name("Chat"), None);
}

#[test]
fn each_end_gives_its_outcome() {
    for protocol in Protocol::ALL {
        for (when, ends) in protocol.ends {
            for generated in Generated::of(protocol, when) {
                assert_end(protocol, *ends, &generated);
                if protocol.inside.is_empty() {
                    continue;
                }
                assert_end(protocol, *ends, &generated.inside(protocol));
            }
        }
    }
}

fn assert_end(protocol: &'static Protocol, ends: Ends, generated: &Generated) {
    let outcome = |data: &Value| {
        let generated = Generated { line: generated.line.clone(), data: data.clone() };
        let mut tracker = Tracker::of(protocol);
        let signal = generated.read(|event| tracker.observe(event));
        (signal.is_end(), tracker.is_over(), tracker.outcome(End::Clean))
    };
    let context = format!("{protocol:?}, {}, {}", generated.line, generated.data);
    match ends {
        Ends::As(expected) => {
            assert_eq!(outcome(&generated.data), (true, true, expected), "{context}");
        }
        Ends::Notes(expected) => {
            assert_eq!(outcome(&generated.data), (false, false, expected), "{context}");
        }
        Ends::By(path, otherwise) => {
            assert_eq!(outcome(&generated.data), (true, true, otherwise), "{context}");
            for (word, expected) in [
                ("completed", Outcome::Completed),
                ("length", Outcome::Incomplete),
                ("failed", Outcome::Failed),
                ("in_progress", otherwise),
            ] {
                for path in path.split('|') {
                    let mut data = generated.data.clone();
                    put(&mut data, path, word.into());
                    assert_eq!(outcome(&data), (true, true, expected), "{data}");
                }
            }
        }
        ends => panic!("not tested: {ends:?}"),
    }
}

/// An event whose members besides the name are read, as it may arrive.
fn plain_event(path: &str, value: &Value) -> Vec<Generated> {
    path.split('|')
        .map(|path| {
            let mut data = json!({});
            put(&mut data, path, value.clone());
            Generated { line: String::new(), data }
        })
        .collect()
}

#[test]
fn each_reason_is_read() {
    for protocol in Protocol::ALL {
        for path in protocol.reasons {
            let path = match protocol.choices {
                "" => (*path).to_string(),
                choices => format!("{choices}[].{path}"),
            };
            for generated in plain_event(&path, &"MAX_TOKENS".into()) {
                let generated = generated.inside(protocol);
                let mut answer = Answer::of(protocol);
                generated.read(|event| drop(answer.read(event)));
                let reason = answer.reason().map(|reason| reason.to_string());
                assert_eq!(
                    reason.as_deref(),
                    Some("MAX_TOKENS"),
                    "{protocol:?}: {}",
                    generated.data
                );
            }
        }
    }
}

// The content of events.

/// The value at a path without alternatives, if it is neither `null` nor `""`.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = value;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        value = match name.strip_suffix("[0]") {
            Some(name) => {
                let list = value.get(name)?.as_array()?;
                let index = |(position, element): (usize, &Value)| {
                    element.get("index").and_then(Value::as_u64).unwrap_or(position as u64)
                };
                list.iter().enumerate().find(|(n, it)| index((*n, it)) == 0)?.1
            }
            None => value.get(name)?,
        };
    }
    if value.is_null() || value == "" { None } else { Some(value) }
}

/// The first alternative that is present, and which one it is.
fn first_at<'v>(value: &'v Value, paths: &'static str) -> Option<(&'static str, &'v Value)> {
    paths.split('|').find_map(|path| Some((path, at(value, path)?)))
}

/// Which rules have applied, and which exist.
#[derive(Default)]
struct Applied {
    all: BTreeSet<String>,
    applied: BTreeSet<String>,
}

impl Applied {
    /// Records all paths of these rules, and all names and words of their conditions.
    fn list(&mut self, trail: &str, rules: &[(When, Says)]) {
        for (n, (when, says)) in rules.iter().enumerate() {
            let trail = format!("{trail} {n}");
            self.all.extend(each_of(when).map(|when| format!("{trail}: {when:?}")));
            let (kind, paths) = paths_of(says);
            for paths in paths {
                self.all.extend(paths.split('|').map(|path| format!("{trail}: {kind} {path}")));
            }
            if let Says::In(_, rules) | Says::Each(_, rules) = says {
                self.list(&trail, rules);
            }
        }
    }

    /// Records what the rules find in a value.
    fn find(&mut self, trail: &str, rules: &[(When, Says)], name: &str, value: &Value) {
        for (n, (when, says)) in rules.iter().enumerate() {
            let trail = format!("{trail} {n}");
            if !is_met(when, name, value) {
                continue;
            }
            let (kind, paths) = paths_of(says);
            let mut has_spoken = false;
            for (path, inner) in paths.into_iter().filter_map(|paths| first_at(value, paths)) {
                match says {
                    Says::In(_, rules) => self.find(&trail, rules, name, inner),
                    Says::Each(_, rules) => {
                        let elements = inner.as_array().map(Vec::as_slice).unwrap_or_default();
                        for element in elements {
                            self.find(&trail, rules, name, element);
                        }
                    }
                    // Text is a string.
                    Says::Call(_) | Says::Opaque(_) | Says::Usage(_) => {}
                    _ if !inner.is_string() => continue,
                    _ => {}
                }
                has_spoken = true;
                self.applied.insert(format!("{trail}: {kind} {path}"));
            }
            if has_spoken {
                let met = each_of(when).filter(|when| is_met(when, name, value));
                self.applied.extend(met.map(|when| format!("{trail}: {when:?}")));
            }
        }
    }
}

/// A condition for each of the names or words of this one.
fn each_of(when: &When) -> impl Iterator<Item = When> {
    let (words, of): (&'static str, Box<dyn Fn(&'static str) -> When>) = match *when {
        When::Named(names) => (names, Box::new(When::Named)),
        When::Prefix(prefixes) => (prefixes, Box::new(When::Prefix)),
        When::Is(path, words) => (words, Box::new(move |word| When::Is(path, word))),
        other => ("", Box::new(move |_| other)),
    };
    words.split('|').map(of)
}

/// The paths at which a rule finds something.
fn paths_of(says: &Says) -> (&'static str, Vec<Path>) {
    match *says {
        Says::Piece(_, path) => ("piece", vec![path]),
        Says::Whole(_, path) => ("whole", vec![path]),
        Says::Opaque(path) => ("opaque", vec![path]),
        Says::Usage(path) => ("usage", vec![path]),
        Says::In(path, _) => ("in", vec![path]),
        Says::Each(path, _) => ("each", vec![path]),
        Says::Call(&CallPaths { key, index, id, name, arguments, .. }) => {
            let paths = [key, index, id, name, arguments];
            ("call", paths.into_iter().filter(|path| *path != CallPaths::NONE.id).collect())
        }
        says => panic!("not tested: {says:?}"),
    }
}

fn is_met(when: &When, name: &str, value: &Value) -> bool {
    match *when {
        When::Always => true,
        When::Named(names) => names.split('|').any(|it| name == it),
        When::Prefix(prefixes) => prefixes.split('|').any(|prefix| name.starts_with(prefix)),
        When::Has(path) => first_at(value, path).is_some(),
        When::NotNull(path) => value.get(path).is_some_and(|value| !value.is_null()),
        When::Lacks(path) => first_at(value, path).is_none(),
        When::Is(path, words) => first_at(value, path)
            .and_then(|(_, word)| word.as_str())
            .is_some_and(|it| words.split('|').any(|word| word == it)),
        When::IsTrue(path) => first_at(value, path).is_some_and(|(_, value)| *value == true),
        When::IsNotTrue(path) => !is_met(&When::IsTrue(path), name, value),
        When::Members(names) => names.iter().all(|name| value.get(name).is_some()),
        when => panic!("not tested: {when:?}"),
    }
}

fn name_of(protocol: &Protocol, event: &Event<'_>, data: &Value) -> String {
    let line = || event.event_type().to_string();
    let member = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
    match protocol.named_by {
        NamedBy::Line => line(),
        NamedBy::Member(name) => member(name).unwrap_or_default(),
        NamedBy::MemberOrLine(name) => {
            member(name).filter(|name| !name.is_empty()).unwrap_or_else(line)
        }
        named_by => panic!("not tested: {named_by:?}"),
    }
}

#[test]
fn each_rule_applies_to_some_stream() {
    let mut rules = Applied::default();
    for protocol in Protocol::ALL {
        rules.list(protocol.name(), protocol.says);
    }
    for case in cases() {
        let record = case.whole();
        let Some(protocol) = record.protocol.and_then(Protocol::by_name) else { continue };
        let mut parser = Parser::<ArrayBuf<{ 1 << 16 }>>::default();
        let mut chunk = case.stream.as_bytes();
        for signal in record.signals.chars() {
            let Ok(Some(event)) = parser.next_event(&mut chunk) else { continue };
            let Ok(data) = serde_json::from_slice::<Value>(event.data().as_bytes()) else {
                continue;
            };
            let data = if data.is_array() { &data[0] } else { &data };
            let name = name_of(protocol, &event, data);
            let inner = first_at(data, protocol.inside).map_or(data, |(_, inner)| inner);
            if matches!(signal, 'p' | 'T') {
                rules.find(protocol.name(), protocol.says, &name, inner);
            }
        }
    }
    let unknown: Vec<_> = rules.applied.difference(&rules.all).collect();
    assert!(unknown.is_empty(), "unknown rules: {unknown:?}");
    let silent: Vec<_> = rules.all.difference(&rules.applied).map(String::as_str).collect();
    assert_eq!(
        silent.len(),
        0,
        "no stream for {} of {}:\n{}",
        silent.len(),
        rules.all.len(),
        silent.join("\n")
    );
}
