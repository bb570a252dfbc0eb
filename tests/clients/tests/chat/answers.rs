//! What a model says, in each of the APIs.

use crate::setup::{KEY, Reply, ask};

const CHAT: &str = r#"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

data: {"choices":[{"index":0,"delta":{"content":"Good "}}]}

: keep-alive

data: {"choices":[{"index":0,"delta":{"content":"day,\n\tKrak\u00f3w \ud83d"}}]}

data: {"choices":[{"index":0,"delta":{"content":"\ude00"}}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}

data: [DONE]

"#;

const RESPONSES: &str = r#"event: message
data: {"type":"response.created","sequence_number":0,"response":{}}

event: message
data: {"type":"response.output_text.delta","sequence_number":1,"delta":"Good "}

event: message
data: {"type":"response.output_text.delta","sequence_number":2,"delta":"day,\n\tKrak\u00f3w \ud83d"}

event: message
data: {"type":"response.output_text.delta","sequence_number":3,"delta":"\ude00"}

event: message
data: {"type":"response.completed","sequence_number":4,"response":{"usage":{"input_tokens":11,"output_tokens":7}}}

"#;

const MESSAGES: &str = r#"event: message_start
data: {"type":"message_start","message":{"usage":{"input_tokens":11,"output_tokens":1}}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Good "}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"day,\n\tKrak\u00f3w 😀"}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}

event: message_stop
data: {"type":"message_stop"}

"#;

const APIS: [(&str, &str); 3] =
    [("/v1/chat/completions", CHAT), ("/v1/responses", RESPONSES), ("/v1/messages", MESSAGES)];

#[test]
fn the_text_and_nothing_else_is_on_standard_output() {
    for (path, stream) in APIS {
        let (ran, _) = ask(path, Reply::stream(stream), &["Hello"]);
        assert_eq!(ran.out, "Good day,\n\tKraków 😀", "{path}");
        assert_eq!(
            ran.err, "chat: 11 tokens in, 7 out\nchat: completed: this is the whole answer\n",
            "{path}"
        );
        assert_eq!(ran.status, 0, "{path}");
    }
}

#[test]
fn the_question_and_the_key_are_where_the_api_wants_them() {
    for (path, stream) in APIS {
        let (_, asked) = ask(path, Reply::stream(stream), &["Why", "is that?"]);
        assert_eq!(asked.head.uri.path(), path);
        assert_eq!(asked.head.method, "POST");
        assert_eq!(asked.body["model"], "model-1");
        assert_eq!(asked.body["stream"], true);
        let (prompt, header, key) = match path {
            "/v1/chat/completions" => {
                ("/messages/0/content", "authorization", format!("Bearer {KEY}"))
            }
            "/v1/responses" => ("/input", "authorization", format!("Bearer {KEY}")),
            _ => ("/messages/0/content", "x-api-key", KEY.to_string()),
        };
        let prompt = asked.body.pointer(prompt).and_then(|prompt| prompt.as_str());
        assert_eq!(prompt, Some("Why is that?"), "{path}");
        assert_eq!(asked.head.headers[header], key, "{path}");
    }
}

#[test]
fn a_base_gets_the_path_of_its_api() {
    for (api, path, stream) in [
        ("chat", "/v1/chat/completions", CHAT),
        ("responses", "/v1/responses", RESPONSES),
        ("messages", "/v1/messages", MESSAGES),
    ] {
        let (ran, asked) = ask("/v1/?version=2", Reply::stream(stream), &["--api", api]);
        assert_eq!(asked.head.uri.to_string(), format!("{path}?version=2"));
        assert_eq!(ran.status, 0, "{}", ran.err);
    }
    let (_, asked) = ask("/v1", Reply::stream(CHAT), &["--no-usage"]);
    assert_eq!(asked.body.get("stream_options"), None);
    let (_, asked) = ask("/v1", Reply::stream(CHAT), &[]);
    assert_eq!(asked.body["stream_options"]["include_usage"], true);
}

/// Two calls at a time, in pieces; in Chat Completions also two that share an index.
#[test]
fn tool_calls_are_told_with_their_arguments() {
    let said = "chat: calls one({\"a\":\"x  y\"})\nchat: calls two({})\nchat: completed";
    let fragment = |index: u32, function: &str| {
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{\"index\":{index},\
             \"function\":{function}}}]}}}}]}}\n\n"
        )
    };
    for second in [1, 0] {
        let calls = [
            fragment(0, r#"{"name":"one","arguments":""}"#),
            fragment(0, r#"{"arguments":"{\"a\":\"x "}"#),
            fragment(0, r#"{"arguments":" y\"}"}"#),
            fragment(second, r#"{"name":"two","arguments":"{}"}"#),
        ];
        let stream = format!("{}data: [DONE]\n\n", calls.concat());
        let (ran, _) = ask("/v1", Reply::stream(&stream), &[]);
        ran.says(said);
        assert_eq!(ran.out, "");
    }

    let responses = r#"data: {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","name":"one","arguments":""}}

data: {"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","name":"two","arguments":""}}

data: {"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"a\":\"x "}

data: {"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"}

data: {"type":"response.function_call_arguments.delta","output_index":0,"delta":" y\"}"}

data: {"type":"response.completed","response":{}}

"#;
    let messages = r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","name":"one","input":{}}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":\"x "}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":" y\"}"}}

data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","name":"two","input":{}}}

data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}}

data: {"type":"message_stop"}

"#;
    for (path, stream) in [("/v1/responses", responses), ("/v1/messages", messages)] {
        ask(path, Reply::stream(stream), &[]).0.says(said);
    }
}

#[test]
fn a_refusal_is_told() {
    let stream = r#"data: {"type":"response.refusal.delta","delta":"I must not."}

data: {"type":"response.completed","response":{}}

"#;
    ask("/v1/responses", Reply::stream(stream), &[]).0.says("chat: the model refuses: I must not.");
}

/// Some servers do not stream.
#[test]
fn an_answer_in_one_piece_is_shown() {
    let cases = [
        (r#"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#, "Hi", 0),
        (r#"{"choices":[{"message":{"content":"H"},"finish_reason":"length"}]}"#, "H", 3),
        (
            r#"{"status":"completed","output":[{"type":"reasoning"},{"content":[{"text":"Hi"}]}]}"#,
            "Hi",
            0,
        ),
        (r#"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}"#, "Hi", 0),
        (r#"{"error":{"message":"No model"}}"#, "", 4),
        (r#"{"what":1}"#, "", 6),
        (r#"{"choices":[{"mess"#, "", 5),
    ];
    for (json, text, status) in cases {
        let (ran, _) = ask("/v1", Reply::json(200, json), &[]);
        assert_eq!((ran.out.as_str(), ran.status), (text, status), "{json}: {}", ran.err);
        ran.says("the server does not stream");
    }
}
