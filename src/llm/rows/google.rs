//! Google's protocols.

use super::prelude::*;

pub(in super::super) static GENERATE_CONTENT: Protocol = Protocol::named("generate-content")
    .told_by(&[
        Has("candidates|promptFeedback|usageMetadata"),
        Has("response.candidates|response.promptFeedback|response.usageMetadata"),
    ])
    .inside("response")
    .sentinel_completes(false)
    .reasons(&["candidates[0].finishReason", "promptFeedback.blockReason"], ReasonEnds::AtCleanEnd)
    .words(&[("stop", Completed), ("*", Incomplete)])
    .says(&[(Always, Usage("usageMetadata")), (Always, Each("candidates[0].content.parts", PART))]);

const PART: Rules = &[
    (IsTrue("thought"), Piece(Reasoning, "text")),
    (IsNotTrue("thought"), Piece(Text, "text")),
    (Has("functionCall"), Call(&FUNCTION_CALL)),
    (Always, Opaque("thoughtSignature")),
];

const FUNCTION_CALL: CallPaths = CallPaths {
    id: "functionCall.id",
    name: "functionCall.name",
    arguments: "functionCall.args",
    is: Arguments::Whole,
    begins: Begins::Always,
    ..NONE
};

pub(in super::super) static INTERACTIONS: Protocol = Protocol::named("interactions")
    .named_by(NamedBy::Member("event_type"))
    .told_by(&[Prefix("interaction.|step.")])
    .ends(&[(Named("interaction.completed"), Ends::By("interaction.status", Completed))])
    .words(&[("incomplete", Incomplete)])
    .says(&[
        (Always, Usage("interaction.usage")),
        (Named("step.delta"), In("", STEP_DELTA)),
        (Named("step.start"), In("", &[(Is("step.type", "function_call"), Call(&STEP_START))])),
        (Named("step.stop"), STOP),
    ]);

const STEP_START: CallPaths = CallPaths {
    index: "index",
    id: "step.id|step.call_id",
    name: "step.name",
    arguments: "step.arguments",
    is: Arguments::Early,
    ..NONE
};

const STEP_DELTA: Rules = &[
    (Is("delta.type", "text"), Piece(Text, "delta.text")),
    (Is("delta.type", "thought_summary"), Piece(Reasoning, "delta.content.text|delta.text")),
    (Is("delta.type", "thought"), Piece(Reasoning, "delta.thought|delta.text")),
    (Always, Opaque("delta.signature")),
    (Is("delta.type", "arguments_delta|function_call"), Call(&ARGUMENTS_DELTA)),
];

const ARGUMENTS_DELTA: CallPaths = CallPaths {
    index: "index",
    id: "delta.id",
    name: "delta.name",
    arguments: "delta.arguments",
    begins: Begins::First,
    ..NONE
};
