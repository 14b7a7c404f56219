//! The names that a scenario's templates can use, resolved to numbers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::{Item, TemplateError};
use crate::loadtest::{nearest::nearest, secret::Secret};

/// A data source as templates see it.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) name: String,
    /// `None` when the file could not be read: any column is taken, so that one problem is one.
    pub(crate) columns: Option<Vec<String>>,
}

/// What is the same for all scenarios.
#[derive(Clone, Default)]
pub(crate) struct Globals {
    pub(crate) variables: IndexMap<String, Value>,
    pub(crate) feeders: Vec<Columns>,
    pub(crate) env: BTreeMap<String, Secret>,
    /// Names that are set, but may not be read.
    pub(crate) env_refused: BTreeSet<String>,
}

/// The names that the templates of one scenario can use: variables, data sources, and what the
/// scenario's requests extract.
#[derive(Clone, Default)]
pub struct Names {
    globals: Arc<Globals>,
    slots: IndexSet<Arc<str>>,
}

/// Shows names only: values of variables may be secret.
impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("variables", &self.globals.variables.keys().collect::<Vec<_>>())
            .field("extracted", &self.slots)
            .finish_non_exhaustive()
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    Constant(Item),
    Slot { slot: usize, name: Arc<str> },
    Cell { feeder: usize, column: usize },
}

impl Names {
    pub(crate) fn new<'a>(globals: Arc<Globals>, extracted: impl IntoIterator<Item = &'a str>) -> Self {
        Self { globals, slots: extracted.into_iter().map(Arc::from).collect() }
    }

    /// The slot that values extracted as `name` go to.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get_index_of(name)
    }

    /// How many slots a user needs.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn env(&self, name: &str) -> Result<&str, TemplateError> {
        match self.globals.env.get(name) {
            Some(secret) => Ok(secret.expose()),
            None if self.globals.env_refused.contains(name) => {
                Err(TemplateError::EnvRefused(name.to_owned()))
            }
            None => Err(TemplateError::Env(name.to_owned())),
        }
    }

    /// Looks up a name with the keys that follow it. Extracted values win over variables, and
    /// these over data; validation refuses a name that is more than one of them.
    pub(super) fn resolve(&self, keys: &[String]) -> Result<Binding, TemplateError> {
        let (name, rest) = keys.split_first().expect("a name has at least one part");
        if let Some((slot, interned)) = self.slots.get_full(name.as_str()) {
            return match rest {
                [] => Ok(Binding::Slot { slot, name: Arc::clone(interned) }),
                _ => Err(TemplateError::NoParts(name.clone())),
            };
        }
        if let Some(value) = self.globals.variables.get(name) {
            return self.constant(name, value, rest);
        }
        match self.globals.feeders.iter().position(|feeder| feeder.name == *name) {
            Some(feeder) => self.cell(feeder, rest),
            None => Err(self.unknown(name)),
        }
    }

    fn constant(&self, name: &str, value: &Value, keys: &[String]) -> Result<Binding, TemplateError> {
        let (mut owner, mut value) = (name.to_owned(), value);
        for key in keys {
            let part = match value {
                Value::Object(map) => map.get(key),
                Value::Array(list) => key.parse().ok().and_then(|index: usize| list.get(index)),
                _ => None,
            };
            value = part.ok_or_else(|| unknown_part(&owner, key, keys_of(value)))?;
            owner = format!("{owner}.{key}");
        }
        Ok(Binding::Constant(Item::from_json(&self.filled_in(value)?)))
    }

    /// A variable's value with those of the environment in it.
    fn filled_in(&self, value: &Value) -> Result<Value, TemplateError> {
        Ok(match value {
            Value::String(text) => Value::String(super::compile::fixed(text, self)?),
            Value::Array(list) => {
                Value::Array(list.iter().map(|value| self.filled_in(value)).collect::<Result<_, _>>()?)
            }
            Value::Object(map) => {
                let filled = map.iter().map(|(key, value)| Ok((key.clone(), self.filled_in(value)?)));
                Value::Object(filled.collect::<Result<_, _>>()?)
            }
            other => other.clone(),
        })
    }

    fn cell(&self, feeder: usize, keys: &[String]) -> Result<Binding, TemplateError> {
        let source = &self.globals.feeders[feeder];
        let Some(columns) = &source.columns else {
            return Ok(Binding::Cell { feeder, column: 0 });
        };
        let [key] = keys else {
            let first = columns.first().map_or("column", String::as_str);
            return Err(TemplateError::NeedsColumn(source.name.clone(), first.to_owned()));
        };
        match columns.iter().position(|column| column == key) {
            Some(column) => Ok(Binding::Cell { feeder, column }),
            None => Err(unknown_part(&source.name, key, columns.clone())),
        }
    }

    /// The name of a cell, for a message.
    pub(super) fn cell_name(&self, feeder: usize, column: usize) -> Arc<str> {
        let source = &self.globals.feeders[feeder];
        let column = source.columns.as_ref().and_then(|columns| columns.get(column));
        format!("{}.{}", source.name, column.map_or("?", String::as_str)).into()
    }

    fn unknown(&self, name: &str) -> TemplateError {
        let known: Vec<String> = self
            .globals
            .variables
            .keys()
            .cloned()
            .chain(self.slots.iter().map(|slot| slot.to_string()))
            .chain(self.globals.feeders.iter().map(|feeder| feeder.name.clone()))
            .take(MAX_KNOWN)
            .collect();
        TemplateError::UnknownName { name: name.to_owned(), nearest: near(name, &known), known }
    }
}

fn keys_of(value: &Value) -> Vec<String> {
    value.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

/// Names that an error carries.
const MAX_KNOWN: usize = 200;

fn unknown_part(owner: &str, name: &str, mut known: Vec<String>) -> TemplateError {
    known.truncate(MAX_KNOWN);
    TemplateError::UnknownPart {
        owner: owner.to_owned(),
        name: name.to_owned(),
        nearest: near(name, &known),
        known,
    }
}

fn near(name: &str, known: &[String]) -> Option<String> {
    nearest(name, known.iter().map(String::as_str)).map(str::to_owned)
}
