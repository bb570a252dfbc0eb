//! `[DONE]`, events called `done`, and keep-alives: what ends or fills a stream and says nothing.

use super::node::Node;
use super::payload::Discriminator;
use crate::Event;
use crate::json::is_whole;

/// A keep-alive that only its data tells is a few bytes long: longer data is not searched for one.
pub(super) const KEEP_ALIVE_LEN: usize = 128;

/// Whether the event's data is `[DONE]`, with ASCII white space around it or without.
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

/// As [`is_done`], of the data.
#[inline]
pub(super) fn is_sentinel(data: &[u8]) -> bool {
    match data.first() {
        // The payload of nearly every event.
        None | Some(b'{') => false,
        Some(_) => trim(data) == b"[DONE]",
    }
}

/// As [`trim_ascii`](slice::trim_ascii), once for all.
#[inline(never)]
pub(super) fn trim(data: &[u8]) -> &[u8] {
    data.trim_ascii()
}

/// Whether data that need not be JSON does not look cut off.
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

/// What keep-alives are called.
const KEEP_ALIVES: [&str; 3] = ["ping", "keepalive", "heartbeat"];

/// Whether a name is that of a keep-alive.
pub(super) fn is_keep_alive_name(name: &Discriminator<'_>) -> bool {
    KEEP_ALIVES.iter().any(|word| name.is(word))
}

/// Whether the event is a keep-alive, but for members that its protocol reads.
pub(super) fn is_keep_alive(event: &Event<'_>, node: &Node<'_>) -> bool {
    let data = trim(event.data().as_bytes());
    let is_bare = |data: &[u8]| {
        matches!(data, [] | [b':', ..]) || KEEP_ALIVES.iter().any(|word| data == word.as_bytes())
    };
    let is_typed = || {
        let kind = node.get("type").filter(|_| data.len() <= KEEP_ALIVE_LEN);
        let kind = kind.and_then(|kind| kind.text());
        kind.is_some_and(|kind| is_keep_alive_name(&Discriminator::of_text(kind)))
    };
    is_bare(data) || is_keep_alive_name(&Discriminator::of_line(event)) || is_typed()
}

/// Whether the `event` line tells nothing.
#[inline]
pub(super) fn is_unnamed(event: &Event<'_>) -> bool {
    event.event_type().as_bytes() == b"message"
}
