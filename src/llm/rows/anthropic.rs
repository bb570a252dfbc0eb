//! Anthropic's protocols.

use super::prelude::*;

pub(in super::super) static MESSAGES: Protocol = Protocol::named("messages")
    .told_by(&[
        Named("message_start|message_delta|message_stop"),
        Named("content_block_start|content_block_delta|content_block_stop"),
    ])
    .ends(&[(Named("message_stop"), Ends::As(Completed))])
    .restarts(&[Named("message_start")])
    .reasons(&["delta.stop_reason"], ReasonEnds::Never)
    .says(&[
        (Always, Usage("message.usage")),
        (Always, Usage("usage")),
        (Named("content_block_delta"), In("", BLOCK_DELTA)),
        (Named("content_block_start"), In("", BLOCK_START)),
        (Named("content_block_stop"), STOP),
    ])
    .fast(Fast::Messages);

const BLOCK_DELTA: Rules = &[
    (Always, Piece(Text, "delta.text")),
    (Is("delta.type", "input_json_delta"), Call(&INPUT_DELTA)),
    (Always, Piece(Reasoning, "delta.thinking")),
    (Always, Opaque("delta.signature")),
    (Is("delta.type", "compaction_delta"), Opaque("delta")),
];

const INPUT_DELTA: CallPaths =
    CallPaths { index: "index", arguments: "delta.partial_json", ..NONE };

const BLOCK_START: Rules = &[
    (Is("content_block.type", "text"), Piece(Text, "content_block.text")),
    (Is("content_block.type", "thinking"), Piece(Reasoning, "content_block.thinking")),
    (Has("content_block.signature"), Opaque("content_block.signature")),
    (Is("content_block.type", "redacted_thinking|compaction"), Opaque("content_block")),
    (Has("content_block.tool_use_id"), Opaque("content_block")),
    (Is("content_block.type", "tool_use|server_tool_use|mcp_tool_use"), Call(&TOOL_USE)),
];

const TOOL_USE: CallPaths = CallPaths {
    index: "index",
    id: "content_block.id",
    name: "content_block.name",
    arguments: "content_block.input",
    is: Arguments::Early,
    ..NONE
};
