//! Types of the user's own, by `serde_json` or `serde-json-core`.

use serde::de::Deserialize;

use super::{Error, ErrorKind, check};
use crate::Event;

/// Reads an event's data into a type of your own, by `serde_json` where the feature
/// `json` is on, else by `serde-json-core`.
///
/// ```
/// use serde::Deserialize;
/// use sseam::Event;
/// use sseam::payload::{self, JsonStr};
///
/// #[derive(Deserialize)]
/// struct Progress<'a> {
///     percent: u8,
///     #[serde(borrow)]
///     label: JsonStr<'a>,
/// }
///
/// let event = Event::new("progress", r#"{"percent":40,"label":"two\tof five"}"#, "");
/// let progress: Progress = payload::parse(&event)?;
/// assert_eq!(progress.percent, 40);
/// assert_eq!(progress.label, "two\tof five");
/// # Ok::<(), payload::Error>(())
/// ```
///
/// The data is checked before a back-end sees it, so that both refuse the same, and
/// none goes deeper than [`MAX_DEPTH`](super::MAX_DEPTH) levels. With structs whose
/// fields are numbers, `bool`s, [`JsonStr`](super::JsonStr)s, `Option`s, tuples,
/// arrays and other such structs both give the same. What differs:
///
/// - `serde-json-core` lends a plain `&str` as it stands, escapes and all, where
///   `serde_json` gives a mismatch if there are escapes. Take
///   [`JsonStr`](super::JsonStr).
/// - It knows no name that is written with escapes, reads `null` as a float that is
///   not a number, and a float that is too large as infinity.
/// - It cannot do tagged, untagged or flattened types, nor maps whose keys are no
///   strings: those it panics at.
///
/// # Errors
///
/// Where the data is no JSON, or not such that it fits the type: see [`Error`].
pub fn parse<'a, T: Deserialize<'a>>(event: &Event<'a>) -> Result<T, Error> {
    let json = check::json(event.data().as_bytes())?;
    deserialize(json).map_err(|read| Error::new(ErrorKind::Mismatch, last_value(json, read)))
}

/// The value, or how many bytes were read up to where it fits no more.
#[cfg(feature = "json")]
fn deserialize<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, usize> {
    serde_json::from_str(json).map_err(|error| {
        let lines = json.split_inclusive('\n').take(error.line().saturating_sub(1));
        // It may stand before the value's first byte, as it does before a bracket.
        lines.map(str::len).sum::<usize>().saturating_add(error.column()).saturating_add(1)
    })
}

/// As above. This back-end does not tell how far it read, but where a beginning of
/// the data does to err otherwise than by ending, it did not read on.
#[cfg(not(feature = "json"))]
fn deserialize<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, usize> {
    let fits = |json: &'a str| serde_json_core::from_str::<T>(json).map(|(value, _)| value);
    fits(json).map_err(|_| {
        // All tokens that end before `low` are fine, and the one that ends at `wrong`
        // is not, nor any between the two that ends at or behind `high`.
        let (mut low, mut high, mut wrong) = (0, json.len(), json.len());
        while low < high {
            let middle = low.midpoint(high);
            let end = token_end(json, middle);
            if end >= wrong {
                high = middle;
            } else if json.get(..end).is_some_and(|front| ends_too_early(fits(front).err())) {
                low = end.saturating_add(1);
            } else {
                (wrong, high) = (end, middle);
            }
        }
        wrong
    })
}

#[cfg(not(feature = "json"))]
fn ends_too_early(error: Option<serde_json_core::de::Error>) -> bool {
    use serde_json_core::de::Error as E;

    matches!(
        error,
        Some(
            E::EofWhileParsingList
                | E::EofWhileParsingObject
                | E::EofWhileParsingString
                | E::EofWhileParsingNumber
                | E::EofWhileParsingValue
        )
    )
}

/// The end of the first token at or behind `at`.
#[cfg(not(feature = "json"))]
fn token_end(json: &str, at: usize) -> usize {
    tokens(json).map(|(start, len)| start + len).find(|end| *end >= at).unwrap_or(json.len())
}

/// Where the last value begins that begins before `read`.
fn last_value(json: &str, read: usize) -> usize {
    tokens(json).map(|(start, _)| start).take_while(|start| *start < read).last().unwrap_or(0)
}

/// Where values begin, opening brackets and members' names among them, and how long
/// they are; of an object or array, the bracket counts alone.
fn tokens(json: &str) -> impl Iterator<Item = (usize, usize)> {
    use crate::dialect::peek::pass;

    let mut rest = json.as_bytes();
    core::iter::from_fn(move || {
        loop {
            let token = rest;
            let start = json.len().saturating_sub(token.len());
            let (first, behind) = token.split_first()?;
            rest = match first {
                b'{' | b'[' => behind,
                b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    rest = behind;
                    continue;
                }
                _ => pass(token)?,
            };
            return Some((start, token.len().saturating_sub(rest.len())));
        }
    })
}
