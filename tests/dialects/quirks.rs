//! The quirks of real streams that are most likely to break a client, the
//! worst first. The shapes are as documented, the streams written here.

use sseam::Outcome::{Completed, Failed, Incomplete, Truncated, Unknown};
use sseam::dialect::{
    Assistants, Auto, Chat, CohereChat, GenerateContent, Messages, Responses, Violation,
};
use sseam::{ArrayBuf, Error, Event, Field, Item, Notify, Parser, Signal, Tracker};

use sseam_testkit::dialects::{Reader, read};

#[test]
fn q01_no_terminator_at_all() {
    // Perplexity, Writer, now and then Hugging Face, Baseten and Cerebras.
    let chat =
        "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\r\n\r\n";
    assert_eq!(read(chat, Chat::new()).outcome, Completed);
    let chat =
        "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\r\n\r\n";
    assert_eq!(read(chat, Chat::new()).outcome, Truncated);
    // Gemini.
    let gemini = "data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\r\n\r\n";
    assert_eq!(read(gemini, GenerateContent::new()).outcome, Completed);
    // Old servers say `STOP` in each chunk: one that breaks off shows by its rest.
    let cut = format!("{gemini}data: {{\"candidates\": [{{\"con");
    assert_eq!(read(&cut, GenerateContent::new()).outcome, Truncated);
}

#[test]
fn q02_an_error_and_then_done_is_no_success() {
    let error = "data: {\"error\":{\"message\":\"no\",\"code\":400}}\n\ndata: [DONE]\n\n";
    for said in [read(error, Chat::new()), read(error, Auto::new())] {
        assert_eq!((said.signals.as_str(), said.outcome), ("L.", Failed));
    }
    let old_vllm = "data: {\"object\":\"error\",\"message\":\"no\"}\n\ndata: [DONE]\n\n";
    assert_eq!(read(old_vllm, Chat::new()).outcome, Failed);
    let cohere = concat!(
        "data: {\"type\":\"message-end\",\"delta\":{\"error\":\"no\",\"finish_reason\":\"ERROR\"}}\n\n",
        "data: [DONE]\n\n",
    );
    assert_eq!(read(cohere, CohereChat::new()).outcome, Failed);
    // And `"error":null` is no error.
    let fine = concat!(
        "data: {\"response\":{\"error\":null},\"error\":null,\"type\":\"response.created\"}\n\n",
        "data: {\"response\":{\"error\":null},\"type\":\"response.completed\"}\n\n",
    );
    assert_eq!(read(fine, Responses::new()).outcome, Completed);
}

#[test]
fn q03_the_terminal_is_not_the_last_event() {
    let failed = concat!(
        "data: {\"type\":\"error\",\"sequence_number\":0}\n\n",
        "data: {\"type\":\"response.failed\",\"sequence_number\":1}\n\n",
    );
    let said = read(failed, Responses::strict());
    assert_eq!((said.signals.as_str(), said.outcome), ("L.", Failed));
    assert_eq!(said.violations, []);

    let openrouter = "data: {\"type\":\"response.completed\"}\n\ndata: [DONE]\n\n";
    let said = read(openrouter, Responses::new());
    assert_eq!((said.signals.as_str(), said.outcome), ("L.", Completed));

    let usage = concat!(
        "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"choices\":[],\"usage\":{}}\n\n",
        "data: [DONE]\n\n",
    );
    assert_eq!(read(usage, Chat::new()).signals, "mmD");

    let replicate =
        "event: output\ndata: Hi\n\nevent: done\ndata: {}\n\n:408: 408 Request Timeout\n\n";
    let said = read(replicate, Auto::new());
    assert_eq!((said.signals.as_str(), said.outcome), ("mD", Completed));
}

#[test]
fn q04_crlf_split_over_chunks_makes_no_phantom_events() {
    let lf = "event: x\ndata: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\n\ndata: {\"candidates\": []}\n\n";
    for line_end in ["\r\n", "\r", "\n"] {
        let stream = lf.replace('\n', line_end);
        for at in 0..stream.len() {
            let (left, right) = stream.as_bytes().split_at(at);
            let mut tracker = Tracker::new(GenerateContent::new());
            let said = Reader::new().read(&[left, b"", right], false, &mut tracker);
            assert_eq!((said.signals.as_str(), said.outcome), ("mm", Completed), "cut at {at}");
        }
    }
}

#[test]
fn q05_the_event_line_is_not_the_type_or_absent_or_after_the_data() {
    for stream in [
        // EU GPT, OpenRouter, Bedrock.
        "event: message\ndata: {\"type\":\"response.completed\"}\n\n",
        "data: {\"type\":\"response.completed\"}\n\n",
        "data: {\"type\":\"response.completed\"}\nevent: response.completed\n\n",
        "event: response.in_progress\ndata: {\"type\":\"response.completed\"}\n\n",
    ] {
        let said = read(stream, Responses::new());
        assert_eq!((said.signals.as_str(), said.outcome), ("L", Completed), "{stream}");
    }
}

#[test]
fn q06_sequence_numbers_begin_anywhere_or_are_absent() {
    let resumed = concat!(
        "data: {\"type\":\"response.queued\",\"sequence_number\":1}\n\n",
        "data: {\"type\":\"keepalive\",\"sequence_number\":2}\n\n",
        "data: {\"type\":\"response.completed\",\"sequence_number\":3}\n\n",
    );
    let said = read(resumed, Responses::new());
    assert_eq!((said.signals.as_str(), said.outcome), ("m.L", Completed));
    assert_eq!(said.violations, []);
    let violations = read(resumed, Responses::strict()).violations;
    let names: Vec<_> = violations.iter().map(Violation::name).collect();
    assert_eq!(names, ["unexpected_first"]);

    let unnumbered_error = concat!(
        "data: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
        "data: {\"type\":\"error\",\"code\":\"internal_error\",\"message\":\"no\"}\n\n",
    );
    let said = read(unnumbered_error, Responses::strict());
    assert_eq!((said.outcome, said.violations), (Failed, vec![]));
}

#[test]
fn q07_comments_before_the_first_event_are_no_events() {
    let stream = format!(
        "{}data: {{\"choices\":[{{\"finish_reason\":\"length\"}}]}}\n\ndata: [DONE]\n\n",
        ": OPENROUTER PROCESSING\n\n".repeat(20)
    );
    let said = read(&stream, Auto::new());
    assert_eq!((said.signals.as_str(), said.outcome), ("mD", Incomplete));
    // Nor is a stream of nothing else an answer.
    assert_eq!(read(&": ping\n\n".repeat(20), Auto::new()).outcome, Truncated);
}

#[test]
fn q08_a_terminal_or_ping_without_data_is_noticed() {
    let langserve = "event: data\r\ndata: {\"a\":1}\r\n\r\nevent: end\r\n\r\n";
    let said = read(langserve, Auto::new());
    assert_eq!((said.signals.as_str(), said.noticed.as_str(), said.outcome), ("m", "D", Completed));
    let said = read("event: thread.created\ndata: {}\n\nevent: done\n\n", Assistants::new());
    assert_eq!((said.noticed.as_str(), said.outcome), ("D", Completed));
    let dify = "event: ping\n\ndata: {\"event\":\"message\"}\n\n";
    let said = read(dify, Auto::new());
    assert_eq!((said.signals.as_str(), said.noticed.as_str(), said.outcome), ("m", "", Unknown));
    // A terminal that wants its payload does not come without.
    assert_eq!(read("event: message_stop\n\n", Messages::new()).outcome, Truncated);
}

#[test]
fn q09_an_error_in_a_field_that_the_standard_drops_is_noticed() {
    // llama.cpp of 2025.
    let llama = "data: {\"choices\":[]}\n\nerror: {\"code\":500,\"message\":\"no\"}\n\n";
    for said in [read(llama, Chat::new()), read(llama, Auto::new())] {
        assert_eq!((&*said.signals, &*said.noticed, said.outcome), ("m", "L", Failed));
    }
    // Gemini: lines of JSON, in the middle of nothing.
    let gemini = concat!(
        "data: {\"candidates\": [{\"finishReason\": \"STOP\"}]}\r\n\r\n",
        "{\r\n  \"error\": {\r\n    \"code\": 499,\r\n    \"status\": \"CANCELLED\"\r\n  }\r\n}\r\n",
    );
    for said in [read(gemini, GenerateContent::new()), read(gemini, Auto::new())] {
        assert_eq!((&*said.signals, &*said.noticed, said.outcome), ("m", "L", Failed));
    }
    // No errors.
    for none in [
        "errors: x\n\n",
        "error\n\n",
        "error: null\n\n",
        "\"error\": null,\n\n",
        "\"error\": \"\"\n\n",
        "\"error\": \"\",\n\n",
        "x: error\n\n",
    ] {
        assert_eq!(read(none, Chat::new()).outcome, Truncated, "{none}");
    }
}

#[test]
fn q10_a_huge_line_is_an_error_and_the_terminal_after_it_is_seen() {
    let huge =
        format!("data: {{\"choices\":[],\"x\":\"{}\"}}\n\ndata: [DONE]\n\n", "y".repeat(5000));
    let mut parser = Parser::<ArrayBuf<1024>>::default();
    let mut tracker = Tracker::new(Chat::new());
    let (mut signals, mut errors) = (Vec::new(), Vec::new());
    let mut chunk = huge.as_bytes();
    loop {
        match parser.next_event(&mut chunk) {
            Ok(Some(event)) => signals.push(tracker.observe(&event)),
            Ok(None) => break,
            Err(error) => errors.push(error),
        }
    }
    assert_eq!(errors, [Error::TooLarge { field: Field::Data, limit: 1024 }]);
    assert_eq!(signals, [Signal::Done]);
    assert_eq!(tracker.finish(parser.finish()), Completed);
}

#[test]
fn q11_no_space_after_the_colon_and_space_after_the_sentinel() {
    for stream in ["data:[DONE]\n\n", "data: [DONE]   \n\n", "data:  [DONE]\t\r\n\r\n"] {
        let said = read(stream, Chat::new());
        assert_eq!((said.signals.as_str(), said.outcome), ("D", Completed), "{stream:?}");
    }
    for stream in ["data: [DONE]x\n\n", "data: [DONE\n\n", "data: \"[DONE]\"\n\n", "[DONE]\n\n"] {
        assert_eq!(read(stream, Chat::new()).outcome, Truncated, "{stream:?}");
    }
}

#[test]
fn q12_cut_before_the_last_blank_line() {
    for (terminal, flushed) in [
        ("data: [DONE]", Completed),
        ("data: [DONE]\n", Completed),
        ("data: [DO", Truncated),
        ("data: {\"choices\":[{\"finish_reason\":\"length\"}]}", Incomplete),
        ("data: {\"choices\":[{\"finish_reason\":\"stop\",\"delta\":{\"content\":\"los", Truncated),
    ] {
        let stream = format!("data: {{\"choices\":[]}}\n\n{terminal}");
        let mut reader = Reader::new();
        let mut say = |flush| {
            reader.read(&[stream.as_bytes()], flush, &mut Tracker::new(Chat::new())).outcome
        };
        assert_eq!(say(false), Truncated, "{terminal}");
        assert_eq!(say(true), flushed, "{terminal}");
    }
}

#[test]
fn q13_empty_choices_empty_data_and_data_that_is_no_json() {
    let stream = concat!(
        "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
        "data: {}\n\n",
        "data:\n\n",
        "data: not\ndata: JSON\n\n",
        "data: {\"choices\":[{\"delta\":{},\n",
        "data: \"finish_reason\":\"length\"}]}\n\n",
        "data: {\"choices\":[{\"finish_reason\":\"length\"}],\"usage\":{}}\n\n",
        "data: [DONE]\n\n",
    );
    for said in [read(stream, Chat::new()), read(stream, Auto::new())] {
        assert_eq!((said.signals.as_str(), said.outcome), ("mmmmmmD", Incomplete));
    }
    // Snowflake gives no reason at all.
    assert_eq!(
        read("data: {\"choices\":[{}]}\n\ndata: [DONE]\n\n", Chat::new()).outcome,
        Completed
    );
}

#[test]
fn q14_utf_8_split_over_chunks() {
    // A line separator and a next line end no line.
    let text = "Gr\u{fc}\u{df}e \u{1f600}\u{2028}\u{85}";
    let stream = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}\n\n"
    );
    for at in 0..stream.len() {
        let (left, right) = stream.as_bytes().split_at(at);
        let mut tracker = Tracker::new(Chat::new());
        let said = Reader::new().read(&[left, right], false, &mut tracker);
        assert_eq!((said.signals.as_str(), said.outcome), ("m", Completed), "cut at {at}");
    }
    // Bytes that are not UTF-8 are the text's affair.
    let mut broken = stream.into_bytes();
    broken.iter_mut().filter(|byte| **byte >= 0x80).for_each(|byte| *byte = 0xFF);
    let said = Reader::new().read(&[&broken], false, &mut Tracker::new(Chat::new()));
    assert_eq!(said.outcome, Completed);
}

/// A notification that ends nothing is nothing for the client.
#[test]
fn other_notifications_are_ignored() {
    let stream = b"retry: 5\n: hi\nfoo: bar\n\nevent: x\n\n";
    let mut parser = Parser::<ArrayBuf<64>>::default().with_notify(Notify::ALL);
    let mut tracker = Tracker::new(Auto::new());
    let (mut chunk, mut seen) = (&stream[..], 0);
    while let Some(item) = parser.next_item(&mut chunk).unwrap() {
        assert!(!matches!(item, Item::Event(_)));
        assert_eq!(tracker.notice(&item), Signal::Ignore);
        seen += 1;
    }
    assert_eq!(seen, 4);
    // Nor is it after the end.
    tracker.observe(&Event::new("[DONE]"));
    let (name, value) = ("error".into(), "{}".into());
    let error = Item::UnknownField { name, value, truncated: false };
    assert_eq!(tracker.notice(&error), Signal::Ignore);
    assert_eq!(tracker.outcome(), Some(Completed));
}
