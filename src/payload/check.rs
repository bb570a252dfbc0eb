//! Is it JSON? One pass, without recursion, before anything is read.
//!
//! What comes after may then pass over what it likes: both back-ends take some
//! things that are no JSON, each its own, and one of them recurses without a limit.

use super::{Error, ErrorKind};
use crate::dialect::peek::{self, pass, unescape};

/// How deep objects and arrays may be nested in a payload: as deep as `serde_json`
/// goes at the most.
pub const MAX_DEPTH: u32 = 127;

/// The text, if it is JSON of no more than [`MAX_DEPTH`] levels (RFC 8259).
pub(super) fn json(data: &[u8]) -> Result<&str, Error> {
    let text = core::str::from_utf8(data)
        .map_err(|error| Error::new(ErrorKind::InvalidUtf8, error.valid_up_to()))?;
    match whole(data) {
        Ok(()) => Ok(text),
        Err((kind, rest)) => {
            let kind = if rest.is_empty() { ErrorKind::UnexpectedEnd } else { kind };
            Err(Error::new(kind, data.len().saturating_sub(rest.len())))
        }
    }
}

/// The text, if it is a JSON object.
pub(super) fn object(data: &[u8]) -> Result<&str, Error> {
    let text = json(data)?;
    let object = pass_space(data);
    if object.starts_with(b"{") {
        return Ok(text);
    }
    Err(Error::new(ErrorKind::NotAnObject, data.len().saturating_sub(object.len())))
}

/// What is wrong, and what is left from there.
type Wrong<'a> = (ErrorKind, &'a [u8]);

/// The brackets that are open: a bit each, set for an object.
#[derive(Default)]
struct Open {
    kinds: u128,
    depth: u32,
}

impl Open {
    fn push(&mut self, is_object: bool) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        self.kinds = self.kinds << 1 | u128::from(is_object);
        Some(())
    }

    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.kinds >>= 1;
    }

    fn is_object(&self) -> bool {
        self.kinds & 1 == 1
    }

    fn close(&self) -> u8 {
        if self.is_object() { b'}' } else { b']' }
    }
}

fn whole(data: &[u8]) -> Result<(), Wrong<'_>> {
    let mut open = Open::default();
    let mut rest = pass_space(data);
    loop {
        // A value.
        let value = rest;
        match value {
            [bracket @ (b'{' | b'['), inside @ ..] => {
                open.push(*bracket == b'{').ok_or((ErrorKind::TooDeep, value))?;
                rest = pass_space(inside);
                if rest.first() != Some(&open.close()) {
                    if open.is_object() {
                        rest = name(rest)?;
                    }
                    continue;
                }
            }
            [b'"', inside @ ..] => rest = string(inside)?,
            _ => rest = pass(value).ok_or((ErrorKind::ExpectedValue, value))?,
        }
        // What follows it.
        loop {
            rest = pass_space(rest);
            if open.depth == 0 {
                let is_end = rest.is_empty();
                return if is_end { Ok(()) } else { Err((ErrorKind::TrailingCharacters, rest)) };
            }
            match rest {
                [b',', behind @ ..] => {
                    rest = pass_space(behind);
                    if open.is_object() {
                        rest = name(rest)?;
                    }
                    break;
                }
                [byte, behind @ ..] if *byte == open.close() => {
                    open.pop();
                    rest = behind;
                }
                _ => return Err((ErrorKind::ExpectedCommaOrEnd, rest)),
            }
        }
    }
}

/// Over white space. There is mostly none, which one comparison tells.
#[inline]
fn pass_space(rest: &[u8]) -> &[u8] {
    match rest {
        [0..=b' ', ..] => spaces(rest),
        _ => rest,
    }
}

#[inline(never)]
fn spaces(rest: &[u8]) -> &[u8] {
    peek::pass_space(rest)
}

/// Over a member's name and the colon, up to its value.
fn name(rest: &[u8]) -> Result<&[u8], Wrong<'_>> {
    let inside = rest.strip_prefix(b"\"").ok_or((ErrorKind::ExpectedName, rest))?;
    let behind = pass_space(string(inside)?);
    let value = behind.strip_prefix(b":").ok_or((ErrorKind::ExpectedColon, behind))?;
    Ok(pass_space(value))
}

/// Over what is left of a string, behind its opening quote.
#[inline]
fn string(inside: &[u8]) -> Result<&[u8], Wrong<'_>> {
    match plain(inside) {
        [b'"', behind @ ..] => Ok(behind),
        rest => escaped(rest),
    }
}

/// As above, where there is something to escape, or wrong.
#[inline(never)]
fn escaped(rest: &[u8]) -> Result<&[u8], Wrong<'_>> {
    let rest = characters(rest)?;
    rest.strip_prefix(b"\"").ok_or((ErrorKind::UnexpectedEnd, rest))
}

/// Over a string's characters, up to a quote or the end of all there is.
pub(super) fn characters(inside: &[u8]) -> Result<&[u8], Wrong<'_>> {
    let mut rest = inside;
    loop {
        rest = plain(rest);
        match rest {
            [] | [b'"', ..] => return Ok(rest),
            [b'\\', ..] => (_, rest) = unescape(rest).ok_or((ErrorKind::InvalidEscape, rest))?,
            _ => return Err((ErrorKind::ControlCharacter, rest)),
        }
    }
}

/// Over all that stands for itself: up to a quote, a backslash, or a control
/// character. Eight bytes at a time: most strings are too short for a searcher.
#[inline]
fn plain(bytes: &[u8]) -> &[u8] {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;

    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*word);
        // With that bit turned over, the quote follows the control characters, and what
        // is below 0x21 is one of them. A byte that borrows marks later ones, too.
        let quote_or_control = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        let found = (quote_or_control | backslash) & !word & HIGH;
        if found != 0 {
            let at = found.trailing_zeros() / 8;
            return rest.get(at as usize..).unwrap_or_default();
        }
        rest = behind;
    }
    while let [byte, behind @ ..] = rest {
        if matches!(byte, 0..=0x1F | b'"' | b'\\') {
            break;
        }
        rest = behind;
    }
    rest
}
