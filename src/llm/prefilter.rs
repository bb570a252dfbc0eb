//! Detects plain deltas: payloads that cannot end a stream. A shortcut for speed.
//!
//! Plain deltas are detected by name, or, in Chat Completions, by a search for the names of members
//! that may affect the outcome. To read a chunk's members takes several times as long.

use super::payload::Discriminator;
use super::protocol::{Fast, Protocol};
use super::sentinel::{KEEP_ALIVE_LEN, is_unnamed};
use crate::Event;
use crate::json::space;
use crate::size::IS_SMALL;

macro_rules! plain_deltas {
    ($($fast:ident: $plain:ident = $name:literal,)*) => {
        /// The most common plain deltas, detected by their name alone.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum PlainDelta {
            $($plain,)*
        }

        /// Detects a plain delta by `type`, if that is the first member of its data.
        #[inline]
        pub(super) fn by_name(fast: Fast, event: &Event<'_>) -> Option<PlainDelta> {
            let data = event.data().as_bytes();
            let plain = match fast {
                $(Fast::$fast if data.starts_with(concat!(r#"{"type":""#, $name, '"').as_bytes()) => {
                    PlainDelta::$plain
                })*
                _ => return None,
            };
            if event.event_type().as_bytes() == b"error" { None } else { Some(plain) }
        }

        /// Returns `true` for the name of a plain delta, without escapes.
        pub(super) fn is_plain_name(fast: Fast, name: &Discriminator<'_>) -> bool {
            let mut plain = [$((Fast::$fast, $name),)*].iter().filter(|(of, _)| *of == fast);
            plain.any(|(_, plain)| name.is(plain))
        }
    };
}
plain_deltas! {
    Responses: OutputText = "response.output_text.delta",
    Responses: FunctionCallArguments = "response.function_call_arguments.delta",
    Responses: ReasoningSummary = "response.reasoning_summary_text.delta",
    Responses: ReasoningText = "response.reasoning_text.delta",
    Messages: ContentBlock = "content_block_delta",
}

/// Returns `true` if the event is a payload that cannot affect the outcome. `false` may be a false
/// alarm.
#[inline]
pub(super) fn is_plain(protocol: &Protocol, event: &Event<'_>) -> bool {
    match protocol.fast {
        Fast::None => false,
        Fast::Chat => {
            let data = event.data().as_bytes();
            !IS_SMALL
                && is_unnamed(event)
                && data.len() > KEEP_ALIVE_LEN
                && data.starts_with(b"{")
                && !might_end_stream(data)
        }
        Fast::Responses | Fast::Messages => !IS_SMALL && by_name(protocol.fast, event).is_some(),
    }
}

/// The number of bytes that are searched together.
const GROUP: usize = 32;

/// Returns `true` if the data may affect the outcome: if it contains, at any depth and in any
/// spelling, a member `error`, `errors`, `finish_reason` or `base_resp` that is not `null`, the
/// string `error`, or `detail` without a `finish_reason`. `true` may be a false alarm.
fn might_end_stream(data: &[u8]) -> bool {
    let (mut from, mut has_reason) = (0, false);
    let shifted = data.get(1..).unwrap_or_default().chunks_exact(GROUP);
    let mut groups = data.chunks_exact(GROUP).zip(shifted);
    // The search loop calls no function, so that the compiler can vectorize it.
    while let Some(n) = groups.position(|(first, second)| {
        let both = (first.first_chunk(), second.first_chunk());
        matches!(both, (Some(first), Some(second)) if has_candidate(first, second))
    }) {
        from += n * GROUP;
        if has_relevant_name(data, from, &mut has_reason) {
            return true;
        }
        from += GROUP;
    }
    // The last group overlaps the one before.
    let from = data.len().saturating_sub(1) / GROUP * GROUP;
    let last = data.len().checked_sub(GROUP + 1).and_then(|at| data.get(at..)?.first_chunk());
    let (Some(first), Some(second)) = (last, data.last_chunk()) else { return true };
    if has_candidate(first, second) && has_relevant_name(data, from, &mut has_reason) {
        return true;
    }
    !has_reason && has_detail(data)
}

/// Returns `true` if the data contains the string `detail`. `memchr::memmem` is not used because it
/// contains code that can panic.
#[inline(never)]
fn has_detail(data: &[u8]) -> bool {
    memchr::memchr_iter(b'd', data).any(|at| {
        let start = at.checked_sub(1).and_then(|start| data.get(start..));
        start.is_some_and(|start| start.starts_with(br#""detail""#))
    })
}

/// Returns `true` if the group may contain a relevant name, each of which contains `rr` or `_r`, or
/// an escape. `second` is the group one byte later.
#[allow(clippy::inline_always)]
#[allow(clippy::needless_bitwise_bool)] // Branch-free, so that all bytes are compared at once.
#[inline(always)]
fn has_candidate(first: &[u8; GROUP], second: &[u8; GROUP]) -> bool {
    first.iter().zip(second).fold(false, |found, (&a, &b)| {
        // One comparison matches `r`, `_`, and some bytes that are rare before an `r`.
        found | ((a & 0xD2 == 0x52) & (b == b'r')) | (a == b'\\')
    })
}

/// Checks the candidates in the group at an offset. Sets `has_reason` if there is a
/// `finish_reason`.
#[inline(never)]
fn has_relevant_name(data: &[u8], group: usize, has_reason: &mut bool) -> bool {
    if is_null_reason(data.get(group..).unwrap_or_default()) {
        *has_reason = true;
        return false;
    }
    let last = data.len().saturating_sub(8);
    for word in 0..GROUP / 8 {
        let at = (group + 1 + word * 8).min(last);
        let Some(bytes) = data.get(at..).and_then(<[u8]>::first_chunk) else { return true };
        let mut places = bytes_equal_to(b'r', *bytes) | bytes_equal_to(b'\\', *bytes);
        while places != 0 {
            let place = at + places.trailing_zeros() as usize / 8;
            if is_relevant_name_at(data, place, has_reason) {
                return true;
            }
            places &= places - 1;
        }
    }
    false
}

/// Returns `true` if the only candidate in the first group is a `finish_reason` that is `null`, as
/// in nearly every chunk.
#[inline]
#[allow(clippy::needless_bitwise_bool)] // As above.
fn is_null_reason(data: &[u8]) -> bool {
    let at = |offset: usize| data.get(offset..).and_then(<[u8]>::first_chunk::<GROUP>);
    let (Some(first), Some(second), Some(quote), Some(value)) = (at(0), at(1), at(7), at(9)) else {
        return false;
    };
    let (names, values) = (first.iter().zip(second), quote.iter().zip(value));
    !names.zip(values).fold(false, |found, ((&a, &b), (&quote, &value))| {
        let is_null = (a == b'_') & (quote == b'"') & (value == b'n');
        found | ((a & 0xD2 == 0x52) & (b == b'r') & !is_null) | (a == b'\\')
    })
}

/// Returns a bit set of the places that hold the byte. Later places may be false alarms.
fn bytes_equal_to(byte: u8, bytes: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;

    let differ = u64::from_le_bytes(bytes) ^ (ONES * u64::from(byte));
    differ.wrapping_sub(ONES) & !differ & (ONES << 7)
}

/// Returns `true` if there is a relevant name around the `r` at that place, or an escaped letter
/// there.
#[inline]
fn is_relevant_name_at(data: &[u8], place: usize, has_reason: &mut bool) -> bool {
    let rest_after = |text: &[u8], before: usize| {
        let start = place.checked_sub(before)?;
        data.get(start..)?.strip_prefix(text)
    };
    let value = match place.checked_sub(1).and_then(|before| data.get(before)) {
        Some(b'_') => match rest_after(br#"finish_reason""#, 7) {
            Some(value) => {
                *has_reason = true;
                Some(value)
            }
            None => rest_after(br#""base_resp""#, 6),
        },
        Some(b'r') => rest_after(br#""error""#, 3).or_else(|| rest_after(br#""errors""#, 3)),
        _ => None,
    };
    // The names consist of letters and underscores, which are rarely escaped.
    let is_escape = || matches!(rest_after(br"\u00", 0), Some([b'5'..=b'7', ..]));
    value.map_or_else(is_escape, |value| !is_null(value))
}

/// Returns `true` if a name is followed by a value that begins as only `null` does.
fn is_null(rest: &[u8]) -> bool {
    let value = space(rest).strip_prefix(b":").map(space);
    value.is_some_and(|value| value.starts_with(b"n"))
}
