//! The list of runs: what can be asked of it, and where a page begins.

mod query;
mod store;
mod usage;

pub use self::{
    query::{Direction, Filters, HistoryQuery, Position, SortKey, SortValue, folded},
    usage::Usage,
};
