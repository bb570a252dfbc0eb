//! The compared streams: the conformance table, more of its kind, and generated ones.

use std::error::Error;
use std::fs;

use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Deserialize;

use crate::answer::{Answer, Dispatched, Request, Retry};
use crate::ways::{self, Way};
use sseam_testkit::cases::{CASES, Case};
use sseam_testkit::recorded;
use sseam_testkit::streams::{stream, structure};

/// Cases beyond sseam's table: mistakes of other parsers.
const OTHERS: [(&str, &str); 4] = [
    ("characters of a mark", "\u{EF}\u{BB}\u{BF}data: a\n\ndata: b\n\n"),
    ("characters of a mark after one", "\u{FEFF}\u{EF}\u{BB}\u{BF}data: a\n\ndata: b\n\n"),
    ("two marks", "\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n"),
    ("empty retry after another", "retry: 20\nretry:\nretry\ndata: a\n\n"),
];

/// The table, each case cut in each way; checks `ways` against its results.
pub(crate) fn table() -> Result<Vec<Request>, Box<dyn Error>> {
    let mut requests = Vec::new();
    for case in CASES {
        agree(case.name, case.input, &answer(case), &[Way::RetryOf64Bits])?;
        requests.extend(cut_in_each_way(case.name, case.input, case.splits));
    }
    for (name, stream) in OTHERS {
        requests.extend(cut_in_each_way(name, stream.as_bytes(), &[]));
    }
    Ok(requests)
}

/// The cases next to the recorded streams, which are not part of the repository, one a line, with
/// their results; cut in each way. Empty if they are absent.
pub(crate) fn shared() -> Result<Vec<Request>, Box<dyn Error>> {
    let Some(folder) = recorded::folder("conformance") else { return Ok(Vec::new()) };
    let mut requests = Vec::new();
    for line in fs::read_to_string(folder.join("cases.jsonl"))?.lines() {
        let case: Shared = serde_json::from_str(line)?;
        let stream = base64(&case.input_b64).ok_or("not base64")?;
        let events = case.events.into_iter();
        let right = Answer {
            events: events.map(|event| Dispatched(event.event, event.data, event.id)).collect(),
            last_event_id: Some(case.final_last_event_id),
            retry: Retry::Reported(case.retry.map(|time| time.to_string().replace('"', ""))),
        };
        agree(&case.id, &stream, &right, &[])?;
        let splits: Vec<&[usize]> = case.splits.iter().map(Vec::as_slice).collect();
        requests.extend(cut_in_each_way(&case.id, &stream, &splits));
    }
    Ok(requests)
}

/// `count` streams, three of four like those of the tests, one of only significant bytes, each cut
/// anywhere.
pub(crate) fn generated(count: usize, seed: u64) -> Result<Vec<Request>, Box<dyn Error>> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cuts = proptest::collection::vec(0_usize..1000, 0..6);
    let streams = proptest::prop_oneof![3 => stream(), 1 => structure()];
    let strategy = (streams, cuts, 0..8);
    (0..count)
        .map(|n| {
            let tree = strategy.new_tree(&mut runner).map_err(|reason| reason.to_string())?;
            let (stream, mut cuts, way) = tree.current();
            if way == 0 {
                cuts = (0..=stream.len()).collect();
            }
            for at in &mut cuts {
                *at %= stream.len() + 1;
            }
            cuts.sort_unstable();
            Ok(Request {
                name: format!("generated {n} of seed {seed}"),
                stream,
                cuts,
                observe: false,
            })
        })
        .collect()
}

/// Whole, between all bytes, at each place in turn, and as listed in the case.
fn cut_in_each_way(name: &str, stream: &[u8], splits: &[&[usize]]) -> Vec<Request> {
    let between_all_bytes: Vec<usize> = (0..=stream.len()).flat_map(|at| [at, at]).collect();
    let mut cuts = vec![vec![], (0..stream.len()).collect(), between_all_bytes];
    if stream.len() <= 200 {
        cuts.extend((0..=stream.len()).map(|at| vec![at]));
    }
    cuts.extend(splits.iter().map(|offsets| {
        let mut offsets: Vec<usize> = offsets.iter().map(|&at| at.min(stream.len())).collect();
        offsets.sort_unstable();
        offsets
    }));
    let request = |(n, cuts)| Request {
        name: name.to_owned(),
        stream: stream.to_vec(),
        cuts,
        // Slow judges observe only the first two.
        observe: n < 2,
    };
    cuts.into_iter().enumerate().map(request).collect()
}

/// Checks the reference itself: `ways` gives the result of the table for `stream`.
fn agree(name: &str, stream: &[u8], right: &Answer, ways: &[Way]) -> Result<(), String> {
    let difference = ways::answer(stream, ways).difference(right);
    difference.map_or(Ok(()), |what| Err(format!("the table on {name}: {what}")))
}

fn answer(case: &Case) -> Answer {
    let owned = |&(event_type, data, id): &(&str, &str, &str)| {
        Dispatched(event_type.to_owned(), data.to_owned(), id.to_owned())
    };
    Answer {
        events: case.events.iter().map(owned).collect(),
        last_event_id: Some(case.last_event_id.to_owned()),
        retry: Retry::Reported(case.retry.map(|time| time.to_string())),
    }
}

#[derive(Deserialize)]
struct Shared {
    id: String,
    input_b64: String,
    events: Vec<SharedEvent>,
    final_last_event_id: String,
    /// A number, or a string of digits.
    retry: Option<serde_json::Value>,
    #[serde(default)]
    splits: Vec<Vec<usize>>,
}

#[derive(Deserialize)]
struct SharedEvent {
    event: String,
    data: String,
    id: String,
}

/// Decodes base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_usize, 0);
    for digit in text.trim_end_matches('=').bytes() {
        bits = bits << 6 & 0xFFFF | DIGITS.iter().position(|&known| known == digit)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(bytes)
}
