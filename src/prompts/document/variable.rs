//! What goes into the places of a prompt. Variables are declared as the parameters of recipes are; what
//! differs is that a text may have many lines, and that there are no secrets.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    http::FieldError,
    loadtest::nearest::{listed, nearest},
    recipes::document::{Parameter, ParameterType},
};

/// Longest text of a value, in bytes: results of a run fit.
const LONGEST: usize = 32 << 10;

/// Values by name, as they stand in the text.
pub(super) type Values = BTreeMap<String, String>;

/// The value that `value` is for `variable`, as text.
pub(super) fn take(variable: &Parameter, value: &Value) -> Result<String, String> {
    if variable.kind != ParameterType::String {
        return variable.text_of(value);
    }
    let text = match value {
        Value::String(text) => text.replace("\r\n", "\n"),
        Value::Number(number) => number.to_string(),
        _ => return Err("must be text".to_owned()),
    };
    if text.len() > LONGEST {
        return Err(format!("must be at most {LONGEST} bytes long"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err("must not contain control characters".to_owned());
    }
    if variable.required && text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    Ok(text)
}

/// The values of `variables`: those that are `given`, else the defaults, else, where `examples` stand in
/// for what is missing, those.
pub(super) fn values(
    variables: &[Parameter],
    given: &Map<String, Value>,
    examples: bool,
) -> Result<Values, Vec<FieldError>> {
    let known = || variables.iter().map(|one| one.name.as_str());
    let unknown = given.keys().filter(|name| !variables.iter().any(|one| one.name == **name));
    let wrong = unknown.take(20).map(|name| {
        let message = match (nearest(name, known()), known().next()) {
            (Some(meant), _) => format!("no such variable; did you mean `{meant}`?"),
            (None, Some(_)) => format!("no such variable: there are {}", listed(known())),
            (None, None) => "no such variable: the prompt has none".to_owned(),
        };
        FieldError { path: path(name), message }
    });
    let choose = |one: &Parameter| {
        let chosen = given.get(&one.name).filter(|value| !value.is_null()).or(one.default.as_ref());
        chosen.or_else(|| one.example.as_ref().filter(|_| examples)).cloned()
    };
    gather(variables, choose, wrong.collect())
}

fn gather(
    variables: &[Parameter],
    choose: impl Fn(&Parameter) -> Option<Value>,
    mut wrong: Vec<FieldError>,
) -> Result<Values, Vec<FieldError>> {
    let mut values = Values::new();
    for one in variables {
        let taken = match choose(one) {
            Some(value) => take(one, &value),
            None => Err(format!("is missing: {}", one.help)),
        };
        match taken {
            Ok(value) => drop(values.insert(one.name.clone(), value)),
            Err(message) => wrong.push(FieldError { path: path(&one.name), message }),
        }
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// The place of a value; a name that was made up is cut.
fn path(name: &str) -> String {
    format!("values.{}", name.chars().take(100).collect::<String>())
}
