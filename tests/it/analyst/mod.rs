//! What the analyst finds, and what it keeps quiet about.

mod bars;
mod failed;
mod hostile;
pub mod known;
mod real;
mod served;
mod simulator;
mod wording;
