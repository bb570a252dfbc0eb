//! Where a stream comes from, and the chunks that the parser gets of it.

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

/// How much is read at a time.
pub(crate) const READ: usize = 64 << 10;

/// How much of a stream's beginning is kept.
const HEAD: usize = 32;

/// After how long without a byte it is said that one is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which stream to read, and how.
#[derive(clap::Args)]
pub(crate) struct Input {
    /// The stream: a file, or the URL of a live one; '-' is standard input, which is also read where
    /// no file is named and it is no terminal
    #[arg(value_name = "FILE|URL")]
    file: Option<PathBuf>,
    #[cfg(feature = "http")]
    #[command(flatten)]
    request: Request,
    /// Read the sample, as on a terminal or where standard input is /dev/null
    #[arg(long, conflicts_with = "file")]
    sample: bool,
    /// Feed N bytes at a time instead of what a read brings
    #[arg(long, value_name = "N")]
    chunk: Option<NonZeroUsize>,
}

impl Input {
    /// Opens the stream. `cuts` are offsets in it at which a chunk ends in any case; at the second
    /// of two equal ones it is an empty chunk. `follow` says how a URL is followed.
    pub(crate) fn open(&self, mut cuts: Vec<u64>, follow: Follow) -> Result<Chunks, Failure> {
        cuts.sort_unstable();
        let is_sample = self.sample || (self.file.is_none() && !has_stdin());
        let url = self.file.as_deref().and_then(url).filter(|_| !is_sample);
        #[cfg(feature = "http")]
        if url.is_none() && self.request.is_given() {
            return Err(Failure::Usage("-H and -d are for a URL".to_string()));
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
        // Without it, Ctrl-C ends the program without a word, which is no harm.
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
pub(crate) struct Follow {
    pub(crate) how: How,
    /// Knows the last event ID to begin with, and the limits.
    pub(crate) parser: Parser<VecBuf>,
}

#[derive(Clone, Copy)]
pub(crate) enum How {
    /// As browsers do: over one connection after another.
    Stream,
    /// Until there is a response, whose body is read even if it is no event stream.
    Call,
}

type Reader = Box<dyn Read + Send>;

/// Sends what comes, on a thread of its own.
type Start = Box<dyn FnOnce(SyncSender<Message>) + Send>;

/// The URL that the name of a file is.
fn url(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    ["http", "https"].iter().any(|it| scheme.eq_ignore_ascii_case(it)).then_some(text)
}

/// The file, its name, and whether it is one for which we may wait, such as a pipe.
fn file(path: &Path) -> Result<(String, Reader, bool), Failure> {
    let name = format!("'{}'", path.display());
    let open = || {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        // It opens like a file and fails later, which is too late to say so.
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

/// Whether standard input is something that was put there to be read.
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

/// Whether Ctrl-C was pressed, which ends the stream where it is.
pub(crate) fn is_interrupted() -> bool {
    STOP.load(Ordering::SeqCst)
}

fn interrupt() {
    if io::stderr().is_terminal() {
        // The terminal has `^C` on the line.
        eprintln!();
    }
    if STOP.swap(true, Ordering::SeqCst) {
        // The second time: the program may be stuck in its output.
        process::exit(INTERRUPTED.into());
    }
    if let Some(wake) = WAKE.get() {
        // Where there is no place for the message, there is one to wake up by.
        let _ = wake.try_send(Message::Bytes(Vec::new()));
    }
}

/// What was waited for.
pub(crate) enum Message {
    /// What one read brought; nothing to wake up by.
    Bytes(Vec<u8>),
    Over(Over),
    Failed(io::Error),
}

/// What is over.
pub(crate) enum Over {
    Ended,
    /// The connection broke, and no other follows.
    #[cfg_attr(not(feature = "http"), expect(dead_code))]
    Broken,
    /// The request was refused.
    #[cfg_attr(not(feature = "http"), expect(dead_code))]
    Refused,
    /// The connection. Another one follows as soon as this is sent something.
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

/// A reader that may have to wait. A thread does, so that Ctrl-C ends the wait.
struct Live {
    name: String,
    messages: Receiver<Message>,
    chunk: Cursor<Vec<u8>>,
    has_begun: bool,
    /// Nothing comes any more: the sender may be kept, to wake up by, so to wait would be for ever.
    has_ended: bool,
    /// What is over, for [`Chunks`].
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
            say(&"waits for what is typed here; Ctrl-D ends the stream");
        } else {
            match self.messages.recv_timeout(PATIENCE) {
                Ok(message) => return message,
                Err(RecvTimeoutError::Timeout) if io::stderr().is_terminal() => {
                    say(&format_args!("waits for {}; Ctrl-C ends", self.name));
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

/// An open stream, one chunk after the other. By default a chunk is what one read brought, as a
/// network client has it; a given size, or a cut ahead, is waited for until it is reached.
pub(crate) struct Chunks {
    /// As an error message says it.
    pub(crate) name: String,
    /// More may come while we wait.
    pub(crate) is_live: bool,
    pub(crate) is_url: bool,
    pub(crate) is_sample: bool,
    input: BufReader<Reader>,
    /// How much of what the reader holds is the chunk given last.
    given: usize,
    /// A chunk that may have taken several reads.
    gathered: Vec<u8>,
    size: Option<NonZeroUsize>,
    cuts: Peekable<vec::IntoIter<u64>>,
    /// How much of the stream was read, and what it begins with.
    pub(crate) offset: u64,
    pub(crate) head: Vec<u8>,
    over: Arc<Mutex<Option<Over>>>,
}

impl Chunks {
    /// The next chunk; none at the end of the input or of a [connection](Self::reconnects), or
    /// after Ctrl-C.
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

    /// After [`next`](Self::next) has returned none: whether that was the end of a connection. Then
    /// the stream continues on another one, unless it is complete.
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

    /// Whether the connection broke, and that was the end.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(*self.over(), Some(Over::Broken))
    }

    /// Whether the request was refused: what came, if anything did, says why.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(*self.over(), Some(Over::Refused))
    }

    fn over(&self) -> MutexGuard<'_, Option<Over>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the next chunk is to be, unless it is what one read brings.
    fn wanted(&mut self) -> Option<usize> {
        let size = self.size.map(NonZeroUsize::get);
        let Some(cut) = self.cuts.peek() else { return size };
        // The cut may be farther ahead than memory reaches.
        let ahead = usize::try_from(cut - self.offset).unwrap_or(usize::MAX);
        Some(ahead.min(size.unwrap_or(READ)))
    }

    /// Whether the next chunk has to be read first.
    pub(crate) fn is_drained(&self) -> bool {
        self.input.buffer().len() == self.given
    }
}

/// Has the reader hold something, unless the input has ended.
fn fill(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            filled => return filled.map(drop),
        }
    }
}
