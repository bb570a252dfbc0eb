//! The values of `--dialect`: names of protocols.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use sseam::llm::strict::Check;
use sseam::llm::{Protocol, Tracker};

/// Detects the protocol.
const AUTO: &str = "auto";

/// Responses, with a report of each deviation from `OpenAI`'s documentation.
const STRICT: &str = "responses-strict";

#[derive(Clone, Copy)]
pub(crate) enum Dialect {
    Auto,
    Known(&'static Protocol),
    Strict,
}

impl Dialect {
    /// Parses the value of the option.
    pub(crate) fn parser() -> impl TypedValueParser<Value = Self> {
        let protocols = Protocol::ALL.iter().copied().chain([Protocol::DONE]);
        let names = [AUTO].into_iter().chain(protocols.map(Protocol::name)).chain([STRICT]);
        PossibleValuesParser::new(names).map(|name| match Protocol::by_name(&name) {
            Some(protocol) => Self::Known(protocol),
            None if name == STRICT => Self::Strict,
            None => Self::Auto,
        })
    }

    /// The protocol, unless it is to be detected.
    pub(crate) fn protocol(self) -> Option<&'static Protocol> {
        match self {
            Self::Auto => None,
            Self::Known(protocol) => Some(protocol),
            Self::Strict => Some(Protocol::RESPONSES),
        }
    }

    pub(crate) fn tracker(self) -> Tracker {
        self.protocol().map_or_else(Tracker::new, Tracker::of)
    }

    pub(crate) fn check(self) -> Option<Check> {
        matches!(self, Self::Strict).then(Check::new)
    }
}

/// The name of the protocol, once it is known.
pub(crate) fn name(tracker: &Tracker) -> Option<&'static str> {
    tracker.protocol().map(Protocol::name)
}
