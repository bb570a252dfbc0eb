//! A deliberately naive JSON checker to compare with: byte by byte, from RFC 8259.

use sseam::json::{ErrorKind, MAX_DEPTH};

/// The error, and its offset.
pub type Wrong = (ErrorKind, usize);

/// Checks one value and the white space around it.
///
/// # Errors
///
/// The first error; but invalid UTF-8 takes precedence over any other.
pub fn check(data: &[u8]) -> Result<(), Wrong> {
    if let Err(error) = std::str::from_utf8(data) {
        return Err((ErrorKind::InvalidUtf8, error.valid_up_to()));
    }
    let mut checker = Checker { data, at: 0, is_lenient: false };
    checker.space();
    checker.value(0)?;
    checker.space();
    if checker.at < data.len() { checker.wrong(ErrorKind::TrailingCharacters) } else { Ok(()) }
}

/// As [`check`], for data that has to be an object.
///
/// # Errors
///
/// As there, and any other value.
pub fn check_object(data: &[u8]) -> Result<(), Wrong> {
    check(data)?;
    let start = data.iter().position(|byte| !SPACE.contains(byte)).unwrap_or_default();
    if data[start] == b'{' { Ok(()) } else { Err((ErrorKind::NotAnObject, start)) }
}

/// Returns `true` if `data` begins with an object, ignoring the contents of strings that are
/// values.
pub fn begins_with_object(data: &[u8]) -> bool {
    let mut checker = Checker { data, at: 0, is_lenient: true };
    checker.space();
    checker.next() == Some(b'{') && checker.value(0).is_ok()
}

const SPACE: &[u8] = b" \t\n\r";

struct Checker<'d> {
    data: &'d [u8],
    at: usize,
    is_lenient: bool,
}

impl Checker<'_> {
    fn next(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    /// An error here, or at the end of the data if that comes first.
    fn wrong<T>(&self, kind: ErrorKind) -> Result<T, Wrong> {
        self.wrong_at(kind, self.at)
    }

    fn wrong_at<T>(&self, kind: ErrorKind, at: usize) -> Result<T, Wrong> {
        Err((if at == self.data.len() { ErrorKind::UnexpectedEnd } else { kind }, at))
    }

    fn space(&mut self) {
        while self.next().is_some_and(|byte| SPACE.contains(&byte)) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let is = self.next() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// A value at this depth of objects and arrays.
    fn value(&mut self, depth: u32) -> Result<(), Wrong> {
        match self.next() {
            Some(b'{') => self.items(depth, b'}'),
            Some(b'[') => self.items(depth, b']'),
            Some(b'"') => self.string(self.is_lenient),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => self.number(),
        }
    }

    fn items(&mut self, depth: u32, close: u8) -> Result<(), Wrong> {
        if depth == MAX_DEPTH {
            return self.wrong(ErrorKind::TooDeep);
        }
        self.at += 1;
        self.space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            if close == b'}' {
                if self.next() != Some(b'"') {
                    return self.wrong(ErrorKind::ExpectedName);
                }
                // Iteration returns the names of the outermost object.
                self.string(self.is_lenient && depth > 0)?;
                self.space();
                if !self.take(b':') {
                    return self.wrong(ErrorKind::ExpectedColon);
                }
                self.space();
            }
            self.value(depth + 1)?;
            self.space();
            if self.take(close) {
                return Ok(());
            }
            if !self.take(b',') {
                return self.wrong(ErrorKind::ExpectedCommaOrEnd);
            }
            self.space();
        }
    }

    fn string(&mut self, is_lenient: bool) -> Result<(), Wrong> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.next() {
            match byte {
                b'"' => {
                    self.at += 1;
                    let text = std::str::from_utf8(&self.data[start..self.at]);
                    let is_text = is_lenient || text.is_ok();
                    return if is_text { Ok(()) } else { Err((ErrorKind::InvalidUtf8, start)) };
                }
                b'\\' => {
                    let len = self.escape_len().or(if is_lenient { Some(2) } else { None });
                    let Some(len) = len else { return self.wrong(ErrorKind::InvalidEscape) };
                    self.at += len;
                }
                0..=0x1F if !is_lenient => return self.wrong(ErrorKind::ControlCharacter),
                _ => self.at += 1,
            }
        }
        self.wrong_at(ErrorKind::UnexpectedEnd, self.data.len())
    }

    fn escape_len(&self) -> Option<usize> {
        let escape = &self.data[self.at + 1..];
        match escape.first()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
            b'u' if escape.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => Some(6),
            _ => None,
        }
    }

    fn literal(&mut self, literal: &str) -> Result<(), Wrong> {
        if !self.data[self.at..].starts_with(literal.as_bytes()) {
            return self.wrong(ErrorKind::ExpectedValue);
        }
        self.at += literal.len();
        Ok(())
    }

    /// An error in a number is at its beginning.
    fn number(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        self.take(b'-');
        let is_zero = self.take(b'0');
        let mut is_whole = is_zero || self.digits();
        if is_whole && self.take(b'.') {
            is_whole = self.digits();
        }
        if is_whole && (self.take(b'e') || self.take(b'E')) {
            let _ = self.take(b'+') || self.take(b'-');
            is_whole = self.digits();
        }
        if is_whole { Ok(()) } else { self.wrong_at(ErrorKind::ExpectedValue, start) }
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > start
    }
}
