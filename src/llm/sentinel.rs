//! Detects events without a payload: `[DONE]`, `done` and keep-alives.

use super::node::Node;
use super::payload::Discriminator;
use crate::Event;
use crate::json::is_whole;

/// The longest data that is checked for a keep-alive's `type`. Keep-alives are short, and to check
/// every event would cost time.
pub(super) const KEEP_ALIVE_LEN: usize = 128;

/// Returns `true` if the event's data is `[DONE]`, apart from ASCII white space around it.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::is_done;
///
/// assert!(is_done(&Event::new("[DONE] ")));
/// assert!(!is_done(&Event::new("[DONE]?")));
/// ```
#[inline]
#[must_use]
pub fn is_done(event: &Event<'_>) -> bool {
    is_sentinel(event.data().as_bytes())
}

/// Same as [`is_done`], for the data.
#[inline]
pub(super) fn is_sentinel(data: &[u8]) -> bool {
    match data.first() {
        // Nearly every event's data begins with a brace.
        None | Some(b'{') => false,
        Some(_) => trim(data) == b"[DONE]",
    }
}

/// Same as [`trim_ascii`](slice::trim_ascii), but not inlined: that saves code size.
#[inline(never)]
pub(super) fn trim(data: &[u8]) -> &[u8] {
    data.trim_ascii()
}

/// Returns `true` unless the data, which need not be JSON, looks cut off.
#[inline(never)]
pub(super) fn is_uncut(data: &[u8]) -> bool {
    let data = trim(data);
    match data {
        [] => true,
        [b'{' | b'[' | b'"', ..] => is_whole(data) || data == b"[DONE]",
        _ => ["null", "true", "false"]
            .iter()
            .all(|word| data == word.as_bytes() || !word.as_bytes().starts_with(data)),
    }
}

/// The names of keep-alives.
const KEEP_ALIVES: [&str; 3] = ["ping", "keepalive", "heartbeat"];

/// Returns `true` if the name is that of a keep-alive.
pub(super) fn is_keep_alive_name(name: &Discriminator<'_>) -> bool {
    KEEP_ALIVES.iter().any(|word| name.is(word))
}

/// Returns `true` if the event is a keep-alive, unless it has members that its protocol reads.
pub(super) fn is_keep_alive(event: &Event<'_>, node: &Node<'_>) -> bool {
    let data = trim(event.data().as_bytes());
    let is_bare = |data: &[u8]| {
        matches!(data, [] | [b':', ..]) || KEEP_ALIVES.iter().any(|word| data == word.as_bytes())
    };
    let is_typed = || {
        let kind = node.get("type").filter(|_| data.len() <= KEEP_ALIVE_LEN);
        let kind = kind.and_then(|kind| kind.as_text());
        kind.is_some_and(|kind| is_keep_alive_name(&Discriminator::of_text(kind)))
    };
    is_bare(data) || is_keep_alive_name(&Discriminator::of_line(event)) || is_typed()
}

/// Returns `true` if the event has no `event` line, or one that says `message`.
#[inline]
pub(super) fn is_unnamed(event: &Event<'_>) -> bool {
    event.event_type().as_bytes() == b"message"
}
