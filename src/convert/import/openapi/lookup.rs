//! Ids that later requests need, taken from the answers of earlier ones: where `GET /orders` lists orders by its own
//! documentation, the `id` of the first goes into `/orders/{id}`.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    answer,
    document::{Spec, entries, items},
    operation::Operation,
    parameters,
};
use crate::{
    convert::import::draft::{Draft, plain, short},
    loadtest::types::{Extract, ExtractFrom, Request, Transaction},
};

/// Most lists that are asked for before the loop begins.
const MAX_LISTS: usize = 100;

/// Most parts of a schema that are looked into, and levels of them.
const MAX_PARTS: usize = 5;

/// Which ids are looked up, and where.
#[derive(Default)]
pub(super) struct Lookups {
    /// The name that templates use, by path and parameter.
    names: HashMap<String, IndexMap<String, String>>,
    /// What is extracted from which operation, by its path.
    lists: IndexMap<String, Vec<Extract>>,
    none: IndexMap<String, String>,
}

/// Finds the ids that can be looked up.
pub(super) fn find<'a>(spec: &Spec<'a>, operations: &[Operation<'a>], draft: &mut Draft) -> Lookups {
    let lists: HashMap<&str, &Operation<'a>> = operations
        .iter()
        .filter(|of| of.method == "GET" && !of.path.contains('{'))
        .map(|of| (of.path, of))
        .collect();
    let mut lookups = Lookups::default();
    for operation in operations {
        let Some((before, after)) = operation.path.split_once("/{") else { continue };
        let Some((parameter, _)) = after.split_once('}') else { continue };
        let known = lookups.names.get(operation.path).is_some_and(|names| names.contains_key(parameter));
        let Some(list) = lists.get(before).filter(|_| !known) else { continue };
        let Some(path) = answer::schema(spec, list.value).and_then(|schema| id_path(spec, schema, parameter))
        else {
            continue;
        };
        if lookups.lists.len() >= MAX_LISTS && !lookups.lists.contains_key(before) {
            continue;
        }
        let extracts = lookups.lists.entry(before.to_owned()).or_default();
        let name = match extracts.iter().find(|extract| extract.path.as_ref() == Some(&path)) {
            Some(extract) => extract.name.clone(),
            None if extracts.len() >= MAX_LISTS => continue,
            None => {
                let of = before.rsplit('/').next().unwrap_or_default();
                let wish =
                    if parameter.len() > 3 { parameter.to_owned() } else { format!("{of}_{parameter}") };
                let name = draft.template_name(&wish);
                let usual = parameters::in_path(spec, operation, parameter).unwrap_or_else(|| "1".to_owned());
                draft.make(
                    format!("{}.parameters.path.{parameter}", operation.place),
                    format!(
                        "taken from `{path}` of the answer to GET {before}; `{usual}` where that holds none"
                    ),
                );
                extracts.push(Extract {
                    name: name.clone(),
                    from: ExtractFrom::Json,
                    path: Some(path),
                    pattern: None,
                    key: None,
                    default: Some(plain(&usual)),
                });
                name
            }
        };
        lookups.names.entry(operation.path.to_owned()).or_default().insert(parameter.to_owned(), name);
    }
    lookups
}

impl Lookups {
    /// What is looked up for the parameters of a path.
    pub(super) fn of(&self, path: &str) -> &IndexMap<String, String> {
        self.names.get(path).unwrap_or(&self.none)
    }

    /// The transactions that look ids up, before the loop begins. `requests` are those of the loop, by their path.
    pub(super) fn on_start(&self, requests: &HashMap<&str, Request>) -> Vec<Transaction> {
        let lists = self.lists.iter().filter_map(|(path, extracts)| {
            let mut request = requests.get(path.as_str())?.clone();
            request.extract.clone_from(extracts);
            Some(Transaction::of(&short(&format!("look up {path}")), vec![request]))
        });
        lists.collect()
    }

    /// Whether ids are looked up by the operation of this path.
    pub(super) fn lists(&self, path: &str) -> bool {
        self.lists.contains_key(path)
    }
}

/// The JSONPath of the first element's id, where a schema says that there is a list with such elements.
fn id_path<'a>(spec: &Spec<'a>, schema: &'a Value, parameter: &str) -> Option<String> {
    let schema = spec.resolve(schema).ok()?;
    if let Some(element) = schema.get("items") {
        return Some(format!("$[0]{}", id_of(spec, element, parameter)?));
    }
    properties(spec, schema, 0).into_iter().find_map(|(name, property)| {
        let element = spec.resolve(property).ok()?.get("items")?;
        Some(format!("${}[0]{}", child(name), id_of(spec, element, parameter)?))
    })
}

/// The property of an element that the parameter means: one of the same name, else its `id`.
fn id_of<'a>(spec: &Spec<'a>, element: &'a Value, parameter: &str) -> Option<String> {
    let properties = properties(spec, spec.resolve(element).ok()?, 0);
    let bare = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let same = properties.iter().find(|(name, _)| bare(name) == bare(parameter));
    let means_id = bare(parameter).ends_with("id");
    let (name, property) = same.or_else(|| properties.iter().find(|(name, _)| *name == "id" && means_id))?;
    let property = spec.resolve(property).ok()?;
    let is_scalar = matches!(property["type"].as_str(), Some("string" | "integer" | "number"));
    is_scalar.then(|| child(name))
}

/// The properties that a schema describes, in its parts too.
fn properties<'a>(spec: &Spec<'a>, schema: &'a Value, depth: usize) -> Vec<(&'a String, &'a Value)> {
    let mut all: Vec<_> = entries(&schema["properties"]).collect();
    if depth < MAX_PARTS {
        for part in items(&schema["allOf"]).take(MAX_PARTS).filter_map(|part| spec.resolve(part).ok()) {
            all.extend(properties(spec, part, depth + 1));
        }
    }
    all
}

/// The part of a JSONPath that goes to a property.
fn child(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!(".{name}") } else { format!("[{}]", Value::from(name)) }
}
