//! Text that does nothing to a terminal.

use std::fmt::{self, Display, Write};

/// Shows what it holds with its control characters made visible, but for line ends
/// and tabs: an escape sequence could rename the window, move over what stands
/// there, or have the terminal type.
pub(crate) struct Harmless<T>(pub(crate) T);

impl<T: Display> Display for Harmless<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Filter(f), "{}", self.0)
    }
}

struct Filter<'f, 'g>(&'f mut fmt::Formatter<'g>);

impl Write for Filter<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
            let (plain, behind) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut chars = behind.chars();
            match chars.next() {
                // Half of a line end, or a way to write over the line.
                Some('\r') | None => {}
                Some(control) => self.0.write_char(picture(control))?,
            }
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

/// The picture that Unicode has of a control character of ASCII, such as `␛`.
fn picture(control: char) -> char {
    match u32::from(control) {
        code @ 0..=0x1F => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7F => '␡',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// The same on one line.
pub(crate) fn line(text: &str) -> String {
    Harmless(text.trim().replace('\n', " ")).to_string()
}

/// As much of a line as a person reads.
pub(crate) fn short(line: &str) -> String {
    const LONGEST: usize = 500;

    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{} …", line.get(..at).unwrap_or_default()),
        None => line.to_string(),
    }
}
