//! The macro that gives an API's `Event` its ways to be read, and the tracker one look for both.

/// For an `Event` that has `read_as`, and the dialect that follows its streams.
macro_rules! events_of {
    ($dialect:ty) => {
        impl<'a> Event<'a> {
            /// Reads an event's data, by its `type`, or where it has none, its `event` line.
            ///
            /// # Errors
            ///
            /// If the data is no JSON object: see [`Error`]. A type that is not known is no error.
            #[inline]
            pub fn parse(event: &crate::Event<'a>) -> Result<Self, Error> {
                let mut read = Self::default();
                read.read_in(event)?;
                Ok(read)
            }

            /// As [`parse`](Self::parse), in place. What it held is gone, also after an error.
            ///
            /// # Errors
            ///
            /// If the data is no JSON object: see [`Error`].
            pub fn read_in(&mut self, event: &crate::Event<'a>) -> Result<(), Error> {
                let head = crate::dialect::Head::of(event);
                self.read_as(&head.discriminator, event.data().as_bytes())
            }
        }

        impl Default for Event<'_> {
            fn default() -> Self {
                Self::Other(Other::default())
            }
        }

        impl crate::Tracker<$dialect> {
            /// Takes the next event, as [`observe`](Self::observe), and reads its payload into
            /// `payload`: one look for both. Where the signal has no payload, what `payload`
            /// holds means nothing.
            ///
            /// # Errors
            ///
            /// If the data is no JSON object. The tracker has taken the event all the same.
            pub fn read<'a>(
                &mut self,
                event: &crate::Event<'a>,
                payload: &mut Event<'a>,
            ) -> Result<crate::Signal, Error> {
                let head = crate::dialect::Head::of(event);
                let signal = self.observe_as(event, |dialect| dialect.observe_head(event, &head));
                if let crate::Signal::Message | crate::Signal::Last = signal {
                    payload.read_as(&head.discriminator, event.data().as_bytes())?;
                }
                Ok(signal)
            }
        }
    };
}
pub(super) use events_of;
