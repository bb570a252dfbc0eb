//! Where a value stands in an event: paths, and an object whose members are read once.

use crate::json::{self, Json, JsonStr, Members, space};
use crate::size::IS_SMALL;

/// Where a value stands: names of members, separated by dots, from the outside to the inside.
///
/// `a|b` is the first of several paths whose value is there and not empty; `choices[0]` the
/// element whose `index` is 0, or, where it has none, the first one; and `""` the value itself.
/// A value that is `null` counts as absent.
pub type Path = &'static str;

/// A path at which nothing stands.
pub(super) const NOWHERE: Path = "|";

/// How many members are kept; further ones are looked for when they are asked for.
const KEPT: usize = if IS_SMALL { 8 } else { 12 };

const NO_MEMBER: (JsonStr<'_>, Json<'_>) = (JsonStr::from_validated(b""), Json::of_skipped(b""));

/// An object, and what it holds, as far as it is whole.
#[derive(Clone)]
pub(super) struct Node<'a> {
    json: Json<'a>,
    kept: [(JsonStr<'a>, Json<'a>); KEPT],
    len: usize,
    more: Members<'a>,
}

impl<'a> Node<'a> {
    /// Reads what `json` holds, if it is an object.
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

    /// The object of an event: its data, or the first element of an array.
    pub(super) fn of_data(data: &'a [u8]) -> Self {
        let json = Json::of_skipped(space(data));
        Self::of(if json.is_array() { json.elements().next().unwrap_or(json) } else { json })
    }

    /// The members on a line of JSON that the parser took for a field: `{"a"`, or `"a"`, is its
    /// name, and its value goes on as the object does.
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

    /// Whether the event's data, of which this is the object, is whole.
    pub(super) fn is_whole(&self, data: &[u8]) -> bool {
        // Those that are kept were whole.
        let is_all = !IS_SMALL && space(data).starts_with(b"{");
        if is_all { self.more.clone().end_the_data() } else { json::is_whole(data) }
    }

    pub(super) const fn json(&self) -> Json<'a> {
        self.json
    }

    /// The first value by that name, or the first that is not `null`.
    fn find(&self, name: &str, is_null_one: bool) -> Option<Json<'a>> {
        let mut kept = self.kept.get(..self.len).unwrap_or_default().iter();
        let near = kept.find(|(of, value)| *of == name && (is_null_one || !value.is_null()));
        near.map(|(_, value)| *value).or_else(|| find(self.more.clone(), name, is_null_one))
    }

    /// Whether there is a member by that name, `null` or not.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.find(name, true).is_some()
    }

    /// The first value by that name that is not `null`.
    pub(super) fn get(&self, name: &str) -> Option<Json<'a>> {
        self.find(name, false)
    }

    /// The value at a path, if it is there.
    pub(super) fn at(&self, path: Path) -> Option<Json<'a>> {
        self.first_at(path, false)
    }

    /// As [`at`](Self::at), and an empty string is a value as any.
    pub(super) fn given(&self, path: Path) -> Option<Json<'a>> {
        self.first_at(path, true)
    }

    fn first_at(&self, path: Path, is_empty_one: bool) -> Option<Json<'a>> {
        let mut paths = parts(path, b'|').filter(|_| path != NOWHERE);
        paths.find_map(|path| self.at_one(path).filter(|value| is_empty_one || !is_empty(*value)))
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

    /// The string at a path, if it is not empty.
    #[inline(never)]
    pub(super) fn text(&self, path: Path) -> Option<JsonStr<'a>> {
        self.at(path).and_then(|value| value.text())
    }

    /// Whether the string at a path is one of the words, which `|` separates.
    pub(super) fn is(&self, path: Path, words: &str) -> bool {
        self.text(path).is_some_and(|text| parts(words, b'|').any(|word| text == word))
    }
}

/// The parts of a text between separators: `str::split` has code that can panic.
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

/// The first member by that name that is not `null`.
pub(super) fn member<'a>(object: Json<'a>, name: &str) -> Option<Json<'a>> {
    find(object.members(), name, false)
}

#[inline(never)]
fn find<'a>(mut members: Members<'a>, name: &str, is_null_one: bool) -> Option<Json<'a>> {
    let found = members.find(|(of, value)| *of == name && (is_null_one || !value.is_null()));
    found.map(|(_, value)| value)
}

/// The element whose `index` is 0, which is its position where it has none.
fn first(list: Json<'_>) -> Option<Json<'_>> {
    let mut is_head = true;
    list.elements().find(|element| {
        let is_at_head = core::mem::take(&mut is_head);
        member(*element, "index").and_then(|index| index.u64()).map_or(is_at_head, |it| it == 0)
    })
}

/// Whether it is an array or object with nothing in it.
pub(super) fn is_hollow(json: &[u8]) -> bool {
    let [b'[' | b'{', inside @ ..] = json else { return false };
    matches!(space(inside), [b']' | b'}', ..])
}

/// Whether it is the empty string.
fn is_empty(value: Json<'_>) -> bool {
    value.as_bytes() == br#""""#
}
