//! Protocols of other providers and model servers.

use super::prelude::*;

pub(in super::super) static DONE: Protocol = Protocol::named("done")
    .named_by(NamedBy::Line)
    .ends(&[(Named("done"), Ends::As(Completed))])
    .sentinel_completes(true)
    .errors(Errors::Nowhere);

pub(in super::super) static COHERE_CHAT: Protocol = Protocol::named("cohere-chat")
    .told_by(&[
        Named("message-start|message-end|content-start|content-delta|content-end"),
        Named("tool-plan-delta|tool-call-start|tool-call-delta|tool-call-end"),
        Named("citation-start|citation-end"),
    ])
    .ends(&[(Named("message-end"), Ends::As(Completed))])
    .reasons(&["delta.finish_reason"], ReasonEnds::Never)
    .says(&[
        (Always, Usage("delta.usage")),
        (Named("content-delta|content-start"), In("delta.message", COHERE_CONTENT)),
        (Named("tool-plan-delta"), Piece(Reasoning, "delta.message.tool_plan")),
        (Prefix("tool-call-"), Call(&COHERE_CALL)),
    ]);

const COHERE_CONTENT: Rules =
    &[(Always, Piece(Text, "content.text")), (Always, Piece(Reasoning, "content.thinking"))];

const COHERE_CALL: CallPaths = CallPaths {
    index: "index",
    id: "delta.message.tool_calls.id",
    name: "delta.message.tool_calls.function.name",
    arguments: "delta.message.tool_calls.function.arguments",
    ..NONE
};

pub(in super::super) static MISTRAL_CONVERSATIONS: Protocol =
    Protocol::named("mistral-conversations")
        .told_by(&[Prefix("conversation.response."), Named("message.output.delta")])
        .ends(&[
            (Named("conversation.response.done"), Ends::As(Completed)),
            (Named("conversation.response.error"), Ends::As(Failed)),
        ])
        .says(&[
            (Always, Usage("usage")),
            (Named("message.output.delta"), Piece(Text, "content")),
            (Named("message.output.delta"), In("content", MISTRAL_PART)),
            (Named("function.call.delta"), Call(&MISTRAL_CALL)),
        ]);

const MISTRAL_PART: Rules = &[
    (Is("type", "text"), Piece(Text, "text")),
    (Is("type", "thinking"), Each("thinking", &[(Always, Piece(Reasoning, "text"))])),
];

const MISTRAL_CALL: CallPaths =
    CallPaths { id: "tool_call_id|id", name: "name", arguments: "arguments", ..NONE };

pub(in super::super) static TGI: Protocol = Protocol::named("tgi")
    .told_by(&[Members(&["token", "generated_text"])])
    .ends(&[(NotNull("generated_text"), Ends::As(Completed))])
    .reasons(&["details.finish_reason"], ReasonEnds::Never)
    .says(&[
        (Has("token"), In("token", &[(IsNotTrue("special"), Piece(Text, "text"))])),
        (Always, Whole(Text, "generated_text")),
    ]);

pub(in super::super) static LLAMA_CPP: Protocol = Protocol::named("llama-cpp")
    .told_by(&[Members(&["content", "stop"])])
    .ends(&[
        // From builds before 2025.
        (IsTrue("stopped_limit"), Ends::As(Incomplete)),
        (IsTrue("stop"), Ends::By("stop_type", Completed)),
    ])
    .words(&[("word", Completed), ("limit", Incomplete)])
    .says(&[(Always, Piece(Text, "content"))]);

pub(in super::super) static DIFY: Protocol = Protocol::named("dify")
    .named_by(NamedBy::Member("event"))
    .told_by(&[
        Named("message|agent_message|agent_thought|message_end|message_file|message_replace"),
        Named("text_chunk|error"),
        Prefix("workflow_|node_|tts_message"),
    ])
    .ends(&[
        (Named("message_end"), Ends::As(Completed)),
        (Named("workflow_finished"), Ends::By("data.status", Completed)),
    ])
    .restarts(&[Named("message_replace")])
    .says(&[
        (Always, Usage("metadata.usage")),
        (Named("message|agent_message|message_replace"), Piece(Text, "answer")),
        (Named("text_chunk"), Piece(Text, "data.text")),
    ]);

pub(in super::super) static COZE: Protocol = Protocol::named("coze")
    .named_by(NamedBy::Line)
    .told_by(&[Prefix("conversation.")])
    .ends(&[
        (Named("conversation.chat.completed"), Ends::As(Completed)),
        (Named("conversation.chat.requires_action"), Ends::As(Completed)),
        (Named("conversation.chat.failed|conversation.chat.canceled"), Ends::As(Failed)),
    ])
    .says(&[
        (Always, Usage("usage")),
        (Named("conversation.message.delta"), In("", COZE_DELTA)),
        (Named("conversation.message.completed"), In("", COZE_MESSAGE)),
    ]);

const COZE_DELTA: Rules = &[
    (Is("type", "answer"), Piece(Reasoning, "reasoning_content")),
    (Is("type", "answer"), Piece(Text, "content")),
];

const COZE_MESSAGE: Rules = &[(Is("type", "answer"), Whole(Text, "content"))];
