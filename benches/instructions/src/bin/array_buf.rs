//! A client whose parser has an inline buffer.

use sseam::{ArrayBuf, Parser};

fn main() {
    sseam_instructions::client(Parser::<ArrayBuf<1024>>::default());
}
