//! What is right: the standard's algorithm (WHATWG HTML, sections 9.2.5 and
//! 9.2.6), step by step, slow and literal, on the whole stream at once.

/// An event as the standard dispatches it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_field_names)] // The standard's name for it.
pub(crate) struct Event {
    pub(crate) event_type: String,
    pub(crate) data: String,
    pub(crate) last_event_id: String,
}

impl Event {
    /// Bytes that are not UTF-8 yet become what the standard's decoder makes of
    /// them; an empty type stands for `message`.
    pub(crate) fn new(event_type: &[u8], data: &[u8], last_event_id: &[u8]) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            event_type: if event_type.is_empty() { "message".into() } else { text(event_type) },
            data: text(data),
            last_event_id: text(last_event_id),
        }
    }
}

#[derive(Default)]
struct EventSource {
    data: String,
    event_type: String,
    id: String,
    last_event_id: String,
    events: Vec<Event>,
}

/// The events in `stream`.
pub(crate) fn events(stream: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stream);
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut source = EventSource::default();
    // What follows the last line end is discarded.
    while let Some(end) = rest.find(['\r', '\n']) {
        source.line(&rest[..end]);
        let len = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[end + len..];
    }
    source.events
}

impl EventSource {
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
            // `retry` makes no event; a comment has an empty name.
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        self.last_event_id.clone_from(&self.id);
        if !self.data.is_empty() {
            let data = self.data.strip_suffix('\n').unwrap_or(&self.data);
            let event = Event::new(
                self.event_type.as_bytes(),
                data.as_bytes(),
                self.last_event_id.as_bytes(),
            );
            self.events.push(event);
        }
        self.data.clear();
        self.event_type.clear();
    }
}
