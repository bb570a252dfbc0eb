//! What it is for a struct that serde derives to hold the same as one of ours.

use serde::Deserialize;
use sseam::payload::{Code, Content, ContentPart, JsonStr, List};

pub trait Holds<Ours> {
    fn holds(&self, ours: &Ours) -> bool;
}

/// A member that ours has even where it is absent or `null`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct OrDefault<T>(Option<T>);

impl<T> Default for OrDefault<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Holds<Ours>, Ours: Default + PartialEq> Holds<Ours> for OrDefault<T> {
    fn holds(&self, ours: &Ours) -> bool {
        self.0.as_ref().map_or_else(|| *ours == Ours::default(), |theirs| theirs.holds(ours))
    }
}

impl<T: Holds<Ours>, Ours> Holds<Option<Ours>> for Option<T> {
    fn holds(&self, ours: &Option<Ours>) -> bool {
        match (self, ours) {
            (Some(theirs), Some(ours)) => theirs.holds(ours),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Elements that are `null` count for nothing.
impl<'a, T: Holds<Ours>, Ours> Holds<List<'a, Ours>> for Vec<Option<T>>
where
    List<'a, Ours>: IntoIterator<Item = Ours> + Copy,
{
    fn holds(&self, ours: &List<'a, Ours>) -> bool {
        let theirs = self.iter().flatten();
        theirs.clone().count() == ours.into_iter().count()
            && theirs.zip(*ours).all(|(theirs, ours)| theirs.holds(&ours))
    }
}

impl Holds<u64> for u64 {
    fn holds(&self, ours: &u64) -> bool {
        self == ours
    }
}

/// As it stands, not only as it decodes.
impl Holds<JsonStr<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &JsonStr<'_>) -> bool {
        self.as_raw() == ours.as_raw() && self == ours
    }
}

impl Holds<Code<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Text(text) if self.holds(text))
    }
}

impl Holds<Code<'_>> for u64 {
    fn holds(&self, ours: &Code<'_>) -> bool {
        matches!(ours, Code::Number(number) if self == number)
    }
}

impl Holds<Content<'_>> for JsonStr<'_> {
    fn holds(&self, ours: &Content<'_>) -> bool {
        matches!(ours, Content::Text(text) if self.holds(text))
    }
}

impl<'a, T: Holds<ContentPart<'a>>> Holds<Content<'a>> for Vec<Option<T>> {
    fn holds(&self, ours: &Content<'a>) -> bool {
        matches!(ours, Content::Parts(parts) if self.holds(parts))
    }
}
