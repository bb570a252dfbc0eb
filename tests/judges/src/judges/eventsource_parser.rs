//! The npm package eventsource-parser, which most clients in JavaScript have inside.

use crate::judge::{Deviation, Judge};
use crate::standard::Way;

use super::program;

pub(crate) const JUDGE: Judge = Judge {
    name: "eventsource-parser 4.1.3",
    deviations: &[
        Deviation {
            way: Way::RetryIsDouble,
            what: "a `retry` over 2^53 ms is rounded, as JavaScript's numbers are",
            right: "the standard: an integer",
        },
        Deviation {
            way: Way::MarkOfCharacters,
            what: "a stream that begins with the characters U+00EF U+00BB U+00BF loses them: \
                   they are what a byte order mark looks like that was not decoded",
            right: "the standard: what is dropped is one U+FEFF",
        },
    ],
    answers: |requests| program::answers("eventsource_parser.mjs", requests),
};
