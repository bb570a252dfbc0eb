//! Whom to ask: a URL, and which API is spoken there.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use sseam::dialect::{Chat, Dialect, Messages, Responses};

/// What nearly all providers speak, one or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    Chat,
    Responses,
    Messages,
}

impl Api {
    const ALL: [Self; 3] = [Self::Chat, Self::Responses, Self::Messages];

    /// What a URL of it ends in.
    fn path(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Responses => "/responses",
            Self::Messages => "/messages",
        }
    }

    /// How its streams end. `Auto` would find out, but who knows names it.
    pub(crate) fn dialect(self) -> Box<dyn Dialect> {
        match self {
            Self::Chat => Box::new(Chat::new()),
            Self::Responses => Box::new(Responses::new()),
            Self::Messages => Box::new(Messages::new()),
        }
    }

    /// The one that a path belongs to.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|api| path.ends_with(api.path()))
    }
}

/// By its name; an error is one sentence.
impl FromStr for Api {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "chat" => Ok(Self::Chat),
            "responses" => Ok(Self::Responses),
            "messages" => Ok(Self::Messages),
            _ => Err(format!("--api takes 'chat', 'responses' or 'messages', not '{name}'")),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) url: Url,
    pub(crate) api: Api,
}

impl Endpoint {
    /// From a whole address, or from a base, to which the path of `api` is added.
    pub(crate) fn new(url: &str, api: Option<Api>) -> Result<Self, String> {
        // What was given is not repeated: it may hold a password.
        let mut url =
            Url::parse(url.trim()).map_err(|error| format!("the URL is none: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("the URL is of http or https, not of '{}'", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the URL has a user in it, who has no place there".to_string());
        }
        let path = url.path().trim_end_matches('/').to_string();
        let api = match (Api::of_path(&path), api) {
            (Some(told), Some(wanted)) if told != wanted => {
                return Err(format!("the URL ends in {}, which --api is not", told.path()));
            }
            (Some(told), _) => {
                url.set_path(&path);
                return Ok(Self { url, api: told });
            }
            (None, wanted) => wanted.unwrap_or(Api::Chat),
        };
        url.set_path(&format!("{path}{}", api.path()));
        Ok(Self { url, api })
    }
}

/// The URL without its query, which may hold a key.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.url.origin().ascii_serialization();
        write!(f, "{origin}{}", self.url.path())
    }
}
