//! Protocols of agents and frameworks.

use super::super::rpc;
use super::prelude::*;

pub(in super::super) static UI_MESSAGE_STREAM: Protocol = Protocol::named("ui-message-stream")
    .named_by(NamedBy::Member("type"))
    .told_by(&[
        Named("start|start-step|text-start|text-delta|text-end|finish-step|message-metadata"),
        Prefix("reasoning-|tool-|data-|source-"),
        Has("errorText"),
    ])
    .ends(&[
        (Named("finish"), Ends::As(Completed)),
        (Named("abort"), Ends::As(Failed)),
        (Named("error"), Ends::Notes(Failed)),
    ])
    .restarts(&[Named("reset-step")])
    .reasons(&["finishReason"], ReasonEnds::Never)
    .says(&[
        (Always, Usage("messageMetadata.usage")),
        (Named("text-delta"), Piece(Text, "delta")),
        (Named("reasoning-delta"), Piece(Reasoning, "delta")),
        (Prefix("tool-input-"), Call(&UI_INPUT)),
        (Named("tool-input-available|tool-input-error"), Call(&UI_WHOLE_INPUT)),
    ]);

/// A call of which only the ID is given.
const CALL: CallPaths = CallPaths { id: "toolCallId", ..NONE };

const UI_INPUT: CallPaths = CallPaths { name: "toolName", arguments: "inputTextDelta", ..CALL };

const UI_WHOLE_INPUT: CallPaths =
    CallPaths { arguments: "input", is: Arguments::Whole, begins: Begins::Never, ..CALL };

pub(in super::super) static AG_UI: Protocol = Protocol::named("ag-ui")
    .named_by(NamedBy::Member("type"))
    .told_by(&[
        Prefix("RUN_|TEXT_MESSAGE_|TOOL_CALL_|STEP_|STATE_|THINKING_|REASONING_"),
        Named("MESSAGES_SNAPSHOT"),
    ])
    .ends(&[
        (Named("RUN_FINISHED"), Ends::By("outcome.type|outcome", Completed)),
        (Named("RUN_ERROR"), Ends::As(Failed)),
    ])
    .words(&[("cancelled", Incomplete)])
    .says(&[
        (Named("TEXT_MESSAGE_CONTENT|TEXT_MESSAGE_CHUNK"), Piece(Text, "delta")),
        (Named("THINKING_TEXT_MESSAGE_CONTENT"), Piece(Reasoning, "delta")),
        (Named("REASONING_MESSAGE_CONTENT|REASONING_MESSAGE_CHUNK"), Piece(Reasoning, "delta")),
        // No prefix: a result also has a `toolCallId`, which may be of an earlier run.
        (Named("TOOL_CALL_START"), Call(&CallPaths { name: "toolCallName", ..CALL })),
        (Named("TOOL_CALL_ARGS"), Call(&CallPaths { arguments: "delta", ..CALL })),
        (Named("TOOL_CALL_CHUNK"), Call(&AG_UI_CHUNK)),
    ]);

const AG_UI_CHUNK: CallPaths = CallPaths { name: "toolCallName", arguments: "delta", ..CALL };

pub(in super::super) static A2A: Protocol = Protocol { name: "a2a", ..RPC_MESSAGES }.told_by(&[
    Has("statusUpdate.status|artifactUpdate.artifact|task.status.state|message.parts"),
    Has("result.statusUpdate.status|result.artifactUpdate.artifact"),
    Has("result.task.status.state|result.message.parts"),
    Is("result.kind", "task|status-update|artifact-update|message"),
]);

pub(in super::super) static JSON_RPC: Protocol = RPC_MESSAGES.told_by(&[Is("jsonrpc", "2.0")]);

/// The messages of JSON-RPC.
const RPC_MESSAGES: Protocol = Protocol::named("json-rpc")
    .by_code(Some(rpc::judge))
    .sentinel_completes(false)
    .errors(Errors::Nowhere);

pub(in super::super) static GRAPHQL_SSE: Protocol = Protocol::named("graphql-sse")
    .named_by(NamedBy::Line)
    .told_by(&[Named("next")])
    .ends(&[(Named("complete"), Ends::As(Completed))])
    .errors(Errors::WithoutData);

pub(in super::super) static TRPC: Protocol = Protocol::named("trpc")
    .named_by(NamedBy::Line)
    .told_by(&[Named("connected")])
    .ends(&[(Named("return"), Ends::As(Completed)), (Named("serialized-error"), Ends::As(Failed))])
    .errors(Errors::Nowhere);

pub(in super::super) static LANGGRAPH: Protocol = Protocol::named("langgraph")
    .named_by(NamedBy::Line)
    .told_by(&[Named("metadata|data")])
    .ends(&[(Named("end"), Ends::As(Completed))]);
