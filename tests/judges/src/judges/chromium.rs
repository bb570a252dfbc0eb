//! The `EventSource` of Chromium, without a window, against a server on this machine.

use crate::judge::{Deviation, Judge};
use crate::standard::Way;

use super::program;

pub(crate) const JUDGE: Judge = Judge {
    name: "Chromium",
    deviations: &[
        Deviation {
            way: Way::MarkHidesLineEnd,
            what: "a CR or LF right behind the byte order mark is taken for the first character of \
                   a line, so that the field behind it is lost: the parser passes over that \
                   character when it has found the mark",
            right: "the standard: the mark is dropped, and an empty line remains",
        },
        Deviation {
            way: Way::RetryIsForgotten,
            what: "an empty `retry` sets the reconnection time back to the browser's own",
            right: "the standard: what is not digits only is ignored, and no digits are no number",
        },
        Deviation {
            way: Way::RetryOf64Bits,
            what: "a `retry` over 2^64-1 ms is ignored",
            right: "the standard: it has no bound",
        },
        Deviation {
            way: Way::HeaderIsTrimmed,
            what: "an ID's blanks at its ends are not sent back: HTTP trims the values of headers",
            right: "both: the events have the ID with its blanks",
        },
    ],
    answers: |requests| program::answers("chromium.mjs", requests),
};
