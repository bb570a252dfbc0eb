//! Reads facts from one event by its protocol's rules, lazily and without state between events.

use super::memory::{Fragment, Kind, clamp_index, item_key, key, part};
use super::node::{Node, is_empty_container, parts};
use super::payload::{Discriminator, StrOrJson};
use super::protocol::{Begins, CallPaths, Rules, Says};
use crate::json::{self, Json};
use crate::size::IS_SMALL;

/// The maximum nesting of rules: one level more than the rows of this crate need.
const DEPTH: usize = 5;

/// A fact that an event states.
#[derive(Clone, Copy)]
pub(super) enum Fact<'a> {
    Piece(Kind, u32, StrOrJson<'a>),
    Whole(Kind, u32, StrOrJson<'a>),
    Fragment(Fragment<'a>),
    Opaque(&'static str, Json<'a>),
    Usage(Json<'a>),
    /// Not a fact: a value to which inner rules apply, and whether it is an array's element.
    Inside(Json<'a>, bool),
}

/// Walks through an event by the rules.
///
/// Frames hold offsets, which are smaller than slices: this is moved with each
/// [`Reading`](super::Reading).
#[derive(Clone)]
pub(super) struct Facts<'a> {
    name: Discriminator<'a>,
    /// The value to which the rules apply.
    data: &'a [u8],
    rules: Rules,
    /// The stack of nested objects, outermost first.
    frames: [Frame; DEPTH],
    depth: u8,
    /// The frames that are elements of an array, as a bit set.
    elements: u8,
    /// The event's item, once a text needed it.
    item: Option<Item>,
}

/// The item of the answer to which an event belongs, and the part of that item.
#[derive(Clone, Copy)]
struct Item {
    /// A hash; 0 if it has no identity.
    key: u32,
    index: Option<u32>,
}

/// An object, or an element of an array.
#[derive(Clone, Copy)]
struct Frame {
    /// Its offset in the data.
    start: u32,
    len: u32,
    /// Its position in the array.
    position: u32,
    /// The index of the outer rule that contains the rules for it.
    rule: u16,
    /// The index of its next rule.
    next: u16,
}

impl<'a> Facts<'a> {
    pub(super) fn of(name: Discriminator<'a>, value: Json<'a>, rules: Rules) -> Self {
        let data = value.as_bytes();
        let outer = Frame { start: 0, len: 0, position: 0, rule: 0, next: 0 };
        // Data of four gibibytes or more is skipped.
        let (len, depth) = u32::try_from(data.len()).map_or((0, 0), |len| (len, 1));
        let frames = [Frame { len, ..outer }; DEPTH];
        Self { name, data, rules, frames, depth, elements: 0, item: None }
    }

    /// Returns the value of a frame.
    fn value(&self, frame: Frame) -> Json<'a> {
        let end = frame.start.saturating_add(frame.len) as usize;
        Json::of_skipped(self.data.get(frame.start as usize..end).unwrap_or_default())
    }

    /// Returns the rules for the innermost frame.
    fn innermost_rules(&self) -> Rules {
        let inner = self.frames.get(1..self.depth.into()).unwrap_or_default();
        inner.iter().fold(self.rules, |rules, frame| {
            let rule = rules.get(usize::from(frame.rule));
            let Some((_, Says::In(_, rules) | Says::Each(_, rules))) = rule else { return &[] };
            rules
        })
    }

    /// Returns the next fact.
    pub(super) fn next(&mut self) -> Option<Fact<'a>> {
        loop {
            let at = usize::from(self.depth.checked_sub(1)?);
            let frame = *self.frames.get(at)?;
            let rules = self.innermost_rules();
            let Some(left @ [_, ..]) = rules.get(usize::from(frame.next)..) else {
                self.leave(frame);
                continue;
            };
            let node = Node::of(self.value(frame));
            let name = self.name;
            let mut left = left.iter().enumerate();
            let found = left.by_ref().find_map(|(n, (when, says))| {
                let is_met = when.is_met(&name, &node);
                let found = if is_met { self.find(says, &node, frame.position) } else { None };
                Some((n, found?))
            });
            // Finds the next rule that applies, to return to this frame only if there is one.
            let next = left.find(|(_, (when, says))| {
                IS_SMALL || when.is_met(&name, &node) && says.is_in(&node)
            });
            let place = |n: usize| u16::try_from(usize::from(frame.next) + n).unwrap_or(u16::MAX);
            self.frames.get_mut(at)?.next = next.map_or(u16::MAX, |(n, _)| place(n));
            match found {
                Some((n, Fact::Inside(inside, is_element))) => {
                    let position = if is_element { 0 } else { frame.position };
                    self.enter(inside, is_element, Frame { position, rule: place(n), ..frame });
                }
                Some((_, fact)) => return Some(fact),
                None => {}
            }
        }
    }

    /// Pushes a frame for a value in the data.
    fn enter(&mut self, value: Json<'a>, is_element: bool, frame: Frame) {
        let value = value.as_bytes();
        let start = value.as_ptr().addr().wrapping_sub(self.data.as_ptr().addr());
        let [start, len] = [start, value.len()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let place = self.frames.get_mut(usize::from(self.depth));
        debug_assert!(place.is_some(), "rules nest deeper than DEPTH");
        if let Some(place) = place {
            *place = Frame { start, len, next: 0, ..frame };
            self.elements &= !(1 << self.depth);
            self.elements |= u8::from(is_element) << self.depth;
            self.depth += 1;
        }
    }

    /// Pops the frame, and pushes one for the next element of its array, if any.
    fn leave(&mut self, frame: Frame) {
        self.depth = self.depth.saturating_sub(1);
        let end = frame.start.saturating_add(frame.len) as usize;
        let rest = self.data.get(end..).filter(|_| self.elements >> self.depth & 1 == 1);
        if let Some(element) = rest.and_then(|rest| json::elements_after(rest).next()) {
            let position = frame.position.saturating_add(1);
            self.enter(element, true, Frame { position, ..frame });
        }
    }

    /// Applies a rule to an object.
    fn find(&mut self, says: &'static Says, node: &Node<'a>, position: u32) -> Option<Fact<'a>> {
        let (kind, path, is_whole) = match *says {
            Says::Piece(kind, path) => (kind, path, false),
            Says::Whole(kind, path) => (kind, path, true),
            Says::Opaque(path) => {
                let name = parts(path, b'.').last().unwrap_or_default();
                let value = node.at(path).filter(|value| !is_empty_container(value.as_bytes()));
                return Some(Fact::Opaque(name, value?));
            }
            Says::Usage(path) => {
                let usage = node.at(path).filter(Json::is_object)?;
                return Some(Fact::Usage(usage));
            }
            Says::Call(call) => return fragment(call, node).map(Fact::Fragment),
            Says::In(path, _) => return Some(Fact::Inside(node.at(path)?, false)),
            Says::Each(path, _) => {
                return Some(Fact::Inside(node.at(path)?.elements().next()?, true));
            }
        };
        let text = StrOrJson::Str(node.at(path)?.as_text()?);
        let part = self.part(kind, node, position);
        Some(if is_whole { Fact::Whole(kind, part, text) } else { Fact::Piece(kind, part, text) })
    }

    /// Returns a hash of the part of the answer to which a text belongs; 0 if it has no identity.
    fn part(&mut self, kind: Kind, node: &Node<'a>, position: u32) -> u32 {
        let item = self.item.unwrap_or_else(|| match (self.depth, self.frames.first()) {
            (2.., Some(outer)) => Item::of(&Node::of(self.value(*outer))),
            _ => Item::of(node),
        });
        self.item = Some(item);
        part(kind, item.key, item.index.unwrap_or(position))
    }
}

impl Item {
    fn of(event: &Node<'_>) -> Self {
        let number = |path| event.at(path).and_then(|value| value.as_u64());
        let id = event.text("item_id|item.id").unwrap_or_default();
        let index = number("content_index|summary_index");
        Self { key: item_key(number("output_index"), id), index: index.map(clamp_index) }
    }
}

/// Reads the fragment of a call in an object, if there is one.
fn fragment<'a>(call: &CallPaths, node: &Node<'a>) -> Option<Fragment<'a>> {
    let [id, name] = [call.id, call.name].map(|path| node.text(path));
    let key_text = node.text(call.key).or(id);
    let index = node.at(call.index).and_then(|index| index.as_u64());
    let arguments = node.at(call.arguments).map(|value| match value.as_text() {
        Some(text) => StrOrJson::Str(text),
        None => StrOrJson::Json(value),
    });
    let is_there = id.is_some()
        || name.is_some()
        || arguments.is_some()
        || index.is_some() && call.begins != Begins::Unknown;
    is_there.then(|| Fragment {
        key: key_text.map_or(0, |text| key(0, text.as_bytes())),
        index: index.map(clamp_index),
        id,
        name,
        arguments,
        is: call.is,
        begins: call.begins,
    })
}
