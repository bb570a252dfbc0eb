//! A client whose parser keeps what it must in place.

use sseam::{ArrayBuf, Parser};

fn main() {
    sseam_instructions::client(Parser::<ArrayBuf<1024>>::default());
}
