//! What an answer remembers of earlier events: calls, parts that spoke, halves of characters.

use super::facts::Fact;
use super::piece::Halves;
pub(super) use super::protocol::TextKind as Kind;
use super::protocol::{Arguments, Begins};
use super::{Delta, Piece};
use crate::json::{Json, JsonStr, space};
use crate::llm::payload::StrOrJson;
use crate::size::IS_SMALL;

/// How many calls are told apart; beyond that the place of the oldest one is used again.
const SLOTS: u32 = if IS_SMALL { 4 } else { 16 };

/// How many parts that spoke are remembered.
const PARTS: usize = if IS_SMALL { 8 } else { 16 };

/// A fragment of a call.
#[derive(Clone, Copy)]
pub(super) struct Fragment<'a> {
    /// A hash of what it is told by; 0 for nothing.
    pub(super) key: u32,
    pub(super) index: Option<u32>,
    pub(super) id: Option<JsonStr<'a>>,
    pub(super) name: Option<JsonStr<'a>>,
    pub(super) arguments: Option<StrOrJson<'a>>,
    pub(super) is: Arguments,
    pub(super) begins: Begins,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u32,
    /// A hash of the name so far; 0 for none.
    name: u32,
    /// `u32::MAX` for none.
    index: u32,
    /// A hash of the ID; 0 for none.
    id: u32,
    has_arguments: bool,
    /// All of them came at once.
    has_all: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    slots: [Slot; SLOTS as usize],
    /// How many calls have begun.
    calls: u32,
    parts: [u32; PARTS],
    /// How many parts have spoken.
    spoken_parts: u32,
    /// Which kinds have spoken, a bit each: in parts that are told by nothing, by an ID, and by an
    /// index.
    spoken_kinds: [u8; 3],
    /// Of which of them a piece came, and not only all of a part.
    pieced_kinds: u8,
    /// Which of them had spoken before this event.
    earlier_kinds: u8,
    /// Whether more calls had begun before this event than are told apart.
    has_forgotten_calls: bool,
    /// By kind and part, and by call.
    halves: Halves,
}

const NO_SLOT: Slot =
    Slot { key: 0, name: 0, index: u32::MAX, id: 0, has_arguments: false, has_all: false };

impl Memory {
    pub(super) const NEW: Self = Self {
        slots: [NO_SLOT; SLOTS as usize],
        calls: 0,
        parts: [0; PARTS],
        spoken_parts: 0,
        spoken_kinds: [0; 3],
        pieced_kinds: 0,
        earlier_kinds: 0,
        has_forgotten_calls: false,
        halves: Halves::NONE,
    };

    /// Whether anything was said.
    pub(super) const fn has_spoken(&self) -> bool {
        self.all_spoken_kinds() != 0 || self.calls != 0
    }

    const fn all_spoken_kinds(&self) -> u8 {
        let [by_nothing, by_id, by_index] = self.spoken_kinds;
        by_nothing | by_id | by_index
    }

    /// What is new in a fact; `arguments` takes those of a call that is returned.
    pub(super) fn take<'a>(
        &mut self,
        fact: &Fact<'a>,
        arguments: &mut Option<(u32, Piece<'a>)>,
    ) -> Option<Delta<'a>> {
        match *fact {
            Fact::Piece(kind, part, text) => self.say(kind, part, text, false),
            Fact::Whole(kind, part, text) => self.say(kind, part, text, true),
            Fact::Opaque(name, json) => Some(Delta::Opaque { name, json }),
            Fact::Usage(_) | Fact::Inside(..) => None,
            Fact::Fragment(ref fragment) => self.fragment(fragment, arguments),
        }
    }

    /// Another event begins.
    pub(super) const fn begin_event(&mut self) {
        self.earlier_kinds = self.all_spoken_kinds();
        self.has_forgotten_calls = self.calls > SLOTS;
    }

    /// A piece of a text, or all of a part, which says nothing where a piece of it came. `part` is
    /// a hash of which part it is; 0 for nothing that tells.
    fn say<'a>(
        &mut self,
        kind: Kind,
        part: u32,
        text: StrOrJson<'a>,
        is_whole: bool,
    ) -> Option<Delta<'a>> {
        if !is_whole {
            self.pieced_kinds |= 1 << kind as u8;
        } else if self.has_spoken_of(kind, part) {
            return None;
        }
        if part == 0 {
            self.spoken_kinds[0] |= 1 << kind as u8;
        } else if !self.has_part_spoken(part) {
            self.note_part(kind, part);
        }
        let text = self.halves.join(part ^ kind as u32, text);
        if text.is_empty() {
            return None;
        }
        Some(match kind {
            Kind::Text => Delta::Text { text },
            Kind::Reasoning | Kind::Summary => Delta::Reasoning { text },
            Kind::Refusal => Delta::Refusal { text },
        })
    }

    #[inline(never)]
    fn note_part(&mut self, kind: Kind, part: u32) {
        let at = self.spoken_parts as usize % PARTS;
        if let Some(place) = self.parts.get_mut(at) {
            *place = part;
        }
        self.spoken_parts = self.spoken_parts.wrapping_add(1);
        if let Some(kinds) = self.spoken_kinds.get_mut(manner(part)) {
            *kinds |= 1 << kind as u8;
        }
    }

    /// Whether a piece of the part came, or may have come.
    fn has_spoken_of(&self, kind: Kind, part: u32) -> bool {
        let is_in = |kinds: u8| kinds & 1 << kind as u8 != 0;
        let has_forgotten = self.spoken_parts as usize > PARTS;
        match part {
            // All parts of an event count, or none.
            0 => is_in(self.earlier_kinds | self.pieced_kinds),
            part => {
                // What is told in another manner cannot be compared.
                let others = (0..).zip(self.spoken_kinds).filter(|(told, _)| *told != manner(part));
                self.has_part_spoken(part)
                    || has_forgotten && is_in(self.pieced_kinds)
                    || others.map(|(_, kinds)| kinds).any(is_in)
            }
        }
    }

    fn has_part_spoken(&self, part: u32) -> bool {
        // Most often the last one.
        let last = self.spoken_parts.wrapping_sub(1) as usize % PARTS;
        self.parts.get(last) == Some(&part) || self.parts.contains(&part)
    }

    /// A fragment of a call: that the call begins or more of its ID and name, or its arguments.
    /// Where there is both, `arguments` takes those.
    fn fragment<'a>(
        &mut self,
        fragment: &Fragment<'a>,
        arguments: &mut Option<(u32, Piece<'a>)>,
    ) -> Option<Delta<'a>> {
        let found = self.call_of(fragment);
        // What is told as a whole may be a call that was forgotten. To call twice is worse.
        let may_repeat = self.has_forgotten_calls
            && fragment.is == Arguments::Whole
            && fragment.begins == Begins::Unknown;
        if found.is_none() && (may_repeat || fragment.begins == Begins::Never) {
            return None;
        }
        let call = found.unwrap_or(self.calls);
        let slot = self.slots.get_mut(place(call))?;
        if found.is_none() {
            *slot = NO_SLOT;
            self.calls = self.calls.saturating_add(1);
        }
        if slot.key == 0 {
            slot.key = fragment.key;
        }
        if let (u32::MAX, Some(index)) = (slot.index, fragment.index) {
            slot.index = index;
        }
        let id = fragment.id.filter(|_| slot.id == 0);
        if let Some(id) = id {
            slot.id = id_key(id);
        }
        let name = fragment.name.filter(|name| slot.continues_name(*name));
        let is_told = found.is_none() || id.is_some() || name.is_some();
        let json = slot.arguments(fragment).map(|text| self.halves.join(!call, text));
        let json = json.filter(|json| !json.is_empty());
        if !is_told {
            return json.map(|json| Delta::Arguments { call, json });
        }
        *arguments = json.map(|json| (call, json));
        let piece = |text: JsonStr<'a>| Piece::of(text.into());
        Some(Delta::Call { call, id: id.map(piece), name: name.map(piece) })
    }

    /// The call that a fragment belongs to, if it is known.
    fn call_of(&self, fragment: &Fragment<'_>) -> Option<u32> {
        if fragment.begins == Begins::Always {
            return None;
        }
        // Some gateways give an item another ID in each event, and the call the same.
        let id = fragment.id.map(id_key);
        let (mut by_id, mut last) = (None, None);
        for call in (self.calls.saturating_sub(SLOTS)..self.calls).rev() {
            let slot = self.slots.get(place(call))?;
            if fragment.key != 0 && slot.key == fragment.key {
                return Some(call);
            }
            if by_id.is_none() && id == Some(slot.id) {
                by_id = Some(call);
            }
            if last.is_none() && fragment.index.is_none_or(|index| slot.index == index) {
                last = Some((call, slot));
            }
        }
        if let Some(call) = by_id {
            return Some(call);
        }
        let (call, slot) = last?;
        let is_other = fragment.key != 0 && slot.key != 0;
        let is_its = !is_other || fragment.begins != Begins::Unknown && fragment.index.is_some();
        is_its.then_some(call)
    }
}

fn id_key(id: JsonStr<'_>) -> u32 {
    key(0, id.as_bytes())
}

/// Where a call's slot is.
fn place(call: u32) -> usize {
    (call % SLOTS) as usize
}

impl Slot {
    /// Whether the piece continues the name, or begins it.
    fn continues_name(&mut self, piece: JsonStr<'_>) -> bool {
        let alone = hash(NO_NAME, piece.as_bytes());
        if self.name == 0 {
            self.name = alone;
            return true;
        }
        if self.name == alone || self.has_arguments {
            return false;
        }
        self.name = hash(self.name, piece.as_bytes());
        true
    }

    /// What is new of the arguments.
    fn arguments<'a>(&mut self, fragment: &Fragment<'a>) -> Option<StrOrJson<'a>> {
        const EMPTY: Json<'_> = Json::of_skipped(b"{}");

        let arguments = match (fragment.is, fragment.arguments) {
            (Arguments::Piece, Some(piece)) if !self.has_all => piece,
            (Arguments::Early, Some(all)) if !self.has_arguments && !is_empty_object(&all) => {
                self.has_all = is_all(&all);
                all
            }
            (Arguments::Whole, all) if !self.has_arguments => {
                self.has_all = true;
                all.unwrap_or(StrOrJson::Json(EMPTY))
            }
            _ => return None,
        };
        self.has_arguments |= !arguments.is_empty();
        Some(arguments)
    }
}

fn is_empty_object(arguments: &StrOrJson<'_>) -> bool {
    let inside = raw(arguments).strip_prefix(b"{").and_then(|inside| inside.strip_suffix(b"}"));
    raw(arguments).is_empty() || inside.is_some_and(|inside| space(inside).is_empty())
}

/// Whether nothing can follow: JSON as it stands, or a string that ends as an object does.
fn is_all(arguments: &StrOrJson<'_>) -> bool {
    matches!(arguments, StrOrJson::Json(_)) || raw(arguments).ends_with(b"}")
}

fn raw<'a>(arguments: &StrOrJson<'a>) -> &'a [u8] {
    match arguments {
        StrOrJson::Str(text) => text.as_bytes(),
        StrOrJson::Json(json) => json.as_bytes(),
    }
}

/// Where a hash of a name begins.
const NO_NAME: u32 = 0x811C_9DC5;

/// FNV-1a, byte by byte, so that a name's hash does not depend on how it is cut; never 0.
#[inline(never)]
pub(super) fn hash(seed: u32, bytes: &[u8]) -> u32 {
    let hash =
        bytes.iter().fold(seed, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    if hash == 0 { 1 } else { hash }
}

/// The bit that is set where an index tells an item, and not its ID.
const BY_INDEX: u32 = 1 << 31;

/// A hash of the item of an answer that an event is of; 0 where nothing tells.
pub(super) fn item_key(output: Option<u64>, id: JsonStr<'_>) -> u32 {
    match output {
        Some(output) => short(output) | BY_INDEX,
        None if id.is_empty() => 0,
        None => key(0, id.as_bytes()) & !BY_INDEX | 1,
    }
}

/// By what a part is told: nothing, an ID, or an index.
fn manner(part: u32) -> usize {
    match part {
        0 => 0,
        part => 1 + (part / BY_INDEX) as usize,
    }
}

/// A hash of the part of an item that a text is of; 0 where nothing tells.
pub(super) fn part(kind: Kind, item: u32, index: u32) -> u32 {
    // The bit that says what tells the item stays as it is.
    let part = (kind as u32 ^ index << 2).wrapping_mul(0x9E37_79B1) >> 1;
    if item == 0 { 0 } else { item ^ part }
}

/// An index as it is kept: none of those that are so large is told from another.
pub(super) fn short(index: u64) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1)
}

/// A hash of something that tells a call or a part from others, eight bytes at a time; never 0.
pub(super) fn key(seed: u32, bytes: &[u8]) -> u32 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

    if IS_SMALL {
        return hash(NO_NAME ^ seed, bytes);
    }
    let words = bytes.chunks_exact(8);
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(words.remainder()) {
        *to = *from;
    }
    let words = words.filter_map(|word| word.first_chunk());
    let mix = |hash: u64, word: [u8; 8]| {
        (hash.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(PRIME)
    };
    let hash =
        mix(words.fold(u64::from(seed) ^ bytes.len() as u64, |hash, word| mix(hash, *word)), last);
    match (hash >> 32) as u32 {
        0 => 1,
        key => key,
    }
}
