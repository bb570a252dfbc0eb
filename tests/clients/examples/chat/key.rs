//! The key, which nobody is shown.

use std::fmt;

use reqwest::header::HeaderValue;

/// How short a key may be that is looked for in what a server says: words such
/// as `none`, which servers without keys are given, are no secret.
const SECRET: usize = 8;

/// What the server knows us by, and the variable that holds it.
#[derive(Clone)]
pub(crate) struct Key {
    value: Option<String>,
    variable: String,
}

impl Key {
    pub(crate) fn new(value: Option<String>, variable: String) -> Self {
        // A file that was read into a variable ends in a line end.
        Self { value: value.map(|value| value.trim().to_string()), variable }
    }

    /// There is none, and nobody asks for it.
    pub(crate) fn none() -> Self {
        Self::new(None, String::new())
    }

    /// As a header has it, behind `scheme`, if there is one.
    pub(crate) fn header(&self, scheme: &str) -> Result<Option<HeaderValue>, String> {
        let Some(key) = &self.value else { return Ok(None) };
        match HeaderValue::from_str(&format!("{scheme}{key}")) {
            Ok(mut value) => {
                // What logs headers leaves this one out.
                value.set_sensitive(true);
                Ok(Some(value))
            }
            Err(_) => Err(format!("what {} holds cannot be sent in a header", self.variable)),
        }
    }

    /// The text without the key: some servers say which one they refuse.
    pub(crate) fn hide(&self, text: String) -> String {
        match &self.value {
            Some(key) if key.len() >= SECRET && text.contains(key) => text.replace(key, "(key)"),
            _ => text,
        }
    }

    /// What to do about a key that is refused.
    pub(crate) fn advice(&self) -> String {
        let variable = &self.variable;
        match self.value {
            Some(_) => format!("the key is the one that {variable} holds"),
            None => format!("no key was sent: {variable} is not set"),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(|_| "(hidden)");
        f.debug_struct("Key").field("value", &value).field("variable", &self.variable).finish()
    }
}
