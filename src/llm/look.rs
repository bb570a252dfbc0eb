//! Events that are payloads at first sight: a shortcut for speed.
//!
//! By name, or, in Chat Completions, by a search that separates nearly all chunks from those that
//! may say how the stream ends: to read a chunk's members takes several times as long.

use super::payload::Discriminator;
use super::protocol::{Lane, Protocol};
use super::sentinel::{KEEP_ALIVE_LEN, is_unnamed};
use crate::Event;
use crate::json::space;
use crate::size::IS_SMALL;

macro_rules! quiet {
    ($($lane:ident: $quiet:ident = $name:literal,)*) => {
        /// An event that is a payload and nothing else, by its name: those that come most often.
        /// Its other members are not looked at.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum Quiet {
            $($quiet,)*
        }

        /// What the event is by its name, if that is the first member of its data.
        #[inline]
        pub(super) fn by_name(lane: Lane, event: &Event<'_>) -> Option<Quiet> {
            let data = event.data().as_bytes();
            let quiet = match lane {
                $(Lane::$lane if data.starts_with(concat!(r#"{"type":""#, $name, '"').as_bytes()) => {
                    Quiet::$quiet
                })*
                _ => return None,
            };
            if event.event_type().as_bytes() == b"error" { None } else { Some(quiet) }
        }

        /// As [`by_name`], wherever the name stands. With escapes it is none of these.
        pub(super) fn is_quiet_name(lane: Lane, name: &Discriminator<'_>) -> bool {
            let mut quiet = [$((Lane::$lane, $name),)*].iter().filter(|(of, _)| *of == lane);
            quiet.any(|(_, quiet)| name.is(quiet))
        }
    };
}
quiet! {
    Responses: OutputText = "response.output_text.delta",
    Responses: FunctionCallArguments = "response.function_call_arguments.delta",
    Responses: ReasoningSummary = "response.reasoning_summary_text.delta",
    Responses: ReasoningText = "response.reasoning_text.delta",
    Messages: ContentBlock = "content_block_delta",
}

/// Whether the event is a payload, and nothing in it matters to the outcome.
#[inline]
pub(super) fn is_quiet(protocol: &Protocol, event: &Event<'_>) -> bool {
    match protocol.lane {
        Lane::None => false,
        Lane::Chat => {
            let data = event.data().as_bytes();
            !IS_SMALL
                && is_unnamed(event)
                && data.len() > KEEP_ALIVE_LEN
                && data.starts_with(b"{")
                && !may_matter(data)
        }
        Lane::Responses | Lane::Messages => !IS_SMALL && by_name(protocol.lane, event).is_some(),
    }
}

/// How many bytes are looked at together.
const GROUP: usize = 32;

/// Returns false only if the data holds none of the names `error`, `errors`, `finish_reason` and
/// `base_resp`, but for members that are `null`, no string `error`, and no `detail` without a
/// `finish_reason`; however deep, spaced, and escaped. A true may be a false alarm.
fn may_matter(data: &[u8]) -> bool {
    let (mut from, mut has_reason) = (0, false);
    let seconds = data.get(1..).unwrap_or_default().chunks_exact(GROUP);
    let mut groups = data.chunks_exact(GROUP).zip(seconds);
    // A loop of its own, in which nothing is called.
    while let Some(n) = groups.position(|(first, second)| {
        let both = (first.first_chunk(), second.first_chunk());
        matches!(both, (Some(first), Some(second)) if is_marked(first, second))
    }) {
        from += n * GROUP;
        if matters(data, from, &mut has_reason) {
            return true;
        }
        from += GROUP;
    }
    // The last group overlaps the one before.
    let from = data.len().saturating_sub(1) / GROUP * GROUP;
    let last = data.len().checked_sub(GROUP + 1).and_then(|at| data.get(at..)?.first_chunk());
    let (Some(first), Some(second)) = (last, data.last_chunk()) else { return true };
    if is_marked(first, second) && matters(data, from, &mut has_reason) {
        return true;
    }
    !has_reason && has_detail(data)
}

/// Whether the data holds the string `detail`. Not by `memchr::memmem`, which has code that panics.
#[inline(never)]
fn has_detail(data: &[u8]) -> bool {
    memchr::memchr_iter(b'd', data).any(|at| {
        let start = at.checked_sub(1).and_then(|start| data.get(start..));
        start.is_some_and(|start| start.starts_with(br#""detail""#))
    })
}

/// Whether a name may stand in a group, or an escape, given the group one byte behind it: each of
/// the names holds `rr` or `_r`.
#[allow(clippy::inline_always)]
#[allow(clippy::needless_bitwise_bool)] // Without a branch for each byte, all are compared at once.
#[inline(always)]
fn is_marked(first: &[u8; GROUP], second: &[u8; GROUP]) -> bool {
    first.iter().zip(second).fold(false, |found, (&a, &b)| {
        // One comparison for `r` and `_`, and for some that are rare before an `r`.
        found | ((a & 0xD2 == 0x52) & (b == b'r')) | (a == b'\\')
    })
}

/// Whether what is marked in the group at that place matters; `has_reason` notes that there is a
/// `finish_reason`.
#[inline(never)]
fn matters(data: &[u8], group: usize, has_reason: &mut bool) -> bool {
    if is_null_reason(data.get(group..).unwrap_or_default()) {
        *has_reason = true;
        return false;
    }
    let last = data.len().saturating_sub(8);
    for word in 0..GROUP / 8 {
        let at = (group + 1 + word * 8).min(last);
        let Some(bytes) = data.get(at..).and_then(<[u8]>::first_chunk) else { return true };
        let mut places = places_of(b'r', *bytes) | places_of(b'\\', *bytes);
        while places != 0 {
            let place = at + places.trailing_zeros() as usize / 8;
            if matters_at(data, place, has_reason) {
                return true;
            }
            places &= places - 1;
        }
    }
    false
}

/// Whether all that is marked in the first group is a `finish_reason` that is `null`, as in nearly
/// every chunk.
#[inline]
#[allow(clippy::needless_bitwise_bool)] // As above.
fn is_null_reason(data: &[u8]) -> bool {
    let at = |behind: usize| data.get(behind..).and_then(<[u8]>::first_chunk::<GROUP>);
    let (Some(first), Some(second), Some(quote), Some(value)) = (at(0), at(1), at(7), at(9)) else {
        return false;
    };
    let (names, values) = (first.iter().zip(second), quote.iter().zip(value));
    !names.zip(values).fold(false, |found, ((&a, &b), (&quote, &value))| {
        let is_null = (a == b'_') & (quote == b'"') & (value == b'n');
        found | ((a & 0xD2 == 0x52) & (b == b'r') & !is_null) | (a == b'\\')
    })
}

/// A bit for each place where the byte stands, and perhaps for later ones.
fn places_of(byte: u8, bytes: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;

    let differ = u64::from_le_bytes(bytes) ^ (ONES * u64::from(byte));
    differ.wrapping_sub(ONES) & !differ & (ONES << 7)
}

/// Whether a name that matters stands around the `r` at that place, or an escape of a letter there.
#[inline]
fn matters_at(data: &[u8], place: usize, has_reason: &mut bool) -> bool {
    let stands = |text: &[u8], before: usize| {
        let start = place.checked_sub(before)?;
        data.get(start..)?.strip_prefix(text)
    };
    let value = match place.checked_sub(1).and_then(|before| data.get(before)) {
        Some(b'_') => match stands(br#"finish_reason""#, 7) {
            Some(value) => {
                *has_reason = true;
                Some(value)
            }
            None => stands(br#""base_resp""#, 6),
        },
        Some(b'r') => stands(br#""error""#, 3).or_else(|| stands(br#""errors""#, 3)),
        _ => None,
    };
    // In no name stands what is usually escaped, but letters and underscores do.
    let is_escape = || matches!(stands(br"\u00", 0), Some([b'5'..=b'7', ..]));
    value.map_or_else(is_escape, |value| !is_null(value))
}

/// Whether a name is followed by a value that begins as `null` does, and no other.
fn is_null(behind: &[u8]) -> bool {
    let value = space(behind).strip_prefix(b":").map(space);
    value.is_some_and(|value| value.starts_with(b"n"))
}
