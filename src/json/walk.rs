//! A walk over what an object or an array holds, which may stop early.

use core::fmt;

use super::fill::count;
use super::pass::{before, space};
use super::{Fill, JsonStr, Pass};
use crate::value::write_lossy;

/// Returns the members of the JSON object that `json` holds, in order.
///
/// White space before the object is skipped; what follows the object is not looked at. A name
/// may come twice: both are returned, and a caller who stops at the first one has chosen that
/// the first one counts.
///
/// ```
/// use sseam::json;
///
/// let mut members = json::members(br#" {"type": "ping", "type": "pong"}"#);
/// let (name, value) = members.next().expect("a member");
/// assert_eq!(name, "type");
/// assert_eq!(value.text().expect("a string"), "ping");
/// assert!(members.next().is_some());
/// assert!(members.next().is_none() && !members.is_broken());
///
/// let mut members = json::members(b"[DONE]");
/// assert!(members.next().is_none() && members.is_broken());
/// ```
pub fn members(json: &[u8]) -> Members<'_> {
    Members(Walk::into(json, b'{'))
}

/// Returns the elements of the JSON array that `json` holds, in order: as [`members`].
pub fn elements(json: &[u8]) -> Elements<'_> {
    Elements(Walk::into(json, b'['))
}

/// Whether `data` is one JSON object, whole: its braces and brackets match to the end, but for
/// white space around.
///
/// What is in strings is not validated. An event that was cut off does not pass.
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

/// Whether `data` is one JSON value, as [`is_whole_object`].
pub(crate) fn is_whole(data: &[u8]) -> bool {
    Pass::lenient().skip(space(data)).is_some_and(|rest| space(rest).is_empty())
}

/// The elements that follow one in an array: `rest` is right behind that.
pub(crate) fn elements_after(rest: &[u8]) -> Elements<'_> {
    Elements(Walk { rest, at: At::After })
}

/// The value that `json` begins with, all of it where it is not whole, and the members that follow
/// it in an object.
pub(crate) fn value_and_rest(json: &[u8]) -> (Json<'_>, Members<'_>) {
    let rest = Pass::lenient().skip(json);
    let at = if rest.is_some() { At::After } else { At::Broken };
    let rest = rest.unwrap_or_default();
    (Json(before(json, rest)), Members(Walk { rest, at }))
}

/// The members of a JSON object: made by [`members`] and [`Json::members`].
#[derive(Clone)]
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Members<'a>(Walk<'a>);

/// The elements of a JSON array: made by [`elements`] and [`Json::elements`].
#[derive(Clone)]
#[must_use = "an iterator reads nothing before it is asked to"]
pub struct Elements<'a>(Walk<'a>);

impl<'a> Members<'a> {
    /// The first value by that name, from here on.
    ///
    /// ```
    /// use sseam::json;
    ///
    /// let value = json::members(br#"{"a":1,"b":2}"#).get("b");
    /// assert_eq!(value.and_then(|value| value.u64()), Some(2));
    /// ```
    #[must_use]
    pub fn get(mut self, name: &str) -> Option<Json<'a>> {
        self.find(|(member, _)| *member == name).map(|(_, value)| value)
    }

    /// Whether what came next is no whole member, or all of it no object. The iteration has then
    /// ended; members that were returned before stand.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.0.at == At::Broken
    }
}

impl Members<'_> {
    /// Whether the members that are left end the object, and nothing follows it.
    pub(crate) fn end_the_data(mut self) -> bool {
        while self.next().is_some() {}
        let after = space(self.0.rest).strip_prefix(b"}").map(space);
        self.0.at == At::End && after.is_some_and(<[u8]>::is_empty)
    }
}

impl Elements<'_> {
    /// Whether what came next is no whole element, or all of it no array. The iteration has then
    /// ended; elements that were returned before stand.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.0.at == At::Broken
    }
}

/// The name and the value.
impl<'a> Iterator for Members<'a> {
    type Item = (JsonStr<'a>, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.0.item(b'}')?;
        let (name, _, value) = self.0.found(Pass::new().name(member))?;
        Some((JsonStr::of_valid(name), self.0.value(value, b'}')?))
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

/// On the way through an object or an array.
#[derive(Clone, Copy)]
struct Walk<'a> {
    rest: &'a [u8],
    at: At,
}

/// What `rest` begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// What follows the opening bracket.
    Start,
    /// What follows a value.
    After,
    /// Nothing to look at: all was returned.
    End,
    /// Nothing to look at: it is no JSON.
    Broken,
}

impl<'a> Walk<'a> {
    fn into(json: &'a [u8], open: u8) -> Self {
        match space(json) {
            [first, rest @ ..] if *first == open => Self { rest, at: At::Start },
            _ => Self { rest: &[], at: At::Broken },
        }
    }

    /// Where the next item begins, if there is one before the closing bracket.
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

    /// The value that begins here, if it is whole: a comma or the closing bracket follows.
    fn value(&mut self, value: &'a [u8], close: u8) -> Option<Json<'a>> {
        let is_end = |rest: &&[u8]| space(rest).first().is_some_and(|&b| b == b',' || b == close);
        self.rest = self.found(Pass::lenient().skip(value).filter(is_end))?;
        self.at = At::After;
        Some(Json(before(value, self.rest)))
    }

    /// Notes that what is not found is broken.
    fn found<T>(&mut self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.at = At::Broken;
        }
        found
    }
}

/// A JSON value as it stands in the data.
///
/// Its first byte tells which kind of value it is; only what is asked for is read.
///
/// ```
/// use sseam::json;
///
/// let choices = json::members(br#"{"choices":[{"index":0}]}"#).get("choices").expect("a member");
/// for choice in choices.elements() {
///     let (name, index) = choice.members().next().expect("a member");
///     assert_eq!(name, "index");
///     assert_eq!(index.u64(), Some(0));
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a [u8]);

impl<'a> Json<'a> {
    /// The value that a pass has skipped, or one that may not be whole.
    pub(crate) const fn of_skipped(value: &'a [u8]) -> Self {
        Self(value)
    }

    /// The JSON itself. What is in its strings was validated only if a payload holds it.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The string, if it is one, and valid.
    #[must_use]
    #[inline(never)]
    pub fn text(&self) -> Option<JsonStr<'a>> {
        let text = Pass::new().string(self.0.strip_prefix(b"\"")?);
        text.map(|(text, _)| JsonStr::of_valid(text))
    }

    /// The number, if it is whole, not negative, and fits: `7`, also written as `7.0` or
    /// `0.7e1`.
    #[must_use]
    pub fn u64(&self) -> Option<u64> {
        count(self.0)
    }

    /// Reads the value as one of the crate's payload types, if it is of its kind, and valid.
    ///
    /// Payloads hold as raw JSON what is rare, large, or sent back to the provider unchanged.
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

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0 == b"null"
    }

    /// Whether it is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.0 == b"true"
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.0.starts_with(b"{")
    }

    /// Whether it is an array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.0.starts_with(b"[")
    }

    /// The members of the object. If it is something else there are none, and they are broken.
    pub fn members(&self) -> Members<'a> {
        members(self.0)
    }

    /// The elements of the array. If it is something else there are none, and they are broken.
    pub fn elements(&self) -> Elements<'a> {
        elements(self.0)
    }
}

/// `null`.
impl Default for Json<'_> {
    fn default() -> Self {
        Self(b"null")
    }
}

/// The JSON itself, with U+FFFD for what is not UTF-8.
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
