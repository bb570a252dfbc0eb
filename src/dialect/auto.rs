//! Finding out which dialect it is.

use super::head::{Discriminator, Head, is_empty_block, is_failure, is_named_done};
use super::{
    Assistants, Chat, CohereChat, Dialect, GenerateContent, Messages, Observation, Outcome,
    Responses, is_done,
};
use crate::json::{self, JsonStr};
use crate::{End, Event, Item};

/// The dialect that the stream turns out to be in.
///
/// It settles at the first event that tells, and is that dialect from then on.
/// Until then `[DONE]`, an event `done`, and an error end the stream, and all
/// else is a message, a `ping` too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Auto {
    is: Is,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Is {
    /// No event has come.
    #[default]
    Open,
    /// Events that tell nothing. A keep-alive is one: in a protocol that is not
    /// known it may be a payload.
    Strange,
    /// `[DONE]` came first.
    Done,
    Chat(Chat),
    Responses,
    Messages(Messages),
    GenerateContent(GenerateContent),
    CohereChat,
    Assistants,
}

impl Auto {
    /// The dialect, at the start of a stream.
    #[must_use]
    pub const fn new() -> Self {
        Self { is: Is::Open }
    }

    /// The name of the dialect that it is; `done` where only `[DONE]` told,
    /// nothing where nothing did.
    #[must_use]
    pub fn settled(&self) -> Option<&'static str> {
        Some(match self.is {
            Is::Open | Is::Strange => return None,
            Is::Done => super::Done.name(),
            Is::Chat(chat) => chat.name(),
            Is::Responses => Responses::new().name(),
            Is::Messages(messages) => messages.name(),
            Is::GenerateContent(generate_content) => generate_content.name(),
            Is::CohereChat => CohereChat.name(),
            Is::Assistants => Assistants.name(),
        })
    }

    /// What an event is that comes before it has settled; nothing if the event
    /// settles it.
    #[inline(never)]
    fn settle(&mut self, event: &Event<'_>) -> Option<Observation> {
        if is_done(event) {
            self.is = Is::Done;
            return Some(Observation::Done(Outcome::Completed));
        }
        let Head { discriminator, is_untyped_error } = Head::of(event);
        // In a protocol that is not known a keep-alive is like any event.
        if !discriminator.is_keep_alive() {
            if let Some(is) = tell(event, discriminator, is_untyped_error) {
                self.is = is;
                return None;
            }
        }
        let is_typed_done =
            discriminator.is("done") && json::is_whole_object(event.data().as_bytes());
        Some(match () {
            () if is_typed_done || is_named_done(event) => Observation::Done(Outcome::Completed),
            () if event.event_type() == "error" => Observation::Last(Outcome::Failed),
            () => {
                self.is = Is::Strange;
                Observation::Message
            }
        })
    }
}

/// The dialect that has such events.
fn tell(event: &Event<'_>, name: Discriminator<'_>, is_untyped_error: bool) -> Option<Is> {
    if event.event_type().as_bytes().starts_with(b"thread.") {
        return Some(Is::Assistants);
    }
    tell_by_name(event, name)
        .or_else(|| tell_by_members(event))
        .or_else(|| is_untyped_error.then_some(Is::Chat(Chat::new())))
}

fn tell_by_name(event: &Event<'_>, name: Discriminator<'_>) -> Option<Is> {
    const MESSAGES: [&str; 6] = [
        "message_start",
        "message_delta",
        "message_stop",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
    ];
    const COHERE_CHAT: [&str; 11] = [
        "message-start",
        "message-end",
        "content-start",
        "content-delta",
        "content-end",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "citation-start",
        "citation-end",
    ];
    if name.starts_with("response.") {
        return Some(Is::Responses);
    }
    if MESSAGES.iter().any(|known| name.is(known)) {
        return Some(Is::Messages(Messages::new()));
    }
    if COHERE_CHAT.iter().any(|known| name.is(known)) {
        return Some(Is::CohereChat);
    }
    if name.is_typed() && name.is("error") {
        return Some(tell_by_error(event));
    }
    None
}

/// A first event that is an error: Anthropic's is wrapped and not numbered.
fn tell_by_error(event: &Event<'_>) -> Is {
    let mut is_wrapped = false;
    for (name, value) in json::members(event.data().as_bytes()) {
        if name == "sequence_number" {
            return Is::Responses;
        }
        is_wrapped |= name == "error" && value.is_object();
    }
    if is_wrapped { Is::Messages(Messages::new()) } else { Is::Responses }
}

fn tell_by_members(event: &Event<'_>) -> Option<Is> {
    json::members(event.data().as_bytes()).find_map(|(name, value)| {
        if name == "choices" || name == "object" && value.text().is_some_and(is_chat_object) {
            return Some(Is::Chat(Chat::new()));
        }
        let is_content =
            name == "candidates" || name == "promptFeedback" || name == "usageMetadata";
        is_content.then_some(Is::GenerateContent(GenerateContent::new()))
    })
}

fn is_chat_object(object: JsonStr<'_>) -> bool {
    object == "chat.completion.chunk" || object == "text_completion" || object == "error"
}

impl Dialect for Auto {
    fn name(&self) -> &'static str {
        "auto"
    }

    #[inline]
    fn observe(&mut self, event: &Event<'_>) -> Observation {
        if let Is::Open | Is::Strange = self.is {
            if let Some(observation) = self.settle(event) {
                return observation;
            }
        }
        match &mut self.is {
            Is::Open | Is::Strange | Is::Done => Observation::Ignore,
            Is::Chat(chat) => chat.observe(event),
            Is::Responses => Responses::new().observe(event),
            Is::Messages(messages) => messages.observe(event),
            Is::GenerateContent(generate_content) => generate_content.observe(event),
            Is::CohereChat => CohereChat.observe(event),
            Is::Assistants => Assistants.observe(event),
        }
    }

    fn notice(&mut self, item: &Item<'_>) -> Observation {
        match &mut self.is {
            Is::Open | Is::Strange | Is::Done => {
                if is_failure(item) {
                    return Observation::Last(Outcome::Failed);
                }
                // LangServe ends with the latter.
                if is_empty_block(item, "done") || is_empty_block(item, "end") {
                    return Observation::Done(Outcome::Completed);
                }
                Observation::Ignore
            }
            Is::Chat(chat) => chat.notice(item),
            Is::Responses => Responses::new().notice(item),
            Is::Messages(messages) => messages.notice(item),
            Is::GenerateContent(generate_content) => generate_content.notice(item),
            Is::CohereChat => CohereChat.notice(item),
            Is::Assistants => Assistants.notice(item),
        }
    }

    fn end_of_stream(&self, end: End) -> Outcome {
        match &self.is {
            Is::Open => Outcome::Truncated,
            Is::Strange => Outcome::Unknown,
            Is::Done => Outcome::Completed,
            Is::Chat(chat) => chat.end_of_stream(end),
            Is::Responses => Responses::new().end_of_stream(end),
            Is::Messages(messages) => messages.end_of_stream(end),
            Is::GenerateContent(generate_content) => generate_content.end_of_stream(end),
            Is::CohereChat => CohereChat.end_of_stream(end),
            Is::Assistants => Assistants.end_of_stream(end),
        }
    }
}
