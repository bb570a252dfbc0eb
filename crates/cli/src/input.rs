//! Opens a stream and cuts it into the parser's chunks.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, IsTerminal, Read};
use std::iter::Peekable;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use std::{process, thread, vec};

use sseam::{Parser, VecBuf};

#[cfg(feature = "http")]
use crate::follow::{Request, Target};
use crate::output::{Failure, INTERRUPTED, say};

/// The answer of a language model.
const SAMPLE: &[u8] = include_bytes!("../samples/responses.sse");

/// The size of a read.
pub(crate) const READ: usize = 64 << 10;

/// How much of a stream's beginning is kept.
const HEAD: usize = 32;

/// After this long without a byte, a message says that the program is waiting.
const SILENCE: Duration = Duration::from_secs(1);

/// The stream to read, and how.
#[derive(clap::Args)]
pub(crate) struct Input {
    /// The stream: a file, or the URL of a live one; '-' is standard input, which is also read if
    /// no file is named and it is not a terminal
    #[arg(value_name = "FILE|URL")]
    file: Option<PathBuf>,
    #[cfg(feature = "http")]
    #[command(flatten)]
    request: Request,
    /// Read the sample, as on a terminal or if standard input is /dev/null
    #[arg(long, conflicts_with = "file")]
    sample: bool,
    /// Feed N bytes at a time instead of the size of each read
    #[arg(long, value_name = "N")]
    chunk: Option<NonZeroUsize>,
}

impl Input {
    /// Opens the stream. A chunk ends at each of the offsets in `cuts`; a repeated one makes an
    /// empty chunk. `follow` is how a URL is followed.
    pub(crate) fn open(&self, mut cuts: Vec<u64>, follow: Follow) -> Result<Chunks, Failure> {
        cuts.sort_unstable();
        let is_sample = self.sample || (self.file.is_none() && !has_stdin());
        let url = self.file.as_deref().and_then(url).filter(|_| !is_sample);
        #[cfg(feature = "http")]
        if url.is_none() && self.request.is_given() {
            return Err(Failure::Usage("-H and -d require a URL".to_string()));
        }
        let is_url = url.is_some();
        let over = Arc::default();
        let live = |name: &str, start: Start| {
            Box::new(Live::new(name.to_string(), Arc::clone(&over), start)) as Reader
        };
        let (name, reader, is_live) = match (&self.file, url) {
            _ if is_sample => ("the sample".to_string(), Box::new(SAMPLE) as Reader, false),
            (_, Some(url)) => {
                let start = self.follow(url, follow).map_err(Failure::Usage)?;
                (format!("'{url}'"), live(url, start), true)
            }
            (Some(path), None) if path.as_os_str() != "-" => match file(path)? {
                (name, reader, true) => (name.clone(), live(&name, reads(reader)), true),
                file => file,
            },
            _ => {
                let name = "standard input";
                (name.to_string(), live(name, reads(Box::new(io::stdin()))), true)
            }
        };
        // If this fails, Ctrl-C still ends the program, without a summary.
        let _ = ctrlc::set_handler(interrupt);
        Ok(Chunks {
            name,
            is_live,
            is_url,
            is_sample,
            input: BufReader::with_capacity(READ, reader),
            given: 0,
            gathered: Vec::new(),
            size: self.chunk,
            cuts: cuts.into_iter().peekable(),
            offset: 0,
            head: Vec::new(),
            over,
        })
    }

    #[cfg(feature = "http")]
    fn follow(&self, url: &str, follow: Follow) -> Result<Start, String> {
        let target = Target::new(url, &self.request, follow)?;
        Ok(Box::new(move |sender| target.follow(&sender)))
    }

    #[cfg(not(feature = "http"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    fn follow(&self, _: &str, _: Follow) -> Result<Start, String> {
        Err("to follow a URL, sseam must be built with the feature http".to_string())
    }
}

/// How the stream at a URL is followed.
#[cfg_attr(not(feature = "http"), expect(dead_code, reason = "a URL needs the feature"))]
pub(crate) struct Follow {
    pub(crate) how: How,
    /// Has the initial last event ID, and the limits.
    pub(crate) parser: Parser<VecBuf>,
}

#[derive(Clone, Copy)]
pub(crate) enum How {
    /// Like browsers: over one connection after another.
    Stream,
    /// Until there is a response, whose body is read even if it is not an event stream.
    Call,
}

type Reader = Box<dyn Read + Send>;

/// Sends what is read, on its own thread.
type Start = Box<dyn FnOnce(SyncSender<Message>) + Send>;

/// The URL, if the name of a file is one.
fn url(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)).then_some(text)
}

/// The file, its name, and whether it may block, such as a pipe.
fn file(path: &Path) -> Result<(String, Reader, bool), Failure> {
    let name = format!("'{}'", path.display());
    let open = || {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        // It can be opened like a file, and would fail later with a worse message.
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok((file, metadata))
    };
    match open() {
        Ok((file, metadata)) => Ok((name, Box::new(file), !metadata.is_file())),
        Err(error) => Err(Failure::Input { name, error }),
    }
}

/// Returns `true` if standard input is a file or a pipe.
#[cfg(unix)]
fn has_stdin() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileTypeExt;

    // A terminal is a character device, and so is `/dev/null`.
    let metadata =
        io::stdin().as_fd().try_clone_to_owned().map(File::from).and_then(|file| file.metadata());
    metadata.is_ok_and(|metadata| !metadata.file_type().is_char_device())
}

#[cfg(not(unix))]
fn has_stdin() -> bool {
    !io::stdin().is_terminal()
}

static STOP: AtomicBool = AtomicBool::new(false);
static WAKE: OnceLock<SyncSender<Message>> = OnceLock::new();

/// Returns `true` after Ctrl-C, which ends the stream.
pub(crate) fn is_interrupted() -> bool {
    STOP.load(Ordering::SeqCst)
}

fn interrupt() {
    if io::stderr().is_terminal() {
        // The terminal shows `^C` on the line.
        eprintln!();
    }
    if STOP.swap(true, Ordering::SeqCst) {
        // The second time: the program may be blocked in its output.
        process::exit(INTERRUPTED.into());
    }
    if let Some(wake) = WAKE.get() {
        // If the channel is full, another message will wake the reader.
        let _ = wake.try_send(Message::Bytes(Vec::new()));
    }
}

/// A message to the reader.
pub(crate) enum Message {
    /// The bytes of one read; empty to wake the reader.
    Bytes(Vec<u8>),
    Over(Over),
    Failed(io::Error),
}

/// What has ended.
pub(crate) enum Over {
    Ended,
    /// The connection broke, and no other follows.
    #[cfg_attr(not(feature = "http"), expect(dead_code))]
    Broken,
    /// The request was refused.
    #[cfg_attr(not(feature = "http"), expect(dead_code))]
    Refused,
    /// A connection. The next one begins when this is sent something.
    #[cfg_attr(not(feature = "http"), expect(dead_code))]
    Connection(SyncSender<()>),
}

/// Reads until the end.
fn reads(mut input: Reader) -> Start {
    Box::new(move |sender| {
        let mut buffer = vec![0; READ];
        loop {
            let message = match input.read(&mut buffer) {
                Ok(0) => Message::Over(Over::Ended),
                Ok(len) => Message::Bytes(buffer[..len].to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Message::Failed(error),
            };
            let is_last = !matches!(message, Message::Bytes(_));
            if sender.send(message).is_err() || is_last {
                break;
            }
        }
    })
}

/// A reader that may block. It reads on a thread, so that Ctrl-C can end the wait.
struct Live {
    name: String,
    messages: Receiver<Message>,
    chunk: Cursor<Vec<u8>>,
    has_begun: bool,
    /// No message follows: the sender may be kept for waking, so waiting would not end.
    has_ended: bool,
    /// What has ended, for [`Chunks`].
    over: Arc<Mutex<Option<Over>>>,
}

impl Live {
    fn new(name: String, over: Arc<Mutex<Option<Over>>>, start: Start) -> Self {
        let (sender, messages) = sync_channel(1);
        let _ = WAKE.set(sender.clone());
        thread::spawn(move || start(sender));
        Self { name, messages, chunk: Cursor::default(), has_begun: false, has_ended: false, over }
    }

    fn receive(&mut self) -> Message {
        if std::mem::replace(&mut self.has_begun, true) {
        } else if io::stdin().is_terminal() && self.name == "standard input" {
            say(&"reading from the terminal; Ctrl-D ends the stream");
        } else {
            match self.messages.recv_timeout(SILENCE) {
                Ok(message) => return message,
                Err(RecvTimeoutError::Timeout) if io::stderr().is_terminal() => {
                    say(&format_args!("waiting for {}; Ctrl-C ends", self.name));
                }
                Err(_) => {}
            }
        }
        self.messages.recv().unwrap_or(Message::Over(Over::Ended))
    }
}

impl Read for Live {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.chunk.read(buffer)?;
        if len > 0 || self.has_ended || is_interrupted() {
            return Ok(len);
        }
        match self.receive() {
            Message::Bytes(chunk) => {
                self.has_ended = chunk.is_empty();
                self.chunk = Cursor::new(chunk);
                self.chunk.read(buffer)
            }
            Message::Over(over) => {
                self.has_ended = !matches!(over, Over::Connection(_));
                *self.over.lock().unwrap_or_else(PoisonError::into_inner) = Some(over);
                Ok(0)
            }
            Message::Failed(error) => {
                self.has_ended = true;
                Err(error)
            }
        }
    }
}

/// An open stream in chunks. By default a chunk is one read, as in a network client; with a given
/// size, or a cut ahead, several reads are joined.
pub(crate) struct Chunks {
    /// As in error messages.
    pub(crate) name: String,
    /// More may arrive later.
    pub(crate) is_live: bool,
    pub(crate) is_url: bool,
    pub(crate) is_sample: bool,
    input: BufReader<Reader>,
    /// The length of the last chunk in the reader's buffer.
    given: usize,
    /// A chunk joined from several reads.
    gathered: Vec<u8>,
    size: Option<NonZeroUsize>,
    cuts: Peekable<vec::IntoIter<u64>>,
    /// How much of the stream was read, and its beginning.
    pub(crate) offset: u64,
    pub(crate) head: Vec<u8>,
    over: Arc<Mutex<Option<Over>>>,
}

impl Chunks {
    /// Returns the next chunk; `None` at the end of the input or of a
    /// [connection](Self::reconnects), or after Ctrl-C.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Failure> {
        if is_interrupted() {
            return Ok(None);
        }
        self.input.consume(std::mem::take(&mut self.given));
        if self.input.buffer().is_empty() && self.over().is_some() {
            return Ok(None);
        }
        let wanted = self.wanted();
        let unreadable = |error| Failure::Input { name: self.name.clone(), error };
        let chunk = match wanted {
            Some(wanted) if wanted > self.input.buffer().len() => {
                self.gathered.clear();
                let mut input = self.input.by_ref().take(wanted as u64);
                input.read_to_end(&mut self.gathered).map_err(unreadable)?;
                &self.gathered
            }
            wanted => {
                fill(&mut self.input).map_err(unreadable)?;
                let held = self.input.buffer();
                self.given = wanted.unwrap_or(held.len());
                &held[..self.given]
            }
        };
        self.offset += chunk.len() as u64;
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(&chunk[..chunk.len().min(room)]);
        let is_cut = self.cuts.next_if_eq(&self.offset).is_some();
        Ok((is_cut || !chunk.is_empty()).then_some(chunk))
    }

    /// Called after [`next`](Self::next) has returned `None`. Returns `true` if that was the end of
    /// a connection and the stream continues on another one, unless it is complete.
    pub(crate) fn reconnects(&self, is_complete: bool) -> bool {
        let over = self.over().take();
        match over {
            Some(Over::Connection(go_on)) if !is_complete && !is_interrupted() => {
                go_on.send(()).is_ok()
            }
            over => {
                *self.over() = over;
                false
            }
        }
    }

    /// Returns `true` if the connection broke and no other follows.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(*self.over(), Some(Over::Broken))
    }

    /// Returns `true` if the request was refused: the body may have the reason.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(*self.over(), Some(Over::Refused))
    }

    fn over(&self) -> MutexGuard<'_, Option<Over>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The size of the next chunk, unless it is that of one read.
    fn wanted(&mut self) -> Option<usize> {
        let size = self.size.map(NonZeroUsize::get);
        let Some(cut) = self.cuts.peek() else { return size };
        // The cut may be beyond `usize`.
        let ahead = usize::try_from(cut - self.offset).unwrap_or(usize::MAX);
        Some(ahead.min(size.unwrap_or(READ)))
    }

    /// Returns `true` if the next chunk has to be read first.
    pub(crate) fn is_drained(&self) -> bool {
        self.input.buffer().len() == self.given
    }
}

/// Fills the reader's buffer, unless the input has ended.
fn fill(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            filled => return filled.map(drop),
        }
    }
}
