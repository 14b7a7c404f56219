//! Checks a document and has it written in another form.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::{
    ExportError, Exported, Form, curl, document, goose, k6, locust, names::Names, postman, program::Program,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        ignore::Ignore,
        parse::Document,
        secret::Secret,
        stand_in::EnvUses,
        valid::{Context, FileAccess},
    },
};

/// Where a document comes from, and what may be put into what is made of it.
#[derive(Clone, Debug)]
pub struct Given {
    /// Folder that its file names are relative to.
    pub folder: PathBuf,
    /// Which files it may name.
    pub files: FileAccess,
    /// Values for `${env:NAME}` where a program could not read it: a number of users, a name.
    pub env: BTreeMap<String, Secret>,
    /// Whether rows of data files may be in the export. Not for whoever could not read the files.
    pub rows: bool,
    /// What files are called, without extension; by default as the test is.
    pub stem: Option<String>,
}

/// Exports a document. Reads the data files that it names: not for an async worker. What the document reads
/// from the environment, the exported program reads there; this process's own environment is never read.
///
/// # Errors
/// Everything that is wrong with the document.
pub fn export(written: Document, form: Form, given: Given) -> Result<Exported, ExportError> {
    let uses = EnvUses::of(&written);
    let ignore = Ignore::load(&given.folder)?;
    let env = uses.environment(&written, &given.env);
    let context =
        Context { base_dir: given.folder, env, env_refused: BTreeSet::new(), ignore, files: given.files };
    let valid = written.clone().validate(&context)?;
    let stem = given.stem.unwrap_or_else(|| Names::default().of(&valid.loadtest().name));
    if matches!(form, Form::Yaml | Form::Json) {
        return Ok(document::write(&written, &valid, form, &stem));
    }
    let mut program = Program::of(&valid, written.value());
    for (name, place) in uses.fixed {
        program.leave_out(place, format!("`${{env:{name}}}` is filled in here: the export holds its value"));
    }
    if !given.rows {
        withhold(&mut program);
    }
    let mut exported = match form {
        Form::K6 => k6::write(program, &stem),
        Form::Locust => locust::write(program, &stem),
        Form::Goose => goose::write(program, &stem),
        Form::Curl => curl::write(program, &stem),
        Form::Postman | Form::Yaml | Form::Json => postman::write(program, &stem),
    };
    once(&mut exported.left_out);
    Ok(exported)
}

/// Rows that are not handed out.
fn withhold(program: &mut Program<'_>) {
    for index in 0..program.rows.len() {
        program.rows[index].withhold();
        program.leave_out(
            format!("data[{index}]"),
            "rows of data files are not handed out over the API: `maid export` on the command line puts them in",
        );
    }
}

/// Says everything once, in the order of the places that were seen first.
fn once(left_out: &mut Vec<LeftOut>) {
    let mut seen = BTreeSet::new();
    left_out.retain(|one| seen.insert((one.place.clone(), one.message.clone())));
}
