//! Rows in one block of text: 4 bytes a cell besides the text itself.

use super::{FeederError, MAX_COLUMNS, MAX_ROWS};
use crate::loadtest::template::ItemRef;

/// Marks a cell whose text JSON writes without quotes. Texts are far smaller than the bit.
const BARE: u32 = 1 << 31;

/// A table of texts.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<String>,
    text: String,
    /// End of each cell's text, row by row.
    ends: Vec<u32>,
}

impl Table {
    pub(super) fn new(columns: Vec<String>) -> Result<Self, FeederError> {
        if columns.len() > MAX_COLUMNS {
            return Err(FeederError::TooManyColumns);
        }
        for (index, column) in columns.iter().enumerate() {
            if column.is_empty() {
                return Err(FeederError::UnnamedColumn(index + 1));
            }
            if columns[..index].contains(column) {
                return Err(FeederError::DoubledColumn(column.clone()));
            }
        }
        Ok(Self { columns, text: String::new(), ends: Vec::new() })
    }

    pub(super) fn push(&mut self, text: &str, bare_json: bool) -> Result<(), FeederError> {
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).ok().filter(|end| end & BARE == 0);
        let end = end.ok_or(FeederError::TooLarge)?;
        self.ends.push(if bare_json { end | BARE } else { end });
        if self.ends.len() > MAX_ROWS.saturating_mul(self.columns.len()) {
            return Err(FeederError::TooManyRows);
        }
        Ok(())
    }

    /// Gives the room that growing left over back, and refuses an empty table.
    pub(super) fn finish(mut self) -> Result<Self, FeederError> {
        if self.ends.is_empty() {
            return Err(FeederError::Empty);
        }
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        Ok(self)
    }

    pub(super) fn rows(&self) -> usize {
        self.ends.len() / self.columns.len()
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> ItemRef<'_> {
        let index = row * self.columns.len() + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] & !BARE };
        let end = self.ends[index];
        ItemRef { text: &self.text[start as usize..(end & !BARE) as usize], bare_json: end & BARE != 0 }
    }
}
