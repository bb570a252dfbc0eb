//! Who is told what: the dialect all that it wants to know, the observer what
//! was asked for.

use std::io;

use sseam::{End, Item, Notify, Signal};

use crate::dialect::{self, Follow};
use crate::observer::{Observer, Verdict};

/// Tells the observer what comes of the stream, with what the dialect says of it.
pub(crate) struct Teller<'o> {
    pub(crate) observer: &'o mut dyn Observer,
    dialect: Option<Box<dyn Follow>>,
    /// Whether they are shown.
    notifications: bool,
    /// Whether the terminal was one that is not.
    is_hidden: bool,
}

impl<'o> Teller<'o> {
    pub(crate) fn new(
        observer: &'o mut dyn Observer,
        dialect: Option<Box<dyn Follow>>,
        notifications: bool,
    ) -> Self {
        Self { observer, dialect, notifications, is_hidden: false }
    }

    /// What the parser has to tell.
    pub(crate) fn notify(&self) -> Notify {
        match &self.dialect {
            _ if self.notifications => Notify::ALL,
            Some(_) => dialect::NOTIFY,
            None => Notify::NONE,
        }
    }

    /// An item, and the chunk in which it ended.
    pub(crate) fn item(&mut self, item: Item<'_>, chunk: &[u8]) -> io::Result<()> {
        let said = self.dialect.as_mut().map(|dialect| dialect.follow(&item));
        let (signal, violation) = said.unzip();
        self.show(item, signal, chunk)?;
        match violation.flatten() {
            Some(violation) => self.observer.violation(&violation),
            None => Ok(()),
        }
    }

    /// An item that is pending at the end of the stream and was flushed.
    ///
    /// That a pending block has no data says nothing: the data may not have come,
    /// and `event: done` cut right there is no end. What is left counts as it
    /// would have in the stream: the event, and the unknown field of a last line.
    pub(crate) fn flushed(&mut self, item: Item<'_>) -> io::Result<()> {
        if let Item::EmptyBlock { .. } = item {
            return self.show(item, None, &[]);
        }
        self.item(item, &[])
    }

    fn show(&mut self, item: Item<'_>, signal: Option<Signal>, chunk: &[u8]) -> io::Result<()> {
        if self.notifications || matches!(item, Item::Event(_)) {
            return self.observer.item(item, signal, chunk);
        }
        self.is_hidden |= signal.is_some_and(Signal::is_end);
        Ok(())
    }

    /// What the dialect says at the end, where one was chosen.
    pub(crate) fn verdict(&self, end: End) -> Option<Verdict> {
        let dialect = self.dialect.as_ref()?;
        let (dialect, outcome) = (dialect.name(), dialect.finish(end));
        Some(Verdict { dialect, outcome, is_hidden: self.is_hidden })
    }
}
