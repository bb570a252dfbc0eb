//! Filling of Rust values from JSON values.

use core::fmt;

use super::pass::{before, number, short_number, space};
use super::scan::short_string;
use super::{Error, ErrorKind, Json, JsonStr, Pass};
use crate::size::IS_SMALL;

/// A type that can be filled from a JSON value.
pub(crate) trait Fill<'a>: Sized {
    /// Reads the value into `self` if it is of the right kind, or else skips it, and sets
    /// [`Pass::took`] accordingly. Returns the rest after the value, or `None` if `pass` holds an
    /// error.
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]>;

    /// Reads a usual value, and returns it with the rest after it. `None` leaves the value to
    /// [`fill`](Self::fill). A shortcut for inlining.
    #[inline(always)]
    fn usual(_value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        None
    }

    /// Tries [`usual`](Self::usual), then [`fill`](Self::fill).
    #[inline(never)]
    fn fill_quickly(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        match Self::usual(value) {
            Some((usual, rest)) if !IS_SMALL => {
                *self = usual;
                pass.took = true;
                Some(rest)
            }
            _ => self.fill(pass, value),
        }
    }

    /// Returns `true` if a member by another name may still fill it, as with the empty string.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Reads `data`, a JSON object, into `into`, which must be the default value. After an error it is
/// the default value again.
#[inline]
pub(crate) fn read<'a, T: Fill<'a> + Default>(data: &'a [u8], into: &mut T) -> Result<(), Error> {
    read_usual(data, into).map(|_| ())
}

/// Reads as [`read`]. Returns `true` if every value but `null` was of its field's kind.
#[inline]
pub(crate) fn read_usual<'a, T: Fill<'a> + Default>(
    data: &'a [u8],
    into: &mut T,
) -> Result<bool, Error> {
    if let object @ [b'{', ..] = space(data) {
        let mut pass = Pass::new();
        let rest = into.fill(&mut pass, object);
        let is_usual = !pass.has_mismatch;
        return pass.end(data, rest).map(|()| is_usual).inspect_err(|_| *into = T::default());
    }
    Err(no_object(data))
}

#[cold]
#[inline(never)]
fn no_object(data: &[u8]) -> Error {
    let not_an_object = Error::new(ErrorKind::NotAnObject, data.len() - space(data).len());
    validate(data).err().unwrap_or(not_an_object)
}

/// Validates `data`, any JSON value.
pub(crate) fn validate(data: &[u8]) -> Result<(), Error> {
    let mut pass = Pass::new();
    let rest = pass.skip(space(data));
    pass.end(data, rest)
}

impl Pass {
    /// Skips a value that is not of its field's kind.
    pub(crate) fn skip_other<'a>(&mut self, value: &'a [u8]) -> Option<&'a [u8]> {
        let rest = self.skip(value);
        self.took = false;
        self.has_mismatch |= !value.starts_with(b"n");
        rest
    }

    /// Fills `field` from the first member `name`, if the value is an object with that member.
    pub(crate) fn fill_member<'a, T: Fill<'a>>(
        &mut self,
        value: &'a [u8],
        name: &str,
        field: &mut T,
    ) -> Option<&'a [u8]> {
        if !value.starts_with(b"{") {
            return self.skip_other(value);
        }
        self.enter(value)?;
        let mut took = false;
        let rest = self.members(value, true, &mut |pass, member, value| {
            if took || member != name.as_bytes() {
                return pass.skip(value);
            }
            let rest = field.fill(pass, value);
            took = pass.took;
            rest
        });
        self.took = took;
        rest
    }
}

impl<'a> Fill<'a> for JsonStr<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let [b'"', inside @ ..] = value else { return pass.skip_other(value) };
        let (text, rest) = pass.string(inside)?;
        *self = Self::from_validated(text);
        pass.took = true;
        Some(rest)
    }

    #[inline(always)]
    fn usual(value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let [b'"', inside @ ..] = value else { return None };
        short_string::<4>(inside).map(|(text, rest)| (Self::from_validated(text), rest))
    }

    fn is_empty(&self) -> bool {
        JsonStr::is_empty(self)
    }
}

/// Takes the value as raw JSON.
impl<'a> Fill<'a> for Json<'a> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let (json, rest) = pass.json(value)?;
        if pass.took {
            *self = json;
        }
        Some(rest)
    }
}

impl<'a> Fill<'a> for bool {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let rest = pass.skip(value);
        // A skipped value that begins so is `true` or `false`.
        pass.took = matches!(value, [b't' | b'f', ..]);
        *self = value.starts_with(b"t");
        rest
    }
}

/// Takes an integer, also if it is written as a float.
impl<'a> Fill<'a> for i64 {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let rest = pass.skip(value)?;
        let number = match before(value, rest) {
            [b'-', digits @ ..] => {
                parse_u64(digits).and_then(|count| 0_i64.checked_sub_unsigned(count))
            }
            digits => parse_u64(digits).and_then(|count| count.try_into().ok()),
        };
        *self = number.unwrap_or(*self);
        pass.took = number.is_some();
        Some(rest)
    }
}

/// Takes an integer that is not negative, also if it is written as a float.
impl<'a> Fill<'a> for u64 {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let rest = pass.skip(value)?;
        let count = parse_u64(before(value, rest));
        *self = count.unwrap_or(*self);
        pass.took = count.is_some();
        Some(rest)
    }

    #[inline(always)]
    fn usual(value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        short_number(value)
    }
}

/// Parses a number that is an integer, not negative, and fits: `7`, `7.0` or `0.7e1`.
pub(super) fn parse_u64(json: &[u8]) -> Option<u64> {
    let (mut count, mut scale, mut is_fraction) = (0_u64, 0_i32, false);
    let mut zeros = 0_i32;
    let mut rest = json;
    number(json).filter(|rest| rest.is_empty())?;
    while let [byte, after @ ..] = rest {
        match byte {
            b'0' => zeros = zeros.saturating_add(1),
            b'1'..=b'9' => {
                count =
                    shift(count, zeros.saturating_add(1))?.checked_add(u64::from(byte - b'0'))?;
                zeros = 0;
            }
            b'.' => is_fraction = true,
            b'-' => return None,
            _ => break,
        }
        scale = scale.saturating_sub(i32::from(is_fraction && *byte != b'.'));
        rest = after;
    }
    // Zeros at the end are not in `count` yet.
    scale = scale.saturating_add(zeros);
    if let [_, exponent @ ..] = rest {
        let ([b'+' | b'-', digits @ ..] | digits) = exponent;
        let exponent = digits.iter().fold(0_i32, |exponent, digit| {
            exponent.saturating_mul(10).saturating_add(i32::from(digit - b'0'))
        });
        let is_negative = rest.get(1) == Some(&b'-');
        scale = scale.saturating_add(if is_negative { -exponent } else { exponent });
    }
    if count == 0 || scale >= 0 { shift(count, scale) } else { None }
}

/// Returns `count` times ten to the power of `scale`, or `None` if that does not fit.
fn shift(count: u64, scale: i32) -> Option<u64> {
    if count == 0 {
        return Some(0);
    }
    // Twenty rounds at most: then it overflows.
    (0..scale).try_fold(count, |count, _| count.checked_mul(10))
}

impl<'a, T: Fill<'a> + Default> Fill<'a> for Option<T> {
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        // A value that it holds already is empty.
        let was_filled = self.is_some();
        let rest = self.insert(T::default()).fill(pass, value)?;
        if !pass.took && !was_filled {
            *self = None;
        }
        Some(rest)
    }

    #[inline(always)]
    fn usual(value: &'a [u8]) -> Option<(Self, &'a [u8])> {
        T::usual(value).map(|(value, rest)| (Some(value), rest))
    }

    fn is_empty(&self) -> bool {
        self.as_ref().is_none_or(T::is_empty)
    }
}

/// The elements of an array, of which all but the first are read lazily during iteration.
///
/// Elements of another kind, such as `null`, are skipped. An absent array is an empty list.
///
/// ```
/// use sseam::Event;
/// use sseam::llm::payload::chat::Chunk;
///
/// let event = Event::new(r#"{"choices":[{"index":0},null,{"index":1}]}"#);
/// let chunk = Chunk::parse(&event)?;
/// let indices: Vec<_> = chunk.choices.iter().map(|choice| choice.index).collect();
/// assert_eq!(indices, [0, 1]);
///
/// assert!(!chunk.choices.is_empty());
/// assert_eq!(chunk.choices.first().map(|choice| choice.index), Some(0));
/// chunk.choices.for_each(|choice| println!("{}", choice.index));
/// # Ok::<(), sseam::json::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    first: Option<T>,
    /// The validated data after the first element.
    rest: &'a [u8],
}

impl<'a, T: Fill<'a> + Default + Copy> List<'a, T> {
    /// Returns an iterator over the elements, in order.
    pub const fn iter(&self) -> ListIter<'_, 'a, T> {
        ListIter { first: self.first.as_ref(), rest: self.rest }
    }

    /// Returns the first element.
    #[must_use]
    pub const fn first(&self) -> Option<&T> {
        self.first.as_ref()
    }

    /// Returns `true` if there is no second element.
    pub(crate) const fn has_one_at_most(&self) -> bool {
        !matches!(self.rest, [b',', ..])
    }

    /// Returns `true` if there are no elements.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Calls `take` with each element, in order.
    ///
    /// Unlike the iterator, it does not copy the first element, which is mostly the only one.
    #[inline]
    pub fn for_each(&self, mut take: impl FnMut(&T)) {
        if let Some(first) = &self.first {
            take(first);
        }
        if let [b',', ..] = self.rest {
            ListIter { first: None, rest: self.rest }.for_each(|element| take(&element));
        }
    }
}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self { first: None, rest: &[] }
    }
}

impl<'a, T: Fill<'a> + Default + Copy + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Fill<'a> + Default + Copy + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Fill<'a> + Default + Copy + Eq> Eq for List<'a, T> {}

impl<'l, 'a, T: Fill<'a> + Default + Copy> IntoIterator for &'l List<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'l, 'a, T>;

    fn into_iter(self) -> ListIter<'l, 'a, T> {
        self.iter()
    }
}

impl<'a, T: Fill<'a> + Default> Fill<'a> for List<'a, T> {
    #[inline]
    fn fill(&mut self, pass: &mut Pass, value: &'a [u8]) -> Option<&'a [u8]> {
        let [b'[', inside @ ..] = value else { return pass.skip_other(value) };
        pass.enter(value)?;
        let mut element = space(inside);
        if !matches!(element, [b']', ..]) {
            // Reads up to the first element of the right kind, and skips the others.
            loop {
                let is_other = self.first.is_none();
                let rest =
                    if is_other { self.first.fill(pass, element) } else { pass.skip(element) };
                let rest = space(rest?);
                if is_other {
                    self.rest = rest;
                }
                match rest {
                    [b',', after @ ..] => element = space(after),
                    [b']', ..] => {
                        element = rest;
                        break;
                    }
                    _ => return pass.fail(ErrorKind::ExpectedCommaOrEnd, rest),
                }
            }
        }
        pass.took = true;
        Some(pass.leave(element.get(1..)?))
    }
}

/// Returns the next element of the right kind. `rest` is the data after the last one.
fn next_element<'a, T: Fill<'a> + Default>(rest: &mut &'a [u8]) -> Option<T> {
    while let [b',', after @ ..] = rest {
        let mut element = None;
        let after = element.fill(&mut Pass::new(), space(after));
        debug_assert!(after.is_some(), "it was validated");
        *rest = space(after.unwrap_or_default());
        if element.is_some() {
            return element;
        }
    }
    None
}

/// An iterator over a [`List`]. Returned by [`List::iter`].
#[derive(Clone, Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ListIter<'l, 'a, T> {
    first: Option<&'l T>,
    rest: &'a [u8],
}

impl<'a, T: Fill<'a> + Default + Copy> Iterator for ListIter<'_, 'a, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.first.take().copied().or_else(|| next_element(&mut self.rest))
    }
}

impl<'a, T: Fill<'a> + Default + Copy> core::iter::FusedIterator for ListIter<'_, 'a, T> {}
