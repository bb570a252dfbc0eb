//! Where a stream comes from, and the chunks that the parser gets of it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, IsTerminal, Read};
use std::iter::Peekable;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;
use std::{process, thread, vec};

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
    /// The stream; '-' is standard input, which is also read where no file is named and it is no
    /// terminal
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Read the sample, as on a terminal or where standard input is /dev/null
    #[arg(long, conflicts_with = "file")]
    sample: bool,
    /// Feed N bytes at a time instead of what a read brings
    #[arg(long, value_name = "N")]
    chunk: Option<NonZeroUsize>,
}

impl Input {
    /// Opens the stream. `cuts` are offsets in it at which a chunk ends in any case; at the second
    /// of two equal ones it is an empty chunk.
    pub(crate) fn open(&self, mut cuts: Vec<u64>) -> Result<Chunks, Failure> {
        cuts.sort_unstable();
        let is_sample = self.sample || (self.file.is_none() && !has_stdin());
        let (name, reader, is_live) = match &self.file {
            _ if is_sample => ("the sample".to_string(), Box::new(SAMPLE) as Reader, false),
            Some(path) if path.as_os_str() != "-" => file(path)?,
            _ => ("standard input".to_string(), Box::new(io::stdin()) as Reader, true),
        };
        // Without it, Ctrl-C ends the program without a word, which is no harm.
        let _ = ctrlc::set_handler(interrupt);
        let reader =
            if is_live { Box::new(Live::new(name.clone(), reader)) as Reader } else { reader };
        Ok(Chunks {
            name,
            is_live,
            is_sample,
            input: BufReader::with_capacity(READ, reader),
            given: 0,
            gathered: Vec::new(),
            size: self.chunk,
            cuts: cuts.into_iter().peekable(),
            offset: 0,
            head: Vec::new(),
        })
    }
}

type Reader = Box<dyn Read + Send>;

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
        let _ = wake.try_send(Ok(Vec::new()));
    }
}

/// What one read brought; nothing at the end, or to wake up.
type Message = io::Result<Vec<u8>>;

/// A reader that may have to wait. A thread does, so that Ctrl-C ends the wait.
struct Live {
    name: String,
    messages: Receiver<Message>,
    chunk: Cursor<Vec<u8>>,
    has_begun: bool,
    /// Nothing comes any more: the sender may be kept, to wake up by, so to wait would be for ever.
    has_ended: bool,
}

impl Live {
    fn new(name: String, mut input: Reader) -> Self {
        let (sender, messages) = sync_channel(1);
        let _ = WAKE.set(sender.clone());
        thread::spawn(move || {
            let mut buffer = vec![0; READ];
            loop {
                let read = match input.read(&mut buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.map(|len| buffer[..len].to_vec()),
                };
                let is_last = !read.as_ref().is_ok_and(|read| !read.is_empty());
                if sender.send(read).is_err() || is_last {
                    break;
                }
            }
        });
        Self { name, messages, chunk: Cursor::default(), has_begun: false, has_ended: false }
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
        self.messages.recv().unwrap_or(Ok(Vec::new()))
    }
}

impl Read for Live {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.chunk.read(buffer)?;
        if len > 0 || self.has_ended || is_interrupted() {
            return Ok(len);
        }
        let message = self.receive();
        self.has_ended = !message.as_ref().is_ok_and(|chunk| !chunk.is_empty());
        self.chunk = Cursor::new(message?);
        self.chunk.read(buffer)
    }
}

/// An open stream, one chunk after the other. By default a chunk is what one read brought, as a
/// network client has it; a given size, or a cut ahead, is waited for until it is reached.
pub(crate) struct Chunks {
    /// As an error message says it.
    pub(crate) name: String,
    /// More may come while we wait.
    pub(crate) is_live: bool,
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
}

impl Chunks {
    /// The next chunk; none at the end of the input, or after Ctrl-C.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Failure> {
        if is_interrupted() {
            return Ok(None);
        }
        self.input.consume(std::mem::take(&mut self.given));
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
