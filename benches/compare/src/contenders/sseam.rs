//! sseam: the loop of its README, with seven clients. Most differ in what they
//! do with an event, so that like can be compared with like.

use std::hint::black_box;
use std::marker::PhantomData;

use ::sseam::{ArrayBuf, Buffer, Event, Item, Notify, OwnedEvent, Parser, Value, VecBuf};

use crate::contender::{Identity, Kind, Reader};
use crate::input::Input;
use crate::oracle;
use crate::visitor::{Seen, Visitor};

/// What a client does with an event.
pub(crate) trait Client {
    const NAME: &'static str;
    const YIELDS: &'static str;
    fn take(event: Event<'_>) -> impl Seen;
}

/// The loop around [`Parser::next_event`], on the heap.
pub(crate) struct Next<C> {
    parser: Parser<VecBuf>,
    client: PhantomData<C>,
}

impl<C> Default for Next<C> {
    fn default() -> Self {
        Self { parser: Parser::new(), client: PhantomData }
    }
}

impl<C: Client> Reader for Next<C> {
    const IDENTITY: Identity = Identity { name: C::NAME, kind: Kind::Sseam, yields: C::YIELDS };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        read::<C, _>(&mut self.parser, input, visitor)
    }
}

fn read<C: Client, B: Buffer>(
    parser: &mut Parser<B>,
    input: &Input,
    visitor: &mut impl Visitor,
) -> Result<(), String> {
    for bytes in input.slices() {
        let mut chunk = bytes;
        while let Some(event) = parser.next_event(&mut chunk).map_err(|error| error.to_string())? {
            if visitor.event(&C::take(event)).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Looks at the bytes of type and data.
pub(crate) struct Borrowed<'a>(Event<'a>);

impl Seen for Borrowed<'_> {
    #[inline]
    fn touch(&self) {
        black_box(self.0.event_type().as_bytes());
        black_box(self.0.data().as_bytes());
    }

    fn to_event(&self) -> oracle::Event {
        oracle::Event::new(
            self.0.event_type().as_bytes(),
            self.0.data().as_bytes(),
            self.0.last_event_id().as_bytes(),
        )
    }
}

pub(crate) type Plain = Next<AsBytes>;

pub(crate) struct AsBytes;

impl Client for AsBytes {
    const NAME: &'static str = "sseam";
    const YIELDS: &'static str = "borrowed bytes";

    #[inline]
    fn take(event: Event<'_>) -> impl Seen {
        Borrowed(event)
    }
}

pub(crate) type Utf8 = Next<AsUtf8>;

/// Has the UTF-8 of type and data checked.
pub(crate) struct AsUtf8;

struct Checked<'a>(Borrowed<'a>);

impl Client for AsUtf8 {
    const NAME: &'static str = "sseam+utf8";
    const YIELDS: &'static str = "borrowed, checked strings";

    #[inline]
    fn take(event: Event<'_>) -> impl Seen {
        Checked(Borrowed(event))
    }
}

impl Seen for Checked<'_> {
    #[inline]
    fn touch(&self) {
        let _ = black_box(self.0.0.event_type().to_str());
        let _ = black_box(self.0.0.data().to_str());
    }

    fn to_event(&self) -> oracle::Event {
        self.0.to_event()
    }
}

pub(crate) type Strings = Next<AsStrings>;

/// Builds what the peers build: two strings, checked.
pub(crate) struct AsStrings;

struct Copied<'a> {
    event_type: String,
    data: String,
    id: &'a [u8],
}

impl Client for AsStrings {
    const NAME: &'static str = "sseam+strings";
    const YIELDS: &'static str = "owned, checked strings";

    #[inline]
    fn take(event: Event<'_>) -> impl Seen {
        Copied {
            event_type: string(event.event_type()),
            data: string(event.data()),
            id: event.last_event_id().as_bytes(),
        }
    }
}

/// With U+FFFD where it must be.
fn string(value: Value<'_>) -> String {
    value.to_str().map_or_else(|_| value.to_string_lossy().into_owned(), String::from)
}

impl Seen for Copied<'_> {
    #[inline]
    fn touch(&self) {
        black_box(&self.event_type);
        black_box(&self.data);
    }

    fn to_event(&self) -> oracle::Event {
        oracle::Event::new(self.event_type.as_bytes(), self.data.as_bytes(), self.id)
    }
}

pub(crate) type Owned = Next<IntoOwned>;

/// Keeps every event.
pub(crate) struct IntoOwned;

impl Client for IntoOwned {
    const NAME: &'static str = "sseam+owned";
    const YIELDS: &'static str = "owned bytes";

    #[inline]
    fn take(event: Event<'_>) -> impl Seen {
        event.into_owned()
    }
}

impl Seen for OwnedEvent {
    #[inline]
    fn touch(&self) {
        black_box(self);
    }

    fn to_event(&self) -> oracle::Event {
        Borrowed(self.as_event()).to_event()
    }
}

pub(crate) type Ids = Next<WithIds>;

/// Looks at the last event ID, too.
pub(crate) struct WithIds;

struct Identified<'a>(Borrowed<'a>);

impl Client for WithIds {
    const NAME: &'static str = "sseam+ids";
    const YIELDS: &'static str = "borrowed bytes, with IDs";

    #[inline]
    fn take(event: Event<'_>) -> impl Seen {
        Identified(Borrowed(event))
    }
}

impl Seen for Identified<'_> {
    #[inline]
    fn touch(&self) {
        self.0.touch();
        black_box(self.0.0.last_event_id().as_bytes());
    }

    fn to_event(&self) -> oracle::Event {
        self.0.to_event()
    }
}

/// The plain loop without a heap: room for the largest event of the workloads.
pub(crate) struct Array {
    parser: Box<Parser<ArrayBuf<{ 64 << 10 }>>>,
}

impl Default for Array {
    fn default() -> Self {
        Self { parser: Box::new(Parser::default()) }
    }
}

impl Reader for Array {
    const IDENTITY: Identity = Identity {
        name: "sseam+array",
        kind: Kind::Sseam,
        yields: "borrowed bytes, without a heap",
    };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        read::<AsBytes, _>(&mut self.parser, input, visitor)
    }
}

/// The plain loop around [`Parser::next_item`], with nothing to tell but events.
pub(crate) struct Items {
    parser: Parser<VecBuf>,
}

impl Default for Items {
    fn default() -> Self {
        Self { parser: Parser::new().with_notify(Notify::NONE) }
    }
}

impl Reader for Items {
    const IDENTITY: Identity =
        Identity { name: "sseam+items", kind: Kind::Sseam, yields: "borrowed bytes" };

    fn read(&mut self, input: &Input, visitor: &mut impl Visitor) -> Result<(), String> {
        for bytes in input.slices() {
            let mut chunk = bytes;
            let parser = &mut self.parser;
            while let Some(item) =
                parser.next_item(&mut chunk).map_err(|error| error.to_string())?
            {
                let Item::Event(event) = item else { continue };
                if visitor.event(&Borrowed(event)).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
