//! Each search against a search byte by byte.

extern crate std;

use std::vec::Vec;

use super::*;

/// Returns `len` bytes that each differ from a searched byte in one bit, with `end` at offset `at`.
fn line(len: usize, end: u8, at: usize) -> Vec<u8> {
    let near = [b'\n' ^ 1, b'\n' ^ 0x80, b'\r' ^ 2, b'\r' ^ 0x40, b':' ^ 1, 1, 0x80];
    let mut bytes: Vec<u8> = near.into_iter().cycle().take(len).collect();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = end;
    }
    bytes
}

/// Checks lengths around those of vectors, with the byte at every offset and without it.
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
fn line_end_at_every_offset() {
    for_each_line(b"\n\r", |bytes, end| {
        assert_eq!(line_end(bytes), end);
        assert_eq!(short_line_end(bytes), end);
        assert_eq!(long_line_end(bytes), end);
        #[cfg(all(feature = "std", target_arch = "x86_64", target_feature = "sse2"))]
        assert_eq!(search::long_line_end_by(None, bytes), end);
    });
}

#[test]
fn line_end_first_of_two() {
    for_each_line(b"\r", |bytes, end| {
        let both = [bytes, b"\n"].concat();
        let first = Some(end.unwrap_or(bytes.len()));
        assert_eq!(line_end(&both), first);
        assert_eq!(short_line_end(&both), first);
        assert_eq!(long_line_end(&both), first);
    });
}

#[test]
fn id_end_and_colon() {
    for_each_line(b"\0\n\r", |bytes, at| assert_eq!(id_end(bytes), at));
    for_each_line(b":", |bytes, at| assert_eq!(colon(bytes), at));
}
