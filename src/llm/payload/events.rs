//! The macros that define an API's `Event`, and give a payload its ways to be read.

/// Gives a payload that can be read anew its public ways to be.
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident) => {
        impl<'a> $name<'a> {
            $(#[$meta])*
            #[inline]
            pub fn parse(event: &crate::Event<'a>) -> Result<Self, super::Error> {
                let mut read = Self::default();
                read.read_in(event)?;
                Ok(read)
            }

            /// As [`parse`](Self::parse), in place, as it is large to be moved. What it held is
            /// gone, also after an error.
            ///
            /// # Errors
            ///
            /// If the data is no JSON object: see [`Error`](super::Error).
            #[inline]
            pub fn read_in(&mut self, event: &crate::Event<'a>) -> Result<(), super::Error> {
                super::read::Sealed::read_anew(self, event)
            }
        }

        impl<'a> super::Payload<'a> for $name<'a> {}
    };
}
pub(super) use payload;

/// Defines an `Event` by the names of its types, which a function finds, and by what else tells
/// how the stream stands, if anything does. An error that holds no more than its body is made by
/// a function of that and of the event.
macro_rules! events {
    (
        by $name_of:path $(, $judged:ident)?;
        $(#[$error_meta:meta])* Error($error:ty) by $of:expr,
        $($(#[$meta:meta])* $variant:ident $(($payload:ty))? = $name:literal,)*
    ) => {
        /// An event, by its type.
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event<'a> {
            $($(#[$meta])* #[doc = concat!("`", $name, "`.")] $variant $(($payload))?,)*
            $(#[$error_meta])* Error($error),
            /// Any other type: see [`Other`](super::Other).
            Other(super::Other<'a>),
        }

        super::events::payload! {
            /// Reads an event's data, by the type that it has there, or else by its `event`
            /// line.
            ///
            /// # Errors
            ///
            /// If the data is no JSON object: see [`Error`](super::Error). A type that is not
            /// known is no error.
            Event
        }

        impl<'a> super::read::Sealed<'a> for Event<'a> {
            fn read_anew(&mut self, event: &crate::Event<'a>) -> Result<(), super::Error> {
                let (name, data) = (&$name_of(event), event.data().as_bytes());
                $(if name.is($name) {
                    return super::events::events!(@read self data $variant $($payload)?);
                })*
                let mut event = super::MaybeError::default();
                *self = Self::default();
                crate::json::read(data, &mut event)?;
                *self = match event.error(name) {
                    Some(error) => Self::Error($of(error, &event)),
                    None => Self::Other(super::Other::of(name)),
                };
                Ok(())
            }

            $(fn judged(&self) -> Option<super::Judged> {
                self.$judged()
            })?
        }

        impl Default for Event<'_> {
            fn default() -> Self {
                Self::Other(super::Other::default())
            }
        }
    };
    (@read $event:ident $data:ident $variant:ident) => {{
        *$event = Self::default();
        crate::json::read($data, &mut super::MaybeError::default())
            .map(|()| *$event = Self::$variant)
    }};
    (@read $event:ident $data:ident $variant:ident $payload:ty) => {{
        *$event = Self::$variant(Default::default());
        let Self::$variant(payload) = $event else { return Ok(()) };
        crate::json::read($data, payload)
    }};
}
pub(super) use events;
