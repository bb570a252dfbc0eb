//! The comparison: does a judge follow the standard, except for its known deviations?

use std::error::Error;

use crate::answer::{Answer, Request};
use crate::judges::Judge;
use crate::ways::{self, Way};

/// How many unexpected differences are shown in full.
const SHOWN: usize = 5;

/// The result of one judge on all streams.
pub(crate) struct Verdict {
    pub(crate) streams: usize,
    /// How often its answer is exactly the standard's.
    pub(crate) right: usize,
    /// Unexpected differences, and listed ones that did not occur.
    pub(crate) complaints: Vec<String>,
    /// How often each known deviation occurred.
    pub(crate) seen: Vec<usize>,
}

/// Runs the judge and compares.
pub(crate) fn of(judge: &Judge, requests: &[Request]) -> Result<Verdict, Box<dyn Error>> {
    let answers = (judge.answers)(requests)?;
    let ways: Vec<Way> = judge.deviations.iter().map(|known| known.way).collect();
    let without: Vec<Vec<Way>> = ways
        .iter()
        .map(|way| ways.iter().copied().filter(|other| other != way).collect())
        .collect();
    let mut verdict = Verdict {
        streams: requests.len(),
        right: 0,
        complaints: Vec::new(),
        seen: vec![0; ways.len()],
    };
    let mut unexpected = 0;
    for (request, answer) in requests.iter().zip(&answers) {
        let differs = |ways: &[Way]| answer.difference(&ways::answer(&request.stream, ways));
        if differs(&[]).is_none() {
            verdict.right += 1;
        }
        if let Some(what) = differs(&ways) {
            unexpected += 1;
            if unexpected <= SHOWN {
                verdict.complaints.push(complaint(request, answer, &what));
            }
        } else {
            for (seen, without) in verdict.seen.iter_mut().zip(&without) {
                *seen += usize::from(differs(without).is_some());
            }
        }
    }
    if unexpected > SHOWN {
        verdict.complaints.push(format!("{} more of that kind", unexpected - SHOWN));
    }
    for (known, seen) in judge.deviations.iter().zip(&verdict.seen) {
        if *seen == 0 {
            let what = format!("listed, but did not occur: {}", known.what);
            verdict.complaints.push(what);
        }
    }
    Ok(verdict)
}

fn complaint(request: &Request, answer: &Answer, what: &str) -> String {
    let Request { name, stream, cuts, .. } = request;
    let stream = stream.escape_ascii();
    format!("{name}: {what}\n    stream: {stream}\n    cuts: {cuts:?}\n    its answer: {answer:?}")
}
