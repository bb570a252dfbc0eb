//! Looks for the type and the sequence number in an event's JSON, again and
//! again. The argument says where they stand. Prints how often, and in how many
//! bytes.

use std::hint::black_box;

use sseam::dialect::peek::{self, Text};
use sseam_instructions::{PEEKS, arguments, counted_region};

const LEADING: &str = r#"{"type":"response.output_text.delta","sequence_number":12,"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":""}"#;
const LAST: &str = r#"{"item_id":"msg_68a1f2","output_index":0,"content_index":0,"delta":" the","logprobs":[],"obfuscation":"","type":"response.output_text.delta","sequence_number":12}"#;

fn main() {
    let [place] = arguments();
    let json = match place.as_str() {
        "leading" => LEADING,
        "last" => LAST,
        _ => panic!("no event is named {place}"),
    };
    counted_region(|| {
        for _ in 0..PEEKS {
            black_box(look(black_box(json.as_bytes())));
        }
    });
    println!("{PEEKS} {}", PEEKS * json.len());
}

/// What a client writes that hopes for the usual order.
#[inline(never)]
fn look(json: &[u8]) -> Option<(Text<'_>, u64)> {
    let mut members = peek::members(json);
    let kind = members.next_if_named("type").and_then(|value| value.text());
    let number = members.next_if_named("sequence_number").and_then(|value| value.u64());
    kind.zip(number).or_else(|| look_anyhow(json))
}

#[inline(never)]
fn look_anyhow(json: &[u8]) -> Option<(Text<'_>, u64)> {
    let (mut kind, mut number) = (None, None);
    for (name, value) in peek::members(json) {
        if name == "type" {
            kind = kind.or(value.text());
        } else if name == "sequence_number" {
            number = number.or(value.u64());
        }
        if kind.is_some() && number.is_some() {
            break;
        }
    }
    kind.zip(number)
}
