//! Writes the seeds, a folder for each target, into the given folder: the streams of the tests,
//! after bytes that determine how they are read.

use std::path::Path;
use std::{env, fs, io};

// Links what the flags of the targets require.
use libfuzzer_sys as _;
use sseam_testkit::cases::CASES;
use sseam_testkit::fixtures::FIXTURES;

/// The table of streams of the tests.
const ANSWERS: &str = include_str!("../../tests/llm/cases.jsonl");

/// Payloads with members that the streams lack.
const PAYLOADS: &[&str] = &[
    r#"{"text":"a\n\ud83d\ude00","more":"é","count":7,"nested":{"type":"t","pair":[-1,true]}}"#,
    r#"{"type":"response.refusal.delta","delta":"no","output_index":1,"content_index":2}"#,
    r#"{"type":"response.reasoning_summary_text.delta","summary_index":1,"delta":"\ud83d"}"#,
    r#"{"type":"response.function_call_arguments.done","arguments":"{}","sequence_number":9}"#,
    r#"{"type":"response.content_part.added","part":{"type":"output_text","text":""}}"#,
    r#"{"type":"response.failed","response":{"error":{"code":"c","message":"m"},"usage":{"input_tokens":1}}}"#,
    r#"{"type":"error","message":"m","code":429,"param":null,"sequence_number":3}"#,
    r#"{"error":{"type":"t","message":"m","code":"c"}}"#,
    r#"{"error":"m"}"#,
    r#"{"object":"error","message":"m","type":"t","code":400}"#,
    r#"{"choices":[{"index":1,"delta":{"content":[{"type":"text","text":"a"}],"reasoning":"b","tool_calls":[{"index":2,"id":"i","type":"function","function":{"name":"f","arguments":"{"}}]}}]}"#,
    r#"{"choices":[{"text":"a","finish_reason":"stop"}],"x_groq":{"usage":{"total_tokens":3,"prompt_tokens_details":{"cached_tokens":1}}}}"#,
    r#"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"document_title":"d","url":"u"}}}"#,
    r#"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
    r#"{"type":"content_block_start","content_block":{"type":"tool_use","id":"i","name":"n"}}"#,
    r#"{"type":"message_start","message":{"id":"i","usage":{"input_tokens":1,"output_tokens":2}}}"#,
    r#"{"usage":{"completion_tokens":1,"completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":2,"accepted_prediction_tokens":3,"rejected_prediction_tokens":4}}}"#,
    r#"{"choices":[{"delta":{"role":"assistant","refusal":"r","function_call":{"name":"f","arguments":"{}"}}}]}"#,
    r#"{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"i","status":"s","role":"r","call_id":"c","name":"n","arguments":"{}","input":"x"}}"#,
    r#"{"type":"response.incomplete","response":{"id":"i","status":"incomplete","model":"m","incomplete_details":{"reason":"max_output_tokens"}}}"#,
    r#"{"type":"response.completed","response":{"usage":{"output_tokens":2,"input_tokens_details":{"cached_tokens":1},"output_tokens_details":{"reasoning_tokens":1}}}}"#,
    r#"{"type":"content_block_stop","index":1}"#,
    r#"{"type":"content_block_start","index":1,"content_block":{"type":"x","text":"t","thinking":"h","signature":"s","tool_use_id":"u","data":"d"}}"#,
    r#"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"h"}}"#,
    r#"{"type":"content_block_delta","delta":{"type":"signature_delta","signature":"s"}}"#,
    r#"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"cache_read_input_tokens":1}}"#,
    r#"{"choices":[],"choices":[{"index":0.7e1,"finish_reason":"null"},null,{"delta":null}],"id":"","id":"i","usage":null,"x_groq":{"usage":5,"usage":{"total_tokens":-0}}}"#,
    r#"{"type":"","type":"response.output_text.done","text":null,"arguments":{"a":[1]},"content_index":null,"summary_index":7.0}"#,
    r#"{"type":"response.custom_tool_call_input.delta","content_index":1,"summary_index":2,"delta":"","delta":"a"}"#,
    r#"{ "choices" : [ { "delta" : { "reasoning_content" : "" , "reasoning" : null , "reasoning_text" : "a" } } ] }"#,
    r#"{"\u0063hoices":[{"delt\u0061":{"content":"a\\u0041"}}],"object":"error","message":"m","code":1e2}"#,
    r#"{"citations":["c"],"choices":[{"native_finish_reason":"n","message":{"content":"a"},"error":{"code":-1,"status":"s"},"usage":{"total_tokens":1},"delta":{"reasoning_details":[{"text":"t"}],"reasoning_opaque":"o","audio":{"data":"d"},"annotations":[],"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]}],"tool_calls":[{"name":"n","arguments":"{}","custom":{"name":"n","input":"i"}}]}}]}"#,
    r#"{"type":"response.output_item.done","item":{"phase":"p","content":[],"summary":[],"encrypted_content":"e","action":{},"operation":{},"code":"c","outputs":[],"output":"o","result":"r","error":{}}}"#,
    r#"{"type":"response.output_text.annotation.added","annotation_index":1,"annotation":{"url":"u","title":"t","file_id":"f","filename":"n","container_id":"c","start_index":1,"end_index":2}}"#,
    r#"{"type":"response.image_generation_call.partial_image","partial_image_b64":"AAA=","partial_image_index":1,"output_format":"png"}"#,
    r#"{"type":"response.shell_call_command.done","command":"ls","command_index":1}"#,
    r#"{"type":"response.code_interpreter_call_code.done","code":"1+1"}"#,
    r#"{"type":"response.done","response":{"status":"completed","output":[{"type":"message"}]}}"#,
    r#"{"type":"content_block_start","content_block":{"type":"x","input":{},"caller":{},"server_name":"s","content":[],"is_error":true}}"#,
    r#"{"type":"content_block_delta","delta":{"type":"compaction_delta","content":"c","encrypted_content":"e"}}"#,
    r#"{"type":"message_delta","delta":{"stop_details":{"type":"t","category":"c","explanation":"e"}},"usage":{"output_tokens_details":{"thinking_tokens":1}}}"#,
    r"a\n\u0000\ud83d\ude00\ude00\/é",
    "[1,-0,1.5e-7,[[]],{},null,true,false,18446744073709551616]",
];

/// Events of Responses that have a text.
const NAMES: &[&str] = &[
    "response.output_text.delta",
    "response.function_call_arguments.delta",
    "response.reasoning_text.delta",
    "response.custom_tool_call_input.delta",
    "response.output_text.done",
    "response.reasoning_summary_text.done",
    "response.reasoning_text.done",
    "response.custom_tool_call_input.done",
    "response.refusal.done",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_part.done",
    "response.queued",
];

fn main() -> io::Result<()> {
    let root = env::args().nth(1).expect("the folder to write to");
    let cases = CASES.iter().map(|case| (case.name, case.input));
    let fixtures = FIXTURES.iter().map(|fixture| (fixture.name, fixture.stream.as_bytes()));
    let streams: Vec<_> = cases.chain(fixtures).collect();
    for (n, (name, stream)) in (0_u8..).zip(streams) {
        let cuts = [n, 0, n / 2, 0, 7, 0, 3, 0, 3, 0, 11, 0];
        let bounds = [n, n.wrapping_mul(37)];
        write(&root, "differential", name, &[&bounds, &cuts, stream])?;
        write(&root, "adapters", name, &[&bounds, &cuts, &[n, n % 9], stream])?;
        write(&root, "answer", name, &[&cuts, &[n, n, n], stream])?;
        let plan = |choices, lens: [u8; 3]| [&[choices][..], &lens, &[n; 12]].concat();
        let plans = [plan(n, [2, 3, 9]), plan(0b10110, [1, 1, n]), plan(0b10010, [1, 0, 255])];
        write(&root, "encode", name, &[&cuts, &[n], &plans.concat(), stream])?;
        // Each call continues the list: four bytes for its kind, and its length.
        let call = [1, 0, 0, 0, n, 19];
        write(&root, "raw", name, &[&bounds, &[n, n], &call, &call, &[1, 0, 0, 0, 80, 0], stream])?;
        // Bounds, no protocol; notifications, a chunk that an answer reads, and another one.
        let calls = [[1, 0, 0, 0, 115, n, 0, 0, 0], [1, 1, 0, 0, 0, 0, n, 1, 0]].concat();
        write(&root, "c_api", name, &[&[n, n, 0], &calls, stream])?;
        // Any policy, no time, no seed; then the calls, each as above: a good response, bytes, the
        // end, the largest time, and a second connection.
        let rules = [&[n & 1, n, n / 4, 0][..], &[0; 48], &[0, n], &[0]].concat();
        let connection = |len| [[1, 0, 0, 0, 43].as_slice(), &[1, 0, 0, 0, 150, len]].concat();
        let end = [1, 0, 0, 0, 107, 1, 0, 0, 0, 22];
        let calls = [&connection(n)[..], &end, &connection(255), &[0]].concat();
        write(&root, "source", name, &[&rules, &calls, stream])?;
        let lines = stream.split(|byte| *byte == b'\n');
        let payloads = lines.filter_map(|line| line.strip_prefix(b"data: "));
        for (n, payload) in (0_u8..).zip(payloads) {
            let name = format!("{name}-{n}");
            write(&root, "payloads", &name, &[&[n], payload])?;
            write(&root, "json", &name, &[&unchanged(n), payload])?;
        }
    }
    for (n, payload) in (0_u8..).zip(PAYLOADS) {
        write(&root, "payloads", &n.to_string(), &[&[n], payload.as_bytes()])?;
        write(&root, "json", &n.to_string(), &[&unchanged(n), payload.as_bytes()])?;
        let stream = [b"data: ", payload.as_bytes(), b"\n\n"].concat();
        write(&root, "answer", &n.to_string(), &[&[0; 15], &stream])?;
    }
    for (n, line) in (0_u8..=255).cycle().zip(ANSWERS.lines()) {
        let case: serde_json::Value = serde_json::from_str(line)?;
        let [name, stream] = ["name", "stream"].map(|key| case[key].as_str().expect("a string"));
        let cuts = [n, 0, n / 2, 0, 7, 0, 3, 0, 3, 0, 11, 0];
        write(&root, "answer", name, &[&cuts, &[n, 0, n], stream.as_bytes()])?;
    }
    for name in NAMES {
        let event = format!(r#"{{"type":"{name}","delta":"a","text":"b","output_index":1}}"#);
        write(&root, "payloads", name, &[&[0], event.as_bytes()])?;
        write(&root, "json", name, &[&unchanged(4), event.as_bytes()])?;
    }
    // Generated, with each end and each way to make a string.
    for n in 0..=u8::MAX {
        let choices = [&[1, n, n / 10][..], &[n % 71, 7, n, 3], &[n], &[0; 9]].concat();
        let strings = *b"Good day, \xC3\xA9\xF0\x9F\x98\x80\n\\\\n\\u00e9\\ud83d\\ude00\\ud83d and all that \"follows it\"";
        write(&root, "json", &format!("made-up-{n}"), &[&choices, &strings])?;
    }
    Ok(())
}

/// What precedes data that the target `json` reads unchanged.
fn unchanged(n: u8) -> [u8; 17] {
    [n & !3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n, 0, n.wrapping_mul(3), 0, n, n]
}

fn write(root: &str, target: &str, name: &str, parts: &[&[u8]]) -> io::Result<()> {
    let folder = Path::new(root).join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), parts.concat())
}
