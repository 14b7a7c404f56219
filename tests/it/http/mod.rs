//! What the HTTP frame makes of requests, good and bad.

mod bad_input;
mod frame;
mod openapi;
mod repeated;
mod site;
mod slow;

pub use self::site::{Answer, Site};
