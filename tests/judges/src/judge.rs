//! What makes a judge.

use std::error::Error;

use crate::answer::{Answer, Request};
use crate::standard::Way;

/// A known departure from the standard. That it occurs, and that no other does, is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deviation {
    pub(crate) way: Way,
    /// What the judge does, and why.
    pub(crate) what: &'static str,
    /// Who is right, by the standard's words.
    pub(crate) right: &'static str,
}

/// What a judge answers, or why it could not.
pub(crate) type Answers = Result<Vec<Answer>, Box<dyn Error>>;

/// A parser that answers.
pub(crate) struct Judge {
    pub(crate) name: &'static str,
    pub(crate) deviations: &'static [Deviation],
    /// Its answers, in the order of the requests.
    pub(crate) answers: fn(&[Request]) -> Answers,
}
