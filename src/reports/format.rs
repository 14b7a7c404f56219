//! The forms of a report and the file names that ask for them.

use std::{fmt, path::Path};

use super::ReportError;

/// Form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The stored outcome, whole.
    Json,
    /// A row per request name, for spreadsheets.
    Csv,
    /// One self-contained page with charts.
    Html,
    /// Markdown that fits a pull-request comment.
    Md,
    /// JUnit XML, for CI servers.
    Xml,
}

impl Format {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Json, Self::Csv, Self::Html, Self::Md, Self::Xml];

    /// The form that the extension of `path` asks for; upper and lower case are the same.
    ///
    /// # Errors
    /// When there is no extension or an unknown one; the message lists the known ones.
    pub fn from_path(path: &Path) -> Result<Self, ReportError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        Self::of(extension).ok_or_else(|| ReportError::UnknownFormat(path.to_path_buf()))
    }

    /// The form that an extension asks for; upper and lower case are the same.
    #[must_use]
    pub fn of(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(extension))
    }

    /// Extension of its files.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Md => "md",
            Self::Xml => "xml",
        }
    }

    /// Media type, for serving it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Md => "text/markdown; charset=utf-8",
            Self::Xml => "application/xml",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides() {
        assert_eq!(Format::from_path(Path::new("a/b.HTML")).expect("known"), Format::Html);
        for bad in ["report", "report.pdf", ".json", ""] {
            let message = Format::from_path(Path::new(bad)).expect_err(bad).to_string();
            assert!(message.contains(".json, .csv, .html, .md or .xml"), "{message}");
        }
    }
}
