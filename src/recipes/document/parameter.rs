//! What a recipe asks of whoever runs it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use utoipa::ToSchema;

use crate::loadtest::{
    nearest::{listed, nearest},
    place::Path,
    problem::{Problem, Problems},
    secret::Secret,
    span::Span,
};

/// Longest value, in bytes.
const LONGEST: usize = 8192;

/// The kind of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// Text in one line.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of `choices`.
    Choice,
    /// Text that is kept and shown nowhere.
    Secret,
    /// A duration such as `30s` or `1h30m`.
    Duration,
}

/// What a recipe asks of whoever runs it. One that is not `required` has a `default`; one that is has an
/// `example` in its place, so that a recipe can be checked and looked at without being asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "users", "type": "integer", "help": "How many at once.", "default": 20, "min": 1}))]
pub struct Parameter {
    /// Name: small letters, digits and `_`.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[a-z][a-z0-9_]*$"), example = &"users")]
    #[schema(example = "users")]
    pub name: String,
    /// Kind of its values.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// What it is, for whoever fills it in.
    #[schemars(length(min = 1, max = 500))]
    pub help: String,
    /// Whether a value must be given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Value where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A value that will do, shown where there is no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// Smallest number or duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Value>,
    /// Largest number or duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Value>,
    /// Values of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 200)))]
    pub choices: Vec<String>,
    /// What numbers count, such as `users`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20))]
    pub unit: Option<String>,
}

/// A value that its parameter takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// Text that somebody has written.
    Text(String),
    /// A number, `true`, `false`, or a duration: text that is nothing but itself wherever it stands.
    Plain(Value),
    /// Text that is not to be seen.
    Secret(Secret),
}

impl Parameter {
    /// The value that `value` is for this parameter. Text will do for every kind: links and flags have
    /// nothing else.
    pub(super) fn take(&self, value: &Value) -> Result<Given, String> {
        match self.kind {
            ParameterType::String => self.text(value).map(Given::Text),
            ParameterType::Secret => self.text(value).map(|text| Given::Secret(Secret::new(text))),
            ParameterType::Choice => self.choice(value),
            ParameterType::Boolean => match value {
                Value::Bool(_) => Ok(Given::Plain(value.clone())),
                Value::String(text) if text == "true" || text == "false" => {
                    Ok(Given::Plain(Value::Bool(text == "true")))
                }
                _ => Err("must be true or false".to_owned()),
            },
            ParameterType::Integer | ParameterType::Number => self.number(value),
            ParameterType::Duration => self.duration(value),
        }
    }

    /// Whether it is text that is not to be seen.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.kind == ParameterType::Secret
    }

    /// Whether `value` will do.
    #[must_use]
    pub fn takes(&self, value: &Value) -> bool {
        self.take(value).is_ok()
    }

    /// The value that `value` is for this parameter, as text: for whoever fills in nothing but text.
    ///
    /// # Errors
    /// Why it will not do. A secret never does: text is shown.
    pub fn text_of(&self, value: &Value) -> Result<String, String> {
        match self.take(value)? {
            Given::Text(text) | Given::Plain(Value::String(text)) => Ok(text),
            Given::Plain(value) => Ok(value.to_string()),
            Given::Secret(_) => Err("is a secret, which is not shown".to_owned()),
        }
    }

    fn text(&self, value: &Value) -> Result<String, String> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err("must be text".to_owned()),
        };
        if text.is_empty() {
            return Err("must not be empty".to_owned());
        }
        if text.len() > LONGEST {
            return Err(format!("must be at most {LONGEST} bytes long"));
        }
        if text.chars().any(char::is_control) {
            return Err("must be one line without control characters".to_owned());
        }
        // A secret becomes the value of a variable of the environment, which is never read again.
        if self.kind != ParameterType::Secret && text.contains("${") {
            return Err("must not contain `${`: a value is not a piece of the document".to_owned());
        }
        Ok(text)
    }

    fn choice(&self, value: &Value) -> Result<Given, String> {
        let text = self.text(value)?;
        if self.choices.contains(&text) {
            return Ok(Given::Text(text));
        }
        Err(format!("must be one of {}", listed(self.choices.iter().map(String::as_str))))
    }

    fn number(&self, value: &Value) -> Result<Given, String> {
        let what = if self.kind == ParameterType::Integer { "a whole number" } else { "a number" };
        let number = match value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => serde_json::from_str::<Number>(text.trim()).ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| format!("must be {what}"))?;
        let as_float = number.as_f64().ok_or_else(|| format!("must be {what}"))?;
        if self.kind == ParameterType::Integer && !(number.is_i64() || number.is_u64()) {
            return Err("must be a whole number".to_owned());
        }
        let bound = |bound: &Option<Value>| bound.as_ref().and_then(Value::as_f64);
        self.within(as_float, bound(&self.min), bound(&self.max))?;
        Ok(Given::Plain(Value::Number(number)))
    }

    fn duration(&self, value: &Value) -> Result<Given, String> {
        let text = value.as_str().ok_or("must be a duration such as `30s` or `1h30m`")?;
        let span: Span = text.parse().map_err(|error| format!("{error}"))?;
        let bound = |bound: &Option<Value>| Some(bound.as_ref()?.as_str()?.parse::<Span>().ok()?.get());
        self.within(span.get(), bound(&self.min), bound(&self.max))?;
        Ok(Given::Plain(Value::String(text.to_owned())))
    }

    fn within<T: PartialOrd>(&self, value: T, min: Option<T>, max: Option<T>) -> Result<(), String> {
        let shown = |bound: &Option<Value>| match bound {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        if min.is_some_and(|min| value < min) {
            return Err(format!("must be {} or more", shown(&self.min)));
        }
        if max.is_some_and(|max| value > max) {
            return Err(format!("must be {} or less", shown(&self.max)));
        }
        Ok(())
    }

    /// The name under which a secret is read from the environment.
    pub(super) fn variable(&self) -> String {
        format!("RECIPE_{}", self.name.to_ascii_uppercase())
    }
}

/// Values by name.
pub(super) type Values = BTreeMap<String, Given>;

/// The values of `parameters`: those that are `given`, else the defaults.
pub(super) fn values(
    parameters: &[Parameter],
    given: &Map<String, Value>,
    name: &str,
) -> Result<Values, Problems> {
    let mut problems = Problems::none(name);
    let root = Path::root().key("parameters");
    for unknown in given.keys().filter(|name| !parameters.iter().any(|one| one.name == **name)) {
        let known = || parameters.iter().map(|one| one.name.as_str());
        let message = match known().next() {
            Some(_) => format!("no such parameter: there are {}", listed(known())),
            None => "no such parameter: the recipe has none".to_owned(),
        };
        problems.push(Problem::new(&root.key(unknown), None, message).meaning(nearest(unknown, known())));
    }
    let chosen = |one: &Parameter| given.get(&one.name).filter(|value| !value.is_null()).cloned();
    gather(parameters, |one| chosen(one).or_else(|| one.default.clone()), problems)
}

/// The defaults of `parameters`, and examples where there are none.
pub(super) fn examples(parameters: &[Parameter], name: &str) -> Result<Values, Problems> {
    let shown = |one: &Parameter| one.default.clone().or_else(|| one.example.clone());
    gather(parameters, shown, Problems::none(name))
}

fn gather(
    parameters: &[Parameter],
    choose: impl Fn(&Parameter) -> Option<Value>,
    mut problems: Problems,
) -> Result<Values, Problems> {
    let mut values = Values::new();
    for one in parameters {
        let taken = match choose(one) {
            Some(value) => one.take(&value),
            None => Err(format!("is missing: {}", one.help)),
        };
        match taken {
            Ok(value) => drop(values.insert(one.name.clone(), value)),
            Err(message) => {
                problems.push(Problem::new(&Path::root().key("parameters").key(&one.name), None, message));
            }
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}
