//! Searches for the end of a line or an ID, and for a colon.

use crate::size::IS_SMALL;
use crate::work;

/// Returns the offset of the first CR or LF: the end of the line that `bytes` begin with.
#[inline]
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    let end = if IS_SMALL {
        small_find(bytes, |byte| matches!(byte, b'\n' | b'\r'))
    } else {
        search::line_end(bytes)
    };
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// Returns the same as [`line_end`], fast for lines shorter than 16 bytes. Small when inlined.
#[inline]
pub(crate) fn short_line_end(bytes: &[u8]) -> Option<usize> {
    let end = search::short_line_end(bytes);
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// Returns the same as [`line_end`], fast for lines longer than 64 bytes.
#[inline]
pub(crate) fn long_line_end(bytes: &[u8]) -> Option<usize> {
    // The length is checked here so that the inlined searcher need not.
    if bytes.len() < 32 {
        return line_end(bytes);
    }
    let end = search::long_line_end(bytes);
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// Returns the offset of the first CR, LF or NUL. A line end ends an ID, NUL makes it invalid.
#[inline]
pub(crate) fn id_end(bytes: &[u8]) -> Option<usize> {
    let end = if IS_SMALL {
        small_find(bytes, |byte| matches!(byte, b'\n' | b'\r' | 0))
    } else {
        search::id_end(bytes)
    };
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// Returns the offset of the end of a value: by [`id_end`] or by [`line_end`].
#[inline]
pub(crate) fn value_end(bytes: &[u8], is_id: bool) -> Option<usize> {
    if IS_SMALL {
        let is_end = |byte| matches!(byte, b'\n' | b'\r') || (is_id && byte == 0);
        let end = small_find(bytes, is_end);
        work::scanned(end.map_or(bytes.len(), |end| end + 1));
        return end;
    }
    if is_id { id_end(bytes) } else { line_end(bytes) }
}

/// Returns the offset of the first colon.
pub(crate) fn colon(bytes: &[u8]) -> Option<usize> {
    work::scanned(bytes.len());
    if IS_SMALL {
        return small_find(bytes, |byte| byte == b':');
    }
    memchr::memchr(b':', bytes)
}

/// Searches byte by byte, in a few instructions of code; a search word by word needs hundreds.
fn small_find(bytes: &[u8], is_match: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().position(|&byte| is_match(byte))
}

/// memchr's run-time dispatch costs more than searching a short line. So short lines are
/// searched with SSE2, inline, and the searcher for long lines is selected once.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod search {
    #[cfg(feature = "std")]
    use memchr::arch::x86_64::avx2::memchr as avx2;
    use memchr::arch::x86_64::sse2::memchr::{Three, Two};

    const VECTOR: usize = 16;
    const NEAR: usize = 4 * VECTOR;

    #[inline]
    pub(super) fn short_line_end(bytes: &[u8]) -> Option<usize> {
        let two = Two::new(b'\n', b'\r')?;
        let Some((near, far)) = bytes.split_first_chunk::<VECTOR>() else {
            return last_line_end(bytes);
        };
        match two.find(near) {
            None => next_line_end(far).map(|end| VECTOR + end),
            end => end,
        }
    }

    #[inline(never)]
    fn next_line_end(bytes: &[u8]) -> Option<usize> {
        line_end(bytes)
    }

    #[inline]
    pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
        let two = Two::new(b'\n', b'\r')?;
        let Some((near, far)) = bytes.split_first_chunk::<NEAR>() else {
            return last_line_end(bytes);
        };
        let mut start = 0;
        while let Some(vector) = near.get(start..start + VECTOR) {
            if let Some(end) = two.find(vector) {
                return Some(start + end);
            }
            start += VECTOR;
        }
        if far.is_empty() {
            return None;
        }
        far_line_end(far).map(|end| NEAR + end)
    }

    #[inline]
    pub(super) fn id_end(bytes: &[u8]) -> Option<usize> {
        let three = Three::new(b'\n', b'\r', 0)?;
        let Some((near, far)) = bytes.split_first_chunk::<VECTOR>() else {
            return bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r' | 0));
        };
        match three.find(near) {
            None => memchr::memchr3(b'\n', b'\r', 0, far).map(|end| VECTOR + end),
            end => end,
        }
    }

    /// Searches the rest of a long line. Out of line, as is the next function, to keep the callers
    /// small: few lines that are not JSON are long, and few are the last of their chunk.
    #[inline(never)]
    fn far_line_end(bytes: &[u8]) -> Option<usize> {
        long_line_end(bytes)
    }

    #[inline(never)]
    fn last_line_end(bytes: &[u8]) -> Option<usize> {
        let two = Two::new(b'\n', b'\r')?;
        let Some(last) = bytes.last_chunk::<VECTOR>() else {
            return bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        };
        let mut start = 0;
        while let Some(vector) = bytes.get(start..start + VECTOR) {
            if let Some(end) = two.find(vector) {
                return Some(start + end);
            }
            start += VECTOR;
        }
        two.find(last).map(|end| bytes.len() - VECTOR + end)
    }

    #[cfg(feature = "std")]
    #[inline]
    pub(super) fn long_line_end(bytes: &[u8]) -> Option<usize> {
        use std::sync::LazyLock;

        static SEARCHER: LazyLock<Option<avx2::Two>> =
            LazyLock::new(|| avx2::Two::new(b'\n', b'\r'));
        long_line_end_by(SEARCHER.as_ref(), bytes)
    }

    /// Searches by AVX2 if the processor has it.
    #[cfg(feature = "std")]
    #[inline]
    pub(super) fn long_line_end_by(avx2: Option<&avx2::Two>, bytes: &[u8]) -> Option<usize> {
        match avx2 {
            Some(two) => two.find(bytes),
            None => memchr::memchr2(b'\n', b'\r', bytes),
        }
    }

    #[cfg(not(feature = "std"))]
    pub(super) fn long_line_end(bytes: &[u8]) -> Option<usize> {
        memchr::memchr2(b'\n', b'\r', bytes)
    }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
mod search {
    #[inline]
    pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
        memchr::memchr2(b'\n', b'\r', bytes)
    }

    #[inline]
    pub(super) fn id_end(bytes: &[u8]) -> Option<usize> {
        memchr::memchr3(b'\n', b'\r', 0, bytes)
    }

    pub(super) use line_end as long_line_end;
    pub(super) use line_end as short_line_end;
}

#[cfg(test)]
mod tests;
