//! An answer's state between events: tool calls, texts already reported, and halves of characters.

use super::facts::Fact;
use super::piece::Halves;
pub(super) use super::protocol::TextKind as Kind;
use super::protocol::{Arguments, Begins};
use super::{Delta, Piece};
use crate::json::{Json, JsonStr, space};
use crate::llm::payload::StrOrJson;
use crate::size::IS_SMALL;

/// The number of calls that can be distinguished. A further call takes the oldest one's slot.
const SLOTS: u32 = if IS_SMALL { 4 } else { 16 };

/// The number of parts that are remembered as reported.
const PARTS: usize = if IS_SMALL { 8 } else { 16 };

/// A fragment of a tool call.
#[derive(Clone, Copy)]
pub(super) struct Fragment<'a> {
    /// A hash of the ID that assigns it to a call; 0 for none.
    pub(super) key: u32,
    pub(super) index: Option<u32>,
    pub(super) id: Option<JsonStr<'a>>,
    pub(super) name: Option<JsonStr<'a>>,
    pub(super) arguments: Option<StrOrJson<'a>>,
    pub(super) is: Arguments,
    pub(super) begins: Begins,
}

/// The state of a call.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The key of its fragments.
    key: u32,
    /// A hash of the name so far; 0 for none.
    name: u32,
    /// `u32::MAX` for none.
    index: u32,
    /// A hash of the reported ID; 0 for none.
    id: u32,
    has_arguments: bool,
    /// The arguments arrived whole.
    has_all: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    slots: [Slot; SLOTS as usize],
    /// The number of calls so far.
    calls: u32,
    /// Hashes of the last parts of texts that were reported.
    parts: [u32; PARTS],
    /// The number of parts that were reported.
    seen_parts: u32,
    /// The kinds of text that were reported, as bit sets: in parts without an identity, with an ID,
    /// and with an index.
    seen_kinds: [u8; 3],
    /// The kinds of which a piece arrived, and not only whole parts.
    kinds_in_pieces: u8,
    /// The kinds that were reported before this event.
    earlier_kinds: u8,
    /// Slots had been reused before this event.
    has_forgotten_calls: bool,
    /// By hash of kind and part, or by call.
    halves: Halves,
}

const NO_SLOT: Slot =
    Slot { key: 0, name: 0, index: u32::MAX, id: 0, has_arguments: false, has_all: false };

impl Memory {
    pub(super) const NEW: Self = Self {
        slots: [NO_SLOT; SLOTS as usize],
        calls: 0,
        parts: [0; PARTS],
        seen_parts: 0,
        seen_kinds: [0; 3],
        kinds_in_pieces: 0,
        earlier_kinds: 0,
        has_forgotten_calls: false,
        halves: Halves::NONE,
    };

    /// Returns `true` if any text or call was reported.
    pub(super) const fn has_output(&self) -> bool {
        self.all_seen_kinds() != 0 || self.calls != 0
    }

    const fn all_seen_kinds(&self) -> u8 {
        let [by_nothing, by_id, by_index] = self.seen_kinds;
        by_nothing | by_id | by_index
    }

    /// Returns what is new in a fact. The arguments of a call that is returned go to `arguments`.
    pub(super) fn take<'a>(
        &mut self,
        fact: &Fact<'a>,
        arguments: &mut Option<(u32, Piece<'a>)>,
    ) -> Option<Delta<'a>> {
        match *fact {
            Fact::Piece(kind, part, text) => self.add_text(kind, part, text, false),
            Fact::Whole(kind, part, text) => self.add_text(kind, part, text, true),
            Fact::Opaque(name, json) => Some(Delta::Opaque { name, json }),
            Fact::Usage(_) | Fact::Inside(..) => None,
            Fact::Fragment(ref fragment) => self.fragment(fragment, arguments),
        }
    }

    /// Begins the next event.
    pub(super) const fn begin_event(&mut self) {
        self.earlier_kinds = self.all_seen_kinds();
        self.has_forgotten_calls = self.calls > SLOTS;
    }

    /// Adds a piece of a text, or a whole part, which is skipped if a piece of it was reported.
    /// `part` is a hash of the part's identity; 0 for none.
    fn add_text<'a>(
        &mut self,
        kind: Kind,
        part: u32,
        text: StrOrJson<'a>,
        is_whole: bool,
    ) -> Option<Delta<'a>> {
        if !is_whole {
            self.kinds_in_pieces |= 1 << kind as u8;
        } else if self.has_seen(kind, part) {
            return None;
        }
        if part == 0 {
            self.seen_kinds[0] |= 1 << kind as u8;
        } else if !self.has_seen_part(part) {
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
        let at = self.seen_parts as usize % PARTS;
        if let Some(place) = self.parts.get_mut(at) {
            *place = part;
        }
        self.seen_parts = self.seen_parts.wrapping_add(1);
        if let Some(kinds) = self.seen_kinds.get_mut(id_kind(part)) {
            *kinds |= 1 << kind as u8;
        }
    }

    /// Returns `true` if a piece of the part was reported, or may have been.
    fn has_seen(&self, kind: Kind, part: u32) -> bool {
        let is_in = |kinds: u8| kinds & 1 << kind as u8 != 0;
        let has_forgotten = self.seen_parts as usize > PARTS;
        match part {
            // Parts without an identity count all or none per event.
            0 => is_in(self.earlier_kinds | self.kinds_in_pieces),
            part => {
                // Parts with another kind of identity cannot be compared.
                let others = (0..).zip(self.seen_kinds).filter(|(by, _)| *by != id_kind(part));
                self.has_seen_part(part)
                    || has_forgotten && is_in(self.kinds_in_pieces)
                    || others.map(|(_, kinds)| kinds).any(is_in)
            }
        }
    }

    fn has_seen_part(&self, part: u32) -> bool {
        // Usually it is the last one.
        let last = self.seen_parts.wrapping_sub(1) as usize % PARTS;
        self.parts.get(last) == Some(&part) || self.parts.contains(&part)
    }

    /// Adds a fragment of a call. Returns the call if it is new or has a new ID or name, and else
    /// its arguments. If there are both, the arguments go to `arguments`.
    fn fragment<'a>(
        &mut self,
        fragment: &Fragment<'a>,
        arguments: &mut Option<(u32, Piece<'a>)>,
    ) -> Option<Delta<'a>> {
        let found = self.call_of(fragment);
        // A whole call may repeat one whose slot was reused. To report a call twice is worse than
        // to lose one.
        let may_repeat = self.has_forgotten_calls
            && fragment.is == Arguments::Whole
            && fragment.begins == Begins::Unknown;
        if found.is_none() && (may_repeat || fragment.begins == Begins::Never) {
            return None;
        }
        let call = found.unwrap_or(self.calls);
        let slot = self.slots.get_mut(slot_index(call))?;
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
        let is_new = found.is_none() || id.is_some() || name.is_some();
        let json = slot.arguments(fragment).map(|text| self.halves.join(!call, text));
        let json = json.filter(|json| !json.is_empty());
        if !is_new {
            return json.map(|json| Delta::Arguments { call, json });
        }
        *arguments = json.map(|json| (call, json));
        let piece = |text: JsonStr<'a>| Piece::of(text.into());
        Some(Delta::Call { call, id: id.map(piece), name: name.map(piece) })
    }

    /// Returns the known call that a fragment belongs to.
    fn call_of(&self, fragment: &Fragment<'_>) -> Option<u32> {
        if fragment.begins == Begins::Always {
            return None;
        }
        // Some gateways change the item's ID in each event, but not the call's.
        let id = fragment.id.map(id_key);
        let (mut by_id, mut last) = (None, None);
        for call in (self.calls.saturating_sub(SLOTS)..self.calls).rev() {
            let slot = self.slots.get(slot_index(call))?;
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

/// Returns the index of a call's slot.
fn slot_index(call: u32) -> usize {
    (call % SLOTS) as usize
}

impl Slot {
    /// Adds a piece of the name. Returns `false` if it repeats the name or is too late.
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

    /// Returns what is new in the arguments.
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

/// Returns `true` if nothing can follow: a JSON value, or a string that ends with a brace.
fn is_all(arguments: &StrOrJson<'_>) -> bool {
    matches!(arguments, StrOrJson::Json(_)) || raw(arguments).ends_with(b"}")
}

fn raw<'a>(arguments: &StrOrJson<'a>) -> &'a [u8] {
    match arguments {
        StrOrJson::Str(text) => text.as_bytes(),
        StrOrJson::Json(json) => json.as_bytes(),
    }
}

/// The initial value of a name's hash.
const NO_NAME: u32 = 0x811C_9DC5;

/// Computes FNV-1a byte by byte, so that a name's hash does not depend on its pieces. Never 0.
#[inline(never)]
pub(super) fn hash(seed: u32, bytes: &[u8]) -> u32 {
    let hash =
        bytes.iter().fold(seed, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    if hash == 0 { 1 } else { hash }
}

/// The bit that is set if an item is identified by its index instead of its ID.
const BY_INDEX: u32 = 1 << 31;

/// Returns a hash of an event's item; 0 if it has no identity.
pub(super) fn item_key(output: Option<u64>, id: JsonStr<'_>) -> u32 {
    match output {
        Some(output) => clamp_index(output) | BY_INDEX,
        None if id.is_empty() => 0,
        None => key(0, id.as_bytes()) & !BY_INDEX | 1,
    }
}

/// Returns how a part with an identity is identified: 1 by an ID, 2 by an index.
fn id_kind(part: u32) -> usize {
    1 + (part / BY_INDEX) as usize
}

/// Returns a hash of a text's part of an item; 0 if the item has no identity.
pub(super) fn part(kind: Kind, item: u32, index: u32) -> u32 {
    // Shifted so as not to change `BY_INDEX`.
    let part = (kind as u32 ^ index << 2).wrapping_mul(0x9E37_79B1) >> 1;
    if item == 0 { 0 } else { item ^ part }
}

/// Limits an index to 32 bits. Larger ones are not distinguished.
pub(super) fn clamp_index(index: u64) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1)
}

/// Returns a hash of an ID, computed eight bytes at a time. Never 0.
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
    ((hash >> 32) as u32).max(1)
}
