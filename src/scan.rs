//! Looking for the end of a line, for NUL, and for a colon.

use crate::size::IS_SMALL;
use crate::work;

/// Where the first CR or LF stands: the end of the line that `bytes` begin with.
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

/// What there is of the line that `bytes` begin with: up to its end, or all of them.
#[inline(never)] // For the sake of size.
pub(crate) fn line(bytes: &[u8]) -> &[u8] {
    line_end(bytes).and_then(|len| bytes.get(..len)).unwrap_or(bytes)
}

/// As [`line_end`], and small where it is inlined, for a line that is probably
/// shorter than some 16 bytes.
#[inline]
pub(crate) fn short_line_end(bytes: &[u8]) -> Option<usize> {
    let end = search::short_line_end(bytes);
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// As [`line_end`], for a line that is probably longer than some 64 bytes.
#[inline]
pub(crate) fn long_line_end(bytes: &[u8]) -> Option<usize> {
    // The length is asked here so that the searcher, inline, need not.
    if bytes.len() < 32 {
        return line_end(bytes);
    }
    let end = search::long_line_end(bytes);
    work::scanned(end.map_or(bytes.len(), |end| end + 1));
    end
}

/// Whether `bytes` hold NUL.
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    work::scanned(bytes.len());
    match bytes.len() {
        _ if IS_SMALL => small_find(bytes, |byte| byte == 0).is_some(),
        // Most IDs, for which the run-time dispatch would cost more.
        0..32 => bytes.contains(&0),
        _ => memchr::memchr(0, bytes).is_some(),
    }
}

/// Where the first colon stands.
pub(crate) fn colon(bytes: &[u8]) -> Option<usize> {
    work::scanned(bytes.len());
    if IS_SMALL {
        return small_find(bytes, |byte| byte == b':');
    }
    memchr::memchr(b':', bytes)
}

/// A byte at a time: a few instructions, where a word at a time takes hundreds.
fn small_find(bytes: &[u8], is_it: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().position(|&byte| is_it(byte))
}

/// Calling memchr through its run-time dispatch costs more than searching a
/// short line, so that is done with SSE2, inline, and the dispatch done once
/// and for all.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod search {
    #[cfg(feature = "std")]
    use memchr::arch::x86_64::avx2::memchr as avx2;
    use memchr::arch::x86_64::sse2::memchr::Two;

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

    /// Out of line, for the sake of the callers' size, as is the next: few
    /// lines that are not JSON are long, and few are the last of their chunk.
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

    /// By AVX2, where the processor has it.
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

    pub(super) use line_end as long_line_end;
    pub(super) use line_end as short_line_end;
}

#[cfg(test)]
mod tests;
