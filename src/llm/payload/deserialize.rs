//! Reading events into custom types by serde.

use serde::de::Deserialize;

use crate::Event;
use crate::json::{self, DeserializeError};

impl<'a> Event<'a> {
    /// Reads the data into any type that implements `Deserialize`, by `serde_json`.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use sseam::json::JsonStr;
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
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the data is not JSON of at most [`MAX_DEPTH`](json::MAX_DEPTH) levels, or does not match
    /// the type.
    #[cfg(feature = "json")]
    #[cfg_attr(docsrs, doc(cfg(feature = "json")))]
    pub fn json<T: Deserialize<'a>>(&self) -> Result<T, DeserializeError<serde_json::Error>> {
        json::read_by(self.data().as_bytes(), serde_json::from_slice)
    }

    /// Reads the data into any type that implements `Deserialize`, by `serde-json-core`, without a
    /// heap.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use sseam::json::{self, JsonStr};
    /// use sseam::Event;
    ///
    /// #[derive(Deserialize)]
    /// struct Progress<'a> {
    ///     percent: u8,
    ///     #[serde(borrow, deserialize_with = "json::escaped_str")]
    ///     label: JsonStr<'a>,
    /// }
    ///
    /// let event = Event::new(r#"{"percent":40,"label":"two\tof five"}"#).with_type("progress");
    /// let progress: Progress = event.json_core()?;
    /// assert_eq!(progress.percent, 40);
    /// assert_eq!(progress.label, "two\tof five");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Differences from `serde_json`
    ///
    /// - A `&str` contains escapes as written; `serde_json` returns an error. Use a
    ///   [`JsonStr`](json::JsonStr) with [`escaped_str`](json::escaped_str) instead.
    /// - A member whose name is written with escapes is not recognized.
    /// - `-0` is read as an integer, `null` as the float NaN, and a float that is too large as
    ///   infinity. All three are errors in `serde_json`.
    /// - These are errors: a struct written as an array; types that inspect the value to choose how
    ///   to read it (tagged, untagged and flattened ones, `serde_json::Value`); bytes; `i128`; and
    ///   a skipped number or literal that is the whole data.
    ///
    /// # Panics
    ///
    /// If the type is a map with keys of any type but `&str`.
    ///
    /// # Errors
    ///
    /// If the data is not JSON of at most [`MAX_DEPTH`](json::MAX_DEPTH) levels, or does not match
    /// the type.
    #[cfg(feature = "json-core")]
    #[cfg_attr(docsrs, doc(cfg(feature = "json-core")))]
    pub fn json_core<T: Deserialize<'a>>(
        &self,
    ) -> Result<T, DeserializeError<serde_json_core::de::Error>> {
        let read = |data| serde_json_core::from_slice(data).map(|(value, _)| value);
        json::read_by(self.data().as_bytes(), read)
    }
}
