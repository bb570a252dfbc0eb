//! Events read into types of the user's own, by serde.

use serde::de::Deserialize;

use crate::Event;
use crate::json::{self, DeserializeError};

impl<'a> Event<'a> {
    /// Reads the data into a type of your own, by `serde_json`.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use sseam::json::{JsonStr};
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
    /// If the data is no JSON of at most [`MAX_DEPTH`](json::MAX_DEPTH) levels, or does not fit
    /// the type.
    #[cfg(feature = "json")]
    #[cfg_attr(docsrs, doc(cfg(feature = "json")))]
    pub fn json<T: Deserialize<'a>>(&self) -> Result<T, DeserializeError<serde_json::Error>> {
        json::read_by(self.data().as_bytes(), serde_json::from_slice)
    }

    /// Reads the data into a type of your own, by `serde-json-core`, which needs no heap.
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
    /// # Where it differs from `serde_json`
    ///
    /// - It lends a plain `&str` as it stands, escapes and all, where `serde_json` gives an error
    ///   if there are escapes. Take a [`JsonStr`](json::JsonStr) by
    ///   [`escaped_str`](json::escaped_str).
    /// - It knows no member whose name is written with escapes: to it that is another one.
    /// - It reads `-0` as a whole number, `null` as a float that is not a number, and a float
    ///   that is too large as infinity, all of which are errors to `serde_json`.
    /// - It gives an error where a struct is written as an array, which `serde_json` takes; for
    ///   types that have to look at the value to know what it is (tagged, untagged and flattened
    ///   ones, `serde_json::Value`); and for bytes, `i128`, and a skipped number or literal that
    ///   is all of the data.
    /// - It panics at a map with keys of any type but `&str`.
    ///
    /// # Errors
    ///
    /// If the data is no JSON of at most [`MAX_DEPTH`](json::MAX_DEPTH) levels, or does not fit
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
