//! The judges with their known deviations: crates, and programs for Node.js.

use std::error::Error;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use sse_core::{SseDecoder, SseEvent};
use sse_parse::SseParser;
use sseam::Parser;
use sseam_testkit::Output;

use crate::answer::{Answer, Dispatched, Request, Retry};
use crate::ways::{Way, text};

/// A known deviation from the standard. The run checks that it occurs, and that no other does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deviation {
    pub(crate) way: Way,
    /// What the judge does, and why.
    pub(crate) what: &'static str,
    /// Which of the two is right by the standard.
    pub(crate) right: &'static str,
}

/// The answers of a judge, or the reason why there are none.
pub(crate) type Answers = Result<Vec<Answer>, Box<dyn Error>>;

/// A parser to compare with.
pub(crate) struct Judge {
    pub(crate) name: &'static str,
    pub(crate) deviations: &'static [Deviation],
    /// Returns its answers, in the order of the requests.
    pub(crate) answers: fn(&[Request]) -> Answers,
}

/// All judges. The first is sseam itself.
pub(crate) const ALL: [Judge; 5] = [SSEAM, SSE_CORE, SSE_PARSE, EVENTSOURCE_PARSER, CHROMIUM];

/// sseam, with the buffer on the heap.
const SSEAM: Judge = Judge {
    name: "sseam",
    deviations: &[Deviation {
        way: Way::RetryOf64Bits,
        what: "a `retry` over 2^64-1 ms, half a billion years, is ignored, as documented",
        right: "the standard: it has no limit, and a parser without one needs unlimited memory",
    }],
    answers: |requests| requests.iter().map(sseam).collect(),
};

fn sseam(request: &Request) -> Result<Answer, Box<dyn Error>> {
    let trace = sseam_testkit::read_events(&mut Parser::new(), &request.chunks(), false);
    let events = trace.outputs.iter().map(|output| match output {
        Output::Event { event_type, data, id } => {
            Ok(Dispatched(text(event_type), text(data), text(id)))
        }
        other => Err(format!("{}: {other:?}", request.name).into()),
    });
    Ok(Answer {
        events: events.collect::<Result<_, Box<dyn Error>>>()?,
        last_event_id: Some(text(&trace.last_event_id)),
        retry: Retry::Reported(trace.retry.map(|time| time.to_string())),
    })
}

/// The crate sse-core: its decoder without I/O.
const SSE_CORE: Judge = Judge {
    name: "sse-core 0.2.3",
    deviations: &[Deviation {
        way: Way::RetryOf32Bits,
        what: "a `retry` over 2^32-1 ms, fifty days, is ignored",
        right: "the standard: it has no limit",
    }],
    answers: |requests| requests.iter().map(sse_core).collect(),
};

fn sse_core(request: &Request) -> Result<Answer, Box<dyn Error>> {
    let mut decoder = SseDecoder::new();
    let (mut events, mut retry) = (Vec::new(), None);
    for mut chunk in request.chunks() {
        while let Some(event) = decoder.next(&mut chunk).transpose()? {
            match event {
                SseEvent::Message(event) => events.push(Dispatched(
                    event.event.into_owned(),
                    event.data,
                    event.last_event_id.as_deref().unwrap_or_default().to_owned(),
                )),
                SseEvent::Retry(time) => retry = Some(time.to_string()),
            }
        }
    }
    Ok(Answer {
        events,
        last_event_id: Some(decoder.last_event_id().map_or("", |id| id).to_owned()),
        retry: Retry::Reported(retry),
    })
}

/// The crate sse-parse: its parser without I/O.
const SSE_PARSE: Judge = Judge {
    name: "sse-parse 0.1.0",
    deviations: &[Deviation {
        way: Way::RetryOf64Bits,
        what: "a `retry` over 2^64-1 ms is ignored",
        right: "the standard: it has no limit",
    }],
    answers: |requests| Ok(requests.iter().map(sse_parse).collect()),
};

fn sse_parse(request: &Request) -> Answer {
    let mut parser = SseParser::new();
    let mut events = Vec::new();
    for chunk in request.chunks() {
        parser.feed(chunk);
        while let Some(event) = parser.next_event() {
            events.push(Dispatched(event.event, event.data, event.id));
        }
    }
    parser.finish();
    while let Some(event) = parser.next_event() {
        events.push(Dispatched(event.event, event.data, event.id));
    }
    Answer {
        events,
        last_event_id: Some(parser.last_event_id().to_owned()),
        retry: Retry::Reported(parser.retry().map(|time| time.as_millis().to_string())),
    }
}

/// The npm package eventsource-parser, which most JavaScript clients use.
const EVENTSOURCE_PARSER: Judge = Judge {
    name: "eventsource-parser 4.1.3",
    deviations: &[
        Deviation {
            way: Way::RetryIsDouble,
            what: "a `retry` over 2^53 ms is rounded, as JavaScript's numbers are",
            right: "the standard: an integer",
        },
        Deviation {
            way: Way::MarkOfCharacters,
            what: "a stream that begins with the characters U+00EF U+00BB U+00BF loses them: \
                   an undecoded byte order mark looks like them",
            right: "the standard: only U+FEFF is dropped",
        },
    ],
    answers: |requests| ask("eventsource_parser.mjs", requests),
};

/// The `EventSource` of headless Chromium, against a local server.
const CHROMIUM: Judge = Judge {
    name: "Chromium",
    deviations: &[
        Deviation {
            way: Way::MarkHidesLineEnd,
            what: "a CR or LF right after the byte order mark is treated as the first character of \
                   a line, so that the field after it is lost: the parser skips that character \
                   after the mark",
            right: "the standard: the mark is dropped, and an empty line remains",
        },
        Deviation {
            way: Way::RetryIsForgotten,
            what: "an empty `retry` resets the reconnection time to the browser's default",
            right: "the standard: a value other than digits is ignored, and so is an empty one",
        },
        Deviation {
            way: Way::RetryOf64Bits,
            what: "a `retry` over 2^64-1 ms is ignored",
            right: "the standard: it has no limit",
        },
        Deviation {
            way: Way::HeaderIsTrimmed,
            what: "blanks at the ends of an ID are not sent back: HTTP trims the values of headers",
            right: "both: the events have the ID with its blanks",
        },
    ],
    answers: |requests| ask("chromium.mjs", requests),
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node");

/// Runs a program on the requests: it reads a line of JSON for each stream, and writes a line.
fn ask(file: &str, requests: &[Request]) -> Answers {
    let mut child = Command::new("node")
        .arg(format!("{FOLDER}/{file}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let stdin = child.stdin.take().ok_or("no standard input")?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let answers = thread::scope(|scope| {
        // Written by another thread: the program writes while it reads.
        let writer = scope.spawn(move || {
            let mut stdin = BufWriter::new(stdin);
            for request in requests {
                serde_json::to_writer(&mut stdin, request)?;
                stdin.write_all(b"\n")?;
            }
            stdin.flush()
        });
        let lines = BufReader::new(stdout).lines();
        let answers: Result<Vec<Answer>, Box<dyn Error>> =
            lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect();
        let written = writer.join().map_err(|_| "the writer panicked")?;
        written.map_err(|error| format!("cannot write to {file}: {error}"))?;
        answers
    })?;
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("{file}: {status}").into());
    }
    if answers.len() != requests.len() {
        return Err(format!("{file} answers {} of {}", answers.len(), requests.len()).into());
    }
    Ok(answers)
}
