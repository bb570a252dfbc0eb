//! Why a provider stopped, as members nested in its payloads say.

use crate::json::{Json, JsonStr};

/// The reason that a member by that name gives: a string, but for the empty one and for
/// `"null"`, which is how `DashScope` writes that there is none yet.
pub(super) fn reason<'a>(object: &Json<'a>, name: &str) -> Option<JsonStr<'a>> {
    let mut members = object.members().filter(|(member, _)| *member == name);
    members.find_map(|(_, value)| value.text()).filter(|text| is_reason(*text))
}

pub(super) fn is_reason(text: JsonStr<'_>) -> bool {
    !is_one_of(text, &["", "null"])
}

pub(super) fn is_one_of(text: JsonStr<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| text == *name)
}
