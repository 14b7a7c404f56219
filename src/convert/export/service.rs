//! Checks a document and has it written in another form.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde_json::Value;

use super::{
    ExportError, Exported, Form, curl, document, goose, k6, locust, names::Names, postman, program::Program,
};
use crate::{
    convert::LeftOut,
    loadtest::{
        ignore::Ignore,
        is_template,
        parse::Document,
        secret::Secret,
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

/// What stands for a variable of the environment that the exported program will read.
const STAND_IN: &str = "stand-in";

/// Exports a document. Reads the data files that it names: not for an async worker. What the document reads
/// from the environment, the exported program reads there; this process's own environment is never read.
///
/// # Errors
/// Everything that is wrong with the document.
pub fn export(written: Document, form: Form, given: Given) -> Result<Exported, ExportError> {
    let mut uses = Uses::default();
    uses.walk(written.value(), &mut Vec::new());
    let ignore = Ignore::load(&given.folder)?;
    let env = environment(&written, &uses, &given.env);
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

/// Values that validation needs. A host that begins with one has to be a URL with it.
fn environment(
    document: &Document,
    uses: &Uses,
    given: &BTreeMap<String, Secret>,
) -> BTreeMap<String, Secret> {
    let mut env = BTreeMap::new();
    for name in document.env_names() {
        let value = match given.get(&name) {
            Some(value) => value.clone(),
            None if uses.fixed.contains_key(&name) => continue,
            None if uses.whole_hosts.contains(&name) => Secret::new(format!("http://{STAND_IN}")),
            None => Secret::new(STAND_IN.to_owned()),
        };
        env.insert(name, value);
    }
    env
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

/// Where a document uses the environment.
#[derive(Default)]
struct Uses {
    /// Names that are filled in before the export, with a place of each.
    fixed: BTreeMap<String, String>,
    /// Names that hosts begin with.
    whole_hosts: BTreeSet<String>,
}

impl Uses {
    /// `keys` are those of the path, without places in lists.
    fn walk(&mut self, value: &Value, keys: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains("${env:") => self.text(text, keys),
            Value::Array(list) => list.iter().for_each(|value| self.walk(value, keys)),
            Value::Object(map) => {
                for (key, value) in map {
                    keys.push(key.clone());
                    if !is_template(keys) {
                        self.walk(value, keys);
                    }
                    keys.pop();
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, keys: &[String]) {
        let host = matches!(keys, [one, two] if two == "hosts" && (one == "target" || one == "scenarios"));
        for part in text.split("${env:").skip(1) {
            let Some((name, _)) = part.split_once('}') else { continue };
            if !host {
                self.fixed.insert(name.to_owned(), keys.join("."));
            } else if text.starts_with(&format!("${{env:{name}}}")) {
                self.whole_hosts.insert(name.to_owned());
            }
        }
    }
}
