//! The parser follows the standard exactly: every case, in any chunks, with each buffer, with and
//! without notifications.

use sseam::Notify;
use sseam_testkit::cases::{CASES, Case};
use sseam_testkit::{Output, Setup, bytewise, cut, read_with_each_buffer};

/// The ways to cut a case, besides its own.
fn chunkings<'s>(input: &'s [u8], splits: &[&[usize]]) -> Vec<Vec<&'s [u8]>> {
    let mut chunkings = vec![vec![input], bytewise(input)];
    let between_all_bytes: Vec<usize> = (0..=input.len()).flat_map(|at| [at, at]).collect();
    chunkings.push(cut(input, &between_all_bytes));
    if input.len() <= 200 {
        chunkings.extend((0..=input.len()).map(|at| cut(input, &[at])));
    }
    chunkings.extend(splits.iter().map(|offsets| cut(input, offsets)));
    chunkings
}

/// Compares as text: the table has U+FFFD for bytes that are not UTF-8.
#[track_caller]
fn check(case: &Case, input: &[u8], events: &[(String, String, String)]) {
    for notify in [Notify::NONE, Notify::ALL] {
        let setup = Setup { notify, ..Setup::ROOMY };
        for chunks in chunkings(input, case.splits) {
            for run in read_with_each_buffer(&setup, &chunks) {
                let context =
                    format!("{} ({}) with {}, {notify:?}", case.name, case.note, run.buffer);
                let dispatched = run.trace.outputs.iter().filter_map(|output| match output {
                    Output::Event { event_type, data, id } => Some([event_type, data, id]),
                    Output::Error(error) => panic!("{context}: {error}"),
                    _ => None,
                });
                let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
                let dispatched: Vec<_> =
                    dispatched.map(|[a, b, c]| (text(a), text(b), text(c))).collect();
                assert_eq!(dispatched, events, "{context}");
                assert_eq!(text(&run.trace.last_event_id), case.last_event_id, "{context}");
                assert_eq!(run.trace.retry, case.retry, "{context}");
            }
        }
    }
}

#[test]
fn every_case() {
    for case in CASES {
        let events: Vec<_> = case
            .events
            .iter()
            .map(|&(event_type, data, id)| (event_type.into(), data.into(), id.into()))
            .collect();
        check(case, case.input, &events);
    }
}

/// Cases too long for the table: their input, and the data of their events.
fn long_cases() -> Vec<(&'static str, Vec<u8>, Vec<String>)> {
    let eight_k = "a".repeat(8192);
    let seventy_k = "0123456789".repeat(7000);
    let numbered = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
    let lines = format!("data: {}\n", numbered(500).join("\ndata: "));
    let events = format!("data: m{}\n\n", numbered(100).join("\n\ndata: m"));
    vec![
        ("data-long-8k", format!("data: {eight_k}\n\n").into(), vec![eight_k]),
        (
            "data-long-70k",
            format!("data:{seventy_k}\n\ndata: after\n\n").into(),
            vec![seventy_k, "after".into()],
        ),
        ("data-500-lines", format!("{lines}\n").into(), vec![numbered(500).join("\n")]),
        ("data-100-events", events.into(), numbered(100).iter().map(|n| format!("m{n}")).collect()),
        ("comment-long", format!(":{}\ndata: a\n\n", "x".repeat(5000)).into(), vec!["a".into()]),
    ]
}

#[test]
fn every_long_case() {
    for (name, input, data) in long_cases() {
        let case = Case {
            name,
            note: "",
            input: b"",
            events: &[],
            last_event_id: "",
            retry: None,
            splits: &[&[10], &[1460, 2920, 4096], &[7, 8, 9, 10]],
        };
        let events: Vec<_> =
            data.into_iter().map(|data| ("message".into(), data, String::new())).collect();
        check(&case, &input, &events);
    }
}

/// The oracle of the other tests agrees with the table.
#[test]
fn oracle_agrees() {
    for case in CASES {
        let trace = sseam_testkit::oracle(case.input, &Setup::ROOMY, usize::MAX);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let events: Vec<_> = trace
            .outputs
            .iter()
            .map(|output| match output {
                Output::Event { event_type, data, id } => (text(event_type), text(data), text(id)),
                other => panic!("{}: {other:?}", case.name),
            })
            .collect();
        let expected: Vec<_> = case
            .events
            .iter()
            .map(|&(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()))
            .collect();
        assert_eq!(events, expected, "{}", case.name);
        assert_eq!(text(&trace.last_event_id), case.last_event_id, "{}", case.name);
        assert_eq!(trace.retry, case.retry, "{}", case.name);
    }
}
