//! Each search against looking at one byte after the other.

extern crate std;

use std::vec::Vec;

use super::*;

/// A line of `len` bytes, each unlike those that are looked for in one bit, and `end`
/// behind the first `at`.
fn line(len: usize, end: u8, at: usize) -> Vec<u8> {
    let near = [b'\n' ^ 1, b'\n' ^ 0x80, b'\r' ^ 2, b'\r' ^ 0x40, b':' ^ 1, 1, 0x80];
    let mut bytes: Vec<u8> = near.into_iter().cycle().take(len).collect();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = end;
    }
    bytes
}

/// Lengths around those of vectors, and in each the byte at every place and at none.
fn for_each_line(ends: &[u8], check: impl Fn(&[u8], Option<usize>)) {
    for &end in ends {
        for len in (0..=70).chain(126..=130) {
            for at in 0..=len {
                check(&line(len, end, at), (at < len).then_some(at));
            }
        }
    }
}

#[test]
fn the_end_of_a_line() {
    for_each_line(b"\n\r", |bytes, end| {
        assert_eq!(line_end(bytes), end);
        assert_eq!(short_line_end(bytes), end);
        assert_eq!(long_line_end(bytes), end);
        #[cfg(all(feature = "std", target_arch = "x86_64", target_feature = "sse2"))]
        assert_eq!(search::long_line_end_by(None, bytes), end);
    });
}

#[test]
fn the_first_of_two_ends() {
    for_each_line(b"\r", |bytes, end| {
        let both = [bytes, b"\n"].concat();
        let first = Some(end.unwrap_or(bytes.len()));
        assert_eq!(line_end(&both), first);
        assert_eq!(short_line_end(&both), first);
        assert_eq!(long_line_end(&both), first);
    });
}

#[test]
fn ends_of_ids_and_names() {
    for_each_line(b"\0\n\r", |bytes, at| assert_eq!(id_end(bytes), at));
    for_each_line(b":", |bytes, at| assert_eq!(colon(bytes), at));
}
