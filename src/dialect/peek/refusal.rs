//! Telling at a glance that a chunk of Chat Completions says nothing about how
//! the stream ends.

/// False only if `data` holds neither the string `error`, as a value or as the
/// name of a member, nor a member named `finish_reason`, but for members that
/// are `null`; however deep, however spaced, and however escaped. True may be
/// a false alarm.
///
/// Both strings end in `o`, a byte and a quote, so one pass over the data finds
/// both, and another one finds the escapes that a name could hide behind. With
/// escapes a third one looks for those that stand for letters.
#[inline]
pub(crate) fn may_hold_error_or_finish_reason(data: &[u8]) -> bool {
    search::may_hold(data)
}

const ERROR: &[u8] = br#""error""#;
const FINISH_REASON: &[u8] = br#""finish_reason""#;

/// How the two names end: with these at a distance of two.
const LAST_BUT_ONE: u8 = b'o';
const QUOTE: u8 = b'"';
const ENDING: usize = 3;

/// How an escape begins that may stand for a letter.
const ESCAPE: &[u8] = br"\u00";

/// The searches that a processor is best at. Each answers where the first such
/// thing begins.
trait Search {
    /// Looks for the ending of a name.
    fn ending(&self, bytes: &[u8]) -> Option<usize>;
    /// Looks for a backslash.
    fn backslash(&self, bytes: &[u8]) -> Option<usize>;
    /// Looks for bytes that begin and end as [`ESCAPE`].
    fn escape(&self, bytes: &[u8]) -> Option<usize>;
}

/// As [`may_hold_error_or_finish_reason`].
#[allow(clippy::inline_always)] // As it is called once per way to search.
#[inline(always)]
fn may_hold_by(search: &impl Search, data: &[u8]) -> bool {
    let mut rest = data;
    while let Some(at) = search.ending(rest) {
        let Some(behind) = rest.get(at + ENDING..) else { return true };
        if behind.strip_prefix(b":n").is_some_and(has_no_name) {
            break;
        }
        if let Some(b'r' | b's') | None = rest.get(at.wrapping_sub(1)) {
            if may_hold_before(search, data, behind) {
                return true;
            }
            break;
        }
        // Some word, such as `of` or `on`.
        rest = behind;
    }
    search.backslash(data).is_some_and(|first| hides_a_letter(search, data, first))
}

/// Whether one of the names, not escaped, ends right before `behind`, the rest
/// of `data`, or in it, but for those that are `null`.
#[inline(never)]
fn may_hold_before(search: &impl Search, data: &[u8], behind: &[u8]) -> bool {
    let mut behind = behind;
    loop {
        // As Python writes it, or else in some other way.
        if behind.strip_prefix(b": n").is_some_and(has_no_name) {
            return false;
        }
        let at = data.len().saturating_sub(behind.len());
        let before = data.get(..at).unwrap_or_default();
        if (before.ends_with(FINISH_REASON) || before.ends_with(ERROR)) && !is_null(behind) {
            return true;
        }
        let Some(at) = search.ending(behind) else { return false };
        behind = behind.get(at + ENDING..).unwrap_or_default();
    }
}

/// Whether a name is followed by a value that begins as `null` does, and no
/// other.
#[inline(never)]
fn is_null(behind: &[u8]) -> bool {
    let value = behind.trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start);
    value.is_some_and(|value| value.starts_with(b"n"))
}

/// Whether none of the names follows the finish reason; false, too, where more
/// bytes follow than are looked at like this.
#[inline]
fn has_no_name(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<VECTOR>(), bytes.last_chunk::<VECTOR>()) {
        _ if bytes.len() > 2 * VECTOR => has_no_name_in_members(bytes),
        // Without a branch for each byte, the compiler compares all at once.
        (Some(first), Some(last)) => {
            first.iter().zip(last).fold(0, |quotes, (&first, &last)| {
                quotes | u8::from(first == QUOTE) | u8::from(last == QUOTE)
            }) == 0
        }
        _ => !bytes.iter().any(|&byte| matches!(byte, QUOTE)),
    }
}

/// As many bytes as the compiler compares at once.
const VECTOR: usize = 16;

/// As [`has_no_name`]. Members follow, perhaps `usage`, `obfuscation` or a
/// `stop_reason`, which have neither the `rr` nor the `h_` of the names.
#[inline(never)]
fn has_no_name_in_members(bytes: &[u8]) -> bool {
    const MOST: usize = 8 * VECTOR;
    bytes.len() <= MOST && !has_pair::<b'r', b'r'>(bytes) && !has_pair::<b'h', b'_'>(bytes)
}

/// Whether the two stand side by side, or may, as there are too few bytes.
#[allow(clippy::inline_always)] // Else it costs three times as much.
#[inline(always)]
fn has_pair<const A: u8, const B: u8>(bytes: &[u8]) -> bool {
    let front = bytes.split_last().map_or(bytes, |(_, front)| front);
    let back = bytes.split_first().map_or(bytes, |(_, back)| back);
    let found = |front: &[u8; VECTOR], back: &[u8; VECTOR]| {
        front
            .iter()
            .zip(back)
            .fold(0, |found, (&a, &b)| found | (u8::from(a == A) & u8::from(b == B)))
    };
    let mut pairs = (front, back);
    while let (Some((a, behind_a)), Some((b, behind_b))) =
        (pairs.0.split_first_chunk(), pairs.1.split_first_chunk())
    {
        if found(a, b) != 0 {
            return true;
        }
        pairs = (behind_a, behind_b);
    }
    match (front.last_chunk(), back.last_chunk()) {
        (Some(a), Some(b)) => found(a, b) != 0,
        _ => true,
    }
}

/// Whether an escape stands for a letter or an underscore, as it would in one of
/// the names, given where the first backslash is. The other characters that are
/// usually escaped stand in no name. A backslash that is itself escaped is taken
/// for one that is not.
#[inline(never)]
fn hides_a_letter(search: &impl Search, data: &[u8], first: usize) -> bool {
    /// The searchers want more bytes than may be left.
    const LEAST: usize = 64;
    let mut from = first.min(data.len().saturating_sub(LEAST));
    while let Some(rest) = data.get(from..) {
        let Some(at) = search.escape(rest) else { break };
        let escape = rest.get(at..).and_then(|escape| escape.strip_prefix(ESCAPE));
        if let Some([b'5'..=b'7', ..]) = escape {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Looks at each place. The searchers want more bytes than some data have.
fn short_ending(bytes: &[u8]) -> Option<usize> {
    bytes.windows(ENDING).position(|ending| matches!(ending, [LAST_BUT_ONE, _, QUOTE]))
}

/// As [`short_ending`].
fn short_escape(bytes: &[u8]) -> Option<usize> {
    bytes.windows(ESCAPE.len()).position(|escape| matches!(escape, [b'\\', _, _, b'0']))
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod search {
    use memchr::arch::all::packedpair::Pair;
    use memchr::arch::x86_64::sse2;

    use super::{ESCAPE, LAST_BUT_ONE, QUOTE, Search, may_hold_by, short_ending, short_escape};

    /// What the searchers for an ending are made from. Only the pair of its
    /// first and last byte is searched for.
    const NEEDLE: &[u8] = &[LAST_BUT_ONE, b'?', QUOTE];

    fn pair() -> Option<Pair> {
        Pair::with_indices(NEEDLE, 0, 2)
    }

    fn escape_pair() -> Option<Pair> {
        Pair::with_indices(ESCAPE, 0, 3)
    }

    #[cfg(feature = "std")]
    #[inline]
    pub(super) fn may_hold(data: &[u8]) -> bool {
        may_hold_with(avx2::SEARCHERS.as_ref(), data)
    }

    /// With AVX2, where the processor has it.
    #[cfg(feature = "std")]
    #[inline]
    pub(super) fn may_hold_with(avx2: Option<&avx2::Avx2>, data: &[u8]) -> bool {
        match avx2 {
            Some(searchers) => may_hold_by(searchers, data),
            None => may_hold_by_sse2(data),
        }
    }

    #[cfg(not(feature = "std"))]
    pub(super) use may_hold_by_sse2 as may_hold;

    #[cfg_attr(feature = "std", inline(never))] // Not where AVX2 is.
    pub(super) fn may_hold_by_sse2(data: &[u8]) -> bool {
        Sse2::new().is_none_or(|search| may_hold_by(&search, data))
    }

    struct Sse2 {
        ending: sse2::packedpair::Finder,
        escape: sse2::packedpair::Finder,
        backslash: sse2::memchr::One,
    }

    impl Sse2 {
        fn new() -> Option<Self> {
            let ending = sse2::packedpair::Finder::with_pair(NEEDLE, pair()?)?;
            let escape = sse2::packedpair::Finder::with_pair(ESCAPE, escape_pair()?)?;
            let backslash = sse2::memchr::One::new(b'\\')?;
            Some(Self { ending, escape, backslash })
        }
    }

    impl Search for Sse2 {
        #[inline]
        fn ending(&self, bytes: &[u8]) -> Option<usize> {
            if bytes.len() < self.ending.min_haystack_len() {
                return short_ending(bytes);
            }
            self.ending.find_prefilter(bytes)
        }

        #[inline]
        fn escape(&self, bytes: &[u8]) -> Option<usize> {
            if bytes.len() < self.escape.min_haystack_len() {
                return short_escape(bytes);
            }
            self.escape.find_prefilter(bytes)
        }

        #[inline]
        fn backslash(&self, bytes: &[u8]) -> Option<usize> {
            self.backslash.find(bytes)
        }
    }

    #[cfg(feature = "std")]
    mod avx2 {
        use std::sync::LazyLock;

        use memchr::arch::x86_64::avx2;

        use super::{ESCAPE, NEEDLE, Search, escape_pair, pair, short_ending, short_escape};

        /// Made once: asking what the processor can do costs more than a search.
        pub(super) static SEARCHERS: LazyLock<Option<Avx2>> = LazyLock::new(Avx2::new);

        pub(in super::super) struct Avx2 {
            ending: avx2::packedpair::Finder,
            escape: avx2::packedpair::Finder,
            backslash: avx2::memchr::One,
        }

        impl Avx2 {
            fn new() -> Option<Self> {
                let ending = avx2::packedpair::Finder::with_pair(NEEDLE, pair()?)?;
                let escape = avx2::packedpair::Finder::with_pair(ESCAPE, escape_pair()?)?;
                let backslash = avx2::memchr::One::new(b'\\')?;
                Some(Self { ending, escape, backslash })
            }
        }

        impl Search for Avx2 {
            #[inline]
            fn ending(&self, bytes: &[u8]) -> Option<usize> {
                if bytes.len() < self.ending.min_haystack_len() {
                    return short_ending(bytes);
                }
                self.ending.find_prefilter(bytes)
            }

            #[inline]
            fn escape(&self, bytes: &[u8]) -> Option<usize> {
                if bytes.len() < self.escape.min_haystack_len() {
                    return short_escape(bytes);
                }
                self.escape.find_prefilter(bytes)
            }

            #[inline]
            fn backslash(&self, bytes: &[u8]) -> Option<usize> {
                self.backslash.find(bytes)
            }
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
mod search {
    pub(super) use super::may_hold_anywhere as may_hold;
}

/// As [`may_hold_by`], on every target.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn may_hold_anywhere(data: &[u8]) -> bool {
    struct Anywhere;

    impl Search for Anywhere {
        fn ending(&self, bytes: &[u8]) -> Option<usize> {
            short_ending(bytes)
        }

        fn backslash(&self, bytes: &[u8]) -> Option<usize> {
            memchr::memchr(b'\\', bytes)
        }

        fn escape(&self, bytes: &[u8]) -> Option<usize> {
            short_escape(bytes)
        }
    }
    may_hold_by(&Anywhere, data)
}

#[cfg(test)]
mod tests;
