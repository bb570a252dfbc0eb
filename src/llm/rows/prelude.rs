//! What rows are written with.

pub(super) use super::super::Outcome::{Completed, Failed, Incomplete, Unknown};
pub(super) use super::super::protocol::Says::{Call, Each, In, Opaque, Piece, Usage, Whole};
pub(super) use super::super::protocol::TextKind::{Reasoning, Refusal, Summary, Text};
pub(super) use super::super::protocol::When::{
    Always, Has, Is, IsNotTrue, IsTrue, Lacks, Members, Named, NotNull, Prefix,
};
pub(super) use super::super::protocol::{
    Arguments, Begins, CallPaths, Ends, Errors, Lane, NamedBy, Protocol, ReasonEnds, Rules, Says,
};

pub(super) const NONE: CallPaths = CallPaths::NONE;

/// Where a call that is told by an index stops: it may have had no arguments.
pub(super) const STOP: Says =
    Call(&CallPaths { index: "index", is: Arguments::Whole, begins: Begins::Never, ..NONE });
