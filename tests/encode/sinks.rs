//! Every sink gets the same bytes, or returns an error; none allocates by itself.

use std::fmt::{self, Write as _};

use sseam::encode::{Block, TooSmall};

use sseam_testkit::heap::usage;

/// Writes the block to every sink and compares.
#[track_caller]
pub(crate) fn assert_in_every_sink(block: &Block<'_>, bytes: &[u8]) {
    let pieces: Vec<&[u8]> = block.pieces().collect();
    assert_eq!(pieces.concat().escape_ascii().to_string(), bytes.escape_ascii().to_string());
    assert!(pieces.iter().all(|piece| !piece.is_empty()), "{pieces:?}");
    assert_eq!(block.encoded_len(), bytes.len());
    assert_in_slices(block, bytes);
    // Text differs if the bytes are not UTF-8.
    assert_eq!(block.to_string(), String::from_utf8_lossy(bytes));
    assert_eq!(format!("{block:>9.1}"), String::from_utf8_lossy(bytes), "no padding");
    #[cfg(feature = "alloc")]
    {
        let mut vec = b"before".to_vec();
        block.append_to(&mut vec);
        assert_eq!(vec.strip_prefix(b"before"), Some(bytes));
        assert_eq!(block.to_vec(), bytes);
    }
    #[cfg(any(feature = "stream", feature = "codec"))]
    assert_eq!(bytes::Bytes::from(*block), bytes);
    #[cfg(feature = "heapless")]
    assert_in_vectors_of_heapless(block, bytes);
    #[cfg(feature = "std")]
    standard::assert_written(block, bytes);
    #[cfg(feature = "embedded-io-v0_7")]
    blocking::assert_written(block, bytes);
    #[cfg(feature = "embedded-io-async-v0_7")]
    asynchronous::assert_written(block, bytes);
}

/// A slice that is too small is not changed, nor the rest of one that is too large.
#[track_caller]
fn assert_in_slices(block: &Block<'_>, bytes: &[u8]) {
    const UNTOUCHED: u8 = 0xA5;
    let needed = bytes.len();
    let mut memory = vec![UNTOUCHED; needed + 3];
    for len in 0..needed {
        assert_eq!(block.write_to_slice(&mut memory[..len]), Err(TooSmall { needed }));
    }
    assert!(memory.iter().all(|byte| *byte == UNTOUCHED), "refused, and written to");
    assert_eq!(block.write_to_slice(&mut memory), Ok(bytes));
    assert_eq!(memory, [bytes, &[UNTOUCHED; 3]].concat());
    memory.fill(UNTOUCHED);
    assert_eq!(block.write_to_slice(&mut memory[..needed]), Ok(bytes));
}

/// A vector with too little capacity is not changed.
#[cfg(feature = "heapless")]
#[track_caller]
fn assert_in_vectors_of_heapless(block: &Block<'_>, bytes: &[u8]) {
    const CAPACITY: usize = 512;
    let needed = bytes.len();
    for room in [0, 1, needed.saturating_sub(1), needed, needed + 1, CAPACITY] {
        let Some(len) = CAPACITY.checked_sub(room) else { continue };
        let before = vec![b'x'; len];
        let mut vec = heapless::Vec::<u8, CAPACITY>::from_slice(&before).expect("room");
        let written = block.append_to_heapless(&mut vec);
        if room < needed {
            assert_eq!(written, Err(TooSmall { needed }));
            assert_eq!(vec[..], before);
        } else {
            assert_eq!(written, Ok(()));
            assert_eq!(vec[..], [&before[..], bytes].concat());
        }
    }
}

/// Blocks with every kind of line.
fn blocks() -> [Block<'static>; 5] {
    let event = Block::data("one\r\ntwo\n").event_type("add").and_then(|block| block.id("8"));
    [
        Block::new(),
        Block::data("x"),
        event.expect("valid").retry(std::time::Duration::from_secs(3)),
        Block::comment("two\n\nlines"),
        Block::data(b"broken: \xFF, cut: \xF0\x9F\x98\n\x98"),
    ]
}

/// Memory for text that does not allocate.
struct Fixed {
    bytes: [u8; 128],
    len: usize,
}

impl fmt::Write for Fixed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[test]
fn no_allocation() {
    for block in blocks() {
        let len = block.encoded_len();
        let ((), usage) = usage(|| {
            let mut text = Fixed { bytes: [0; 128], len: 0 };
            write!(text, "{block}").expect("room");
            assert_eq!(text.bytes[..text.len].ends_with(b"\n"), len > 0);
            assert_eq!(block.write_to_slice(&mut [0; 128]).map(<[u8]>::len), Ok(len));
            #[cfg(feature = "heapless")]
            assert_eq!(block.append_to_heapless(&mut heapless::Vec::<u8, 128>::new()), Ok(()));
            #[cfg(feature = "std")]
            block.write_to(&mut [0; 128][..]).expect("room");
            assert_eq!(block.pieces().map(<[u8]>::len).sum::<usize>(), len);
        });
        assert_eq!(usage.allocations, 0, "{block:?}");
    }
}

#[cfg(feature = "alloc")]
#[test]
fn vector_grows_once() {
    for block in blocks() {
        let mut vec = Vec::new();
        let ((), first) = usage(|| block.append_to(&mut vec));
        let is_empty = block.encoded_len() == 0;
        assert_eq!(first.allocations, usize::from(!is_empty), "{block:?}");
        vec.clear();
        let ((), again) = usage(|| block.append_to(&mut vec));
        assert_eq!(again.allocations, 0, "{block:?}");
        let (own, made) = usage(|| block.to_vec());
        assert_eq!((own, made.allocations), (vec.clone(), first.allocations), "{block:?}");
        // The vector can be sent as data.
        assert_eq!(Block::data(&vec), Block::data(&vec[..]));
    }
}

#[test]
fn pieces_iterator_is_fused() {
    for block in blocks() {
        let mut pieces = block.pieces();
        assert_eq!(pieces.by_ref().count(), block.pieces().count());
        assert_eq!(pieces.next(), None);
        assert_eq!(pieces.next(), None);
    }
}

#[test]
fn too_small_reports_needed_size() {
    let error = Block::data("x").write_to_slice(&mut []).expect_err("no room");
    assert_eq!(error.to_string(), "the block of 9 bytes exceeds the space left");
}

/// A writer that accepts `at_a_time` bytes at once, and `in_all` in total.
#[cfg(any(feature = "std", feature = "embedded-io-v0_7", feature = "embedded-io-async-v0_7"))]
struct Slow {
    taken: Vec<u8>,
    at_a_time: usize,
    in_all: usize,
}

#[cfg(any(feature = "std", feature = "embedded-io-v0_7", feature = "embedded-io-async-v0_7"))]
impl Slow {
    fn new(at_a_time: usize, in_all: usize) -> Self {
        Self { taken: Vec::new(), at_a_time, in_all }
    }

    fn take(&mut self, bytes: &[u8]) -> Option<usize> {
        let len = bytes.len().min(self.at_a_time).min(self.in_all - self.taken.len());
        self.taken.extend_from_slice(&bytes[..len]);
        (len > 0).then_some(len)
    }
}

#[cfg(feature = "std")]
mod standard {
    use std::io::{self, ErrorKind, Write};

    use super::{Block, Slow};

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.take(bytes).ok_or(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            unreachable!("the caller decides when to flush")
        }
    }

    #[track_caller]
    pub(super) fn assert_written(block: &Block<'_>, bytes: &[u8]) {
        for at_a_time in [1, usize::MAX] {
            let mut writer = Slow::new(at_a_time, bytes.len());
            block.write_to(&mut writer).expect("room");
            assert_eq!(writer.taken, bytes);
            let Some(room) = bytes.len().checked_sub(1) else { continue };
            let mut writer = Slow::new(at_a_time, room);
            let writer_dyn: &mut dyn Write = &mut writer;
            let error = block.write_to(writer_dyn).expect_err("one byte too few");
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
            assert_eq!(writer.taken, bytes[..room]);
        }
        // By value, and a writer that stops accepting without returning an error.
        let Some(room) = bytes.len().checked_sub(1) else { return };
        let mut memory = vec![0; room];
        let error = block.write_to(&mut memory[..]).expect_err("one byte too few");
        assert_eq!(error.kind(), ErrorKind::WriteZero);
        assert_eq!(memory, bytes[..room]);
    }
}

#[cfg(feature = "embedded-io-v0_7")]
mod blocking {
    use embedded_io::{ErrorKind, ErrorType, Write};

    use super::{Block, Slow};

    impl ErrorType for Slow {
        type Error = ErrorKind;
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
            self.take(bytes).ok_or(ErrorKind::WriteZero)
        }

        fn flush(&mut self) -> Result<(), ErrorKind> {
            unreachable!("the caller decides when to flush")
        }
    }

    #[track_caller]
    pub(super) fn assert_written(block: &Block<'_>, bytes: &[u8]) {
        for at_a_time in [1, usize::MAX] {
            let mut writer = Slow::new(at_a_time, bytes.len());
            assert_eq!(block.write_to_embedded_io_v0_7(&mut writer), Ok(()));
            assert_eq!(writer.taken, bytes);
            let Some(room) = bytes.len().checked_sub(1) else { continue };
            let mut writer = Slow::new(at_a_time, room);
            let writer_dyn: &mut dyn Write<Error = ErrorKind> = &mut writer;
            assert_eq!(block.write_to_embedded_io_v0_7(writer_dyn), Err(ErrorKind::WriteZero));
            assert_eq!(writer.taken, bytes[..room]);
        }
    }
}

#[cfg(feature = "embedded-io-async-v0_7")]
mod asynchronous {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use embedded_io_async::{ErrorKind, ErrorType, Write};

    use super::{Block, Slow};

    /// Not ready at every other poll.
    struct Unready(Slow);

    impl ErrorType for Unready {
        type Error = ErrorKind;
    }

    impl Write for Unready {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
            let mut is_ready = false;
            poll_fn(|_| {
                if !std::mem::replace(&mut is_ready, true) {
                    return Poll::Pending;
                }
                Poll::Ready(self.0.take(bytes).ok_or(ErrorKind::WriteZero))
            })
            .await
        }

        async fn flush(&mut self) -> Result<(), ErrorKind> {
            unreachable!("the caller decides when to flush")
        }
    }

    fn block_on<F: Future + Send>(future: F) -> F::Output {
        let mut future = pin!(future);
        loop {
            let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            if let Poll::Ready(output) = polled {
                return output;
            }
        }
    }

    #[track_caller]
    pub(super) fn assert_written(block: &Block<'_>, bytes: &[u8]) {
        for at_a_time in [1, usize::MAX] {
            let mut writer = Unready(Slow::new(at_a_time, bytes.len()));
            assert_eq!(block_on(block.write_to_embedded_io_async_v0_7(&mut writer)), Ok(()));
            assert_eq!(writer.0.taken, bytes);
            let Some(room) = bytes.len().checked_sub(1) else { continue };
            let mut writer = Unready(Slow::new(at_a_time, room));
            let written = block_on(block.write_to_embedded_io_async_v0_7(&mut writer));
            assert_eq!(written, Err(ErrorKind::WriteZero));
            assert_eq!(writer.0.taken, bytes[..room]);
        }
    }
}
