//! Events as servers send them, with strings of any bytes near the end of the data.

use std::fmt::Write as _;

/// The usual members in their usual order; `@` is a string.
const TEMPLATES: [&str; 10] = [
    r#"{"id":"@","object":"chat.completion.chunk","created":1694268190,"model":"@","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"role":"assistant","content":"@"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"@"}"#,
    r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"@","type":"function","function":{"name":"@","arguments":"@"}}]},"finish_reason":null}]}"#,
    r#"{"choices":[{"index":1,"delta":{"reasoning_content":"@","refusal":"@","content":"@"}}]}"#,
    r#"{"id":"@","choices":[{"delta":{"role":"@","content":"","reasoning_content":null},"finish_reason":"@"}],"usage":{"prompt_tokens":7,"total_tokens":7.0}}"#,
    r#"{"type":"response.output_text.delta","sequence_number":4,"item_id":"@","output_index":0,"content_index":0,"delta":"@","logprobs":[],"obfuscation":"@"}"#,
    r#"{"type":"response.function_call_arguments.delta","item_id":"@","output_index":12,"delta":"@"}"#,
    r#"{"type":"response.reasoning_summary_text.delta","item_id":"@","summary_index":3,"delta":"@"}"#,
    r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"@"}}"#,
    r#"{"type":"content_block_delta","index":10,"delta":{"type":"input_json_delta","partial_json":"@"}}"#,
    r#"{"type":"@","delta":"@","@":"@"}"#,
];

/// How an event is generated.
#[derive(arbitrary::Arbitrary, Clone, Copy, Debug)]
pub struct Plan {
    template: u8,
    /// How bytes become a string, the spaces between members, and the end of the event.
    choices: u8,
    /// The lengths of the strings.
    lens: [u8; 4],
    /// The distance from the last string to the end of the data.
    end: u8,
}

impl Plan {
    /// The event with strings of these bytes.
    #[must_use]
    pub fn event(self, mut bytes: &[u8]) -> Vec<u8> {
        let template = TEMPLATES[usize::from(self.template) % TEMPLATES.len()];
        let template = match self.choices & 1 {
            0 => template.to_owned(),
            _ => template.replace(',', ", ").replace("\":", "\": "),
        };
        let (mut event, mut lens) = (Vec::new(), self.lens.iter());
        let mut pieces = template.split('@');
        event.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
        let mut last = event.len();
        for piece in pieces {
            let len = usize::from(*lens.next().unwrap_or(&7)) % 71;
            let taken;
            (taken, bytes) = bytes.split_at(len.min(bytes.len()));
            self.write_string(taken, len, &mut event);
            last = event.len();
            event.extend_from_slice(piece.as_bytes());
        }
        let len = last + 1 + usize::from(self.end) % 21;
        if event.len() < len {
            event.resize(len, b' ');
        } else if self.choices >> 1 & 1 == 1 {
            event.truncate(len);
        }
        event
    }

    fn write_string(self, bytes: &[u8], len: usize, event: &mut Vec<u8>) {
        match self.choices >> 2 & 3 {
            0 => event.extend_from_slice(bytes),
            1 => {
                let mut text = String::new();
                for char in String::from_utf8_lossy(bytes).chars() {
                    match char {
                        '"' | '\\' => text.extend(['\\', char]),
                        '\0'..=' ' => write!(text, "\\u{:04X}", u32::from(char)).expect("a string"),
                        _ => text.push(char),
                    }
                }
                event.extend_from_slice(text.as_bytes());
            }
            // Padded to the requested length, if the others are shorter.
            2 => {
                let letters = bytes.iter().map(|byte| b'#' + byte % 57);
                event.extend(letters.chain(std::iter::repeat(b'x')).take(len));
            }
            _ => {
                event.extend_from_slice(bytes);
                event.extend(std::iter::repeat_n(b'x', len.saturating_sub(bytes.len())));
            }
        }
    }
}
