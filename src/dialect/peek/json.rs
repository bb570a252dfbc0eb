//! A value, and the grammar of values.

use core::fmt;

use super::string;
use super::{Elements, Members, Text};

/// A JSON value, from where it begins: looked at only when asked.
///
/// Which kind of value it is, its first byte tells; only what is asked for is
/// read behind that. What is cut off or no JSON is of no kind.
///
/// ```
/// use sseam::dialect::peek;
///
/// let (_, choices) = peek::members(br#"{"choices":[{"index":0}]}"#).next().expect("a member");
/// for choice in choices.elements() {
///     let (name, index) = choice.members().next().expect("a member");
///     assert_eq!(name, "index");
///     assert_eq!(index.u64(), Some(0));
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Json<'a>(Kind<'a>);

#[derive(Clone, Copy)]
enum Kind<'a> {
    /// A string whose end was found at once.
    Text(Text<'a>),
    /// A number in few digits, which was read at once.
    Number(u64),
    /// Anything: from its first byte to the end of all there is.
    Unread(&'a [u8]),
}

impl<'a> Json<'a> {
    /// The value that `bytes` begin with, and what follows it, if that is found
    /// quickly: of a short string, a number in digits with a comma or bracket
    /// behind, and what is often sent for nothing.
    // What it gives is many words, best kept in registers.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        match bytes {
            [b'"', inside @ ..] => {
                let (text, rest) = string::near::<2>(inside)?;
                Some((Self(Kind::Text(text)), rest))
            }
            [b'0', b'0'..=b'9', ..] => None,
            [b'0'..=b'9', ..] => {
                let mut number = 0;
                let mut rest = bytes;
                while let [digit @ b'0'..=b'9', behind @ ..] = rest {
                    if number >= u64::MAX / 10 {
                        return None;
                    }
                    number = number * 10 + u64::from(digit - b'0');
                    rest = behind;
                }
                let is_end = matches!(rest, [b',' | b'}' | b']', ..]);
                is_end.then_some((Self(Kind::Number(number)), rest))
            }
            [b'[', b']', rest @ ..] | [b'n', b'u', b'l', b'l', rest @ ..] => {
                Some((Self(Kind::Unread(bytes)), rest))
            }
            _ => None,
        }
    }

    /// The value that `bytes` begin with. `None` if no value begins so.
    #[inline]
    pub(crate) fn begin(bytes: &'a [u8]) -> Option<Self> {
        let begins =
            matches!(bytes, [b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n', ..]);
        begins.then_some(Self(Kind::Unread(bytes)))
    }

    /// The string, if it is one.
    #[inline]
    #[must_use]
    pub fn text(&self) -> Option<Text<'a>> {
        match self.0 {
            Kind::Text(text) => Some(text),
            Kind::Unread(bytes) => string::whole(bytes).map(|(text, _)| text),
            Kind::Number(_) => None,
        }
    }

    /// The number, if it is written as digits only and fits: `7`, but neither
    /// `-7` nor `7.0` nor `7e0`.
    #[inline]
    #[must_use]
    pub fn u64(&self) -> Option<u64> {
        match self.0 {
            Kind::Number(number) => Some(number),
            Kind::Unread(bytes) => number(bytes),
            Kind::Text(_) => None,
        }
    }

    /// Whether it is `null`.
    #[inline]
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.unread().strip_prefix(b"null").is_some_and(ends_value)
    }

    /// Whether it is `true`.
    #[inline]
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.unread().strip_prefix(b"true").is_some_and(ends_value)
    }

    /// Whether it is an object, judged by its first byte.
    #[inline]
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.unread().starts_with(b"{")
    }

    /// Whether it is an array, judged by its first byte.
    #[inline]
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.unread().starts_with(b"[")
    }

    /// The members of the object. There are none, and they are broken, if it is
    /// something else.
    #[inline]
    pub fn members(&self) -> Members<'a> {
        Members::of(self.unread())
    }

    /// The elements of the array. There are none, and they are broken, if it is
    /// something else.
    #[inline]
    pub fn elements(&self) -> Elements<'a> {
        Elements::of(self.unread())
    }

    /// Nothing, if it was read.
    #[inline]
    fn unread(&self) -> &'a [u8] {
        match self.0 {
            Kind::Text(_) | Kind::Number(_) => &[],
            Kind::Unread(bytes) => bytes,
        }
    }
}

/// A string as it decodes, a number or literal as it stands, and of other values
/// that there is something inside.
impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.text() {
            return text.fmt(f);
        }
        if let Some(number) = self.u64() {
            return number.fmt(f);
        }
        let bytes = self.unread();
        match bytes {
            [b'{', ..] => f.write_str("{..}"),
            [b'[', ..] => f.write_str("[..]"),
            _ => match pass(bytes).and_then(|rest| bytes.strip_suffix(rest)) {
                Some(scalar) => fmt::Display::fmt(&scalar.escape_ascii(), f),
                None => f.write_str("(broken)"),
            },
        }
    }
}

/// What follows the value that `bytes` begin with.
#[inline]
pub(crate) fn pass(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'"', ..] => string::read(bytes).map(|(_, rest)| rest),
        [b'{' | b'[', ..] => pass_nested(bytes),
        [b't', rest @ ..] => rest.strip_prefix(b"rue"),
        [b'f', rest @ ..] => rest.strip_prefix(b"alse"),
        [b'n', rest @ ..] => rest.strip_prefix(b"ull"),
        _ => pass_number(bytes),
    }
}

/// What follows the object or array that `bytes` begin with. Brackets are
/// counted, not paired.
fn pass_nested(bytes: &[u8]) -> Option<&[u8]> {
    let mut depth = 0_usize;
    let mut rest = bytes;
    while let [byte, behind @ ..] = rest {
        let quoted = rest;
        rest = behind;
        match byte {
            b'"' => (_, rest) = string::read(quoted)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(rest);
                }
            }
            _ => {}
        }
    }
    None
}

/// The number that `bytes` begin with, if it is written as digits only and fits.
#[inline(never)]
fn number(bytes: &[u8]) -> Option<u64> {
    let rest = pass_digits(bytes)?;
    let digits = bytes.strip_suffix(rest)?;
    let number = digits.iter().try_fold(0_u64, |number, digit| {
        number.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))
    });
    number.filter(|_| ends_value(rest))
}

fn pass_number(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = pass_digits(bytes.strip_prefix(b"-").unwrap_or(bytes))?;
    if let [b'.', fraction @ ..] = rest {
        rest = pass_any_digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let ([b'+' | b'-', digits @ ..] | digits) = exponent;
        rest = pass_any_digits(digits)?;
    }
    Some(rest)
}

/// What follows the digits, one at least, and that zero only when it is alone.
#[inline]
fn pass_digits(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'0', rest @ ..] => Some(rest),
        _ => pass_any_digits(bytes),
    }
}

/// What follows the digits, one at least.
#[inline]
fn pass_any_digits(bytes: &[u8]) -> Option<&[u8]> {
    let [b'0'..=b'9', rest @ ..] = bytes else { return None };
    let mut rest = rest;
    while let [b'0'..=b'9', behind @ ..] = rest {
        rest = behind;
    }
    Some(rest)
}

/// Whether a number or literal ends before `rest`. It never ends at the end of
/// all there is, as it is inside brackets: there it is cut off.
#[inline]
fn ends_value(rest: &[u8]) -> bool {
    matches!(rest, [b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r', ..])
}

/// Over white space.
#[inline]
pub(crate) fn pass_space(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [b' ' | b'\t' | b'\n' | b'\r', behind @ ..] = rest {
        rest = behind;
    }
    rest
}

/// Without the white space around.
#[inline]
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    let mut rest = pass_space(bytes);
    while let [before @ .., b' ' | b'\t' | b'\n' | b'\r'] = rest {
        rest = before;
    }
    rest
}
