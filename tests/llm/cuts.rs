//! Every stream cut at every byte: a cut stream is not completed, and nothing is reported that the
//! whole stream does not report.

use sseam::llm::{Answer, Outcome, Protocol};
use sseam::{ArrayBuf, Event, Parser, json};
use sseam_testkit::llm::{Follower, NOTIFY, Record};

use crate::cases::{Case, cases};

/// A prefix of a stream, and its results.
struct Cut<'c> {
    begun: &'c str,
    /// At the end of the stream without a flush, and with it.
    record: [Record; 2],
}

impl Cut<'_> {
    /// Returns `true` if an event or a notification has ended the stream.
    fn is_over(&self) -> bool {
        is_over(&self.record[0])
    }

    /// The length without the trailing line ends, which are not part of an event's data.
    fn len(&self) -> usize {
        self.begun.trim_end_matches(['\r', '\n']).len()
    }
}

fn is_over(record: &Record) -> bool {
    [&record.signals, &record.noticed].iter().any(|signals| signals.contains(['T', 'S']))
}

/// The stream cut at every byte that is not within a character.
fn cuts(case: &Case) -> Vec<Cut<'_>> {
    let room = case.limit.unwrap_or(4096);
    let buffer = ArrayBuf::<4096, 256>::new().with_limit(room);
    let mut parser = Parser::with_buffer(buffer).with_notify(NOTIFY);
    let mut follower = Follower::new(Answer::new());
    let mut cuts = Vec::new();
    for len in 0..=case.stream.len() {
        let begun = case.stream.get(..len);
        if let Some(byte) = len.checked_sub(1).map(|at| case.stream.as_bytes()[at]) {
            follower.feed(&mut parser, &[byte], &mut |_| {});
        }
        let record = [false, true].map(|flush| {
            let (mut parser, mut follower) = (parser.clone(), follower.clone());
            follower.end(&mut parser, flush, &mut |_| {});
            follower.finish(parser.finish())
        });
        cuts.extend(begun.map(|begun| Cut { begun, record }));
    }
    cuts
}

/// Protocols in which earlier events can complete a stream at its end.
const COMPLETED_AT_THE_END: [&str; 5] =
    ["chat", "generate-content", "sap-orchestration", "json-rpc", "a2a"];

/// The length at which the terminal's data is complete, and that at which the data of the first
/// reason, or of the first response of JSON-RPC, is.
fn completing(cuts: &[Cut<'_>]) -> [Option<usize>; 2] {
    let is_response = |cut: &Cut<'_>| {
        cut.record[0].protocol == Some("json-rpc") && cut.begun[..cut.len()].contains("\"result\"")
    };
    let terminal = cuts.iter().find(|cut| cut.is_over());
    let at_end = cuts.iter().find(|cut| cut.record[0].reason.is_some() || is_response(cut));
    [terminal, at_end].map(|cut| cut.map(Cut::len))
}

/// How often a check applied.
#[derive(Default)]
struct Counts {
    by_a_reason: usize,
    in_an_event: usize,
    flushed: usize,
}

#[test]
fn every_cut_of_every_stream() {
    let mut counts = Counts::default();
    for case in cases() {
        let cuts = cuts(&case);
        check_completed_only_after_terminal(&case.name, &cuts, &mut counts);
        check_not_completed_within_event(&case.name, &cuts, &mut counts);
        check_deltas_are_a_prefix(&case.name, &cuts);
        check_terminal_is_final(&case.name, &cuts);
        check_flushed_terminal_is_whole(&case.name, &cuts, &mut counts);
    }
    let Counts { by_a_reason, in_an_event, flushed } = counts;
    assert!(by_a_reason > 500, "{by_a_reason} completed by a reason");
    assert!(in_an_event > 200, "{in_an_event} cut in an event");
    assert!(flushed > 100, "{flushed} with a terminal that was flushed");
}

fn check_completed_only_after_terminal(name: &str, cuts: &[Cut<'_>], counts: &mut Counts) {
    let [terminal, at_end] = completing(cuts);
    for (cut, record) in
        cuts.iter().flat_map(|cut| cut.record.iter().map(move |record| (cut, record)))
    {
        let has = |at: Option<usize>| at.is_some_and(|at| at <= cut.begun.len());
        let context = || format!("{name} after {} bytes: {record:?}", cut.begun.len());
        if record.outcome == Outcome::Completed && !has(terminal) {
            assert!(has(at_end), "{}", context());
            let protocol = record.protocol.unwrap_or_default();
            assert!(COMPLETED_AT_THE_END.contains(&protocol), "{}", context());
            counts.by_a_reason += 1;
        }
        if record.broken == Outcome::Completed && !has(terminal) {
            let is_response = has(at_end) && record.protocol == Some("json-rpc");
            assert!(is_response, "broken: {}", context());
        }
    }
}

/// In protocols without a terminal, servers send `STOP` in each event.
fn check_not_completed_within_event(name: &str, cuts: &[Cut<'_>], counts: &mut Counts) {
    for cut in cuts {
        let [record, _] = &cut.record;
        let line = cut.begun.rsplit(['\r', '\n']).next().unwrap_or_default();
        if record.protocol == Some("generate-content") && line.starts_with("data") && !cut.is_over()
        {
            assert_ne!(record.outcome, Outcome::Completed, "{name} after {line}");
            counts.in_an_event += 1;
        }
    }
}

fn check_deltas_are_a_prefix(name: &str, cuts: &[Cut<'_>]) {
    let [whole, _] = &cuts.last().expect("all of it").record;
    for cut in cuts {
        let [record, _] = &cut.record;
        let context = || format!("{name} after {} bytes", cut.begun.len());
        assert!(whole.signals.starts_with(&record.signals), "{}", context());
        let mut deltas = &record.deltas[..];
        // A bare line that was cut may report less of the error.
        if let [front @ .., last] = deltas {
            if last.starts_with("Error") && !whole.deltas.starts_with(deltas) {
                assert_eq!(whole.outcome, Outcome::Failed, "{}", context());
                deltas = front;
            }
        }
        assert!(whole.deltas.starts_with(deltas), "{}: {:?}", context(), record.deltas);
    }
}

fn check_terminal_is_final(name: &str, cuts: &[Cut<'_>]) {
    let mut settled = None;
    for cut in cuts {
        let [record, _] = &cut.record;
        if let Some(outcome) = settled {
            assert_eq!(record.outcome, outcome, "{name} after {:?}", cut.begun);
        }
        // An incomplete line may have another meaning once it is complete.
        if cut.begun.ends_with(['\r', '\n']) && cut.is_over() {
            settled = Some(record.outcome);
        }
    }
}

/// With a flush the last event counts although no blank line follows it: a terminal if its data is
/// complete, an error as soon as it is recognised, otherwise a payload.
fn check_flushed_terminal_is_whole(name: &str, cuts: &[Cut<'_>], counts: &mut Counts) {
    for cut in cuts {
        let [without, with] = &cut.record;
        if is_over(without) || !is_over(with) || with.outcome == Outcome::Failed {
            continue;
        }
        let lines = cut.begun.lines().rev().take_while(|line| !line.is_empty());
        let mut lines: Vec<_> = lines.filter_map(|line| line.strip_prefix("data:")).collect();
        lines.reverse();
        let data = lines.join("\n");
        let is_whole = json::is_whole_object(data.as_bytes()) || data.trim() == "[DONE]";
        let is_plain = cut.begun.contains("event:") && !data.trim().starts_with(['{', '[']);
        assert!(is_whole || is_plain, "{name}: {} by {data:?}", with.outcome);
        counts.flushed += 1;
    }
}

/// A terminal with truncated data is a payload like any other.
#[test]
fn truncated_terminal_is_a_payload() {
    for (protocol, line, data) in [
        (Protocol::RESPONSES, "", r#"{"type":"response.completed","response":{"id":"}"}}"#),
        (Protocol::RESPONSES, "", r#"{"type":"response.incomplete","response":{}}"#),
        (Protocol::RESPONSES, "response.completed", r#"{"response":{"output":[{}]}}"#),
        (Protocol::MESSAGES, "message_stop", r#"{"type":"message_stop"}"#),
        (
            Protocol::COHERE_CHAT,
            "",
            r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#,
        ),
        (Protocol::INTERACTIONS, "", r#"{"event_type":"interaction.completed","interaction":{}}"#),
        (Protocol::MISTRAL_CONVERSATIONS, "conversation.response.done", r#"{"usage":{}}"#),
        (Protocol::UI_MESSAGE_STREAM, "", r#"{"type":"finish","finishReason":"stop"}"#),
        (Protocol::AG_UI, "", r#"{"type":"RUN_FINISHED","outcome":{"type":"success"}}"#),
        (Protocol::OPENAI_MEDIA, "", r#"{"type":"transcript.text.done","text":"a"}"#),
        (Protocol::TGI, "", r#"{"token":{"text":"a"},"generated_text":"a","details":{}}"#),
        (Protocol::LLAMA_CPP, "", r#"{"content":"","stop":true,"stop_type":"eos"}"#),
        (Protocol::DIFY, "", r#"{"event":"message_end","metadata":{}}"#),
        (Protocol::COZE, "conversation.chat.completed", r#"{"id":"1","usage":{}}"#),
        (Protocol::GRAPHQL_SSE, "complete", r#"{"data":{}}"#),
        (Protocol::TRPC, "return", r#"{"a":[]}"#),
        (Protocol::LANGGRAPH, "end", r#"{"a":[]}"#),
        (Protocol::ASSISTANTS, "done", "[DONE]"),
    ] {
        for len in 1..=data.len() {
            let event = Event::new(&data[..len]).with_type(line);
            let mut answer = Answer::of(protocol);
            let signal = answer.read(&event).signal();
            let outcome = answer.outcome(None);
            let expected = if len == data.len() { Outcome::Completed } else { Outcome::Truncated };
            let is_incomplete = data.contains("incomplete") && len == data.len();
            let expected = if is_incomplete { Outcome::Incomplete } else { expected };
            assert_eq!(outcome, expected, "{protocol:?}: {signal}, {}", &data[..len]);
            assert_eq!(signal.is_end(), len == data.len(), "{protocol:?}: {}", &data[..len]);
        }
    }
}
