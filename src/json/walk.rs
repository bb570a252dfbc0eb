//! Lazy iterators over the members of an object and the elements of an array.

use core::fmt;

use super::fill::parse_u64;
use super::pass::{before, space};
use super::{Fill, JsonStr, Pass};
use crate::value::write_lossy;

/// Returns an iterator over the members of the JSON object `json`, in order.
///
/// White space before the object is skipped, and data after it is ignored. Members with the same
/// name are all returned: stop at the first to let the first win.
///
/// ```
/// use sseam::json;
///
/// let mut members = json::members(br#" {"type": "ping", "type": "pong"}"#);
/// let (name, value) = members.next().expect("a member");
/// assert_eq!(name, "type");
/// assert_eq!(value.as_text().expect("a string"), "ping");
/// assert!(members.next().is_some());
/// assert!(members.next().is_none() && !members.is_broken());
///
/// let mut members = json::members(b"[DONE]");
/// assert!(members.next().is_none() && members.is_broken());
/// ```
pub fn members(json: &[u8]) -> Members<'_> {
    Members(Walk::enter(json, b'{'))
}

/// Returns an iterator over the elements of the JSON array `json`, in order, as [`members`].
///
/// ```
/// use sseam::json;
///
/// let sum: u64 = json::elements(b"[1, 2, 4]").filter_map(|element| element.as_u64()).sum();
/// assert_eq!(sum, 7);
/// ```
pub fn elements(json: &[u8]) -> Elements<'_> {
    Elements(Walk::enter(json, b'['))
}

/// Returns `true` if `data` is one whole JSON object, perhaps with white space around it.
///
/// The contents of strings are not validated. Truncated data is not a whole object.
///
/// ```
/// use sseam::json;
///
/// assert!(json::is_whole_object(b" {\"type\":\"ping\"}\n"));
/// assert!(!json::is_whole_object(b"{\"type\":\"pi"));
/// assert!(!json::is_whole_object(b"{\"type\":{\"name\":\"ping\"}"));
/// ```
#[must_use]
pub fn is_whole_object(data: &[u8]) -> bool {
    let object = space(data);
    object.starts_with(b"{") && is_whole(object)
}

/// Returns `true` if `data` is one whole JSON value, as [`is_whole_object`].
pub(crate) fn is_whole(data: &[u8]) -> bool {
    Pass::lenient().skip(space(data)).is_some_and(|rest| space(rest).is_empty())
}

/// Returns the further elements of an array: `rest` is the data after an element.
pub(crate) fn elements_after(rest: &[u8]) -> Elements<'_> {
    Elements(Walk { rest, at: At::After })
}

/// Returns the value that `json` begins with, and the members after it in an object.
///
/// If the value is not whole, it is all of `json`.
pub(crate) fn value_and_rest(json: &[u8]) -> (Json<'_>, Members<'_>) {
    let rest = Pass::lenient().skip(json);
    let at = if rest.is_some() { At::After } else { At::Broken };
    let rest = rest.unwrap_or_default();
    (Json(before(json, rest)), Members(Walk { rest, at }))
}

/// An iterator over the members of a JSON object. Returned by [`members`], which has an example, and
/// [`Json::members`].
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Members<'a>(Walk<'a>);

/// An iterator over the elements of a JSON array. Returned by [`elements`] and [`Json::elements`].
///
/// ```
/// use sseam::json;
///
/// let mut elements = json::elements(b"[1, 2,");
/// assert_eq!(elements.next().and_then(|one| one.as_u64()), Some(1));
/// assert!(elements.next().is_some());
/// assert!(elements.next().is_none() && elements.is_broken());
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Elements<'a>(Walk<'a>);

impl<'a> Members<'a> {
    /// Returns the value of the next member called `name`.
    ///
    /// ```
    /// use sseam::json;
    ///
    /// let value = json::members(br#"{"a":1,"b":2}"#).get("b");
    /// assert_eq!(value.and_then(|value| value.as_u64()), Some(2));
    /// ```
    #[must_use]
    pub fn get(mut self, name: &str) -> Option<Json<'a>> {
        self.find(|(member, _)| *member == name).map(|(_, value)| value)
    }

    /// Returns `true` if the data is not an object, or if the iteration ended at an invalid or
    /// truncated member. Members that were returned before are valid.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.0.at == At::Broken
    }
}

impl Members<'_> {
    /// Returns `true` if the rest of the members is valid and the object ends the data.
    pub(crate) fn end_the_data(mut self) -> bool {
        while self.next().is_some() {}
        let after = space(self.0.rest).strip_prefix(b"}").map(space);
        self.0.at == At::End && after.is_some_and(<[u8]>::is_empty)
    }
}

impl Elements<'_> {
    /// Returns `true` if the data is not an array, or if the iteration ended at an invalid or
    /// truncated element. Elements that were returned before are valid.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.0.at == At::Broken
    }
}

/// Yields names and values.
impl<'a> Iterator for Members<'a> {
    type Item = (JsonStr<'a>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.0.item(b'}')?;
        let (name, _, value) = self.0.found(Pass::new().name(member))?;
        Some((JsonStr::from_validated(name), self.0.value(value, b'}')?))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = self.0.item(b']')?;
        self.0.value(element, b']')
    }
}

impl core::iter::FusedIterator for Members<'_> {}
impl core::iter::FusedIterator for Elements<'_> {}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// A position in an object or an array.
#[derive(Clone, Copy)]
struct Walk<'a> {
    rest: &'a [u8],
    at: At,
}

/// The part of the grammar that `rest` begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// After the opening bracket.
    Start,
    /// After a value.
    After,
    /// Nothing: all items were returned.
    End,
    /// Nothing: the JSON is invalid.
    Broken,
}

impl<'a> Walk<'a> {
    fn enter(json: &'a [u8], open: u8) -> Self {
        match space(json) {
            [first, rest @ ..] if *first == open => Self { rest, at: At::Start },
            _ => Self { rest: &[], at: At::Broken },
        }
    }

    /// Returns the position of the next item, if there is one before the closing bracket.
    fn item(&mut self, close: u8) -> Option<&'a [u8]> {
        let item = match (self.at, space(self.rest)) {
            (At::End | At::Broken, _) => return None,
            (_, [first, ..]) if *first == close => {
                self.at = At::End;
                return None;
            }
            (At::Start, item) => Some(item),
            (_, [b',', item @ ..]) => Some(space(item)),
            _ => None,
        };
        self.found(item)
    }

    /// Reads the value that begins here, if it is whole: a comma or the closing bracket follows.
    fn value(&mut self, value: &'a [u8], close: u8) -> Option<Json<'a>> {
        let is_end = |rest: &&[u8]| space(rest).first().is_some_and(|&b| b == b',' || b == close);
        self.rest = self.found(Pass::lenient().skip(value).filter(is_end))?;
        self.at = At::After;
        Some(Json(before(value, self.rest)))
    }

    /// Passes `found` on, and sets the state to broken if it is `None`.
    fn found<T>(&mut self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.at = At::Broken;
        }
        found
    }
}

/// A raw JSON value, borrowed from the data and read lazily.
///
/// ```
/// use sseam::json;
///
/// let choices = json::members(br#"{"choices":[{"index":0}]}"#).get("choices").expect("a member");
/// for choice in choices.elements() {
///     let (name, index) = choice.members().next().expect("a member");
///     assert_eq!(name, "index");
///     assert_eq!(index.as_u64(), Some(0));
///     assert!(choice.is_object() && !index.is_null() && !index.is_true());
/// }
/// assert!(choices.is_array() && choices.as_text().is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Json<'a>(&'a [u8]);

impl<'a> Json<'a> {
    /// Creates a value from data that a [`Pass`] has skipped, or that may not be whole.
    pub(crate) const fn of_skipped(value: &'a [u8]) -> Self {
        Self(value)
    }

    /// Returns the raw JSON. The contents of its strings were validated only if the value is part
    /// of a payload.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// Returns the string, if the value is a valid string.
    #[must_use]
    #[inline(never)]
    pub fn as_text(&self) -> Option<JsonStr<'a>> {
        let text = Pass::new().string(self.0.strip_prefix(b"\"")?);
        text.map(|(text, _)| JsonStr::from_validated(text))
    }

    /// Returns the number, if it is an integer, not negative, and fits: `7`, also written as `7.0`
    /// or `0.7e1`.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        parse_u64(self.0)
    }

    /// Reads the value as one of the crate's payload types, if it is valid and of the right kind.
    ///
    /// Payloads have raw JSON for values that are rare, large, or sent back unchanged.
    ///
    /// ```
    /// use sseam::Event;
    /// use sseam::llm::payload::{ErrorBody, chat::Chunk};
    ///
    /// let event = Event::new(r#"{"choices":[{"index":0,"error":{"message":"Overloaded"}}]}"#);
    /// let chunk = Chunk::parse(&event)?;
    /// let error = chunk.choices.first().and_then(|choice| choice.error).expect("an error");
    /// assert_eq!(error.as_bytes(), br#"{"message":"Overloaded"}"#);
    /// let error = error.read::<ErrorBody>().expect("an object");
    /// assert_eq!(error.message.expect("a text"), "Overloaded");
    /// # Ok::<(), sseam::llm::payload::Error>(())
    /// ```
    #[must_use]
    pub fn read<T: Fill<'a> + Default>(&self) -> Option<T> {
        let mut read = None;
        Option::fill(&mut read, &mut Pass::new(), self.0)?;
        read
    }

    /// Returns `true` if the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == b"null"
    }

    /// Returns `true` if the value is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.0 == b"true"
    }

    /// Returns `true` if the value is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.0.starts_with(b"{")
    }

    /// Returns `true` if the value is an array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.0.starts_with(b"[")
    }

    /// Returns the members of the object. If the value is not an object, there are none, and
    /// [`is_broken`](Members::is_broken) is `true`.
    pub fn members(&self) -> Members<'a> {
        members(self.0)
    }

    /// Returns the elements of the array. If the value is not an array, there are none, and
    /// [`is_broken`](Elements::is_broken) is `true`.
    pub fn elements(&self) -> Elements<'a> {
        elements(self.0)
    }
}

/// The default is `null`.
impl Default for Json<'_> {
    fn default() -> Self {
        Self(b"null")
    }
}

/// Writes the raw JSON, with U+FFFD for invalid UTF-8.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lossy(self.0, f)
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
