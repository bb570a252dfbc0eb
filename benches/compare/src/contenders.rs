//! Those who take part, each driven through the cheapest entry that it has.

mod eventsource_stream;
mod poll;
mod sse_codec;
mod sse_core;
mod sse_parse;
mod sse_stream;
mod sseam;
mod sseer;

use crate::contender::Contender;

/// All of them, fresh. The first is sseam's plain loop.
pub(crate) fn all() -> Vec<Box<dyn Contender>> {
    vec![
        Box::<sseam::Plain>::default(),
        Box::<sseam::Utf8>::default(),
        Box::<sseam::Strings>::default(),
        Box::<sseam::Owned>::default(),
        Box::<sseam::Array>::default(),
        Box::<sseam::Items>::default(),
        Box::<sseam::Ids>::default(),
        Box::<sse_core::SseCore>::default(),
        Box::<sse_parse::SseParse>::default(),
        Box::<sse_stream::SseStream>::default(),
        Box::<sseer::Sseer>::default(),
        Box::<sse_codec::SseCodec>::default(),
        Box::<eventsource_stream::EventsourceStream>::default(),
    ]
}

/// One of them, fresh.
pub(crate) fn fresh(name: &str) -> Box<dyn Contender> {
    let named = all().into_iter().find(|contender| contender.identity().name == name);
    named.expect("a contender's name")
}
