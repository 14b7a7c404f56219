//! What people write down about a run.

use crate::runs::error::RunError;

/// Longest notes, in characters.
const LONGEST: usize = 10_000;

/// Notes about a run; empty ones are none.
///
/// # Errors
/// They are too long.
pub fn notes(notes: Option<String>) -> Result<Option<String>, RunError> {
    let notes = notes.filter(|notes| !notes.is_empty());
    if notes.as_ref().is_some_and(|notes| notes.chars().count() > LONGEST) {
        return Err(RunError::Request { path: "notes", message: "must be at most 10,000 characters long" });
    }
    Ok(notes)
}
