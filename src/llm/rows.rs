//! The table of protocols, one file for each family.

mod agents;
mod anthropic;
mod google;
mod openai;
mod prelude;
mod servers;

pub(super) use agents::{A2A, AG_UI, GRAPHQL_SSE, JSON_RPC, LANGGRAPH, TRPC, UI_MESSAGE_STREAM};
pub(super) use anthropic::MESSAGES;
pub(super) use google::{GENERATE_CONTENT, INTERACTIONS};
pub(super) use openai::{ASSISTANTS, CHAT, OPENAI_MEDIA, RESPONSES, SAP_ORCHESTRATION};
pub(super) use servers::{COHERE_CHAT, COZE, DIFY, DONE, LLAMA_CPP, MISTRAL_CONVERSATIONS, TGI};
