//! A thousand events of all shapes, and their encoding by a server.

/// The number of events, the last of which is `[DONE]`.
pub(crate) const COUNT: usize = 1000;

/// The line end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LineEnd {
    Lf,
    Cr,
    CrLf,
}

pub(crate) const LINE_ENDS: [LineEnd; 3] = [LineEnd::Lf, LineEnd::Cr, LineEnd::CrLf];

impl LineEnd {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::Cr => "\r",
            Self::CrLf => "\r\n",
        }
    }
}

/// An event as a client has to receive it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) event_type: String,
    pub(crate) data: String,
    pub(crate) id: String,
}

/// The events that a client has to receive.
pub(crate) fn expected() -> Vec<Seen> {
    let mut last_id = String::new();
    let seen = |n| {
        if let Some(id) = id(n) {
            last_id = id;
        }
        let event_type = event_type(n).unwrap_or("message").to_owned();
        Seen { event_type, data: data(n), id: last_id.clone() }
    };
    (0..COUNT).map(seen).collect()
}

/// The stream: one block for each event, including what precedes the event.
pub(crate) fn blocks(line_end: LineEnd) -> Vec<Vec<u8>> {
    (0..COUNT).map(|n| block(n).replace('\n', line_end.text()).into_bytes()).collect()
}

/// The same stream, cut right after the last needed byte of each event. A blank line is complete at
/// its CR: an LF after it belongs to the next block.
pub(crate) fn blocks_as_needed(line_end: LineEnd) -> Vec<Vec<u8>> {
    let mut blocks = blocks(line_end);
    if matches!(line_end, LineEnd::CrLf) {
        for n in 0..COUNT {
            blocks[n].pop();
            match blocks.get_mut(n + 1) {
                Some(next) => next.insert(0, b'\n'),
                None => blocks.push(b"\n".to_vec()),
            }
        }
    }
    blocks
}

fn event_type(n: usize) -> Option<&'static str> {
    match n % 6 {
        _ if n == COUNT - 1 => None,
        0 => Some("response.output_text.delta"),
        2 => Some("é🦀"),
        3 => Some("ping"),
        _ => None,
    }
}

/// The ID that an event sets; an empty one resets it.
fn id(n: usize) -> Option<String> {
    match n % 10 {
        0 | 5 | 7 => Some(format!("id-{n}")),
        9 => Some(String::new()),
        _ => None,
    }
}

fn data(n: usize) -> String {
    match n {
        _ if n == COUNT - 1 => "[DONE]".to_owned(),
        // Of 1, 5 and 10 kB: the last exceeds the buffer of a buffered reader.
        _ if n % 400 == 101 => format!("{n} é🦀 ").repeat(n),
        _ if n % 11 == 4 => String::new(),
        _ if n % 13 == 6 => format!("{n}\n\n two: lines\n"),
        _ if n % 17 == 8 => format!("🦀{n} grüße 👩‍👩‍👧‍👦"),
        _ => format!(r#"{{"n":{n}}}"#),
    }
}

/// One event, with LF, as the parser has to read it: comments, unknown fields, and the order of the
/// fields have no effect.
fn block(n: usize) -> String {
    let mut fields = Vec::new();
    fields.extend(event_type(n).map(|event_type| format!("event: {event_type}\n")));
    fields.extend(
        id(n).map(|id| if id.is_empty() { "id\n".to_owned() } else { format!("id:{id}\n") }),
    );
    fields.extend((n % 23 == 1).then(|| format!(": a comment in the block of {n}\n")));
    fields.extend((n % 29 == 1).then(|| "unknown: field\n".to_owned()));
    let data = data(n);
    let lines = match data.as_str() {
        "" if n % 4 < 2 => "data\n".to_owned(),
        _ => format!("data: {}\n", data.replace('\n', "\ndata: ")),
    };
    fields.insert(if n % 4 < 2 { fields.len() } else { 0 }, lines);
    let before = match n % 7 {
        2 => ": between\n",
        5 => ":\n\n",
        _ => "",
    };
    format!("{before}{}\n", fields.concat())
}
