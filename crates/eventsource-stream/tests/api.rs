//! The public API, named item by item: the same code compiles and passes with the original.

macro_rules! api {
    ($test:ident, $krate:ident) => {
        mod $test {
            use std::cell::Cell;
            use std::error::Error;
            use std::fmt::{Debug, Display};
            use std::io;
            use std::marker::PhantomPinned;
            use std::panic::{RefUnwindSafe, UnwindSafe};
            use std::rc::Rc;
            use std::time::Duration;

            use $krate::{Event, EventStream, EventStreamError, Eventsource};
            use futures_util::Stream;
            use futures_util::stream::{self, Empty, Iter};
            use nom::error::{Error as NomError, ErrorKind};
            use static_assertions::{assert_impl_all, assert_not_impl_any};

            type Chunks<B> = Iter<std::vec::IntoIter<Result<B, io::Error>>>;

            assert_impl_all!(Event: Clone, Debug, Default, Eq, Send, Sync, Unpin, UnwindSafe);

            // The type of the bytes and of the error are the caller's.
            assert_impl_all!(EventStream<Chunks<Vec<u8>>>: Stream<Item = Result<Event, EventStreamError<io::Error>>>);
            assert_impl_all!(EventStream<Chunks<&'static str>>: Stream);
            assert_impl_all!(EventStream<Chunks<[u8; 4]>>: Stream);
            assert_impl_all!(EventStream<Empty<Result<Rc<[u8]>, ()>>>: Stream);
            assert_not_impl_any!(EventStream<Empty<Vec<u8>>>: Stream);
            assert_impl_all!(Chunks<&'static [u8]>: Eventsource);
            assert_not_impl_any!(Empty<Vec<u8>>: Eventsource);

            // Auto traits are those of the inner stream, which may have any type until it is
            // polled.
            assert_impl_all!(EventStream<()>: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
            assert_not_impl_any!(EventStream<Rc<()>>: Send, Sync);
            assert_impl_all!(EventStream<Cell<()>>: Send);
            assert_not_impl_any!(EventStream<Cell<()>>: Sync);
            assert_not_impl_any!(EventStream<PhantomPinned>: Unpin);
            assert_not_impl_any!(EventStream<()>: Clone, Debug);

            assert_impl_all!(EventStreamError<()>: Debug, PartialEq, Send, Sync, Unpin);
            assert_not_impl_any!(EventStreamError<()>: Clone, Display, Eq, Error);
            assert_not_impl_any!(EventStreamError<Rc<()>>: Send, Sync);
            assert_impl_all!(EventStreamError<Rc<str>>: Display);
            assert_not_impl_any!(EventStreamError<Rc<str>>: Error);
            assert_impl_all!(EventStreamError<io::Error>: Error);
            assert_impl_all!(EventStreamError<()>: From<NomError<&'static str>>);

            #[test]
            fn event() {
                let Event { event, data, id, retry } = Event::default();
                assert_eq!([event, data, id], ["", "", ""]);
                assert_eq!(retry, None);

                let event = Event {
                    event: String::from("add"),
                    data: String::from("x"),
                    id: String::from("7"),
                    retry: Some(Duration::from_millis(5)),
                };
                assert_eq!(event, event.clone());
                assert_ne!(event, Event::default());
                let debug = r#"Event { event: "add", data: "x", id: "7", retry: Some(5ms) }"#;
                assert_eq!(format!("{event:?}"), debug);
            }

            #[test]
            fn stream() {
                let mut events: EventStream<_> = stream::empty::<Result<&str, ()>>().eventsource();
                assert_eq!(events.last_event_id(), "");
                events.set_last_event_id("7");
                events.set_last_event_id(String::from("8"));
                assert_eq!(events.last_event_id(), "8");
                assert_eq!(EventStream::new(()).last_event_id(), "");
            }

            #[test]
            fn error() {
                let invalid = String::from_utf8(vec![0xFF]).unwrap_err();
                let at = String::from("x");
                let rows: [(EventStreamError<i32>, &str, &str); 3] = [
                    (
                        EventStreamError::Utf8(invalid),
                        "UTF8 error: invalid utf-8 sequence of 1 bytes from index 0",
                        "Utf8(FromUtf8Error { bytes: [255], error: Utf8Error { valid_up_to: 0, error_len: Some(1) } })",
                    ),
                    (
                        EventStreamError::Parser(NomError::new(at, ErrorKind::Tag)),
                        "Parse error: error Tag at: x",
                        r#"Parser(Error { input: "x", code: Tag })"#,
                    ),
                    (EventStreamError::Transport(5), "Transport error: 5", "Transport(5)"),
                ];
                for (error, display, debug) in &rows {
                    assert_eq!(error.to_string(), *display);
                    assert_eq!(format!("{error:?}"), *debug);
                    assert!(error.source().is_none());
                    assert_eq!(error, error);
                }
                assert_eq!(rows[1].0, NomError::new("x", ErrorKind::Tag).into());
                assert_ne!(rows[2].0, EventStreamError::Transport(6));
            }
        }
    };
}

api!(facade, eventsource_stream);
api!(original, original);
