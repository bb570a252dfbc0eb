//! Deserialising a [`JsonStr`]: borrowed, raw, from either back-end.
//!
//! Neither has a public way to lend a string as it stands that the other takes,
//! too. Each has a newtype of its own that it knows by name: the one of
//! `serde-json-core` gets the raw text, the one of `serde_json` the raw value.
//! Asking for the second inside of the first makes both lend: `serde_json` passes
//! over a newtype that it does not know, and `serde-json-core` lends whatever is
//! asked for inside of its own. The names are private to the two crates, hence
//! `tests/payload_serde.rs`.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

use super::JsonStr;

/// Of `serde_json_core::str::EscapedStr`.
const ESCAPED_STR: &str = "__serde_json_core_escaped_string__";
/// Of `serde_json::value::RawValue`.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de: 'a, 'a> Deserialize<'de> for JsonStr<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ESCAPED_STR, Outer)
    }
}

const EXPECTED: &str = "a string that can be borrowed";

/// Inside of the one newtype.
struct Outer;

impl<'de> Visitor<'de> for Outer {
    type Value = JsonStr<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, Inner)
    }
}

/// Inside of both.
struct Inner;

impl<'de> Visitor<'de> for Inner {
    type Value = JsonStr<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    /// `serde-json-core`: what stands between the quotes.
    fn visit_borrowed_str<E: Error>(self, raw: &'de str) -> Result<Self::Value, E> {
        JsonStr::new(raw).map_err(E::custom)
    }

    /// `serde_json`: one member, whose value is the whole text of the value.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if map.next_key::<IgnoredAny>()?.is_none() {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        }
        let value: &'de str = map.next_value()?;
        let raw = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        match raw {
            Some(raw) => JsonStr::new(raw).map_err(A::Error::custom),
            None => Err(A::Error::invalid_type(Unexpected::Other("no string"), &self)),
        }
    }

    /// Any other format: the text itself.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(Plain)
    }
}

/// A text that is not written as JSON.
struct Plain;

impl<'de> Visitor<'de> for Plain {
    type Value = JsonStr<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        let text = JsonStr::new(text).map_err(E::custom)?;
        match text.as_borrowed() {
            Some(_) => Ok(text),
            None => Err(E::invalid_value(Unexpected::Other("a backslash"), &self)),
        }
    }
}
