//! What is valid JSON, and the kind and offset of errors: literal, a byte at a time.

use sseam::json::ErrorKind;

/// The error, and its offset.
pub type Wrong = (ErrorKind, usize);

/// The maximal depth of arrays and objects.
const DEEPEST: usize = 127;

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Value,
    /// Or the bracket that closes what has just been opened.
    ValueOrEnd,
    Name,
    NameOrEnd,
    CommaOrEnd,
}

/// Checks that the data is one JSON value.
///
/// # Errors
///
/// The first error; but invalid UTF-8 takes precedence over any other.
pub fn check(data: &[u8]) -> Result<(), Wrong> {
    if let Err(error) = str::from_utf8(data) {
        return Err((ErrorKind::InvalidUtf8, error.valid_up_to()));
    }
    // The brackets that close what is open, innermost last.
    let mut open = Vec::new();
    let (mut at, mut next) = (0, Next::Value);
    loop {
        at = space(data, at);
        if next == Next::CommaOrEnd && open.is_empty() {
            return if at == data.len() {
                Ok(())
            } else {
                Err((ErrorKind::TrailingCharacters, at))
            };
        }
        let byte = *data.get(at).ok_or((ErrorKind::UnexpectedEnd, data.len()))?;
        if Some(&byte) == open.last() && !matches!(next, Next::Value | Next::Name) {
            open.pop();
            (at, next) = (at + 1, Next::CommaOrEnd);
            continue;
        }
        (at, next) = match next {
            Next::CommaOrEnd if byte != b',' => return Err((ErrorKind::ExpectedCommaOrEnd, at)),
            Next::CommaOrEnd if open.last() == Some(&b'}') => (at + 1, Next::Name),
            Next::CommaOrEnd => (at + 1, Next::Value),
            Next::Name | Next::NameOrEnd => {
                if byte != b'"' {
                    return Err((ErrorKind::ExpectedName, at));
                }
                at = space(data, string(data, at)?);
                match data.get(at) {
                    Some(b':') => (at + 1, Next::Value),
                    Some(_) => return Err((ErrorKind::ExpectedColon, at)),
                    None => return Err((ErrorKind::UnexpectedEnd, at)),
                }
            }
            Next::Value | Next::ValueOrEnd => match byte {
                b'{' | b'[' if open.len() == DEEPEST => return Err((ErrorKind::TooDeep, at)),
                b'{' => {
                    open.push(b'}');
                    (at + 1, Next::NameOrEnd)
                }
                b'[' => {
                    open.push(b']');
                    (at + 1, Next::ValueOrEnd)
                }
                b'"' => (string(data, at)?, Next::CommaOrEnd),
                _ => {
                    let len = scalar_len(&data[at..]).ok_or((ErrorKind::ExpectedValue, at))?;
                    (at + len, Next::CommaOrEnd)
                }
            },
        };
    }
}

/// As [`check`], for data that has to be an object.
///
/// # Errors
///
/// As there, and a value of another kind.
pub fn check_object(data: &[u8]) -> Result<(), Wrong> {
    check(data)?;
    let start = space(data, 0);
    if data[start] == b'{' { Ok(()) } else { Err((ErrorKind::NotAnObject, start)) }
}

/// The end of the white space that begins here.
#[must_use]
pub fn space(data: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = data.get(at) {
        at += 1;
    }
    at
}

/// The end of the string whose opening quote is here.
fn string(data: &[u8], quote: usize) -> Result<usize, Wrong> {
    let mut at = quote + 1;
    loop {
        at += match data.get(at) {
            None => return Err((ErrorKind::UnexpectedEnd, data.len())),
            Some(b'"') => return Ok(at + 1),
            Some(0..=0x1F) => return Err((ErrorKind::ControlCharacter, at)),
            Some(b'\\') => escape_len(&data[at..]).ok_or((ErrorKind::InvalidEscape, at))?,
            Some(_) => 1,
        };
    }
}

/// The length of the escape that begins with this backslash.
fn escape_len(bytes: &[u8]) -> Option<usize> {
    match *bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

/// The length of the number or literal that begins here.
fn scalar_len(bytes: &[u8]) -> Option<usize> {
    for literal in ["true", "false", "null"] {
        if bytes.starts_with(literal.as_bytes()) {
            return Some(literal.len());
        }
    }
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes[0] == b'-');
    match digits(at) {
        0 => return None,
        _ if bytes[at] == b'0' => at += 1,
        len => at += len,
    }
    if bytes.get(at) == Some(&b'.') {
        match digits(at + 1) {
            0 => return None,
            len => at += 1 + len,
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        match digits(at + 1 + sign) {
            0 => return None,
            len => at += 1 + sign + len,
        }
    }
    Some(at)
}
