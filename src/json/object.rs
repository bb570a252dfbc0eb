//! The macro for structs that are filled from a JSON object.

/// Defines structs whose fields are members of a JSON object, and implements `Fill` for them.
///
/// A field is followed by the names of its member, most likely one first; `"a" / "b"` is the
/// member `b` of the member `a`. If several members may fill a field, the first one wins that is
/// of the field's kind and, if the field has several names, not empty. A value that is not an
/// object is skipped, or passed to the function after `else`.
///
/// `in order` lists the members of most such objects in their usual order, `_` for skipped ones:
/// their names are compared as constants, each once. It has no effect but speed.
macro_rules! object {
    ($(
        $(#[$meta:meta])*
        $vis:vis $name:ident $(<$lifetime:lifetime>)? {
            $(
                $(#[$field_meta:meta])*
                $field_vis:vis $field:ident: $type:ty = $($member:literal $(/ $inner:literal)?)|+,
            )*
        }
        $(in order { $($usual:tt = $usual_member:literal,)* })?
        $(else $otherwise:path)?
    );+ $(;)?) => {$(
        $(#[$meta])*
        #[doc = ""]
        #[doc = "The page of its module has an example."]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        $vis struct $name $(<$lifetime>)? {
            $($(#[$field_meta])* $field_vis $field: $type,)*
        }

        $crate::json::object!(@impl [$name $($lifetime)?] {
            [$($($usual = $usual_member,)*)?] [$($otherwise)?]
            $($field = [$($member $(/ $inner)?,)+])*
        });
    )+};
    (@impl [$name:ident] { $($body:tt)* }) => {
        impl<'a> $crate::json::Fill<'a> for $name {
            $crate::json::object!(@fill 'a { $($body)* });
        }
    };
    (@impl [$name:ident $lifetime:lifetime] { $($body:tt)* }) => {
        impl<$lifetime> $crate::json::Fill<$lifetime> for $name<$lifetime> {
            $crate::json::object!(@fill $lifetime { $($body)* });
        }
    };
    (@fill $lifetime:lifetime {
        [$($usual:tt = $usual_member:literal,)*] [$($otherwise:path)?]
        $($field:ident = [$($member:literal $(/ $inner:literal)?,)+])*
    }) => {
        fn fill(
            &mut self,
            pass: &mut $crate::json::Pass,
            value: &$lifetime [u8],
        ) -> Option<&$lifetime [u8]> {
            #[allow(unused_imports)] // If there is no `in order`.
            use $crate::json::Fill as _;

            #[allow(non_camel_case_types)]
            enum Field { $($field,)* }
            /// For each field, whether its member has only one name.
            const ALONE: &[bool] = &[$([$($member),+].len() == 1),*];

            if !value.starts_with(b"{") {
                return $crate::json::object!(@otherwise self pass value $($otherwise)?);
            }
            pass.enter(value)?;
            // A bit for each field that is filled.
            #[allow(unused_mut)] // If there is no `in order`.
            let (mut filled, mut rest) = (0_u32, value);
            $crate::json::object!(
                @order self pass rest filled "," ":" $($usual = $usual_member,)*
            );
            if rest.len() == value.len() {
                $crate::json::object!(
                    @order self pass rest filled ", " ": " $($usual = $usual_member,)*
                );
            }
            let is_start = rest.len() == value.len();
            let rest = pass.members(rest, is_start, &mut |pass, name, value| {
                $(
                    let bit = 1 << Field::$field as u32;
                    if filled & bit == 0 {
                        $(if name == $member.as_bytes() {
                            let field = &mut self.$field;
                            let rest = $crate::json::object!(@field pass value field $($inner)?);
                            let is_alone = ALONE[Field::$field as usize];
                            if pass.took && (is_alone || !$crate::json::Fill::is_empty(field)) {
                                filled |= bit;
                            }
                            return rest;
                        })+
                    }
                )*
                pass.skip(value)
            });
            pass.took = true;
            rest
        }
    };
    (@field $pass:ident $value:ident $field:ident) => {
        $field.fill_quickly($pass, $value)
    };
    (@field $pass:ident $value:ident $field:ident $inner:literal) => {
        $pass.fill_member($value, $inner, $field)
    };
    (@otherwise $object:ident $pass:ident $value:ident) => {
        $pass.skip_other($value)
    };
    (@otherwise $object:ident $pass:ident $value:ident $otherwise:path) => {
        $otherwise($object, $pass, $value)
    };
    (@order $object:ident $pass:ident $rest:ident $filled:ident $comma:literal $colon:literal) => {};
    (
        @order $object:ident $pass:ident $rest:ident $filled:ident $comma:literal $colon:literal
        $($usual:tt = $member:literal,)+
    ) => {
        if !$crate::size::IS_SMALL {
            'order: {
                let [_, name @ ..] = $rest else { break 'order };
                let mut name = name;
                $(
                    let member = concat!("\"", $member, "\"", $colon).as_bytes();
                    if let Some(value) = name.strip_prefix(member) {
                        $rest = $crate::json::object!(
                            @usual 'order $object $pass value $filled $usual
                        );
                        match $rest.strip_prefix($comma.as_bytes()) {
                            Some(after) => name = after,
                            None => match $crate::json::space($rest) {
                                [b'}', after @ ..] => {
                                    $pass.took = true;
                                    return Some($pass.leave(after));
                                }
                                _ => break 'order,
                            },
                        }
                    }
                )+
                let _ = name;
            }
        }
    };
    (@usual $order:lifetime $object:ident $pass:ident $value:ident $filled:ident _) => {
        match $crate::json::usual_end($value) {
            Some(rest) => rest,
            None => {
                // With other white space than expected, no further constant matches.
                if let [0..=b' ', ..] = $value {
                    break $order;
                }
                $pass.skip($value)?
            }
        }
    };
    (@usual $order:lifetime $object:ident $pass:ident $value:ident $filled:ident $field:ident) => {{
        let bit = 1 << Field::$field as u32;
        // Filled already, by another of its names.
        if !ALONE[Field::$field as usize] && $filled & bit != 0 {
            break $order;
        }
        match $crate::json::Fill::usual($value) {
            Some((field, rest)) => {
                if ALONE[Field::$field as usize] || !$crate::json::Fill::is_empty(&field) {
                    $filled |= bit;
                }
                $object.$field = field;
                rest
            }
            None => match $value.strip_prefix(b"null") {
                Some(rest) => rest,
                None => {
                    if let [0..=b' ', ..] = $value {
                        break $order;
                    }
                    let rest = $object.$field.fill($pass, $value)?;
                    let is_alone = ALONE[Field::$field as usize];
                    if $pass.took
                        && (is_alone || !$crate::json::Fill::is_empty(&$object.$field))
                    {
                        $filled |= bit;
                    }
                    rest
                }
            },
        }
    }};
}
pub(crate) use object;
