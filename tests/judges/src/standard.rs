//! What is right: the standard's algorithm (WHATWG HTML, sections 9.2.5 and
//! 9.2.6), step by step, slow and literal, on the whole stream as text. On
//! request, with one of its rules changed as a judge changes it.

use crate::answer::{Answer, Dispatched, Retry};

/// A way in which a judge departs from the standard: one rule that it has otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A reconnection time that does not fit into 64 bits is ignored.
    RetryOf64Bits,
    /// One that does not fit into 32 bits is ignored.
    RetryOf32Bits,
    /// A reconnection time is a double, exact up to 2^53.
    RetryIsDouble,
    /// An empty one is not ignored: it forgets what the stream has set before.
    RetryIsForgotten,
    /// The characters U+00EF U+00BB U+00BF at the start are dropped like a byte order mark.
    MarkOfCharacters,
    /// A CR or LF right behind the byte order mark ends no line, but is the line's first character.
    MarkHidesLineEnd,
    /// The last event ID that the stream leaves behind has lost the blanks at its ends.
    HeaderIsTrimmed,
}

/// The buffers of the event source.
struct EventSource<'w> {
    ways: &'w [Way],
    data: String,
    event_type: String,
    id: String,
    last_event_id: String,
    retry: Option<String>,
    events: Vec<Dispatched>,
}

/// What `stream` comes to, for one who departs from the standard in these ways.
pub(crate) fn answer(stream: &[u8], ways: &[Way]) -> Answer {
    let text = String::from_utf8_lossy(stream);
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    if ways.contains(&Way::MarkOfCharacters) {
        rest = text.strip_prefix("\u{EF}\u{BB}\u{BF}").unwrap_or(rest);
    }
    let mut source = EventSource {
        ways,
        data: String::new(),
        event_type: String::new(),
        id: String::new(),
        last_event_id: String::new(),
        retry: None,
        events: Vec::new(),
    };
    let mut hidden = usize::from(rest.len() < text.len() && ways.contains(&Way::MarkHidesLineEnd));
    // What follows the last line end is discarded.
    while let Some(end) = next_end(rest, std::mem::take(&mut hidden)) {
        source.line(&rest[..end]);
        let len = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[end + len..];
    }
    if ways.contains(&Way::HeaderIsTrimmed) {
        source.last_event_id = source.last_event_id.trim_matches([' ', '\t']).to_owned();
    }
    Answer {
        events: source.events,
        last_event_id: Some(source.last_event_id),
        retry: Retry::Told(source.retry),
    }
}

/// Where the first line of `rest` ends, not counting a line end that begins it if `hidden` is 1.
fn next_end(rest: &str, hidden: usize) -> Option<usize> {
    let mut ends = rest.match_indices(['\r', '\n']).map(|(at, _)| at);
    ends.find(|&at| at >= hidden)
}

impl EventSource<'_> {
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return self.dispatch();
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.event_type = value.into(),
            "data" => {
                self.data += value;
                self.data += "\n";
            }
            "id" if !value.contains('\0') => self.id = value.into(),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry(value);
            }
            "retry" if value.is_empty() && self.ways.contains(&Way::RetryIsForgotten) => {
                self.retry = None;
            }
            // A comment has an empty name.
            _ => {}
        }
    }

    /// Of any size: the standard has no bound for it.
    fn retry(&mut self, digits: &str) {
        let digits = match digits.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        let is_ignored = self.ways.iter().any(|way| match way {
            Way::RetryOf64Bits => digits.parse::<u64>().is_err(),
            Way::RetryOf32Bits => digits.parse::<u32>().is_err(),
            _ => false,
        });
        if is_ignored {
            return;
        }
        self.retry = Some(if self.ways.contains(&Way::RetryIsDouble) {
            format!("{:.0}", digits.parse::<f64>().expect("digits"))
        } else {
            digits.to_owned()
        });
    }

    fn dispatch(&mut self) {
        self.last_event_id.clone_from(&self.id);
        if let Some(data) = self.data.strip_suffix('\n') {
            let event_type =
                if self.event_type.is_empty() { "message" } else { self.event_type.as_str() };
            self.events.push(Dispatched(
                event_type.to_owned(),
                data.to_owned(),
                self.last_event_id.clone(),
            ));
        }
        self.data.clear();
        self.event_type.clear();
    }
}
