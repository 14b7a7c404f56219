//! What can go wrong with a report: every message names the file, the cause and the way out.

use std::{io, path::PathBuf};

use super::Format;
use crate::engine::{histogram::HistogramError, outcome::FORMAT};

/// Why a report could not be made, written or read.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A file name that asks for no known form.
    #[error("no report form for `{}`: end the file name in .json, .csv, .html, .md or .xml", .0.display())]
    UnknownFormat(PathBuf),
    /// A form's writer refused.
    #[error("the {format} report could not be made: {cause}; the json report holds the same run")]
    Render {
        /// Form that was asked for.
        format: Format,
        /// What its writer said.
        cause: String,
    },
    /// The file could not be written. An older report of that name is untouched.
    #[error("the report could not be written to {}: {cause}; {}", .path.display(), way_out(.cause))]
    Write {
        /// Where it was to go.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The file could not be read.
    #[error("the report {} could not be read: {cause}; give the path of a json report of a run", .path.display())]
    Read {
        /// Where it should be.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// More than a report can be.
    #[error("{} is too large: a report of a run is at most {limit_mb} MB; is it the right file?", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound, in MB.
        limit_mb: u64,
    },
    /// Not a report of a run.
    #[error("{} is not a json report of a run: {cause}; make one with `maid run ... -o report.json`", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        cause: String,
    },
    /// A form that this MAID does not know.
    #[error("{} has report format {found}, this MAID reads {FORMAT}: {}", .path.display(), version_advice(*.found))]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A histogram of the report is damaged.
    #[error("the histogram of {of}: {cause}")]
    Histogram {
        /// Request name, or the whole run.
        of: String,
        /// What is wrong with it.
        cause: HistogramError,
    },
}

fn way_out(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space or give another directory with -o"
        }
        io::ErrorKind::NotFound => "create the directory first or give another one with -o",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make the directory writable or give another one with -o"
        }
        io::ErrorKind::IsADirectory => "give the name of a file, not of a directory",
        _ => "give another place with -o",
    }
}

fn version_advice(found: u64) -> &'static str {
    if found > u64::from(FORMAT) {
        "it was made by a newer MAID, read it with that one"
    } else {
        "run the test again to make a current one"
    }
}
