//! The macros that define an API's `StreamEvent`, and the methods that read a payload.

/// Defines `parse` and `read_in` for a payload that implements `Sealed`.
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

            /// Same as [`parse`](Self::parse), but in place, to avoid moving a large struct. The
            /// previous contents are lost, also after an error.
            ///
            /// # Errors
            ///
            /// If the data is not a JSON object: see [`Error`](super::Error).
            #[inline]
            pub fn read_in(&mut self, event: &crate::Event<'a>) -> Result<(), super::Error> {
                super::read::Sealed::read_from(self, event)
            }
        }

        impl<'a> super::Payload<'a> for $name<'a> {}
    };
}
pub(super) use payload;

/// Defines a `StreamEvent` by its types' names.
///
/// The arguments: the function that returns an event's name; optionally the method that returns the
/// effect on the stream; the type of errors, and the function that makes one of its body and event;
/// and the variants.
macro_rules! events {
    (
        by $name_of:path $(, $effect:ident)?;
        $(#[$error_meta:meta])* Error($error:ty) by $of:expr,
        $($(#[$meta:meta])* $variant:ident $(($payload:ty))? = $name:literal,)*
    ) => {
        /// An event, by its type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum StreamEvent<'a> {
            $($(#[$meta])* #[doc = concat!("`", $name, "`.")] $variant $(($payload))?,)*
            $(#[$error_meta])* Error($error),
            /// Any other type: see [`Other`](super::Other).
            Other(super::Other<'a>),
        }

        super::events::payload! {
            /// Reads an event's data by its type, which is in the data or on the `event` line.
            ///
            /// # Errors
            ///
            /// If the data is not a JSON object: see [`Error`](super::Error). An unknown type is
            /// not an error: see [`Other`](super::Other).
            StreamEvent
        }

        impl<'a> super::read::Sealed<'a> for StreamEvent<'a> {
            fn read_from(&mut self, event: &crate::Event<'a>) -> Result<(), super::Error> {
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

            $(fn stream_effect(&self) -> Option<super::StreamEffect> {
                self.$effect()
            })?
        }

        impl Default for StreamEvent<'_> {
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
