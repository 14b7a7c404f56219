//! The configuration over the API: told, changed, recorded; and what goes wrong.

mod bench;
mod changes;
mod faults;

pub use self::bench::Bench;
