//! The names that rows use.

pub(super) use super::super::Outcome::{Completed, Failed, Incomplete, Unknown};
pub(super) use super::super::protocol::Says::{Call, Each, In, Opaque, Piece, Usage, Whole};
pub(super) use super::super::protocol::TextKind::{Reasoning, Refusal, Summary, Text};
pub(super) use super::super::protocol::When::{
    Always, Has, Is, IsNotTrue, IsTrue, Lacks, Members, Named, NotNull, Prefix,
};
pub(super) use super::super::protocol::{
    Arguments, Begins, CallPaths, Ends, Errors, Fast, NamedBy, Protocol, ReasonEnds, Rules, Says,
};

pub(super) const NONE: CallPaths = CallPaths::NONE;

/// The end of a call that is identified by an index. It may have had no arguments, which then are
/// `{}`.
pub(super) const STOP: Says =
    Call(&CallPaths { index: "index", is: Arguments::Whole, begins: Begins::Never, ..NONE });
