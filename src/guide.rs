//! Pages about the crate, which are files of `docs/` too.

#[doc = include_str!("../docs/c.md")]
pub mod c {}
#[doc = include_str!("../docs/decisions.md")]
pub mod decisions {}
#[doc = include_str!("../docs/edge-cases.md")]
pub mod edge_cases {}
#[doc = include_str!("../docs/embedded.md")]
pub mod embedded {}
#[doc = include_str!("../docs/guarantees.md")]
pub mod guarantees {}
#[cfg(feature = "stream")]
#[doc = include_str!("../docs/migrating.md")]
pub mod migrating {}
#[doc = include_str!("../docs/speed.svg")]
#[doc = ""]
#[doc = include_str!("../docs/speed.md")]
pub mod speed {}

// Only its examples are tested: it is no page.
#[cfg(all(doctest, feature = "stream"))]
#[doc = include_str!("../README.md")]
mod readme {}
