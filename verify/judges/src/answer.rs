//! Requests to the judges, and their answers.

use serde::{Deserialize, Serialize, Serializer};

/// A stream, and where it is cut.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) name: String,
    #[serde(serialize_with = "hex")]
    pub(crate) stream: Vec<u8>,
    /// In order; one given twice makes an empty chunk.
    pub(crate) cuts: Vec<usize>,
    /// Whether a judge that needs extra time for it has to find out the last event ID and the
    /// reconnection time at the end of the stream.
    pub(crate) observe: bool,
}

impl Request {
    pub(crate) fn chunks(&self) -> Vec<&[u8]> {
        sseam_testkit::cut(&self.stream, &self.cuts)
    }
}

/// Type, data and last event ID, as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Dispatched(pub(crate) String, pub(crate) String, pub(crate) String);

/// The result of a stream. Bytes that are not UTF-8 are U+FFFD.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) events: Vec<Dispatched>,
    /// As committed at the end of the stream; `None` if the judge does not report it.
    pub(crate) last_event_id: Option<String>,
    pub(crate) retry: Retry,
}

/// What is known of the reconnection time.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Retry {
    /// The judge reports it: decimal digits, `None` if the stream has set none.
    Reported(Option<String>),
    /// The judge waited for this many milliseconds before it reconnected.
    Waited(u64),
    Unknown,
}

/// How long a browser waits by default.
const BROWSERS_OWN: u64 = 3000;

/// The tolerated delay of a browser on a busy machine; less than the default wait.
const LATE: u64 = 2900;

impl Answer {
    /// The first difference from `right`.
    pub(crate) fn difference(&self, right: &Answer) -> Option<String> {
        for (n, right) in right.events.iter().enumerate() {
            match self.events.get(n) {
                Some(event) if event == right => {}
                event => return Some(format!("event {n} is {event:?}, not {right:?}")),
            }
        }
        if let Some(extra) = self.events.get(right.events.len()) {
            return Some(format!("there is an event too many: {extra:?}"));
        }
        if self.last_event_id.is_some() && self.last_event_id != right.last_event_id {
            let (id, right) = (&self.last_event_id, &right.last_event_id);
            return Some(format!("the last event ID is {id:?}, not {right:?}"));
        }
        let Retry::Reported(time) = &right.retry else {
            panic!("the standard leaves nothing unknown");
        };
        match &self.retry {
            Retry::Reported(shown) if shown != time => {
                Some(format!("the reconnection time is {shown:?}, not {time:?}"))
            }
            Retry::Waited(waited) => {
                let time = time.as_ref().map_or(Some(BROWSERS_OWN), |digits| digits.parse().ok());
                let is_right = time.is_some_and(|time| (time..time + LATE).contains(waited));
                (!is_right).then(|| format!("it reconnects after {waited} ms, not {time:?}"))
            }
            Retry::Reported(_) | Retry::Unknown => None,
        }
    }
}

fn hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let text: String = digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect();
    serializer.serialize_str(&text)
}
