//! The files that a document names, read once and within bounds.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path as FilePath, PathBuf},
};

use super::findings::Findings;
use crate::loadtest::{
    feeder::{self, Feeder},
    ignore::FILE,
    place::Path,
    types::DataSource,
    valid::{Context, FileAccess},
};

/// Reads files for a document.
pub(super) struct Files<'a> {
    context: &'a Context,
    base: PathBuf,
}

impl<'a> Files<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        let base =
            if context.base_dir.as_os_str().is_empty() { FilePath::new(".") } else { &context.base_dir };
        Self { context, base: base.to_owned() }
    }

    /// Reads a file whole; the error says what is wrong and what to do.
    pub(super) fn read(&self, file: &FilePath, most_mb: u64) -> Result<Vec<u8>, String> {
        let shown = file.display();
        let path = self.base.join(file);
        if self.context.ignore.refuses_file(&path) {
            return Err(format!("`{shown}` may not be read: {FILE} refuses it"));
        }
        let real = path.canonicalize().map_err(|error| self.unreadable(file, &error))?;
        self.check_place(file, &real)?;
        let found = real.metadata().map_err(|error| self.unreadable(file, &error))?;
        // Opening a pipe or a device could wait for ever.
        if !found.is_file() {
            return Err(format!("`{shown}` is not a file"));
        }
        let most = most_mb << 20;
        let too_large = || format!("`{shown}` is larger than {most_mb} MB, the most that is read");
        if found.len() > most {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
        let opened = File::open(&real).map_err(|error| self.unreadable(file, &error))?;
        opened.take(most + 1).read_to_end(&mut bytes).map_err(|error| self.unreadable(file, &error))?;
        if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
    }

    fn check_place(&self, file: &FilePath, real: &FilePath) -> Result<(), String> {
        if self.context.files == FileAccess::Anywhere {
            return Ok(());
        }
        let base = self.base.canonicalize().map_err(|error| self.unreadable(file, &error))?;
        if real.starts_with(base) {
            return Ok(());
        }
        Err(format!(
            "`{}` lies outside the document's directory: copy it there, and name it relative to the document",
            file.display()
        ))
    }

    fn unreadable(&self, file: &FilePath, error: &std::io::Error) -> String {
        let shown = file.display();
        match error.kind() {
            ErrorKind::NotFound if file.is_relative() => {
                let base = self.base.display();
                match self.context.files {
                    FileAccess::Anywhere => {
                        format!("there is no file `{shown}` in {base}, where the document is")
                    }
                    FileAccess::Inside => {
                        format!(
                            "there is no file `{shown}` in {base}: put it there, on a server into its server.files_dir"
                        )
                    }
                }
            }
            ErrorKind::NotFound => format!("there is no file `{shown}`"),
            ErrorKind::PermissionDenied => {
                format!("`{shown}` may not be read by this user: change its permissions")
            }
            _ => format!("`{shown}` cannot be read: {error}"),
        }
    }

    /// Loads the data sources; `None` stands for one that has a problem.
    pub(super) fn feeders(&self, sources: &[DataSource], findings: &mut Findings) -> Vec<Option<Feeder>> {
        let path = Path::root().key("data");
        sources
            .iter()
            .enumerate()
            .map(|(index, source)| {
                let path = path.index(index).key("file");
                findings.keep(&path, self.feeder(source))
            })
            .collect()
    }

    fn feeder(&self, source: &DataSource) -> Result<Feeder, String> {
        let contents = self.read(&source.file, feeder::MAX_FILE >> 20)?;
        let json = source.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        Feeder::read(&source.name, source.mode, &contents, json)
            .map_err(|error| format!("`{}` {error}", source.file.display()))
    }
}
