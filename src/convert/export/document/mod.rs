//! The LoadTest itself, as YAML or JSON: keys in order, nothing spelled out that would be so anyway.

use super::{Exported, File, Form};
use crate::{
    convert::{LeftOut, yaml},
    loadtest::{parse::Document, types::LoadTest, valid::ValidLoadTest},
};

/// The document. What it reads from the environment is written as it was, where its type allows that.
pub(super) fn write(written: &Document, valid: &ValidLoadTest, form: Form, stem: &str) -> Exported {
    let (loadtest, left_out) = match written.read::<LoadTest>() {
        Ok(loadtest) => (loadtest, Vec::new()),
        Err(_) => {
            let message = "`${env:NAME}` that stands for a number is filled in: the export holds its value";
            (valid.loadtest().clone(), vec![LeftOut::new("", message)])
        }
    };
    let file = if form == Form::Yaml {
        File::new(format!("{stem}.yaml"), "application/yaml", yaml::write(&loadtest))
    } else {
        let text = serde_json::to_string_pretty(&yaml::brief(&loadtest))
            .expect("a LoadTest has text keys and finite numbers");
        File::new(format!("{stem}.json"), "application/json", text + "\n")
    };
    Exported { files: vec![file], left_out }
}
