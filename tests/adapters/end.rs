//! The end of a stream, which comes once; that nothing follows it, and that the transport
//! is not asked again, the table's functions hold in every other test.

use crate::common::Setup;
use crate::table::ADAPTERS;

/// How many events came, and whether something was discarded.
type Came = (usize, bool);

/// A stream, and what comes of it with and without a flush.
const ENDS: &[(&str, Came, Came)] = &[
    ("", (0, false), (0, false)),
    ("data: a\n\n", (1, false), (1, false)),
    (": comment\n", (0, false), (0, false)),
    // As some servers end.
    ("data: a\n\ndata: [DONE]", (2, false), (1, true)),
    ("data: a\n\ndata: [DONE]\n", (2, false), (1, true)),
    // Cut in a line, or in a block without data.
    ("data: a\n\nda", (1, false), (1, true)),
    ("data: a\n\nid: 1\n", (1, false), (1, true)),
];

#[test]
fn it_says_whether_something_was_discarded() {
    for &(stream, flushed, not_flushed) in ENDS {
        for (flush, expected) in [(true, flushed), (false, not_flushed)] {
            for adapter in ADAPTERS {
                let log = adapter.log(&Setup { flush, ..Setup::ROOMY }, &[stream.as_bytes()]);
                let came = (log.told.len(), log.discarded);
                assert_eq!(came, expected, "{stream:?}, flush {flush}, {}", adapter.name);
            }
        }
    }
}
