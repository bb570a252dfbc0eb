//! What went wrong: the transport, or an event.

use core::fmt;

/// Why an adapter has no event to lend.
///
/// After either the next call goes on: behind the event that was at fault, or with
/// the transport, if it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error<E> {
    /// The transport's own error. Nothing that came before is lost.
    Transport(E),
    /// An event that breaks a bound: see [`crate::Error`].
    Parse(crate::Error),
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Parse(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error> core::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Parse(error) => error.source(),
        }
    }
}

/// For functions that have [`std::io::Error`]s anyway: what breaks a bound is
/// [`InvalidData`](std::io::ErrorKind::InvalidData).
#[cfg(feature = "std")]
#[cfg_attr(docsrs, doc(cfg(feature = "std")))]
impl From<Error<std::io::Error>> for std::io::Error {
    fn from(error: Error<Self>) -> Self {
        match error {
            Error::Transport(error) => error,
            Error::Parse(error) => Self::new(std::io::ErrorKind::InvalidData, error),
        }
    }
}
