//! Finding the end of a string.

use super::Text;
use crate::work;

/// What is searched at once where the processor can.
const VECTOR: usize = 16;

/// The string whose opening quote stands before `inside`, and what follows its
/// closing one, if that comes within so many vectors and no escape comes first.
#[allow(clippy::inline_always)] // What it gives is many words, best kept in registers.
#[inline(always)]
pub(super) fn near<const VECTORS: usize>(inside: &[u8]) -> Option<(Text<'_>, &[u8])> {
    let end = quote_or_backslash(inside, VECTORS * VECTOR)?;
    work::scanned(end + 1);
    match inside.split_at_checked(end)? {
        (raw, [b'"', rest @ ..]) => Some((Text::plain(raw), rest)),
        _ => None,
    }
}

/// The string that `quoted` begins with, and what follows it.
///
/// Out of line: most strings are short.
#[inline(never)]
pub(super) fn whole(quoted: &[u8]) -> Option<(Text<'_>, &[u8])> {
    let mut rest = quoted.strip_prefix(b"\"")?;
    let mut is_escaped = false;
    loop {
        let at = memchr::memchr2(b'"', b'\\', rest);
        work::scanned(at.map_or(rest.len(), |at| at + 1));
        match rest.get(at?..)? {
            [b'"', behind @ ..] => {
                let text = quoted.get(..quoted.len() - behind.len() - 1)?;
                let text =
                    if is_escaped { Text::escaped(text) } else { Text::plain(text.get(1..)?) };
                return Some((text, behind));
            }
            [_, _, behind @ ..] => {
                is_escaped = true;
                rest = behind;
            }
            _ => return None,
        }
    }
}

/// The string that `quoted` begins with, and what follows it.
#[inline]
pub(super) fn read(quoted: &[u8]) -> Option<(Text<'_>, &[u8])> {
    let inside = quoted.strip_prefix(b"\"")?;
    near::<2>(inside).or_else(|| whole(quoted))
}

/// Where the first of both is, if that is near. In the last vector, nothing is
/// near: to look at each byte there is not worth the code.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(clippy::inline_always)]
#[inline(always)]
fn quote_or_backslash(bytes: &[u8], near: usize) -> Option<usize> {
    use memchr::arch::x86_64::sse2::memchr::Two;

    let two = Two::new(b'"', b'\\')?;
    let mut start = 0;
    while start < near {
        if let Some(at) = two.find(bytes.get(start..start + VECTOR)?) {
            return Some(start + at);
        }
        start += VECTOR;
    }
    None
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
fn quote_or_backslash(bytes: &[u8], near: usize) -> Option<usize> {
    bytes.iter().take(near).position(|byte| matches!(byte, b'"' | b'\\'))
}
