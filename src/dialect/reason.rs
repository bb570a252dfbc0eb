//! Why a provider stopped, as members nested in its payloads say.

use super::peek::{Json, Members, Text};

/// The first member by that name.
pub(super) fn member<'a>(mut members: Members<'a>, name: &str) -> Option<Json<'a>> {
    members.find(|(member, _)| *member == name).map(|(_, value)| value)
}

/// The first member by that name, where it gives a reason: a string, but for
/// the empty one and for `"null"`, which is how `DashScope` writes that there
/// is none yet.
pub(super) fn reason<'a>(object: &Json<'a>, name: &str) -> Option<Text<'a>> {
    let reason = member(object.members(), name)?.text()?;
    (!is_one_of(reason, &["", "null"])).then_some(reason)
}

pub(super) fn is_one_of(text: Text<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| text == *name)
}
