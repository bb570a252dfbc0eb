//! `OpenAI`'s protocols, and those that wrap them.

use super::prelude::*;

pub(in super::super) static CHAT: Protocol = EVENTS
    .told_by(&[
        Has("choices"),
        Is("object", "chat.completion.chunk|text_completion|chat.completion"),
    ])
    .fast(Fast::Chat);

pub(in super::super) static SAP_ORCHESTRATION: Protocol =
    Protocol { name: "sap-orchestration", ..EVENTS }
        .told_by(&[Has("final_result|orchestration_result")])
        .inside("final_result|orchestration_result");

/// The events of Chat Completions.
const EVENTS: Protocol = Protocol::named("chat")
    .choices("choices")
    .reasons(&["finish_reason", "native_finish_reason"], ReasonEnds::AtEnd)
    .says(&[
        (Always, Usage("usage")),
        (Always, Usage("x_groq.usage")),
        (Always, In("choices[0]", CHOICE)),
    ])
    .errors(Errors::OrDetail);

const CHOICE: Rules = &[
    (Always, Usage("usage")),
    (Has("delta"), In("delta", DELTA)),
    (Lacks("delta"), Piece(Text, "text")),
    (Has("message"), In("message", MESSAGE)),
    // Some servers repeat each delta as a message.
    (Lacks("delta.tool_calls"), Each("message.tool_calls", MESSAGE_CALLS)),
];

const DELTA: Rules = &[
    (Always, Piece(Reasoning, "reasoning_content|reasoning|reasoning_text")),
    (Always, Piece(Text, "content")),
    (Always, Each("content", DELTA_PART)),
    (Lacks("reasoning_content|reasoning|reasoning_text"), Each("reasoning_details", DETAIL)),
    (Always, Piece(Refusal, "refusal")),
    (Always, Piece(Text, "audio.transcript")),
    (Always, Opaque("reasoning_details")),
    (Always, Opaque("reasoning_opaque")),
    (Always, Each("tool_calls", &[(Always, Call(&TOOL_CALL))])),
    (Has("function_call"), Call(&FUNCTION_CALL)),
];

const DELTA_PART: Rules = &[
    (Is("type", "text"), Piece(Text, "text")),
    (Is("type", "thinking"), Piece(Reasoning, "thinking")),
    (Is("type", "thinking"), Each("thinking", &[(Always, Piece(Reasoning, "text"))])),
    (Is("type", "reasoning"), Each("summary", &[(Always, Piece(Reasoning, "text"))])),
];

const DETAIL: Rules = &[(Always, Piece(Reasoning, "text|summary"))];

const TOOL_CALL: CallPaths = CallPaths {
    index: "index",
    id: "id",
    name: "function.name|custom.name|name",
    arguments: "function.arguments|custom.input|arguments",
    ..NONE
};

const FUNCTION_CALL: CallPaths =
    CallPaths { name: "function_call.name", arguments: "function_call.arguments", ..NONE };

/// The members of `DELTA` as whole values.
const MESSAGE: Rules = &[
    (Always, Whole(Reasoning, "reasoning_content|reasoning|reasoning_text")),
    (Always, Whole(Text, "content")),
    (Always, Each("content", &[(Is("type", "text"), Whole(Text, "text"))])),
    (Always, Whole(Refusal, "refusal")),
    (Has("function_call"), Call(&CallPaths { is: Arguments::Whole, ..FUNCTION_CALL })),
];

const MESSAGE_CALLS: Rules = &[(Always, Call(&CallPaths { is: Arguments::Whole, ..TOOL_CALL }))];

pub(in super::super) static RESPONSES: Protocol = Protocol::named("responses")
    .told_by(&[Prefix("response.")])
    .ends(&[
        (Named("response.completed"), Ends::By("response.status", Completed)),
        (Named("response.incomplete"), Ends::By("response.status", Incomplete)),
        (Named("response.failed"), Ends::By("response.status", Failed)),
        (Named("response.cancelled"), Ends::As(Failed)),
        (Named("response.done"), Ends::By("response.status", Unknown)),
    ])
    .reasons(&["response.incomplete_details.reason"], ReasonEnds::Never)
    .words(&[("incomplete", Incomplete)])
    .says(&[
        (Always, Usage("response.usage")),
        (Named("response.output_text.delta|response.audio.transcript.delta"), Piece(Text, "delta")),
        (Named(ARGUMENTS_DELTA), Call(&CallPaths { arguments: "delta", ..ARGUMENTS })),
        (Named("response.reasoning_summary_text.delta"), Piece(Summary, "delta")),
        (Named("response.reasoning_summary.delta"), Piece(Summary, "delta.text|delta")),
        (Named("response.reasoning_text.delta"), Piece(Reasoning, "delta")),
        (Named("response.reasoning.delta"), Piece(Reasoning, "delta.text|delta")),
        (Named("response.refusal.delta"), Piece(Refusal, "delta")),
        (Named("response.output_text.done"), Whole(Text, "text")),
        (Named("response.refusal.done"), Whole(Refusal, "refusal")),
        (Named("response.reasoning_summary_text.done"), Whole(Summary, "text")),
        (Named("response.reasoning_summary.done"), Whole(Summary, "text")),
        (Named("response.reasoning_text.done|response.reasoning.done"), Whole(Reasoning, "text")),
        (Named(ARGUMENTS_DONE), Call(&ALL_ARGUMENTS)),
        (Named("response.content_part.done"), In("part", PART)),
        (Named("response.reasoning_summary_part.done"), In("part", SUMMARY)),
        (Named("response.output_item.added"), In("", ITEM_ADDED)),
        (Named("response.output_item.done"), In("", ITEM_DONE)),
        (Prefix("response."), Each("response.output", OUTPUT)),
    ])
    .fast(Fast::Responses);

const ARGUMENTS_DELTA: &str = "response.function_call_arguments.delta|\
                               response.custom_tool_call_input.delta|\
                               response.mcp_call_arguments.delta|\
                               response.code_interpreter_call_code.delta|\
                               response.shell_call_command.delta";

const ARGUMENTS_DONE: &str = "response.function_call_arguments.done|\
                              response.custom_tool_call_input.done|\
                              response.mcp_call_arguments.done|\
                              response.code_interpreter_call_code.done|\
                              response.shell_call_command.done";

const ARGUMENTS: CallPaths =
    CallPaths { key: "item_id", index: "output_index", begins: Begins::First, ..NONE };

const ALL_ARGUMENTS: CallPaths =
    CallPaths { arguments: "arguments|input|code|command", is: Arguments::Whole, ..ARGUMENTS };

const PART: Rules = &[
    (Is("type", "reasoning_text"), Whole(Reasoning, "text")),
    (Is("type", "output_text|text"), Whole(Text, "text")),
    (Always, Whole(Refusal, "refusal")),
];

const SUMMARY: Rules = &[(Always, Whole(Summary, "text"))];

/// The types of items that are tool calls.
const CALLS: &str = "function_call|custom_tool_call|mcp_call|code_interpreter_call|shell_call|\
                     local_shell_call";

const ITEM_ADDED: Rules = &[(Is("item.type", CALLS), Call(&ITEM))];

const ITEM: CallPaths = CallPaths {
    key: "item.id|item_id",
    index: "output_index",
    id: "item.call_id|item.id",
    name: "item.name|item.type",
    arguments: "item.arguments|item.input|item.code",
    is: Arguments::Early,
    begins: Begins::Unknown,
};

const ITEM_DONE: Rules = &[
    (Is("item.type", CALLS), Call(&WHOLE_ITEM)),
    (Is("item.type", "message"), Each("item.content", PART)),
    (Is("item.type", "reasoning"), Each("item.summary", SUMMARY)),
    (Is("item.type", "reasoning"), Each("item.content", PART)),
    (Has("item.encrypted_content"), Opaque("item")),
];

const WHOLE_ITEM: CallPaths = CallPaths {
    arguments: "item.arguments|item.input|item.code|item.action",
    is: Arguments::Whole,
    begins: Begins::First,
    ..ITEM
};

/// Items in the `output` of the whole response.
const OUTPUT: Rules = &[
    (Is("type", CALLS), Call(&OUTPUT_CALL)),
    (Is("type", "message"), Each("content", PART)),
    (Is("type", "reasoning"), Each("summary", SUMMARY)),
    (Is("type", "reasoning"), Each("content", PART)),
];

const OUTPUT_CALL: CallPaths = CallPaths {
    key: "id",
    id: "call_id|id",
    name: "name|type",
    arguments: "arguments|input|code|action",
    is: Arguments::Whole,
    ..NONE
};

pub(in super::super) static OPENAI_MEDIA: Protocol = Protocol::named("openai-media")
    .told_by(&[Prefix("transcript.text.|speech.audio.|image_generation.|image_edit.")])
    .ends(&[
        (Named("transcript.text.done|speech.audio.done"), Ends::As(Completed)),
        (Named("image_generation.completed|image_edit.completed"), Ends::As(Completed)),
    ])
    .says(&[
        (Always, Usage("usage")),
        (Named("transcript.text.delta"), Piece(Text, "delta")),
        (Named("transcript.text.done"), Whole(Text, "text")),
    ]);

pub(in super::super) static ASSISTANTS: Protocol = Protocol::named("assistants")
    .named_by(NamedBy::Line)
    .told_by(&[Prefix("thread.")])
    .ends(&[
        (Named("done"), Ends::As(Completed)),
        (Named("thread.run.incomplete"), Ends::As(Incomplete)),
        (Named("thread.run.failed|thread.run.cancelled|thread.run.expired"), Ends::As(Failed)),
    ])
    .says(&[
        (Always, Usage("usage")),
        (Named("thread.message.delta"), Each("delta.content", CONTENT)),
        (Named("thread.run.step.delta"), Each("delta.step_details.tool_calls", STEP_CALLS)),
        (Named("thread.run.requires_action"), Each(REQUIRED, REQUIRED_CALLS)),
    ]);

const CONTENT: Rules = &[(Always, Piece(Text, "text.value")), (Always, Piece(Refusal, "refusal"))];

const STEP_CALLS: Rules = &[
    (Is("type", "function"), Call(&CallPaths { index: "index", ..FUNCTION })),
    (Is("type", "code_interpreter"), Call(&CODE_INTERPRETER)),
];

const REQUIRED: &str = "required_action.submit_tool_outputs.tool_calls";

const REQUIRED_CALLS: Rules = &[(Always, Call(&CallPaths { is: Arguments::Whole, ..FUNCTION }))];

const FUNCTION: CallPaths =
    CallPaths { id: "id", name: "function.name", arguments: "function.arguments", ..NONE };

const CODE_INTERPRETER: CallPaths =
    CallPaths { index: "index", name: "type", arguments: "code_interpreter.input", ..FUNCTION };
