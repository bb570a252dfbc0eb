//! Writes to standard output and standard error.

use std::fmt::{self, Display, Write as _};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::{env, fs};

/// The exit status after Ctrl-C, as in shells.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command failed.
pub(crate) enum Failure {
    Usage(String),
    Input { name: String, error: io::Error },
    Output(io::Error),
}

/// Errors of an input are wrapped with its name where they occur.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) => f.write_str(sentence),
            Self::Input { name, error } => write!(f, "cannot read {name}: {error}"),
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

/// Ends the program with the status, or with the failure and 2.
pub(crate) fn exit(done: Result<u8, Failure>) -> ExitCode {
    match done {
        Ok(status) => ExitCode::from(status),
        // The reader of the output has closed it, as `| head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            say(&failure);
            ExitCode::from(2)
        }
    }
}

/// Prints a line on standard error. Errors are ignored.
pub(crate) fn say(message: &dyn Display) {
    let _ = writeln!(io::stderr(), "sseam: {message}");
}

/// Returns `true` if colours should be written to this output.
pub(crate) fn has_colours(output: &impl IsTerminal) -> bool {
    let is_set = |name, value: &str| env::var_os(name).is_some_and(|is| is == value);
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    output.is_terminal() && !no_color && !is_set("TERM", "dumb")
}

/// The text in a style, if there are colours.
pub(crate) fn paint(has_colours: bool, style: &str, text: impl Display) -> String {
    if has_colours { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_string() }
}

/// Standard output for text in pieces, next to lines on standard error.
pub(crate) struct Text {
    out: BufWriter<io::StdoutLock<'static>>,
    /// Whether a line of text is incomplete.
    is_in_line: bool,
    /// Whether both outputs go to the same place.
    is_shared: bool,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), is_in_line: false, is_shared: is_shared() }
    }

    /// Prints a piece of the text.
    pub(crate) fn print(&mut self, piece: &str) -> io::Result<()> {
        self.is_in_line = piece.bytes().last().map_or(self.is_in_line, |last| last != b'\n');
        self.out.write_all(piece.as_bytes())
    }

    /// Flushes: the next piece may take a while.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Prints a line on standard error, on its own line.
    pub(crate) fn say(&mut self, message: &dyn Display) {
        // The next piece meets the same error.
        let _ = self.out.flush();
        if std::mem::take(&mut self.is_in_line) && self.is_shared {
            // Not to standard output, which gets nothing but the text.
            let _ = writeln!(io::stderr());
        }
        say(message);
    }
}

/// Returns `true` if standard output and standard error go to the same file or pipe, or to the
/// terminal that a pipe's reader writes to.
#[cfg(unix)]
fn is_shared() -> bool {
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let metadata =
        |fd: BorrowedFd<'_>| fs::File::from(fd.try_clone_to_owned().ok()?).metadata().ok();
    let (Some(out), Some(err)) = (metadata(io::stdout().as_fd()), metadata(io::stderr().as_fd()))
    else {
        return false;
    };
    let is_one = (out.dev(), out.ino()) == (err.dev(), err.ino());
    is_one || (out.file_type().is_fifo() && io::stderr().is_terminal())
}

#[cfg(not(unix))]
fn is_shared() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// Replaces a control character, which could affect a terminal.
pub(crate) fn picture(control: char) -> char {
    match u32::from(control) {
        // These pictures are in the order of the characters.
        code @ 0..=0x1F => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7F => '␡',
        _ => '·',
    }
}

/// Makes control characters visible, except for line ends and tabs.
pub(crate) fn sanitize(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    // A carriage return is half of a line end, or overwrites the line.
    let chars = text.chars().filter(|&c| c != '\r');
    chars.map(|c| if is_plain(c) { c } else { picture(c) }).collect()
}

/// As [`sanitize`], on one line.
pub(crate) fn one_line(message: impl Display) -> String {
    sanitize(message.to_string().trim()).replace('\n', " ")
}

/// The cause of an HTTP error, with a hint if it is unclear.
#[cfg(feature = "http")]
pub(crate) fn http_cause(cause: String) -> String {
    if cause.contains("invalid HTTP version") || cause.contains("NoApplicationProtocol") {
        return format!("{cause}; the server seems to speak only HTTP/2, and this is HTTP/1.1");
    }
    cause
}

/// The root cause of an error: the rest only names layers of reqwest and hyper.
#[cfg(feature = "http")]
pub(crate) fn cause(error: &reqwest::Error) -> String {
    use std::error::Error as _;

    let errors = std::iter::successors(error.source(), |error| (*error).source());
    http_cause(errors.last().map_or_else(|| error.to_string(), ToString::to_string))
}

/// The media type of a response, in lower case and without parameters.
#[cfg(feature = "http")]
pub(crate) fn media_type(headers: &hyper::HeaderMap) -> String {
    let value = headers.get("content-type").map_or(&b""[..], |value| value.as_bytes());
    let media_type = value.split(|&byte| byte == b';').next().unwrap_or_default();
    String::from_utf8_lossy(media_type.trim_ascii()).to_ascii_lowercase()
}

/// A message about the beginning of a stream without events.
pub(crate) fn no_event(head: &[u8], len: u64) -> Option<String> {
    const FIELDS: [&[u8]; 5] = [b":", b"data", b"event", b"id", b"retry"];

    let text = head.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(head);
    let text = text.trim_ascii_start();
    let Some(&first) = text.first() else {
        return Some(match len {
            0 => "no event: the stream is empty".to_string(),
            _ => format!("no event in {len} bytes: there are only blank lines"),
        });
    };
    if FIELDS.iter().any(|field| text.starts_with(field)) {
        return None;
    }
    let valid = text.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let mut sentence = format!("no event in {len} bytes: is this an event stream? it begins with ");
    let _ = match valid.filter(|c| !c.is_control()) {
        Some(c) => write!(sentence, "`{c}`"),
        None => write!(sentence, "the byte 0x{first:02X}"),
    };
    Some(sentence)
}
