//! Random streams that break parsers, and random ways to read them.

use std::env;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sseam::Notify;

use crate::{ROOMY_DATA, Setup};

/// The number of cases, unless `PROPTEST_CASES` sets it.
pub fn cases(cases: u32) -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if env::var_os("PROPTEST_CASES").is_some() {
        config
    } else {
        ProptestConfig { cases, ..config }
    }
}

/// A stream of field names, line ends, colons, and other significant bytes.
pub fn stream() -> impl Strategy<Value = Vec<u8>> {
    let mark = prop_oneof![
        4 => Just(&b""[..]),
        1 => select(vec![&b"\xEF\xBB\xBF"[..], b"\xEF", b"\xEF\xBB", b"\xEF\xBB\xBE"]),
    ];
    (mark, vec(piece(), 0..40)).prop_map(|(mark, pieces)| [mark, &pieces.concat()].concat())
}

/// A dense stream of only significant bytes.
pub fn structure() -> impl Strategy<Value = Vec<u8>> {
    vec(select(&b"\n\r: dataid\0"[..]), 0..60)
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let literal = |pieces: &'static [&'static [u8]]| select(pieces).prop_map(<[u8]>::to_vec);
    prop_oneof![
        // Field names, and similar ones.
        6 => literal(&[b"data", b"event", b"id", b"retry"]),
        2 => literal(&[b"dat", b"dataa", b"Data", b"eve", b"events", b"i", b"idx", b"retr", b"x", b" data"]),
        // Whole lines, so that events are frequent.
        6 => literal(&[b"data: x\n", b"data:y\r\n", b"event: t\n", b"id: 7\n", b"retry: 30\n", b"data\r", b": c\n"]),
        // Events of the shape of the fast path, and similar ones.
        4 => literal(&[
            b"data: whole\n\n", b"event: type\ndata: whole\n\n", b"data: \n\n", b"event: \ndata: x\n\n",
            b"event: type\ndata: crlf\r\n\r\n", b"data: two\ndata: lines\n\n", b"id: 1\ndata: x\n\n",
        ]),
        6 => literal(&[b":", b": ", b" ", b":  "]),
        8 => literal(&[b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n", b"\r\r", b"\n\r"]),
        1 => literal(&[b"\xEF\xBB\xBF", b"\xEF", b"\xEF\xBB", b"\xFF", b"\xC3", b"\xE2\x82", b"\xF0\x9F\x98\x80"]),
        1 => literal(&[b"\0", b"a\0b"]),
        2 => "[0-9]{1,22}".prop_map(String::into_bytes),
        2 => vec(b'a'..=b'z', 0..24),
        1 => vec(b'a'..=b'z', 100..200),
        1 => vec(any::<u8>(), 0..8),
    ]
}

/// Limits that are never, sometimes, and often exceeded; with each notification.
pub fn setup() -> impl Strategy<Value = Setup> {
    let bounds = prop_oneof![
        Just((ROOMY_DATA, 1024)),
        (0_usize..20, select(&[4_usize, 16][..])),
        (20_usize..=64, select(&[4_usize, 16][..])),
    ];
    let notify = prop_oneof![
        Just(Notify::NONE),
        Just(Notify::ALL),
        Just(Notify::COMMENTS),
        Just(Notify::UNKNOWN_FIELDS),
        Just(Notify::EMPTY_BLOCKS | Notify::RECONNECTION_TIME),
    ];
    (bounds, notify, any::<bool>()).prop_map(|((data, meta), notify, flush)| Setup {
        data,
        meta,
        notify,
        flush,
    })
}
