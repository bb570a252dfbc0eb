//! Paths to values in an event, and an object whose members are read once.

use crate::json::{self, Json, JsonStr, Members, space};
use crate::size::IS_SMALL;

/// The path to a value in JSON: names of members separated by dots, such as `delta.content`.
///
/// - `a|b`: the first of these paths whose value exists and is not `""`.
/// - `choices[0]`: the element whose `index` is 0, or the first element if it has no `index`.
/// - `""`: the value itself.
///
/// A value that is `null` counts as absent.
pub type Path = &'static str;

/// A path without a value.
pub(super) const NOWHERE: Path = "|";

/// The number of members that are cached. Further ones are searched on each access.
const KEPT: usize = if IS_SMALL { 8 } else { 12 };

const NO_MEMBER: (JsonStr<'_>, Json<'_>) = (JsonStr::from_validated(b""), Json::of_skipped(b""));

/// An object with its first members cached. Of an object that was cut, only whole members count.
#[derive(Clone)]
pub(super) struct Node<'a> {
    json: Json<'a>,
    kept: [(JsonStr<'a>, Json<'a>); KEPT],
    len: usize,
    more: Members<'a>,
}

impl<'a> Node<'a> {
    /// Reads the members of `json`, if it is an object.
    #[inline(never)]
    pub(super) fn of(json: Json<'a>) -> Self {
        let (mut len, mut more) = (0, json.members());
        let mut kept = [NO_MEMBER; KEPT];
        for (place, member) in kept.iter_mut().zip(&mut more) {
            *place = member;
            len += 1;
        }
        Self { json, kept, len, more }
    }

    /// Reads an event's data, or the first element if that is an array.
    pub(super) fn of_data(data: &'a [u8]) -> Self {
        let json = Json::of_skipped(space(data));
        Self::of(if json.is_array() { json.elements().next().unwrap_or(json) } else { json })
    }

    /// Reads the members on a line of JSON that the parser returned as an unknown field. `{"a"` or
    /// `"a"` is the field's name, and its value is the rest of the line.
    pub(super) fn of_field(name: &'a [u8], value: &'a [u8]) -> Self {
        let name = name.trim_ascii();
        let name = space(name.strip_prefix(b"[").unwrap_or(name));
        let name = space(name.strip_prefix(b"{").unwrap_or(name)).trim_ascii();
        let name =
            name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
        let (json, more) = json::value_and_rest(space(value));
        let name = core::str::from_utf8(name).ok().and_then(|name| JsonStr::new(name).ok());
        let (mut kept, len) = ([NO_MEMBER; KEPT], usize::from(name.is_some()));
        if let (Some(name), [first, ..]) = (name, &mut kept) {
            *first = (name, json);
        }
        Self { json, kept, len, more }
    }

    /// Returns `true` if the event's data, which this node was read from, is whole.
    pub(super) fn is_whole(&self, data: &[u8]) -> bool {
        // The cached members were whole.
        let is_all = !IS_SMALL && space(data).starts_with(b"{");
        if is_all { self.more.clone().end_the_data() } else { json::is_whole(data) }
    }

    pub(super) const fn json(&self) -> Json<'a> {
        self.json
    }

    /// Returns the first value with that name, or, unless `with_null`, the first that is not
    /// `null`.
    fn find(&self, name: &str, with_null: bool) -> Option<Json<'a>> {
        let mut kept = self.kept.get(..self.len).unwrap_or_default().iter();
        let cached = kept.find(|(of, value)| *of == name && (with_null || !value.is_null()));
        cached.map(|(_, value)| *value).or_else(|| find(self.more.clone(), name, with_null))
    }

    /// Returns `true` if there is a member with that name, `null` or not.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.find(name, true).is_some()
    }

    /// Returns the first value with that name that is not `null`.
    pub(super) fn get(&self, name: &str) -> Option<Json<'a>> {
        self.find(name, false)
    }

    /// Returns the value at a path, unless it is absent, `null` or `""`.
    pub(super) fn at(&self, path: Path) -> Option<Json<'a>> {
        self.first_at(path, false)
    }

    /// Returns the value at a path, unless it is absent or `null`.
    pub(super) fn at_or_empty(&self, path: Path) -> Option<Json<'a>> {
        self.first_at(path, true)
    }

    fn first_at(&self, path: Path, with_empty: bool) -> Option<Json<'a>> {
        let mut paths = parts(path, b'|').filter(|_| path != NOWHERE);
        paths.find_map(|path| self.at_one(path).filter(|value| with_empty || !is_empty(*value)))
    }

    fn at_one(&self, path: &'static str) -> Option<Json<'a>> {
        let mut value = None;
        for name in parts(path, b'.') {
            let (name, is_list) = match name.strip_suffix("[0]") {
                Some(name) => (name, true),
                None => (name, false),
            };
            let inner = match value {
                None if name.is_empty() => self.json,
                None => self.get(name)?,
                Some(outer) => member(outer, name)?,
            };
            value = if is_list { first(inner) } else { Some(inner) };
            value?;
        }
        value
    }

    /// Returns the string at a path, unless it is empty.
    #[inline(never)]
    pub(super) fn text(&self, path: Path) -> Option<JsonStr<'a>> {
        self.at(path).and_then(|value| value.as_text())
    }

    /// Returns `true` if the string at a path is one of the words, which `|` separates.
    pub(super) fn is(&self, path: Path, words: &str) -> bool {
        self.text(path).is_some_and(|text| parts(words, b'|').any(|word| text == word))
    }
}

/// Splits a text at a separator. Unlike `str::split`, this contains no code that can panic.
pub(super) fn parts(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || next_part(&mut rest, separator))
}

#[inline(never)]
fn next_part<'t>(rest: &mut Option<&'t str>, separator: u8) -> Option<&'t str> {
    let text = rest.take()?;
    let Some(at) = text.bytes().position(|byte| byte == separator) else { return Some(text) };
    *rest = text.get(at.saturating_add(1)..);
    text.get(..at)
}

/// Returns the first member with that name that is not `null`.
pub(super) fn member<'a>(object: Json<'a>, name: &str) -> Option<Json<'a>> {
    find(object.members(), name, false)
}

#[inline(never)]
fn find<'a>(mut members: Members<'a>, name: &str, with_null: bool) -> Option<Json<'a>> {
    let found = members.find(|(of, value)| *of == name && (with_null || !value.is_null()));
    found.map(|(_, value)| value)
}

/// Returns the element whose `index` is 0, or the first element if it has no `index`.
fn first(list: Json<'_>) -> Option<Json<'_>> {
    let mut is_head = true;
    list.elements().find(|element| {
        let is_at_head = core::mem::take(&mut is_head);
        member(*element, "index").and_then(|index| index.as_u64()).map_or(is_at_head, |it| it == 0)
    })
}

/// Returns `true` for an empty array or object.
pub(super) fn is_empty_container(json: &[u8]) -> bool {
    let [b'[' | b'{', inside @ ..] = json else { return false };
    matches!(space(inside), [b']' | b'}', ..])
}

/// Returns `true` for the empty string.
fn is_empty(value: Json<'_>) -> bool {
    value.as_bytes() == br#""""#
}
