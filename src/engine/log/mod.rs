//! Log files of a run: a line for each request, failure, exchange, transaction or pass.
//!
//! Users never wait for a disk. A line is put into a bounded queue as it happens and one thread
//! writes the files; when that thread does not keep up, lines are dropped and counted, and the
//! run's outcome says how many. Without a log file none of this exists.

mod entry;
mod files;
mod row;
mod sink;
mod writer;

pub(super) use self::{
    entry::{Finished, Place, Took},
    writer::{Log, StartError as LogStartError},
};
pub use self::{
    files::{LogError, LogPaths},
    row::LogKind,
};
