//! How right the generator is, field by field, on prompts whose meaning a person has written down.
//!
//! The prompts are in two halves. `dev` is what the reader was built with; `held-out` is by somebody who did not know it, and
//! nothing was changed for its sake: once it is learned from, it moves to `dev`, and other people write new ones.

mod case;
mod score;
mod tally;
#[cfg(test)]
mod tests;

pub use self::{
    case::{Case, Half, cases},
    score::{FIELDS, Verdict, score},
    tally::{Report, evaluate},
};

use serde::Serialize;

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The reader alone
    #[default]
    Reader,
    /// A model alone
    Model,
    /// The reader, and a model that chooses
    Both,
}
