//! How often somebody may ask, and how often somebody may guess.
//!
//! [`Limits`] has a bucket for every API key, user and address without an identity, and [`enforce`]
//! lets requests through by it. [`Throttle`] makes whoever guesses passwords wait, longer each time.
//! Both are bounded in memory and belong to this process alone: servers do not tell each other, and a
//! restart forgets.

pub mod answer;
mod buckets;
mod enforce;
pub(crate) mod recent;
mod service;
mod shards;
mod throttle;

#[cfg(test)]
mod tests;

pub use self::{
    enforce::{enforce, is_probe},
    service::{Allowance, Limits, Refused, Standing, Who},
    throttle::{Throttle, Ticket, Wait},
};
