//! Streams of each dialect, shaped as the providers document them, and written
//! here.

use sseam::Outcome::{self, Completed, Failed, Incomplete, Truncated};
use sseam::dialect::{
    Assistants, Chat, CohereChat, Dialect, Done, GenerateContent, Messages, Responses,
};

/// A stream that came whole.
pub struct Fixture {
    pub name: &'static str,
    pub dialect: fn() -> Box<dyn Dialect>,
    pub stream: &'static str,
    /// What event each is: a letter each.
    pub signals: &'static str,
    pub outcome: Outcome,
    /// What it comes to when it breaks off at a place: each part of the stream
    /// after which that changes, with what holds from its end. Before the first
    /// the stream is truncated.
    pub changes: &'static [(&'static str, Outcome)],
}

impl Fixture {
    /// What the first `len` bytes come to.
    pub fn outcome_at(&self, len: usize) -> Outcome {
        let mut outcome = Truncated;
        for &(part, from_then) in self.changes {
            let end = self.stream.find(part).expect("a part of the stream") + part.len();
            if len >= end {
                outcome = from_then;
            }
        }
        outcome
    }
}

pub const FIXTURES: &[Fixture] = &[
    Fixture {
        name: "done",
        dialect: || Box::new(Done::new()),
        stream: "data: one\n\ndata: two\n\ndata: [DONE]\n\n",
        signals: "mmD",
        outcome: Completed,
        changes: &[("[DONE]\n\n", Completed)],
    },
    Fixture {
        name: "chat",
        dialect: || Box::new(Chat::new()),
        stream: concat!(
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Good day\"},\"finish_reason\":null}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n",
            "data: {\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"total_tokens\":12}}\n\n",
            "data: [DONE]\n\n",
        ),
        signals: "mmmmD",
        outcome: Incomplete,
        changes: &[("\"length\"}]}\n\n", Incomplete)],
    },
    Fixture {
        name: "chat that never gives a reason",
        dialect: || Box::new(Chat::new()),
        stream: "data: {\"choices\":[{\"delta\":{\"content\":\"Good day\"}}]}\n\ndata: [DONE]\n\n",
        signals: "mD",
        outcome: Completed,
        changes: &[("[DONE]\n\n", Completed)],
    },
    Fixture {
        name: "chat that fails",
        dialect: || Box::new(Chat::new()),
        stream: concat!(
            "data: {\"choices\":[{\"delta\":{\"content\":\"Good\"},\"finish_reason\":null}]}\n\n",
            "data: {\"error\":{\"message\":\"overloaded\",\"code\":500}}\n\n",
            "data: [DONE]\n\n",
        ),
        signals: "mL.",
        outcome: Failed,
        changes: &[("500}}\n\n", Failed)],
    },
    Fixture {
        name: "responses",
        dialect: || Box::new(Responses::new()),
        stream: concat!(
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"status\":\"in_progress\",\"error\":null}}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"delta\":\"Good day\"}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{\"status\":\"completed\",\"error\":null}}\n\n",
        ),
        signals: "mmL",
        outcome: Completed,
        changes: &[("\"completed\",\"error\":null}}\n\n", Completed)],
    },
    Fixture {
        name: "responses, held to their word",
        dialect: || Box::new(Responses::strict()),
        stream: concat!(
            "event: message\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
            "event: message\ndata: {\"type\":\"error\",\"code\":\"internal_error\",\"message\":\"no\"}\n\n",
            "event: message\ndata: {\"type\":\"response.failed\",\"sequence_number\":1}\n\n",
        ),
        signals: "mL.",
        outcome: Failed,
        changes: &[("\"no\"}\n\n", Failed)],
    },
    Fixture {
        name: "messages",
        dialect: || Box::new(Messages::new()),
        stream: concat!(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"role\":\"assistant\",\"stop_reason\":null}}\n\n",
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Good day\"}}\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{\"output_tokens\":2}  }\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"  }\n\n",
        ),
        signals: "m.mmL",
        outcome: Incomplete,
        changes: &[("\"message_stop\"  }\n\n", Incomplete)],
    },
    Fixture {
        name: "generate content",
        dialect: || Box::new(GenerateContent::new()),
        stream: concat!(
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"Good\"}]},\"index\": 0}]}\r\n\r\n",
            "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \" day\"}]},\"finishReason\": \"STOP\",\"index\": 0}]}\r\n\r\n",
        ),
        signals: "mm",
        outcome: Completed,
        changes: &[("\"STOP\",\"index\": 0}]}\r\n\r", Completed)],
    },
    Fixture {
        name: "cohere chat",
        dialect: || Box::new(CohereChat::new()),
        stream: concat!(
            "event: message-start\ndata: {\"id\":\"1\",\"type\":\"message-start\"}\n\n",
            "event: content-delta\ndata: {\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Good day\"}}}}\n\n",
            "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\",\"usage\":{}}}\n\n",
            "data: [DONE]\n\n",
        ),
        signals: "mmL.",
        outcome: Completed,
        changes: &[("\"usage\":{}}}\n\n", Completed)],
    },
    Fixture {
        name: "assistants",
        dialect: || Box::new(Assistants::new()),
        stream: concat!(
            "event: thread.run.created\ndata: {\"object\":\"thread.run\",\"status\":\"queued\"}\n\n",
            "event: thread.message.delta\ndata: {\"object\":\"thread.message.delta\",\"delta\":{}}\n\n",
            "event: thread.run.completed\ndata: {\"object\":\"thread.run\",\"status\":\"completed\"}\n\n",
            "event: done\ndata: [DONE]\n\n",
        ),
        signals: "mmmD",
        outcome: Completed,
        changes: &[("[DONE]\n\n", Completed)],
    },
];
