//! [`Event::json`]: types of the user's own, by `serde_json` or `serde-json-core`.

use serde::de::Deserialize;

use super::{Error, ErrorKind, check};
use crate::Event;

impl<'a> Event<'a> {
    /// Reads the data into a type of your own, by `serde_json` where the feature
    /// `json` is on, else by `serde-json-core` (`json-core`), which needs no heap.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use sseam::payload::{self, JsonStr};
    /// use sseam::Event;
    ///
    /// #[derive(Deserialize)]
    /// struct Progress<'a> {
    ///     percent: u8,
    ///     #[serde(borrow)]
    ///     label: JsonStr<'a>,
    /// }
    ///
    /// let event = Event::new(r#"{"percent":40,"label":"two\tof five"}"#).with_type("progress");
    /// let progress: Progress = event.json()?;
    /// assert_eq!(progress.percent, 40);
    /// assert_eq!(progress.label, "two\tof five");
    /// # Ok::<(), payload::Error>(())
    /// ```
    ///
    /// The data is checked before a back-end sees it, so that both refuse the same,
    /// and none goes deeper than [`MAX_DEPTH`](super::MAX_DEPTH) levels.
    ///
    /// # What both read the same
    ///
    /// Structs whose fields are whole numbers, `bool`s, [`JsonStr`](super::JsonStr)s,
    /// `Option`s, lists, tuples, and other such structs. What differs:
    ///
    /// - `serde-json-core` lends a plain `&str` as it stands, escapes and all, where
    ///   `serde_json` gives a mismatch if there are escapes. Take
    ///   [`JsonStr`](super::JsonStr).
    /// - It knows no member whose name is written with escapes: to it that is
    ///   another one.
    /// - It reads `-0` as a whole number, where `serde_json` gives a mismatch.
    /// - It reads `null` as a float that is not a number, and a float that is too
    ///   large as infinity; `serde_json` gives a mismatch.
    /// - It gives a mismatch where a struct is written as an array, which `serde_json`
    ///   takes; for types that have to look at the value to know what it is (tagged,
    ///   untagged and flattened ones, `serde_json::Value`); and for bytes, `i128`,
    ///   and a skipped number or literal that is all of the data.
    /// - It panics at a map with keys of any type but `&str`.
    ///
    /// # Errors
    ///
    /// Where the data is no JSON, or not such that it fits the type: see [`Error`].
    #[cfg_attr(docsrs, doc(cfg(any(feature = "json", feature = "json-core"))))]
    pub fn json<T: Deserialize<'a>>(&self) -> Result<T, Error> {
        let json = check::json(self.data().as_bytes())?;
        deserialize(json).map_err(|read| Error::new(ErrorKind::Mismatch, last_value(json, read)))
    }
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
