//! Reports of a finished run, all made from the one stored [`Outcome`]; nothing is measured again.
//!
//! The JSON report *is* the stored outcome. [`render`] makes every form in memory, [`write()`] puts
//! one in a file without ever leaving half of it, [`read()`] takes a JSON report back for
//! [`compare`](compare::compare).

mod chart;
pub mod compare;
mod csv;
mod dry_run;
mod error;
mod file;
mod format;
mod headline;

mod html;
mod junit;
mod markdown;
mod summary;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod words;

use crate::engine::outcome::Outcome;
pub(crate) use crate::number;

pub use dry_run::dry_run_text;
pub use error::ReportError;
pub use file::{read, write};
pub use format::Format;
pub use html::policy as page_policy;
pub use summary::summary_text;

/// A report of `outcome` in `format`.
///
/// # Errors
/// When a writer of the form refuses, which no outcome that MAID made brings about.
pub fn render(outcome: &Outcome, format: Format) -> Result<Vec<u8>, ReportError> {
    match format {
        Format::Json => json(outcome),
        Format::Csv => csv::render(outcome),
        Format::Html => html::render(outcome),
        Format::Md => Ok(markdown::render(outcome).into_bytes()),
        Format::Xml => junit::render(outcome),
    }
}

fn json(outcome: &Outcome) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(outcome)
        .map_err(|error| ReportError::Render { format: Format::Json, cause: error.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}
