//! The JSON grammar (RFC 8259), in one forward pass.
//!
//! A position is the rest of the data. Each function takes the position of a value or token and
//! returns the position after it, or `None` if the pass holds an error.

use super::text::{short_escape, unescape};
use super::{Error, ErrorKind, Json, JsonStr, scan};
use crate::size::IS_SMALL;

/// The maximum depth of nested objects and arrays, as in `serde_json`.
pub const MAX_DEPTH: u32 = 127;

/// The maximum length of the known member names.
const MAX_NAME: usize = 32;

/// A function that takes a member's decoded name and its value, and returns the rest after it.
pub(crate) type Member<'m, 'a> = &'m mut dyn FnMut(&mut Pass, &[u8], &'a [u8]) -> Option<&'a [u8]>;

/// The state of a pass, besides the position.
#[derive(Debug)]
pub(crate) struct Pass {
    /// The number of open objects and arrays.
    levels: u32,
    /// The last value was of its field's kind.
    pub(crate) took: bool,
    /// The contents of strings are not validated.
    is_lenient: bool,
    /// A value was skipped that was neither `null` nor of its field's kind.
    pub(super) has_mismatch: bool,
    /// The error, and the number of bytes from there to the end.
    wrong: Option<(ErrorKind, usize)>,
}

impl Pass {
    /// Creates a pass that validates everything.
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { levels: 0, took: false, is_lenient: false, has_mismatch: false, wrong: None }
    }

    /// Creates a pass that does not validate the contents of strings.
    #[inline]
    pub(super) const fn lenient() -> Self {
        Self { levels: 0, took: false, is_lenient: true, has_mismatch: false, wrong: None }
    }

    /// Sets the error at `rest`: an unexpected end if `rest` is empty, and otherwise `kind`.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail<T>(&mut self, kind: ErrorKind, rest: &[u8]) -> Option<T> {
        let kind = if rest.is_empty() { ErrorKind::UnexpectedEnd } else { kind };
        self.wrong = Some((kind, rest.len()));
        None
    }

    /// Ends a pass over `data`. Only white space may be left in `rest`.
    #[inline]
    pub(super) fn end(mut self, data: &[u8], rest: Option<&[u8]>) -> Result<(), Error> {
        match rest.map(space) {
            Some([]) => Ok(()),
            rest => Err(self.error(data, rest)),
        }
    }

    /// Returns the error of a pass over `data` that failed or did not reach the end. Invalid UTF-8
    /// anywhere takes precedence.
    #[cold]
    #[inline(never)]
    fn error(&mut self, data: &[u8], rest: Option<&[u8]>) -> Error {
        if let Some(rest) = rest {
            let _: Option<()> = self.fail(ErrorKind::TrailingCharacters, rest);
        }
        if let Err(error) = core::str::from_utf8(data) {
            return Error::new(ErrorKind::InvalidUtf8, error.valid_up_to());
        }
        debug_assert!(self.wrong.is_some(), "a pass that fails has an error");
        let (kind, left) = self.wrong.unwrap_or((ErrorKind::ExpectedValue, data.len()));
        Error::new(kind, data.len().saturating_sub(left))
    }

    /// Skips a value.
    pub(crate) fn skip<'a>(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        match value {
            [b'"', inside @ ..] => self.skip_string(inside),
            [b'{' | b'[', ..] => self.skip_nested(value),
            _ => self.scalar(value),
        }
    }

    /// Returns a value as raw JSON, and the rest after it. [`took`](Self::took) is `false` for
    /// `null`.
    pub(crate) fn json<'a>(&mut self, value: &'a [u8]) -> Option<(Json<'a>, &'a [u8])> {
        let rest = self.skip(value)?;
        self.took = !value.starts_with(b"n");
        Some((Json::of_skipped(before(value, rest)), rest))
    }

    /// Skips a string after its opening quote.
    #[inline]
    fn skip_string<'a>(&mut self, inside: &'a [u8]) -> Option<&'a [u8]> {
        match scan::short_string::<2>(inside) {
            Some((_, rest)) => Some(rest),
            None => self.string(inside).map(|(_, rest)| rest),
        }
    }

    /// Skips an object or array.
    fn skip_nested<'a>(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        // A bit for each open bracket, set for an object.
        let (mut kinds, outside) = (0_u128, self.levels);
        let mut rest = value;
        loop {
            let mut after = match rest {
                [open @ (b'{' | b'['), inside @ ..] => {
                    self.enter(rest)?;
                    kinds = kinds << 1 | u128::from(*open == b'{');
                    let inside = space(inside);
                    if !matches!((kinds & 1, inside), (0, [b']', ..]) | (1, [b'}', ..])) {
                        rest = self.skip_to_value(kinds, inside)?;
                        continue;
                    }
                    inside
                }
                [b'"', inside @ ..] => self.skip_string(inside)?,
                _ => self.scalar(rest)?,
            };
            // After a value, or at the closing bracket of an empty one.
            rest = loop {
                after = match (kinds & 1, space(after)) {
                    (0, [b']', rest @ ..]) | (1, [b'}', rest @ ..]) => self.leave(rest),
                    (_, [b',', item @ ..]) => break self.skip_to_value(kinds, space(item))?,
                    (_, rest) => return self.fail(ErrorKind::ExpectedCommaOrEnd, rest),
                };
                kinds >>= 1;
                if self.levels == outside {
                    return Some(after);
                }
            };
        }
    }

    /// Skips the name of a member, if the innermost bracket is an object's.
    fn skip_to_value<'a>(&mut self, kinds: u128, item: &'a [u8]) -> Option<&'a [u8]> {
        if kinds & 1 == 0 { Some(item) } else { self.name(item).map(|(_, _, value)| value) }
    }

    /// Enters the object or array that `value` begins with.
    #[inline]
    pub(crate) fn enter(&mut self, value: &[u8]) -> Option<()> {
        if self.levels == MAX_DEPTH {
            return self.fail(ErrorKind::TooDeep, value);
        }
        self.levels += 1;
        Some(())
    }

    /// Leaves the object or array that ends before `rest`.
    #[inline]
    pub(crate) fn leave<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        debug_assert!(self.levels > 0, "a level is open");
        self.levels = self.levels.saturating_sub(1);
        rest
    }

    /// Reads a member's name and colon. Returns the name with its escapes, whether it has none, and
    /// the position of the value.
    #[inline(always)]
    pub(super) fn name<'a>(&mut self, rest: &'a [u8]) -> Option<(&'a [u8], bool, &'a [u8])> {
        let [b'"', inside @ ..] = rest else { return self.fail(ErrorKind::ExpectedName, rest) };
        let (name, is_plain, after) = if let Some((name, after)) = scan::short_string::<2>(inside) {
            (name, true, after)
        } else {
            let (name, after) = self.string(inside)?;
            (name, !scan::has_backslash(name), after)
        };
        match space(after) {
            [b':', value @ ..] => Some((name, is_plain, space(value))),
            after => self.fail(ErrorKind::ExpectedColon, after),
        }
    }

    /// Calls `member` for each member of an object, or for those that are left.
    ///
    /// `rest` begins with the opening bracket if `is_start`, or else is the position after a value.
    /// Returns the position after the object.
    #[inline(never)]
    pub(crate) fn members<'a>(
        &mut self,
        rest: &'a [u8],
        is_start: bool,
        member: Member<'_, 'a>,
    ) -> Option<&'a [u8]> {
        let (mut rest, mut is_start) = (space(rest), is_start);
        loop {
            let inside = match rest {
                [b'{', inside @ ..] if is_start => space(inside),
                [b',', after @ ..] if !is_start => space(after),
                [b'}', after @ ..] if !is_start => return Some(self.leave(after)),
                _ => return self.fail(ErrorKind::ExpectedCommaOrEnd, rest),
            };
            rest = match inside {
                [b'}', ..] if is_start => inside,
                _ => {
                    let (name, is_plain, value) = self.name(inside)?;
                    let after = if is_plain {
                        member(self, name, value)
                    } else {
                        let mut decoded = [0; MAX_NAME];
                        member(self, unescape_name(name, &mut decoded), value)
                    };
                    space(after?)
                }
            };
            is_start = false;
        }
    }

    /// Reads a string after its opening quote. Returns it with its escapes, and the rest after the
    /// closing quote.
    #[inline(never)]
    pub(super) fn string<'a>(&mut self, inside: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let (mut rest, mut is_odd) = (inside, false);
        let after = loop {
            let Some(end) = scan::special(rest, &mut is_odd).and_then(|at| rest.get(at..)) else {
                return self.fail_string(inside);
            };
            rest = match end {
                [b'"', after @ ..] => break after,
                [b'\\', escape, after @ ..] if short_escape(*escape).is_some() => after,
                [b'\\', b'u', a, b, c, d, after @ ..] if are_hex([*a, *b, *c, *d]) => after,
                [b'\\', _, after @ ..] if self.is_lenient => after,
                _ => return self.fail_string(inside),
            };
        };
        let text = before(before(inside, after), b"\"");
        if is_odd && !self.is_lenient && !scan::is_text(text) {
            return self.fail_string(inside);
        }
        Some((text, after))
    }

    /// Sets the first error in a string. [`error`](Self::error) finds invalid UTF-8.
    #[cold]
    #[inline(never)]
    fn fail_string<T>(&mut self, inside: &[u8]) -> Option<T> {
        match skip_characters(inside) {
            Ok([]) => self.fail(ErrorKind::UnexpectedEnd, &[]),
            Ok(end) => self.fail(ErrorKind::InvalidUtf8, end),
            Err((kind, rest)) => self.fail(kind, rest),
        }
    }

    /// Skips a number or a literal.
    pub(super) fn scalar<'a>(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        let rest = match value {
            [b't', rest @ ..] => rest.strip_prefix(b"rue"),
            [b'f', rest @ ..] => rest.strip_prefix(b"alse"),
            [b'n', rest @ ..] => rest.strip_prefix(b"ull"),
            _ => number(value),
        };
        if rest.is_some() { rest } else { self.fail(ErrorKind::ExpectedValue, value) }
    }
}

/// Skips a string's characters one by one, up to the quote or the end of the data.
///
/// The error has the rest of the data from the invalid byte on.
pub(super) fn skip_characters(inside: &[u8]) -> Result<&[u8], (ErrorKind, &[u8])> {
    let mut rest = inside;
    loop {
        rest = match rest {
            [] | [b'"', ..] => return Ok(rest),
            [b'\\', ..] => unescape(rest).ok_or((ErrorKind::InvalidEscape, rest))?.1,
            [0..=0x1F, ..] => return Err((ErrorKind::ControlCharacter, rest)),
            [_, after @ ..] => after,
        };
    }
}

fn are_hex(digits: [u8; 4]) -> bool {
    digits.iter().fold(true, |are, digit| are & digit.is_ascii_hexdigit())
}

/// Decodes a name into `into`. Returns an empty name if `into` is too short.
#[cold]
#[inline(never)]
fn unescape_name<'n>(name: &[u8], into: &'n mut [u8; MAX_NAME]) -> &'n [u8] {
    let mut len = 0;
    for char in JsonStr::from_validated(name).chars() {
        let end = len + char.len_utf8();
        let Some(target) = into.get_mut(len..end) else { return &[] };
        char.encode_utf8(target);
        len = end;
    }
    into.get(..len).unwrap_or_default()
}

/// Returns the part of `bytes` before `rest`, which is the end of `bytes`.
#[inline]
pub(super) fn before<'a>(bytes: &'a [u8], rest: &[u8]) -> &'a [u8] {
    bytes.get(..bytes.len().saturating_sub(rest.len())).unwrap_or_default()
}

/// Skips white space. The usual case, none, costs one comparison.
#[inline]
pub(crate) fn space(rest: &[u8]) -> &[u8] {
    match rest {
        [0..=b' ', ..] => spaces(rest),
        _ => rest,
    }
}

#[inline(never)]
fn spaces(mut rest: &[u8]) -> &[u8] {
    while let (false, Some((word, after))) = (IS_SMALL, rest.split_first_chunk()) {
        if u64::from_le_bytes(*word) != u64::from_le_bytes(*b"        ") {
            break;
        }
        rest = after;
    }
    while let [b' ', after @ ..] = rest {
        rest = after;
    }
    while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = rest {
        rest = after;
    }
    rest
}

/// Skips a usual value, inline. `None` leaves the value to [`Pass::skip`].
#[inline(always)]
pub(crate) fn usual_end(value: &[u8]) -> Option<&[u8]> {
    match value {
        [b'"', b'"', rest @ ..] | [b'[', b']', rest @ ..] => Some(rest),
        [b'"', inside @ ..] => scan::short_string::<4>(inside).map(|(_, rest)| rest),
        [b'n', ..] => value.strip_prefix(b"null"),
        [b'1'..=b'9', digits @ ..] => match skip_digits(digits) {
            rest @ [b',' | b'}' | b']', ..] => Some(rest),
            _ => None,
        },
        _ => None,
    }
}

/// Reads a number of at most nineteen digits that a comma or bracket follows. Also returns the
/// rest after it.
#[inline(always)]
pub(super) fn short_number(value: &[u8]) -> Option<(u64, &[u8])> {
    if IS_SMALL || matches!(value, [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    let (mut number, mut rest) = (0_u64, value);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if number >= u64::MAX / 10 {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
        rest = after;
    }
    let is_end = matches!(rest, [b',' | b'}' | b']', ..]) && rest.len() < value.len();
    is_end.then_some((number, rest))
}

/// Skips a number.
pub(super) fn number(value: &[u8]) -> Option<&[u8]> {
    let mut rest = match value.strip_prefix(b"-").unwrap_or(value) {
        [b'0', rest @ ..] => rest,
        [b'1'..=b'9', rest @ ..] => skip_digits(rest),
        _ => return None,
    };
    if let [b'.', fraction @ ..] = rest {
        rest = skip_digits(fraction);
        if rest.len() == fraction.len() {
            return None;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let ([b'+' | b'-', digits @ ..] | digits) = exponent;
        rest = skip_digits(digits);
        if rest.len() == digits.len() {
            return None;
        }
    }
    Some(rest)
}

/// Skips digits, eight at a time.
#[inline]
fn skip_digits(bytes: &[u8]) -> &[u8] {
    const ONES: u64 = u64::MAX / 255;

    let mut rest = bytes;
    while let (false, Some((word, after))) = (IS_SMALL, rest.split_first_chunk()) {
        let word = u64::from_le_bytes(*word);
        // `0` to `9` are 0x30 to 0x39, and six more is still below 0x40.
        let high = |word: u64| word & (ONES * 0xF0);
        if high(word) | high(word.wrapping_add(ONES * 6)) >> 4 != ONES * 0x33 {
            break;
        }
        rest = after;
    }
    while let [b'0'..=b'9', after @ ..] = rest {
        rest = after;
    }
    rest
}
