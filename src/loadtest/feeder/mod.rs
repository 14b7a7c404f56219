//! Data files: rows that feed templates.
//!
//! A feeder is read once, before the run, into one block of text; a row is handed out without a
//! lock. A feeder that a scenario's `on_start` uses gives each of its users one row for life. Any
//! other gives a user a new row on every pass through the scenario, drawn when the pass first
//! uses it.

mod read;
mod table;

use std::sync::atomic::{AtomicU64, Ordering};

pub use read::FeederError;
use table::Table;

use super::{template::ItemRef, types::FeedMode};

/// Largest data file, in bytes.
pub const MAX_FILE: u64 = 256 * 1024 * 1024;
/// Most rows of a data file.
pub const MAX_ROWS: usize = 10_000_000;
/// Most columns of a data file.
pub const MAX_COLUMNS: usize = 1000;

/// The rows of one data source, shared by all users.
#[derive(Debug)]
pub struct Feeder {
    name: String,
    mode: FeedMode,
    table: Table,
    taken: AtomicU64,
}

impl Feeder {
    /// Makes a feeder of a file's contents; `json` says which of the two formats it has.
    pub fn read(name: &str, mode: FeedMode, contents: &[u8], json: bool) -> Result<Self, FeederError> {
        let table = if json { read::json(contents)? } else { read::csv(contents)? };
        Ok(Self { name: name.to_owned(), mode, table, taken: AtomicU64::new(0) })
    }

    /// Name of the data source.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How rows are handed out.
    #[must_use]
    pub const fn mode(&self) -> FeedMode {
        self.mode
    }

    /// Number of rows; at least one.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.table.rows()
    }

    /// Names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.table.columns()
    }

    /// Takes the next row; `random` chooses it in mode `random`. `None` when mode `unique` has
    /// handed out every row.
    pub fn take(&self, random: u64) -> Option<usize> {
        let rows = self.rows() as u64;
        let row = match self.mode {
            FeedMode::Random => return usize::try_from(u128::from(random) * u128::from(rows) >> 64).ok(),
            FeedMode::Sequential => self.taken.fetch_add(1, Ordering::Relaxed) % rows,
            FeedMode::Unique => {
                let row = self.taken.fetch_add(1, Ordering::Relaxed);
                (row < rows).then_some(row)?
            }
        };
        usize::try_from(row).ok()
    }

    /// One cell. Both numbers come from this feeder: a row that it has, a column that it named.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> ItemRef<'_> {
        self.table.cell(row, column)
    }

    /// Starts over, as before the first row was taken.
    pub fn reset(&self) {
        self.taken.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
