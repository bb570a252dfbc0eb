//! JSON as a tree with every member in order, and decoded strings and numbers.

use super::check::{check, space};

/// A value.
#[derive(Clone, Debug)]
pub struct Node<'d> {
    /// The raw value.
    pub raw: &'d [u8],
    /// The parsed value.
    pub value: Value<'d>,
}

/// The kind of a value.
#[derive(Clone, Debug)]
pub enum Value<'d> {
    /// A literal or a number, distinguished by the first byte.
    Scalar,
    /// A string, decoded.
    Text(String),
    /// An array.
    Array(Vec<Node<'d>>),
    /// An object: names are decoded.
    Object(Vec<(String, Node<'d>)>),
}

impl<'d> Node<'d> {
    /// Parses valid JSON.
    #[must_use]
    pub fn parse(data: &'d [u8]) -> Option<Self> {
        check(data).ok()?;
        Some(node(data, &mut 0))
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn members(&self) -> Option<&[(String, Self)]> {
        if let Value::Object(members) = &self.value { Some(members) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn elements(&self) -> Option<&[Self]> {
        if let Value::Array(elements) = &self.value { Some(elements) } else { None }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The number, if it is whole and in range.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        let Some(digits) = self.raw.strip_prefix(b"-") else {
            return self.count()?.try_into().ok();
        };
        let count = Self { raw: digits, value: Value::Scalar }.count()?;
        0_i64.checked_sub_unsigned(count)
    }

    /// The number, if it is whole, not negative, and in range: its digits, shifted by its exponent.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        let raw = str::from_utf8(self.raw).ok()?;
        if !raw.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let (number, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_matches('0');
        if significant.is_empty() {
            return Some(0);
        }
        // With so large an exponent it is not whole, or out of range.
        let exponent: i64 = exponent.parse().ok()?;
        let trailing = digits.len() - digits.trim_end_matches('0').len();
        let moved = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let zeros = moved.checked_add(i64::try_from(trailing).ok()?)?;
        let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros < 20)?;
        format!("{significant}{}", "0".repeat(zeros)).parse().ok()
    }
}

/// The value that begins here, in valid JSON; `at` moves past it and its white space.
fn node<'d>(data: &'d [u8], at: &mut usize) -> Node<'d> {
    *at = space(data, *at);
    let start = *at;
    let value = match data[start] {
        b'"' => Value::Text(text(data, at)),
        open @ (b'{' | b'[') => {
            let (mut members, mut elements) = (Vec::new(), Vec::new());
            *at = space(data, *at + 1);
            while !matches!(data[*at], b'}' | b']') {
                if open == b'{' {
                    let name = text(data, at);
                    *at = space(data, *at) + 1;
                    members.push((name, node(data, at)));
                } else {
                    elements.push(node(data, at));
                }
                if data[*at] == b',' {
                    *at = space(data, *at + 1);
                }
            }
            *at += 1;
            if open == b'{' { Value::Object(members) } else { Value::Array(elements) }
        }
        _ => {
            while data
                .get(*at)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
            {
                *at += 1;
            }
            Value::Scalar
        }
    };
    let raw = &data[start..*at];
    *at = space(data, *at);
    Node { raw, value }
}

/// The string that begins here, decoded; `at` moves past it.
fn text(data: &[u8], at: &mut usize) -> String {
    let start = *at + 1;
    *at = start;
    while data[*at] != b'"' {
        *at += if data[*at] == b'\\' { 2 } else { 1 };
    }
    *at += 1;
    decoded(str::from_utf8(&data[start..*at - 1]).expect("checked"))
}

/// Decodes a string by UTF-16, of which its escapes are units.
#[must_use]
pub fn decoded(raw: &str) -> String {
    let (mut units, mut chars) = (Vec::new(), raw.chars());
    while let Some(char) = chars.next() {
        let escaped = if char == '\\' { chars.next() } else { None };
        let char = match escaped {
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).expect("four digits"));
                continue;
            }
            Some('b') => '\x08',
            Some('f') => '\x0C',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(char) => char,
            None => char,
        };
        units.extend_from_slice(char.encode_utf16(&mut [0; 2]));
    }
    char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
