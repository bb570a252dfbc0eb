//! A string, and what its escapes stand for.

use core::fmt::{self, Write as _};

/// A JSON string as it stands between its quotes.
///
/// It compares as it decodes: every escape stands for its character, a pair of
/// surrogates for one, and a lone surrogate for U+FFFD. What is not UTF-8, or
/// holds an escape that JSON does not have, equals nothing.
///
/// ```
/// use sseam::dialect::peek;
///
/// let (name, value) = peek::members(br#"{"t\u0079pe":"\ud83d\ude00"}"#).next().expect("a member");
/// assert_eq!(name, "type");
/// assert_eq!(name.as_raw(), br"t\u0079pe");
/// assert_eq!(value.text().expect("a string").to_string(), "😀");
/// ```
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// What stands between the quotes, and the opening quote if there are escapes:
    /// no string begins with a quote. A flag would make it three words, and peeking
    /// slower by an eighth.
    bytes: &'a [u8],
}

impl<'a> Text<'a> {
    /// A string without a backslash.
    #[inline]
    pub(super) const fn plain(raw: &'a [u8]) -> Self {
        Self { bytes: raw }
    }

    /// A string that holds backslashes, from its opening quote.
    #[inline]
    pub(super) const fn escaped(quoted: &'a [u8]) -> Self {
        Self { bytes: quoted }
    }

    /// The bytes between the quotes, escapes and all.
    #[inline]
    #[must_use]
    pub const fn as_raw(&self) -> &'a [u8] {
        let ([b'"', raw @ ..] | raw) = self.bytes;
        raw
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether the text that it decodes to begins with `prefix`; what follows
    /// is not looked at, and may be what equals nothing.
    ///
    /// ```
    /// use sseam::dialect::peek;
    ///
    /// let (_, kind) = peek::members(br#"{"type":"\u0072esponse.created"}"#).next().expect("a member");
    /// assert!(kind.text().expect("a string").starts_with("response."));
    /// ```
    #[must_use]
    pub fn starts_with(&self, prefix: &str) -> bool {
        match self.bytes {
            [b'"', raw @ ..] => begins_with(raw, prefix.as_bytes()),
            raw => raw.starts_with(prefix.as_bytes()),
        }
    }

    #[inline]
    fn equals(&self, text: &str) -> bool {
        let text = text.as_bytes();
        match self.bytes {
            [b'"', raw @ ..] => decodes_to(raw, text),
            raw => raw == text,
        }
    }
}

#[inline(never)]
fn decodes_to(raw: &[u8], text: &[u8]) -> bool {
    let mut rest = Some(text);
    for piece in Pieces(raw) {
        rest = rest.and_then(|rest| match piece {
            Piece::Plain(bytes) => rest.strip_prefix(bytes),
            Piece::Escaped(char) => rest.strip_prefix(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Piece::Broken => None,
        });
        if rest.is_none() {
            return false;
        }
    }
    rest.is_some_and(<[u8]>::is_empty)
}

#[inline(never)]
fn begins_with(raw: &[u8], prefix: &[u8]) -> bool {
    let (mut rest, mut utf8) = (prefix, [0; 4]);
    for piece in Pieces(raw) {
        let bytes = match piece {
            Piece::Plain(bytes) => bytes,
            Piece::Escaped(char) => char.encode_utf8(&mut utf8).as_bytes(),
            Piece::Broken => break,
        };
        match rest.strip_prefix(bytes) {
            Some(behind) => rest = behind,
            None => return bytes.starts_with(rest),
        }
    }
    rest.is_empty()
}

macro_rules! equal_to {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Text<'_> {
            #[inline]
            fn eq(&self, other: &$other) -> bool {
                self.equals(other)
            }
        }
        impl PartialEq<Text<'_>> for $other {
            #[inline]
            fn eq(&self, other: &Text<'_>) -> bool {
                other == self
            }
        }
    )*};
}
equal_to!(str, &str);

/// Writes the text as it decodes, with U+FFFD for what does not: a lone
/// surrogate, each maximal part that is not UTF-8, and a backslash that begins
/// no escape.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes {
            [b'"', ..] => {}
            raw => {
                if let Ok(text) = core::str::from_utf8(raw) {
                    return f.pad(text);
                }
            }
        }
        self.chunks(|chunk| match chunk {
            Ok(text) => f.write_str(text),
            Err(_) => f.write_char(char::REPLACEMENT_CHARACTER),
        })
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.chunks(|chunk| match chunk {
            Ok(text) => write!(f, "{}", text.escape_debug()),
            Err(bytes) => bytes.iter().try_for_each(|byte| write!(f, "\\x{byte:02X}")),
        })?;
        f.write_char('"')
    }
}

impl Text<'_> {
    /// Has `write` write the decoded text in order, and the bytes that do not decode.
    pub(in crate::dialect) fn chunks(
        &self,
        mut write: impl FnMut(Result<&str, &[u8]>) -> fmt::Result,
    ) -> fmt::Result {
        for piece in Pieces(self.as_raw()) {
            match piece {
                Piece::Plain(bytes) => {
                    for chunk in bytes.utf8_chunks() {
                        write(Ok(chunk.valid()))?;
                        if !chunk.invalid().is_empty() {
                            write(Err(chunk.invalid()))?;
                        }
                    }
                }
                Piece::Escaped(char) => write(Ok(char.encode_utf8(&mut [0; 4])))?,
                Piece::Broken => write(Err(b"\\"))?,
            }
        }
        Ok(())
    }
}

/// What a string is made of, in order.
struct Pieces<'a>(&'a [u8]);

enum Piece<'a> {
    /// Bytes that stand for themselves.
    Plain(&'a [u8]),
    /// What an escape stands for, or a pair of them.
    Escaped(char),
    /// A backslash that begins no escape.
    Broken,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let plain = memchr::memchr(b'\\', self.0).unwrap_or(self.0.len());
        if plain > 0 {
            let (plain, rest) = self.0.split_at_checked(plain)?;
            self.0 = rest;
            return Some(Piece::Plain(plain));
        }
        if let Some((char, rest)) = unescape(self.0) {
            self.0 = rest;
            return Some(Piece::Escaped(char));
        }
        self.0 = self.0.get(1..)?;
        Some(Piece::Broken)
    }
}

/// The character of the escape that `bytes` begin with, and what follows it
/// (RFC 8259, section 7).
pub(crate) fn unescape(bytes: &[u8]) -> Option<(char, &[u8])> {
    let [b'\\', escape, rest @ ..] = bytes else { return None };
    let char = match escape {
        b'"' | b'\\' | b'/' => char::from(*escape),
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unescape_unit(bytes),
        _ => return None,
    };
    Some((char, rest))
}

/// As [`unescape`], of one or two units of UTF-16.
fn unescape_unit(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = unit(bytes)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, rest));
    }
    let pair = unit(rest).and_then(|(second, rest)| {
        let is_pair = matches!(first, 0xD800..=0xDBFF) && matches!(second, 0xDC00..=0xDFFF);
        let code = 0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF);
        if is_pair { Some((char::from_u32(code)?, rest)) } else { None }
    });
    Some(pair.unwrap_or((char::REPLACEMENT_CHARACTER, rest)))
}

/// The four hexadecimal digits of the escape that `bytes` begin with.
pub(crate) fn unit(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.strip_prefix(br"\u")?.split_first_chunk::<4>()?;
    let unit = digits
        .iter()
        .try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))?;
    Some((unit, rest))
}
