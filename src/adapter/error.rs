//! Errors of the adapters.

use core::fmt;

/// The error of an adapter: a failure of the transport, or an event that exceeds a limit.
///
/// The next call continues after the rejected event, or reads from the transport again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error<E> {
    /// The error of the transport. Bytes that were read before are not lost.
    Transport(E),
    /// The error of the parser, about one event: see [`crate::Error`].
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

impl<E> From<crate::Error> for Error<E> {
    fn from(error: crate::Error) -> Self {
        Self::Parse(error)
    }
}

/// Converts to [`std::io::Error`], with the kind [`InvalidData`](std::io::ErrorKind::InvalidData)
/// for an error of the parser.
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
