//! Where the stream comes from.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::Failure;
use crate::args::Input;

/// What is read when nothing is named: the answer of a language model.
const SAMPLE: &[u8] = include_bytes!("sample.sse");

/// An open stream.
pub(crate) struct Source {
    /// As an error message says it.
    pub(crate) name: String,
    pub(crate) reader: Box<dyn Read>,
    /// More may come while we wait.
    pub(crate) is_live: bool,
    /// The size in bytes, where it is known.
    pub(crate) len: Option<u64>,
}

impl Source {
    pub(crate) fn open(input: &Input) -> Result<Self, Failure> {
        match input {
            Input::Sample => Ok(Self {
                name: "the sample".to_string(),
                reader: Box::new(SAMPLE),
                is_live: false,
                len: None,
            }),
            Input::Stdin => Ok(Self {
                name: "standard input".to_string(),
                reader: Box::new(io::stdin().lock()),
                is_live: true,
                len: None,
            }),
            Input::File(path) => {
                let name = format!("'{}'", path.display());
                match open_file(path) {
                    Ok((file, metadata)) => Ok(Self {
                        name,
                        reader: Box::new(file),
                        // A path may also name a pipe.
                        is_live: !metadata.is_file(),
                        len: metadata.is_file().then_some(metadata.len()),
                    }),
                    Err(error) => Err(Failure::Input { name, error }),
                }
            }
        }
    }
}

/// A directory opens like a file and fails later, which is too late to say so.
fn open_file(path: &Path) -> io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok((file, metadata))
}
