//! Report files: written whole or not at all, read within bounds.

use std::{fs::File, io::Read, path::Path};

use serde::Deserialize;

use super::{Format, ReportError, render};
use crate::{
    disk,
    engine::outcome::{FORMAT, Outcome},
};

/// Largest report that is read, in MB: a thousand request names take a tenth of it.
const LARGEST_MB: u64 = 256;

/// Writes a report of `outcome` to `path` in the form that its extension asks for.
///
/// The report is made beside its place and then moved there, so that a full disk or a crash leaves
/// the older report as it was.
///
/// # Errors
/// For an unknown extension, and when the file cannot be written.
pub fn write(outcome: &Outcome, path: &Path) -> Result<(), ReportError> {
    let bytes = render(outcome, Format::from_path(path)?)?;
    disk::replace(path, &bytes).map_err(|cause| ReportError::Write { path: path.to_path_buf(), cause })
}

/// Reads a JSON report back.
///
/// # Errors
/// When the file is missing, too large, no report, or of a version that this MAID does not know.
pub fn read(path: &Path) -> Result<Outcome, ReportError> {
    let text = read_bounded(path)?;
    let malformed = |cause: serde_json::Error| ReportError::Malformed {
        path: path.to_path_buf(),
        cause: cause.to_string(),
    };
    let head: Head = serde_json::from_slice(&text).map_err(malformed)?;
    if head.format != u64::from(FORMAT) {
        return Err(ReportError::Version { path: path.to_path_buf(), found: head.format });
    }
    serde_json::from_slice(&text).map_err(malformed)
}

/// The one field that every version of the form has.
#[derive(Deserialize)]
struct Head {
    format: u64,
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, ReportError> {
    let unreadable = |cause| ReportError::Read { path: path.to_path_buf(), cause };
    let limit = LARGEST_MB * 1_000_000;
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        Ok(bytes)
    } else {
        Err(ReportError::TooLarge { path: path.to_path_buf(), limit_mb: LARGEST_MB })
    }
}
