//! CSV with a header line, and JSON arrays of objects.

use std::fmt;

use indexmap::IndexSet;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{MAX_COLUMNS, MAX_FILE, MAX_ROWS, table::Table};

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FeederError {
    /// No row.
    #[error(
        "has no rows: a CSV file needs a header line and at least one row, a JSON file an array with at least one object"
    )]
    Empty,
    /// Beyond [`MAX_FILE`].
    #[error("is larger than {} MB, the largest data file: split it", MAX_FILE >> 20)]
    TooLarge,
    /// Beyond [`MAX_ROWS`].
    #[error("has more than {MAX_ROWS} rows, the most that are taken: split it")]
    TooManyRows,
    /// Beyond [`MAX_COLUMNS`].
    #[error(
        "has more than {MAX_COLUMNS} columns, the most that are taken: remove those that no template uses"
    )]
    TooManyColumns,
    /// A column without a name.
    #[error("column {0} has no name: the first line names every column")]
    UnnamedColumn(usize),
    /// A name twice.
    #[error("has two columns named `{0}`: rename one")]
    DoubledColumn(String),
    /// A line with too few or too many fields.
    #[error(
        "line {line} has {found} fields, but the header names {wanted}: make them equal, and put fields that hold a comma in quotes"
    )]
    UnequalRow {
        /// Line of the file.
        line: u64,
        /// Fields in it.
        found: u64,
        /// Fields in the header.
        wanted: u64,
    },
    /// Not UTF-8.
    #[error("is not UTF-8 at line {0}: save it as UTF-8")]
    NotUtf8(u64),
    /// Another fault of a CSV file.
    #[error("is not valid CSV: {0}")]
    Csv(String),
    /// Not an array of objects.
    #[error("is not a JSON array of objects: {0}")]
    Json(String),
}

pub(super) fn csv(contents: &[u8]) -> Result<Table, FeederError> {
    let contents = contents.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(contents);
    let mut reader = csv::ReaderBuilder::new().from_reader(contents);
    let header = reader.headers().map_err(csv_error)?;
    let mut table = Table::new(header.iter().map(|name| name.trim().to_owned()).collect())?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(csv_error)? {
        record.iter().try_for_each(|field| table.push(field, false))?;
    }
    table.finish()
}

fn csv_error(error: csv::Error) -> FeederError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            FeederError::UnequalRow { line, found: *len, wanted: *expected_len }
        }
        csv::ErrorKind::Utf8 { .. } => FeederError::NotUtf8(line),
        _ => FeederError::Csv(error.to_string()),
    }
}

/// Reads the file twice: once for the columns, which later objects may add to, once for the rows.
pub(super) fn json(contents: &[u8]) -> Result<Table, FeederError> {
    let text = std::str::from_utf8(contents).map_err(|error| {
        let before = &contents[..error.valid_up_to()];
        FeederError::NotUtf8(memchr::memchr_iter(b'\n', before).count() as u64 + 1)
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut columns = IndexSet::new();
    let mut rows = 0;
    each_row(text, |row| {
        rows += 1;
        columns.extend(row.into_iter().map(|(name, _)| name));
        match (rows > MAX_ROWS, columns.len() > MAX_COLUMNS) {
            (true, _) => Err(FeederError::TooManyRows),
            (_, true) => Err(FeederError::TooManyColumns),
            _ => Ok(()),
        }
    })?;
    let mut table = Table::new(columns.iter().cloned().collect())?;
    each_row(text, |row| {
        columns.iter().try_for_each(|column| match row.get(column) {
            Some(Value::String(text)) => table.push(text, false),
            Some(value) => table.push(&value.to_string(), true),
            None => table.push("null", true),
        })
    })?;
    table.finish()
}

/// Calls `take` with each object of an array, keeping none of them.
fn each_row(
    text: &str,
    take: impl FnMut(Map<String, Value>) -> Result<(), FeederError>,
) -> Result<(), FeederError> {
    let mut failed = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_seq(Rows { take, failed: &mut failed }).and_then(|()| json.end());
    match failed {
        Some(error) => Err(error),
        None => read.map_err(|error| FeederError::Json(error.to_string())),
    }
}

struct Rows<'a, F> {
    take: F,
    /// Serde's errors are texts; the typed one goes around it.
    failed: &'a mut Option<FeederError>,
}

impl<'de, F> Visitor<'de> for Rows<'_, F>
where
    F: FnMut(Map<String, Value>) -> Result<(), FeederError>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element()? {
            if let Err(error) = (self.take)(row) {
                *self.failed = Some(error);
                return Err(serde::de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}
