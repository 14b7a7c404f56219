//! Turns a valid LoadTest into samples, and samples into an [`Outcome`](outcome::Outcome).
//!
//! Goose schedules the users; MAID's own transport sends their requests and MAID's own recorder
//! measures them. Nothing here knows a web server or a database.

pub mod histogram;
pub mod live;
pub mod outcome;
pub mod policy;
pub mod signal;
pub mod transport;
