//! Writes JSON, with the escaping of strings.

use std::fmt::{self, Display, Write};

/// Writes a text as a JSON string.
pub(crate) struct Str<T>(pub(crate) T);

impl<T: Display> Display for Str<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        write!(Escaped(f), "{}", self.0)?;
        f.write_char('"')
    }
}

/// Writes JSON, or `null`.
pub(crate) struct OrNull<T>(pub(crate) Option<T>);

impl<T: Display> Display for OrNull<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(json) => json.fmt(f),
            None => f.write_str("null"),
        }
    }
}

/// Escapes the text that is written, piece by piece.
struct Escaped<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let (f, mut rest) = (&mut *self.0, text);
        while let Some(at) = rest.find(|c: char| c < ' ' || matches!(c, '"' | '\\')) {
            f.write_str(&rest[..at])?;
            match rest.as_bytes()[at] {
                b'\n' => f.write_str("\\n")?,
                b'\r' => f.write_str("\\r")?,
                b'\t' => f.write_str("\\t")?,
                0x08 => f.write_str("\\b")?,
                0x0C => f.write_str("\\f")?,
                byte if byte < b' ' => write!(f, "\\u{byte:04x}")?,
                byte => write!(f, "\\{}", char::from(byte))?,
            }
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}
