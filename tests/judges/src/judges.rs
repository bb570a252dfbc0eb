//! Those who judge, a file each, with what is known of them.

mod chromium;
mod eventsource_parser;
mod program;
mod sse_core;
mod sse_parse;
mod sseam;

use crate::judge::Judge;

/// All of them. The first is the one that is judged.
pub(crate) const ALL: [Judge; 5] =
    [sseam::JUDGE, sse_core::JUDGE, sse_parse::JUDGE, eventsource_parser::JUDGE, chromium::JUDGE];
