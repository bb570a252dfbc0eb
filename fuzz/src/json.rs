//! Slow and literal JSON readers to compare with, and JSON to read.

pub mod check;
pub mod fields;
pub mod generated;
pub mod tree;
pub mod write;

use serde_json::Value;

/// Members that are objects in our types.
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

/// The same object in forms that `sseam_testkit::payloads` can compare: with only the last of
/// repeated members and without escapes in names; and unchanged, if it has none of either. Empty if
/// more would have to change.
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
    let unchanged = String::from_utf8_lossy(data).into_owned();
    let has_escapes = unchanged.contains('\\');
    [value.to_string()].into_iter().chain((!has_escapes).then_some(unchanged)).collect()
}
