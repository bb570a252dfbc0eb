//! Searches in strings, sixteen bytes at a time if the processor can.
//!
//! Odd bytes are control characters and bytes that are not ASCII: a string that may contain one
//! has to be validated.

use crate::size::IS_SMALL;
use crate::work;

/// The number of bytes that are searched at a time.
const BLOCK: usize = 16;

/// One in each byte of a word.
const ONES: u64 = u64::MAX / 255;
/// The highest bit in each byte of a word.
const HIGH: u64 = ONES << 7;

/// Reads a string that ends within `BLOCKS` blocks, if it is valid and has no escapes.
///
/// `inside` begins after the opening quote. Also returns the rest after the closing quote.
#[inline(always)]
pub(crate) fn short_string<const BLOCKS: usize>(inside: &[u8]) -> Option<(&[u8], &[u8])> {
    if IS_SMALL {
        return None;
    }
    let (mut rest, mut odd) = (inside, false);
    for n in 0..BLOCKS {
        let (block, after) = rest.split_first_chunk::<BLOCK>()?;
        odd |= is_odd(block);
        if let Some(at) = special_in(block) {
            let end = n * BLOCK + at;
            let (text, rest) = inside.split_at_checked(end)?;
            let rest = rest.strip_prefix(b"\"")?;
            work::scanned(end + 1);
            return if odd && !is_text(text) { None } else { Some((text, rest)) };
        }
        rest = after;
    }
    None
}

/// Returns `true` if `bytes` are UTF-8 without control characters.
#[inline(never)]
pub(super) fn is_text(bytes: &[u8]) -> bool {
    /// The length from which a separate search for control characters is faster.
    const LONG: usize = 64;

    if IS_SMALL || bytes.len() >= LONG {
        let controls = bytes.iter().fold(0, |found, &byte| found | u8::from(byte < 0x20));
        return controls == 0 && core::str::from_utf8(bytes).is_ok();
    }
    // Table 3-7 of the Unicode Standard.
    let mut rest = bytes;
    while let [lead, after @ ..] = rest {
        rest = match (lead, after) {
            (0x20..=0x7F, _) => after,
            (0xE1..=0xEC | 0xEE..=0xEF, [b, c, rest @ ..]) if is_tail(*b) & is_tail(*c) => rest,
            (0xC2..=0xDF, [0x80..=0xBF, rest @ ..])
            | (0xE0, [0xA0..=0xBF, 0x80..=0xBF, rest @ ..])
            | (0xED, [0x80..=0x9F, 0x80..=0xBF, rest @ ..])
            | (0xF0, [0x90..=0xBF, 0x80..=0xBF, 0x80..=0xBF, rest @ ..])
            | (0xF1..=0xF3, [0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, rest @ ..])
            | (0xF4, [0x80..=0x8F, 0x80..=0xBF, 0x80..=0xBF, rest @ ..]) => rest,
            _ => return false,
        };
    }
    true
}

/// Returns `true` for a byte after the first one of a character (RFC 3629, `UTF8-tail`).
fn is_tail(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Returns the offset of the first quote or backslash. Sets `odd` if there may be an odd byte
/// before it.
#[inline(always)]
pub(super) fn special(bytes: &[u8], odd: &mut bool) -> Option<usize> {
    let at = if IS_SMALL {
        *odd = true;
        bytes.iter().position(|&byte| is_special(byte))
    } else {
        find_special(bytes, odd)
    };
    work::scanned(at.map_or(bytes.len(), |at| at + 1));
    at
}

/// Searches four blocks, then the rest by memchr, whose dispatch only pays for long strings.
#[inline(always)]
fn find_special(bytes: &[u8], odd: &mut bool) -> Option<usize> {
    const NEAR: usize = 4;

    let mut rest = bytes;
    for n in 0..NEAR {
        let Some((block, after)) = rest.split_first_chunk::<BLOCK>() else {
            return last_special(rest, odd).map(|at| n * BLOCK + at);
        };
        *odd |= is_odd(block);
        if let Some(at) = special_in(block) {
            return Some(n * BLOCK + at);
        }
        rest = after;
    }
    let at = memchr::memchr2(b'"', b'\\', rest)?;
    *odd |= rest.get(..at).is_some_and(is_odd);
    Some(NEAR * BLOCK + at)
}

/// Searches as [`special`] in less than a block: eight bytes at a time, then one by one.
#[inline]
fn last_special(bytes: &[u8], odd: &mut bool) -> Option<usize> {
    let (mut rest, mut before) = (bytes, 0);
    if let Some((word, after)) = bytes.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*word);
        *odd |= (word | word.wrapping_sub(ONES * 0x20)) & HIGH != 0;
        let found = marks(word, b'"') | marks(word, b'\\');
        if found != 0 {
            return Some(found.trailing_zeros() as usize / 8);
        }
        (rest, before) = (after, 8);
    }
    for (n, byte) in rest.iter().enumerate() {
        if is_special(*byte) {
            return Some(before + n);
        }
        *odd |= i8::from_ne_bytes([*byte]) < 0x20;
    }
    None
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\')
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline(always)]
fn special_in(block: &[u8; BLOCK]) -> Option<usize> {
    use memchr::arch::x86_64::sse2::memchr::Two;

    Two::new(b'"', b'\\')?.find(block)
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn backslash_in(block: &[u8; BLOCK]) -> Option<usize> {
    memchr::arch::x86_64::sse2::memchr::One::new(b'\\')?.find(block)
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
fn backslash_in(block: &[u8; BLOCK]) -> Option<usize> {
    block.iter().position(|&byte| byte == b'\\')
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
fn special_in(block: &[u8; BLOCK]) -> Option<usize> {
    block.iter().position(|&byte| is_special(byte))
}

/// Returns `true` if there is an odd byte: one signed comparison for each byte.
#[inline(always)]
pub(super) fn is_odd(bytes: &[u8]) -> bool {
    // Without a branch for each byte, the compiler compares sixteen at once.
    bytes.iter().fold(0, |odd, &byte| odd | u8::from(i8::from_ne_bytes([byte]) < 0x20)) != 0
}

/// Copies the bytes before the first backslash, at most a block, and returns their number.
///
/// The rest of `to` is unspecified.
#[inline]
pub(super) fn copy_plain(from: &[u8], to: &mut [u8; BLOCK]) -> usize {
    if let Some(block) = from.first_chunk() {
        *to = *block;
        return backslash_in(block).unwrap_or(BLOCK);
    }
    let plain = from.iter().take_while(|byte| **byte != b'\\');
    plain.zip(to).map(|(from, to)| *to = *from).count()
}

/// Returns the offset of the first backslash.
#[inline]
pub(super) fn backslash(bytes: &[u8]) -> Option<usize> {
    if IS_SMALL || bytes.len() < BLOCK {
        return bytes.iter().position(|&byte| byte == b'\\');
    }
    memchr::memchr(b'\\', bytes)
}

/// Returns `true` if there is a backslash.
#[inline]
pub(super) fn has_backslash(bytes: &[u8]) -> bool {
    if IS_SMALL || bytes.len() >= BLOCK {
        return backslash(bytes).is_some();
    }
    let (mut found, mut rest) = (false, bytes);
    if let Some((word, after)) = rest.split_first_chunk() {
        found = marks(u64::from_le_bytes(*word), b'\\') != 0;
        rest = after;
    }
    found || rest.contains(&b'\\')
}

/// Sets the highest bit of the first byte that is `byte`, and perhaps those of later bytes.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    let differs = word ^ (ONES * u64::from(byte));
    differs.wrapping_sub(ONES) & !differs & HIGH
}
