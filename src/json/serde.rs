//! Deserialization into the caller's types, by `serde_json` or `serde-json-core`.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};

use super::{Error, JsonStr, validate};

/// The error of an event that could not be deserialized. `E` is the error of the deserializer.
///
/// Returned by [`Event::json`](crate::Event::json) and [`Event::json_core`](crate::Event::json_core),
/// which have examples.
///
/// The underlying error is the [`source`](core::error::Error::source).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeserializeError<E> {
    /// The data is not valid JSON, or nested too deep.
    Json(Error),
    /// The JSON does not match the type.
    Type(E),
}

impl<E> fmt::Display for DeserializeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(_) => "the data is not valid JSON",
            Self::Type(_) => "the JSON does not match the type",
        })
    }
}

impl<E: core::error::Error + 'static> core::error::Error for DeserializeError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Type(error) => Some(error),
        }
    }
}

/// Validates `data` and deserializes it by `read`.
///
/// So all deserializers reject the same data, and recurse at most
/// [`MAX_DEPTH`](super::MAX_DEPTH) levels deep.
pub(crate) fn read_by<'a, T, E>(
    data: &'a [u8],
    read: impl FnOnce(&'a [u8]) -> Result<T, E>,
) -> Result<T, DeserializeError<E>> {
    validate(data).map_err(DeserializeError::Json)?;
    read(data).map_err(DeserializeError::Type)
}

/// Deserializes from `serde_json` alone, whose raw values borrow the string with its escapes.
#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
impl<'de: 'a, 'a> Deserialize<'de> for JsonStr<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&serde_json::value::RawValue>::deserialize(deserializer)?.get();
        let raw = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let raw = raw.ok_or_else(|| D::Error::custom("expected a string"))?;
        Self::new(raw).map_err(D::Error::custom)
    }
}

/// Deserializes a [`JsonStr`] from `serde-json-core`: for
/// `#[serde(borrow, deserialize_with = "sseam::json::escaped_str")]`.
///
/// # Errors
///
/// The errors of the deserializer and of [`JsonStr::new`].
#[cfg(feature = "json-core")]
#[cfg_attr(docsrs, doc(cfg(feature = "json-core")))]
pub fn escaped_str<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonStr<'de>, D::Error> {
    let raw = serde_json_core::str::EscapedStr::deserialize(deserializer)?.0;
    JsonStr::new(raw).map_err(D::Error::custom)
}
