//! Reading a document's file.

use std::{fs::File, io::Read, path::Path as FilePath};

use super::{Document, MAX_DOCUMENT, parse, too_large};
use crate::loadtest::{
    place::Path,
    problem::{Problem, Problems},
};

/// Reads and parses a file; one that is too large is refused before it is read.
pub fn read(file: &FilePath) -> Result<Document, Problems> {
    let name = file.display().to_string();
    let refused = |message: String| Problems::one(&name, Problem::new(&Path::root(), None, message));
    let unreadable = |error: std::io::Error| refused(format!("cannot be read: {error}"));
    let opened = File::open(file).map_err(unreadable)?;
    let found = opened.metadata().map_err(unreadable)?;
    if found.is_dir() {
        return Err(refused("is a directory: name the document in it".to_owned()));
    }
    if found.len() > MAX_DOCUMENT as u64 {
        return Err(Problems::one(&name, too_large()));
    }
    read_from(opened, &name)
}

/// Reads and parses what a reader gives, and not more of it than shows that it is too much.
pub fn read_from(reader: impl Read, name: &str) -> Result<Document, Problems> {
    let refused = |message: String| Problems::one(name, Problem::new(&Path::root(), None, message));
    let mut bytes = Vec::new();
    let read = reader.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| refused(format!("cannot be read: {error}")))?;
    if bytes.len() > MAX_DOCUMENT {
        return Err(Problems::one(name, too_large()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        refused(format!("is not UTF-8 at line {}: save it as UTF-8", line + 1))
    })?;
    parse(&text, name)
}
