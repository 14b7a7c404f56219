//! `maid export`: a LoadTest as a program of another tool.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::{
    document::{self, Written},
    error::CliError,
    exit::Exit,
    run::TestFlags,
    session::Session,
    what::What,
};
use crate::{
    convert::export::{self, Exported, File, Form, Given},
    disk,
};

/// Write a LoadTest as a program of another tool: k6, Locust, Goose, curl, Postman.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid export shop.yaml --to k6 -o shop.js && k6 run shop.js
  maid export shop.yaml --to locust -o shop.py
  maid export recipe:quickstart --to curl | bash
  maid export http://127.0.0.1:8080/ -u 50 --to goose -o load/shop.rs
  maid export shop.json --to yaml

What the other tool cannot say is listed on stderr. ${env:NAME} is read by whoever runs the export. Nothing is
sent.

Exit codes: 0 exported, 104 the document is wrong, 1 anything else.")]
pub(super) struct Export {
    /// LoadTest file (YAML or JSON), recipe:ID, a URL, or - for stdin
    #[arg(value_name = "FILE")]
    what: What,
    /// What to write
    #[arg(long, value_name = "FORM", value_parser = form())]
    to: Form,
    /// File to write instead of stdout; what belongs beside it is written there, too
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    test: TestFlags,
}

fn form() -> impl clap::builder::TypedValueParser<Value = Form> {
    PossibleValuesParser::new(Form::ALL.map(Form::name)).try_map(|name| name.parse::<Form>())
}

impl Export {
    pub(super) fn execute(&self, session: &Session<'_>) -> Result<Exit, CliError> {
        let Written { document, files, env, .. } = document::written(&self.what, &self.test)?;
        let stem =
            self.out.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        let given = Given { folder: document::folder(&self.what), files, env, rows: true, stem };
        let Exported { files, left_out } = export::export(document, self.to, given)?;
        let Some((first, beside)) = files.split_first() else { return Ok(Exit::Passed) };
        match &self.out {
            Some(path) => self.write(path, first, beside, session)?,
            None if beside.is_empty() => session.screen.result(first.text.trim_end_matches('\n'))?,
            None => return Err(CliError::SeveralFiles(names(&files))),
        }
        for one in &left_out {
            session.screen.say(&format!("left out: {one}"));
        }
        Ok(Exit::Passed)
    }

    fn write(
        &self,
        path: &Path,
        first: &File,
        beside: &[File],
        session: &Session<'_>,
    ) -> Result<(), CliError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let others: Vec<(PathBuf, &File)> =
            beside.iter().map(|file| (folder.join(&file.name), file)).collect();
        // Nobody named these: what is there already stays.
        let differs =
            |path: &Path, file: &File| fs::read(path).is_ok_and(|found| found != file.text.as_bytes());
        if let Some((taken, _)) = others.iter().find(|(path, file)| differs(path, file)) {
            return Err(CliError::Taken(taken.clone()));
        }
        for (path, file) in std::iter::once((path.to_owned(), first)).chain(others) {
            disk::replace(&path, file.text.as_bytes())
                .map_err(|error| CliError::UnwritableExport { path: path.clone(), error })?;
            session.screen.note(&format!("wrote    {}", path.display()));
        }
        Ok(())
    }
}

fn names(files: &[File]) -> String {
    files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
}
