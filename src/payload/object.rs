//! How a payload's members become the fields of a struct.

use core::{fmt, iter, marker::PhantomData};

use super::JsonStr;
use crate::dialect::peek::{Elements, Json};

/// What a JSON value may be read as.
pub trait Read<'a>: Sized {
    /// The value, unless it is of another kind.
    #[doc(hidden)]
    fn read(value: Json<'a>) -> Option<Self>;
}

impl<'a> Read<'a> for JsonStr<'a> {
    #[inline]
    fn read(value: Json<'a>) -> Option<Self> {
        value.text().and_then(Self::of_checked)
    }
}

impl Read<'_> for u64 {
    #[inline]
    fn read(value: Json<'_>) -> Option<Self> {
        value.u64()
    }
}

/// A field of a struct, which begins as nothing.
pub(super) trait Field<'a> {
    /// Takes the value, unless it is of another kind, `null` included.
    fn set_from(&mut self, value: Json<'a>) -> bool;
}

impl<'a, T: Read<'a>> Field<'a> for Option<T> {
    #[inline]
    fn set_from(&mut self, value: Json<'a>) -> bool {
        *self = T::read(value);
        self.is_some()
    }
}

/// Fields that are never absent.
macro_rules! fields_with_a_default {
    ($($type:ty),*) => {$(
        impl<'a> Field<'a> for $type {
            #[inline]
            fn set_from(&mut self, value: Json<'a>) -> bool {
                Self::read(value).map(|read| *self = read).is_some()
            }
        }
    )*};
}
fields_with_a_default!(JsonStr<'a>, u64);

/// The elements of an array, each read when it is come to.
///
/// Elements of another kind, such as `null`, are passed over. An array that is
/// absent is empty.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    array: Option<Json<'a>>,
    elements: PhantomData<fn() -> T>,
}

impl<'a, T: Read<'a>> List<'a, T> {
    /// The elements, in order.
    pub fn iter(&self) -> ListIter<'a, T> {
        ListIter { elements: self.array.map(|array| array.elements()), read: PhantomData }
    }

    /// The first element. What stands before it is passed over each time.
    #[must_use]
    pub fn first(&self) -> Option<T> {
        self.iter().next()
    }

    /// Whether there are none. It costs as much as [`first`](Self::first).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }
}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self { array: None, elements: PhantomData }
    }
}

impl<'a, T: Read<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T: Read<'a> + PartialEq> PartialEq for List<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a, T: Read<'a>> IntoIterator for List<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

impl<'a, T: Read<'a>> IntoIterator for &List<'a, T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

impl<'a, T: Read<'a>> Read<'a> for List<'a, T> {
    fn read(value: Json<'a>) -> Option<Self> {
        value.is_array().then_some(Self { array: Some(value), elements: PhantomData })
    }
}

impl<'a, T: Read<'a>> Field<'a> for List<'a, T> {
    fn set_from(&mut self, value: Json<'a>) -> bool {
        Self::read(value).map(|read| *self = read).is_some()
    }
}

/// Goes over a [`List`].
#[must_use = "nothing is read before it is asked for"]
pub struct ListIter<'a, T> {
    elements: Option<Elements<'a>>,
    read: PhantomData<fn() -> T>,
}

impl<'a, T: Read<'a>> Iterator for ListIter<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.elements.as_mut()?.find_map(T::read)
    }
}

impl<'a, T: Read<'a>> iter::FusedIterator for ListIter<'a, T> {}

impl<T> Clone for ListIter<'_, T> {
    fn clone(&self) -> Self {
        Self { elements: self.elements.clone(), read: PhantomData }
    }
}

impl<T> fmt::Debug for ListIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListIter").finish_non_exhaustive()
    }
}

/// Defines a struct whose fields are members of a JSON object, and reads it.
///
/// A field is followed by the names of its member, most likely one first; `"a" / "b"`
/// is the member `b` of the member `a`. Of members with the same name the first one
/// counts that is of the field's kind. A value that is no object is none of these,
/// or what the function behind `else` makes of it.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $vis:vis $name:ident $(<$lifetime:lifetime>)? {
            $(
                $(#[$field_meta:meta])*
                $field:ident: $type:ty = $($member:literal $(/ $inner:literal)?)|+,
            )*
        } $(else $otherwise:path)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[non_exhaustive]
        $vis struct $name $(<$lifetime>)? {
            $($(#[$field_meta])* $vis $field: $type,)*
        }

        object!(@impl $name $(<$lifetime>)? {
            [$($otherwise)?] $($field = $($member $(/ $inner)?)|+,)*
        });
    };
    (@impl $name:ident { $($body:tt)* }) => {
        impl $crate::payload::object::Read<'_> for $name {
            object!(@fn '_ { $($body)* });
        }
        impl $crate::payload::object::Field<'_> for $name {
            object!(@set '_);
        }
    };
    (@impl $name:ident <$lifetime:lifetime> { $($body:tt)* }) => {
        impl<$lifetime> $crate::payload::object::Read<$lifetime> for $name<$lifetime> {
            object!(@fn $lifetime { $($body)* });
        }
        impl<$lifetime> $crate::payload::object::Field<$lifetime> for $name<$lifetime> {
            object!(@set $lifetime);
        }
    };
    (@fn $lifetime:lifetime {
        [$($otherwise:path)?] $($field:ident = $($member:literal $(/ $inner:literal)?)|+,)*
    }) => {
        fn read(value: $crate::dialect::peek::Json<$lifetime>) -> Option<Self> {
            #[allow(unused_imports)] // Where the fields' own methods do.
            use $crate::payload::object::Field as _;

            if !value.is_object() {
                return object!(@otherwise value $($otherwise)?);
            }
            let mut object = Self::default();
            $(let mut $field = false;)*
            for (name, value) in value.members() {
                $($(if !$field && name == $member {
                    $(let Some(value) = $crate::payload::inner(value, $inner) else { continue };)?
                    $field = object.$field.set_from(value);
                } else)+)* {
                    // Not one of those that are kept.
                }
            }
            Some(object)
        }
    };
    (@otherwise $value:ident) => {
        None
    };
    (@otherwise $value:ident $otherwise:path) => {
        $otherwise($value)
    };
    (@set $lifetime:lifetime) => {
        fn set_from(&mut self, value: $crate::dialect::peek::Json<$lifetime>) -> bool {
            use $crate::payload::object::Read as _;

            Self::read(value).map(|read| *self = read).is_some()
        }
    };
}
pub(super) use object;
