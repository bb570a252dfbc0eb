//! `libsseam`: [sseam](https://docs.rs/sseam) for C.
//!
//! The C side of all this is documented in `include/sseam.h`, which is made from the comments here: they
//! are for C programmers. [The guide](https://docs.rs/sseam/latest/sseam/guide/c/index.html) says how to
//! build, link and install the library, and has an example.
//!
//! # Why each `unsafe` is sound
//!
//! A C caller can break any rule of Rust. The header's "Rules" are the contract: pointers are null or
//! point to what their types say, lengths are those of the memory, an object is used by one thread at a
//! time, and nothing is used after it is freed. What can be checked beyond that is checked: null, lengths
//! above `isize::MAX`, values of enums, sizes and alignment of memory. No reference outlives a call.
#![cfg_attr(not(feature = "std"), no_std)]
#![allow(non_camel_case_types)] // The names of C.
#![allow(clippy::must_use_candidate)]

// Apart from each other, so that they stay in the order of the header.
mod text;

mod types;

mod parser;

mod tracker;

mod answer;

mod encode;

#[cfg(feature = "std")]
mod heap;
mod memory;
#[cfg(not(feature = "std"))]
mod no_heap;

pub use answer::*;
pub use encode::*;
pub use parser::*;
pub use text::*;
pub use tracker::*;
pub use types::*;
