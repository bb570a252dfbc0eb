//! Nothing that a parser tells is larger than its bound.

use sseam::{Error, Event, Item};

/// The bounds of a buffer.
pub struct Limits {
    /// On data.
    pub data: usize,
    /// On each of event type and ID.
    pub meta: usize,
}

impl Limits {
    /// Holds whatever the parser answers to them.
    pub fn hold(&self, answer: Result<Item<'_>, Error>) {
        assert!(!format!("{answer:?}").is_empty());
        match answer {
            Ok(Item::Event(event)) => self.hold_event(event),
            Ok(Item::Comment { text, .. }) => assert!(text.len() <= self.data),
            Ok(Item::UnknownField { name, value, .. }) => {
                assert!(name.len() + value.len() <= self.data);
            }
            Ok(Item::EmptyBlock { event_type, last_event_id }) => {
                self.hold_event(Event::new("").with_type(event_type).with_id(last_event_id));
            }
            Ok(_) => {}
            Err(Error::TooLarge { limit, .. }) => {
                assert!(limit == self.data || limit == self.meta);
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn hold_event(&self, event: Event<'_>) {
        assert!(event.data().len() <= self.data);
        let event_type = event.event_type();
        assert!(event_type == "message" || (1..=self.meta).contains(&event_type.len()));
        assert!(event.last_event_id().len() <= self.meta);
        assert_eq!(event.into_owned().as_event(), event);
    }
}
