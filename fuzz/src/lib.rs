//! Shared by the targets besides `sseam_testkit`: how a stream is read and cut, and further
//! comparisons.

pub mod json;

use arbitrary::Arbitrary;
use sseam::Notify;
use sseam_testkit::Setup;

/// Offsets at which to cut a stream. A repeated one makes an empty chunk.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Cuts([u16; 6]);

impl Cuts {
    /// The chunks, which together are the stream.
    #[must_use]
    pub fn of<'s>(&self, stream: &'s [u8]) -> Vec<&'s [u8]> {
        let offsets = self.0.map(|at| usize::from(at) % (stream.len() + 1));
        sseam_testkit::cut(stream, &offsets)
    }
}

/// Limits that are exceeded often, sometimes, and never; the notifications; and whether the stream
/// ends with a flush.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Bounds {
    data: u8,
    choices: u8,
}

impl Bounds {
    /// As the tests read streams.
    #[must_use]
    pub fn setup(self) -> Setup {
        let (data, meta) = match self.choices >> 5 & 3 {
            0 => (Setup::ROOMY.data, Setup::ROOMY.meta),
            1 => (usize::from(self.data) % 65, 16),
            _ => (usize::from(self.data) % 65, 4),
        };
        Setup { data, meta, notify: self.notify(), flush: self.choices >> 7 == 1 }
    }

    /// The selected notifications.
    #[must_use]
    pub fn notify(self) -> Notify {
        let all = [
            Notify::COMMENTS,
            Notify::UNKNOWN_FIELDS,
            Notify::EMPTY_BLOCKS,
            Notify::RECONNECTION_TIME,
        ];
        let chosen = (0..).zip(all).filter(|(n, _)| self.choices >> n & 1 == 1);
        chosen.fold(Notify::NONE, |sum, (_, one)| sum | one)
    }
}
