//! What is wanted: the command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use lexopt::prelude::*;

use crate::dialect::{self, Follow};

const HELP: &str = r#"What is in this stream? Shows the events of a Server-Sent Events stream.

Usage: inspect [OPTIONS] [FILE | -]

Without FILE a sample stream is read; '-' is standard input.

What is shown
      --json               one JSON object a line instead of the table
      --notifications      also comments, unknown fields, blocks without data
                           and changes of the reconnection time
      --dialect NAME       did the stream finish? What each event is in a
                           protocol, and how the stream came out: 'auto' finds
                           out which it is, or 'done', 'chat', 'responses',
                           'responses-strict', 'messages', 'generate-content',
                           'cohere-chat', 'assistants'

How the stream is read; what is found does not depend on it
      --chunk N            feed N bytes at a time instead of what a read brings
      --splits A,B,...     end a chunk at these offsets in the stream, too; one
                           given twice makes an empty chunk, one beyond the end
                           has no effect; --chunk counts anew from each
      --buffer KIND        where the parser keeps what it must: 'vec' on the
                           heap (the default), 'array' in place (4096 bytes),
                           'slice' in memory lent to it

What the parser does
      --limit N            the bound on an event's data in bytes (16 MiB)
      --flush              dispatch what is pending at the end of the stream,
                           where the standard discards it
      --last-event-id ID   resume with this last event ID

  -h, --help               this text
  -V, --version            the version

An error is about one event: it is shown in its place, and the next events
follow. The exit status is 0, or 2 where the arguments are wrong or the stream
cannot be read.

With --dialect the exit status is the outcome: 0 completed, 3 incomplete,
4 failed, 5 truncated, 6 unknown. A 2 goes before these, an error about an event
changes none of them, and a reader of the output that goes away early leaves 0.
The dialect hears of unknown fields and blocks without data whether they are
shown or not. With --flush it hears of what is pending too, but not of a block
without data: its data may just not have come.

Lines of --json, in stream order:
  {"event":TYPE,"data":TEXT,"id":LAST_EVENT_ID}
  {"error":"too_large","field":"data"|"event"|"id","limit":BYTES}
  {"error":"out_of_memory"}
with --notifications also
  {"comment":TEXT}
  {"unknown":{"name":TEXT,"value":TEXT}}
  {"empty":{"event":TYPE}}
  {"retry":MILLISECONDS}
and at last
  {"end":{"last_event_id":TEXT,"retry":MILLISECONDS|null,"discarded":true|false}}
With --dialect an event's line goes on with
  ,"signal":"message"|"last"|"done"|"ignore"}
the end's line, and the end in it, where 'auto' that found nothing out is called
"none", with
  ,"dialect":NAME,"outcome":"completed"|"incomplete"|"failed"|"truncated"|"unknown"}
and right behind the line of an event that broke the provider's word there is
  {"violation":KIND,"expected":NUMBER|TEXT|null,"found":NUMBER|TEXT|null}
where KIND is after_terminal, unexpected_first, missing_sequence, sequence_gap
or sequence_repeat
"#;

/// What the arguments ask for.
pub(crate) enum Command {
    Inspect(Options),
    /// To print this, and no more.
    Print(String),
}

pub(crate) struct Options {
    pub(crate) input: Input,
    pub(crate) json: bool,
    pub(crate) chunk: Option<NonZeroUsize>,
    /// In ascending order.
    pub(crate) splits: Vec<u64>,
    /// Where one was given.
    pub(crate) limit: Option<usize>,
    pub(crate) buffer: BufferKind,
    pub(crate) notifications: bool,
    /// At the start of the stream.
    pub(crate) dialect: Option<Box<dyn Follow>>,
    pub(crate) flush: bool,
    pub(crate) last_event_id: Option<Vec<u8>>,
}

#[derive(PartialEq, Eq)]
pub(crate) enum Input {
    Sample,
    Stdin,
    File(PathBuf),
}

pub(crate) enum BufferKind {
    Vec,
    Array,
    Slice,
}

/// Reads the arguments; an error is one sentence.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut options = Options {
        input: Input::Sample,
        json: false,
        chunk: None,
        splits: Vec::new(),
        limit: None,
        buffer: BufferKind::Vec,
        notifications: false,
        dialect: None,
        flush: false,
        last_event_id: None,
    };
    while let Some(arg) = parser.next().map_err(sentence)? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_string())),
            Short('V') | Long("version") => {
                let version = concat!("inspect (sseam ", env!("CARGO_PKG_VERSION"), ")\n");
                return Ok(Command::Print(version.to_string()));
            }
            Long("json") => options.json = true,
            Long("notifications") => options.notifications = true,
            Long("dialect") => options.dialect = Some(dialect(&value(&mut parser)?)?),
            Long("flush") => options.flush = true,
            Long("chunk") => {
                let size = value(&mut parser)?;
                options.chunk = Some(number(&size, "--chunk takes a number of bytes, at least 1")?);
            }
            Long("splits") => options.splits = splits(&value(&mut parser)?)?,
            Long("limit") => {
                let limit = value(&mut parser)?;
                options.limit = Some(number(&limit, "--limit takes a number of bytes")?);
            }
            Long("buffer") => options.buffer = buffer(&value(&mut parser)?)?,
            Long("last-event-id") => {
                options.last_event_id = Some(value(&mut parser)?.into_encoded_bytes());
            }
            Value(path) => options.input = input(&options.input, path)?,
            Short(_) | Long(_) => return Err(sentence(arg.unexpected())),
        }
    }
    Ok(Command::Inspect(options))
}

fn value(parser: &mut lexopt::Parser) -> Result<OsString, String> {
    parser.value().map_err(sentence)
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn sentence(error: lexopt::Error) -> String {
    format!("{error} (--help lists the options)")
}

fn number<T: FromStr>(value: &OsString, rule: &str) -> Result<T, String> {
    let number = value.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("{rule}, not '{}'", value.to_string_lossy()))
}

/// The offsets in ascending order, in which the stream comes to them.
fn splits(list: &OsString) -> Result<Vec<u64>, String> {
    let offsets: Option<Result<Vec<u64>, _>> =
        list.to_str().map(|list| list.split(',').map(str::parse).collect());
    let Some(Ok(mut offsets)) = offsets else {
        return Err(format!(
            "--splits takes offsets in bytes with commas between, not '{}'",
            list.to_string_lossy()
        ));
    };
    offsets.sort_unstable();
    Ok(offsets)
}

fn buffer(kind: &OsString) -> Result<BufferKind, String> {
    match kind.to_str() {
        Some("vec") => Ok(BufferKind::Vec),
        Some("array") => Ok(BufferKind::Array),
        Some("slice") => Ok(BufferKind::Slice),
        _ => Err(format!(
            "--buffer takes 'vec', 'array' or 'slice', not '{}'",
            kind.to_string_lossy()
        )),
    }
}

fn dialect(name: &OsString) -> Result<Box<dyn Follow>, String> {
    let follow = name.to_str().and_then(dialect::by_name);
    follow.ok_or_else(|| {
        format!("no dialect is called '{}' (--help lists them)", name.to_string_lossy())
    })
}

/// The input that `path` names, if it is the first.
fn input(old: &Input, path: OsString) -> Result<Input, String> {
    if *old != Input::Sample {
        return Err(format!("one stream at a time: '{}' is one too many", path.to_string_lossy()));
    }
    Ok(if path == "-" { Input::Stdin } else { Input::File(path.into()) })
}
