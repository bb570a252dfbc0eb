//! JSON as `serde_json` reads it, with every member in order, also of names that come
//! twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, if it is written as digits only and fits.
    Number(Option<u64>),
    /// A string, decoded.
    Text(String),
    /// An array.
    Array(Vec<Tree>),
    /// An object.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// The value, where `serde_json` can parse it.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// The members of an object; of something else there are none.
    #[must_use]
    pub fn members(&self) -> &[(String, Tree)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// The elements of an array; of something else there are none.
    #[must_use]
    pub fn elements(&self) -> &[Tree] {
        if let Self::Array(elements) = self { elements } else { &[] }
    }

    /// What `read` makes of the first member by one of the names of which it makes something.
    pub fn find<'t, T>(
        &'t self,
        names: &[&str],
        read: impl Fn(&'t Tree) -> Option<T>,
    ) -> Option<T> {
        let found = self.members().iter().filter(|(name, _)| names.contains(&&**name));
        found.map(|(_, value)| value).find_map(read)
    }

    /// The first member by one of the names that is a string.
    #[must_use]
    pub fn text(&self, names: &[&str]) -> Option<&str> {
        self.find(names, Self::as_text)
    }

    /// The first member by one of the names that is a whole number.
    #[must_use]
    pub fn number(&self, names: &[&str]) -> Option<u64> {
        self.find(names, |value| if let Self::Number(number) = value { *number } else { None })
    }

    /// The first member by one of the names that is an object.
    #[must_use]
    pub fn object(&self, names: &[&str]) -> Option<&Tree> {
        self.find(names, Self::as_object)
    }

    /// The objects in the first member by this name that is an array.
    #[must_use]
    pub fn objects(&self, name: &str) -> Vec<&Tree> {
        let array = self.find(&[name], |value| matches!(value, Self::Array(_)).then_some(value));
        array.map_or(&[][..], Self::elements).iter().filter_map(Self::as_object).collect()
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Itself, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Tree> {
        matches!(self, Self::Object(_)).then_some(self)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Build)
    }
}

struct Build;

impl<'de> Visitor<'de> for Build {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(is))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(Some(number)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Tree, E> {
        Ok(Tree::Number(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element()? {
            elements.push(element);
        }
        Ok(Tree::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
