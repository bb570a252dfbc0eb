//! Rewrites JSON.

use std::fmt::Write as _;

use super::fields::RAW;
use super::tree::{Node, Value};

/// How to write it.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// By how many members are rotated.
    pub rotated: usize,
    /// The text between members and between elements.
    pub comma: &'static str,
    /// The text between a name and its value.
    pub colon: &'static str,
    /// The text inside brackets, and around the whole.
    pub inside: &'static str,
    /// Which character of a name, modulo eight, is escaped.
    pub escaped: u8,
}

/// Like most servers.
pub const DENSE: Style = Style { rotated: 0, comma: ",", colon: ":", inside: "", escaped: 0 };
/// Like Python's `json.dumps`.
pub const SPACED: Style = Style { comma: ", ", colon: ": ", ..DENSE };
/// With white space everywhere.
pub const LOOSE: Style =
    Style { comma: " ,\n         ", colon: "\t:\r\n  ", inside: "\n          ", ..DENSE };

impl Node<'_> {
    /// The JSON in this style. Scalars, strings, and raw members of payloads stay as they are.
    #[must_use]
    pub fn written(&self, style: Style) -> Vec<u8> {
        let mut out = style.inside.as_bytes().to_vec();
        self.write(style, &mut out);
        out.extend_from_slice(style.inside.as_bytes());
        out
    }

    fn write(&self, style: Style, out: &mut Vec<u8>) {
        let separated = |n: usize, out: &mut Vec<u8>| {
            out.extend_from_slice(if n == 0 { style.inside } else { style.comma }.as_bytes());
        };
        match &self.value {
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                let len = members.len().max(1);
                members.rotate_left(style.rotated % len);
                out.push(b'{');
                for (n, (name, value)) in members.into_iter().enumerate() {
                    separated(n, out);
                    write_name(name, style.escaped, out);
                    out.extend_from_slice(style.colon.as_bytes());
                    if RAW.contains(&&**name) {
                        out.extend_from_slice(value.raw);
                    } else {
                        value.write(style, out);
                    }
                }
                out.extend_from_slice(style.inside.as_bytes());
                out.push(b'}');
            }
            Value::Array(elements) => {
                out.push(b'[');
                for (n, element) in elements.iter().enumerate() {
                    separated(n, out);
                    element.write(style, out);
                }
                out.extend_from_slice(style.inside.as_bytes());
                out.push(b']');
            }
            _ => out.extend_from_slice(self.raw),
        }
    }
}

fn write_name(name: &str, escaped: u8, out: &mut Vec<u8>) {
    let mut text = String::from("\"");
    for (n, char) in name.chars().enumerate() {
        if escaped >> (n % 8) & 1 == 1 || char < ' ' || matches!(char, '"' | '\\') {
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("writing to a string does not fail");
            }
        } else {
            text.push(char);
        }
    }
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}
