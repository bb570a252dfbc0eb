//! What is JSON, and what its strings decode to, slow and literal.

use serde::de::IgnoredAny;
use serde_json::Value;
use sseam::payload::MAX_DEPTH;

/// Whether it is JSON, and not too deep. To skip it, `serde_json` looks at each byte.
#[must_use]
pub fn is_json(data: &[u8]) -> bool {
    let (mut depth, mut deepest, mut is_in_string, mut bytes) = (0_u32, 0, false, data.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_in_string = !is_in_string,
            b'\\' => _ = bytes.next(),
            b'{' | b'[' if !is_in_string => depth += 1,
            b'}' | b']' if !is_in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let is_read =
        str::from_utf8(data).is_ok_and(|json| serde_json::from_str::<IgnoredAny>(json).is_ok());
    is_read && deepest <= MAX_DEPTH
}

/// What the string decodes to, by way of UTF-16, of which its escapes are units.
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
    String::from_utf16_lossy(&units)
}

/// Members that are objects where our types know them.
const OBJECTS: [&str; 17] = [
    "delta",
    "function",
    "function_call",
    "usage",
    "x_groq",
    "error",
    "prompt_tokens_details",
    "completion_tokens_details",
    "input_tokens_details",
    "output_tokens_details",
    "response",
    "incomplete_details",
    "item",
    "part",
    "message",
    "content_block",
    "citation",
];

/// The same object as `sseam_testkit::payloads` can compare it: of members with one name the
/// last is left, and names have no escapes; and as it stands, where it is without escapes.
/// Nothing if more would have to change.
#[must_use]
pub fn comparable(data: &[u8]) -> Vec<String> {
    fn is_plain(value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().all(|(name, value)| {
                let needs_escape = name.bytes().any(|byte| byte < 0x20 || b"\"\\".contains(&byte));
                let is_array_for_object = value.is_array() && OBJECTS.contains(&&**name);
                !needs_escape && !is_array_for_object && is_plain(value)
            }),
            Value::Array(elements) => {
                elements.iter().all(|element| !element.is_array() && is_plain(element))
            }
            _ => true,
        }
    }
    let value: Option<Value> = serde_json::from_slice(data).ok();
    let Some(value) = value.filter(|value| value.is_object() && is_plain(value)) else {
        return Vec::new();
    };
    let as_it_stands = String::from_utf8_lossy(data).into_owned();
    let has_escapes = as_it_stands.contains('\\');
    [value.to_string()].into_iter().chain((!has_escapes).then_some(as_it_stands)).collect()
}
