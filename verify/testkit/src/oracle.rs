//! The standard's algorithm, step by step, slow and literal, with the limits and notifications that
//! the library adds.

use std::mem;

use crate::{Output, Setup, Trace, ms};
use sseam::{Error, Field, Notify};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Returns the trace of `stream`.
pub fn oracle(stream: &[u8], setup: &Setup, scratch: usize) -> Trace {
    let mut oracle = Oracle::new(setup, scratch);
    for &byte in stream {
        oracle.push(byte);
    }
    oracle.end(setup.flush)
}

/// The state of the algorithm.
pub struct Oracle<'s> {
    source: EventSource<'s>,
    stream: Vec<u8>,
    /// Where in the stream the incomplete line begins.
    line_start: usize,
}

impl<'s> Oracle<'s> {
    /// Before the stream. `scratch` is how many bytes the buffer can hold besides the data during a
    /// line.
    pub fn new(setup: &'s Setup, scratch: usize) -> Self {
        let source = EventSource {
            setup,
            scratch,
            data: Vec::new(),
            event_type: Vec::new(),
            id: None,
            last_event_id: Vec::new(),
            retry: None,
            retries: Vec::new(),
            has_data: false,
            has_fields: false,
            skipping: false,
            outputs: Vec::new(),
        };
        Self { source, stream: Vec::new(), line_start: 0 }
    }

    /// Section 9.2.5: one byte order mark at the start is ignored, and a line
    /// ends in CR LF, LF or CR.
    pub fn push(&mut self, byte: u8) {
        let is_after_cr = self.stream.ends_with(b"\r");
        self.stream.push(byte);
        match byte {
            b'\n' if is_after_cr => {}
            b'\n' | b'\r' => {
                let (_, line) = self.stream.split_at(self.line_start);
                self.source.line(&line[..line.len() - 1]);
            }
            _ if self.stream == BYTE_ORDER_MARK => {}
            _ => return,
        }
        self.line_start = self.stream.len();
    }

    /// Copies the state of `other` into the existing memory: `Clone` would allocate for each string
    /// of a tree.
    pub fn copy_from(&mut self, other: &Self) {
        // Without `..`, so that no field is forgotten.
        let Self { source, stream, line_start } = other;
        let EventSource {
            setup,
            scratch,
            data,
            event_type,
            id,
            last_event_id,
            retry,
            retries,
            has_data,
            has_fields,
            skipping,
            outputs,
        } = source;
        self.stream.clone_from(stream);
        self.line_start = *line_start;
        let to = &mut self.source;
        (to.setup, to.scratch, to.retry) = (*setup, *scratch, *retry);
        (to.has_data, to.has_fields, to.skipping) = (*has_data, *has_fields, *skipping);
        to.data.clone_from(data);
        to.event_type.clone_from(event_type);
        to.id.clone_from(id);
        to.last_event_id.clone_from(last_event_id);
        to.retries.clone_from(retries);
        to.outputs.clone_from(outputs);
    }

    /// Takes what was reported since the last call. An error in the incomplete line is only
    /// reported at its end.
    pub fn take_outputs(&mut self) -> impl Iterator<Item = Output> {
        self.source.outputs.drain(..)
    }

    /// The incomplete line.
    pub fn line(&self) -> &[u8] {
        &self.stream[self.line_start..]
    }

    /// The raw values of all `retry` lines, including ignored ones: too large, empty, or not
    /// digits.
    pub fn retries(&self) -> &[Vec<u8>] {
        &self.source.retries
    }

    /// Ends the stream, after a flush if requested. Nothing may follow.
    pub fn end(&mut self, flush: bool) -> Trace {
        let Self { source, stream, line_start } = self;
        let mut rest = &stream[*line_start..];
        if flush {
            if !rest.is_empty() {
                source.line(rest);
                rest = b"";
            }
            source.line(b"");
        } else {
            source.unfinished(rest);
        }
        Trace {
            discarded: !rest.is_empty() || source.has_fields || source.skipping,
            outputs: mem::take(&mut source.outputs),
            last_event_id: mem::take(&mut source.last_event_id),
            retry: source.retry,
        }
    }
}

/// Section 9.2.6: the buffers of the event source.
struct EventSource<'s> {
    setup: &'s Setup,
    /// How many bytes the buffer can hold besides the data during a line.
    scratch: usize,
    data: Vec<u8>,
    event_type: Vec<u8>,
    id: Option<Vec<u8>>,
    last_event_id: Vec<u8>,
    retry: Option<u64>,
    retries: Vec<Vec<u8>>,
    has_data: bool,
    has_fields: bool,
    skipping: bool,
    outputs: Vec<Output>,
}

/// Splits a line into name and value; the name of a comment is empty.
fn split(line: &[u8]) -> (&[u8], Option<&[u8]>) {
    match line.iter().position(|&byte| byte == b':') {
        None => (line, None),
        Some(colon) => {
            let value = &line[colon + 1..];
            (&line[..colon], Some(value.strip_prefix(b" ").unwrap_or(value)))
        }
    }
}

impl EventSource<'_> {
    fn line(&mut self, line: &[u8]) {
        if line.is_empty() {
            return self.dispatch();
        }
        let (name, value) = split(line);
        let value = value.unwrap_or_default();
        match name {
            b"" => self.comment(value),
            b"retry" => self.retry(value),
            b"data" | b"event" | b"id" if self.skipping => {}
            b"data" => self.data(value),
            b"event" => self.event(value),
            b"id" => self.id(value),
            _ => self.unknown(line),
        }
    }

    /// An incomplete line can exceed a limit, except that on IDs.
    fn unfinished(&mut self, line: &[u8]) {
        if self.skipping {
            return;
        }
        match split(line) {
            (b"data", Some(value)) => {
                let len = self.data.len() + usize::from(self.has_data) + value.len();
                if len > self.setup.data {
                    self.too_large(Field::Data);
                }
            }
            (b"event", Some(value)) if value.len() > self.setup.meta => {
                self.too_large(Field::Event);
            }
            _ => {}
        }
    }

    fn data(&mut self, value: &[u8]) {
        if self.has_data {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(value);
        if self.data.len() > self.setup.data {
            return self.too_large(Field::Data);
        }
        self.has_data = true;
        self.has_fields = true;
    }

    fn event(&mut self, value: &[u8]) {
        if value.len() > self.setup.meta {
            return self.too_large(Field::Event);
        }
        self.event_type = value.to_vec();
        self.has_fields = true;
    }

    fn id(&mut self, value: &[u8]) {
        if value.contains(&0) {
            return;
        }
        let is_second = self.id.is_some();
        if value.len() > self.setup.meta
            || (is_second && self.data.len() + value.len() > self.scratch)
        {
            return self.too_large(Field::Id);
        }
        self.id = Some(value.to_vec());
        self.has_fields = true;
    }

    fn retry(&mut self, value: &[u8]) {
        self.retries.push(value.to_vec());
        if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
            return;
        }
        let Ok(time) = std::str::from_utf8(value).unwrap().parse() else { return };
        self.retry = Some(time);
        self.notify(Notify::RECONNECTION_TIME, Output::ReconnectionTime(ms(time)));
    }

    fn dispatch(&mut self) {
        if !self.skipping {
            if let Some(id) = self.id.take() {
                self.last_event_id = id;
            }
            let event_type = match &self.event_type[..] {
                b"" => b"message".to_vec(),
                named => named.to_vec(),
            };
            let id = self.last_event_id.clone();
            if self.has_data {
                self.outputs.push(Output::Event { event_type, data: self.data.clone(), id });
            } else if self.has_fields {
                self.notify(Notify::EMPTY_BLOCKS, Output::EmptyBlock { event_type, id });
            }
        }
        self.clear_block();
        self.skipping = false;
    }

    fn too_large(&mut self, field: Field) {
        let limit = if field == Field::Data { self.setup.data } else { self.setup.meta };
        self.outputs.push(Output::Error(Error::TooLarge { field, limit }));
        self.clear_block();
        self.skipping = true;
    }

    fn clear_block(&mut self) {
        self.data.clear();
        self.event_type.clear();
        self.id = None;
        self.has_data = false;
        self.has_fields = false;
    }

    fn free(&self) -> usize {
        self.setup.data - self.data.len()
    }

    fn comment(&mut self, text: &[u8]) {
        let fitting = text[..text.len().min(self.free())].to_vec();
        let truncated = fitting.len() < text.len();
        self.notify(Notify::COMMENTS, Output::Comment { text: fitting, truncated });
    }

    fn unknown(&mut self, line: &[u8]) {
        let fitting = &line[..line.len().min(self.free())];
        let (name, value) = split(fitting);
        let output = Output::UnknownField {
            name: name.to_vec(),
            value: value.unwrap_or_default().to_vec(),
            truncated: fitting.len() < line.len(),
        };
        self.notify(Notify::UNKNOWN_FIELDS, output);
    }

    fn notify(&mut self, which: Notify, output: Output) {
        if self.setup.notify.contains(which) {
            self.outputs.push(output);
        }
    }
}
