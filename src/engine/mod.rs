//! Turns a valid LoadTest into samples, and samples into an [`Outcome`](outcome::Outcome).
//!
//! Goose schedules the users; MAID's own transport sends their requests and MAID's own recorder
//! measures them. Nothing here knows a web server or a database.

mod analysis;
pub mod answer;
pub mod check;
pub mod classes;
pub mod dry_run;
pub mod extract;
mod goose;
pub mod health;
pub mod histogram;
pub mod live;
mod log;
pub mod outcome;
pub mod pace;
pub mod plan;
pub mod policy;
pub mod probe;
pub mod recorder;
mod run;
mod session;
pub mod signal;
pub mod transport;

pub use self::log::{LogError, LogKind, LogPaths};
pub use self::run::{
    BreakerRule, Caps, EngineError, GuardError, Replayed, Run, RunHandle, Setting, Settings, replay, start,
};
