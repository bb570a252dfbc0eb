//! Whole streams of each API with typed payloads, and of some others, in the documented form,
//! written here.

/// A complete stream.
pub struct Fixture {
    pub name: &'static str,
    /// The name of its protocol.
    pub protocol: &'static str,
    pub stream: &'static str,
}

pub const FIXTURES: &[Fixture] = &[
    Fixture {
        name: "done",
        protocol: "done",
        stream: "data: one\n\ndata: two\n\ndata: [DONE]\n\n",
    },
    Fixture {
        name: "chat",
        protocol: "chat",
        stream: concat!(
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Good day\"},\"finish_reason\":null}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"total_tokens\":12}}\n\n",
            "data: [DONE]\n\n",
        ),
    },
    Fixture {
        name: "chat that never gives a reason",
        protocol: "chat",
        stream: "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]\n\n",
    },
    Fixture {
        name: "chat that fails",
        protocol: "chat",
        stream: concat!(
            "data: {\"choices\":[{\"delta\":{\"content\":\"Good\"},\"finish_reason\":null}]}\n\n",
            "data: {\"error\":{\"message\":\"overloaded\",\"code\":500}}\n\n",
            "data: [DONE]\n\n",
        ),
    },
    Fixture {
        name: "responses",
        protocol: "responses",
        stream: concat!(
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"status\":\"in_progress\",\"error\":null}}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"delta\":\"Good day\"}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{\"status\":\"completed\",\"error\":null}}\n\n",
        ),
    },
    Fixture {
        name: "responses that fail",
        protocol: "responses",
        stream: concat!(
            "event: message\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
            "event: message\ndata: {\"type\":\"error\",\"code\":\"internal_error\",\"message\":\"no\"}\n\n",
            "event: message\ndata: {\"type\":\"response.failed\",\"sequence_number\":1}\n\n",
        ),
    },
    Fixture {
        name: "messages",
        protocol: "messages",
        stream: concat!(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"role\":\"assistant\",\"stop_reason\":null}}\n\n",
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Good day\"}}\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{\"output_tokens\":2}  }\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"  }\n\n",
        ),
    },
    Fixture {
        name: "generate content",
        protocol: "generate-content",
        stream: concat!(
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"Good\"}]},\"index\": 0}]}\r\n\r\n",
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \" day\"}]},\"finishReason\": \"STOP\",\"index\": 0}]}\r\n\r\n",
        ),
    },
    Fixture {
        name: "cohere chat",
        protocol: "cohere-chat",
        stream: concat!(
            "event: message-start\ndata: {\"id\":\"1\",\"type\":\"message-start\"}\n\n",
            "event: content-delta\ndata: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Good day\"}}}}\n\n",
            "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{}}}\n\n",
            "data: [DONE]\n\n",
        ),
    },
    Fixture {
        name: "assistants",
        protocol: "assistants",
        stream: concat!(
            "event: thread.run.created\ndata: {\"object\":\"thread.run\",\"status\":\"queued\"}\n\n",
            "event: thread.message.delta\ndata: {\"object\":\"thread.message.delta\",\"delta\":{}}\n\n",
            "event: thread.run.completed\ndata: {\"object\":\"thread.run\",\"status\":\"completed\"}\n\n",
            "event: done\ndata: [DONE]\n\n",
        ),
    },
];
