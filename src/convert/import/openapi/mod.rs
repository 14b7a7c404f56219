//! `OpenAPI` 3.0 and 3.1: an operation becomes a transaction of one request.

mod answer;
mod body;
mod document;
mod lookup;
mod operation;
mod parameters;
mod pattern;
mod sample;
mod schema;
mod security;
mod servers;

use std::collections::HashMap;

use serde_json::Value;

use self::{document::Spec, operation::chosen};
use super::{
    Options,
    draft::{Draft, Unique, short, some_thinking},
    error::ImportError,
    read,
};
use crate::loadtest::types::{Scenario, Transaction};

/// How much more often something is read than written.
const READS: u32 = 4;
/// Most operations that a test takes.
const MAX_OPERATIONS: usize = 1000;

/// Reads a description and takes its operations over.
pub(super) fn import(text: &str, options: &Options, draft: &mut Draft) -> Result<(), ImportError> {
    let root = read::description(text, &draft.source)?;
    check_version(&root, draft)?;
    let spec = Spec::new(&root, 1);
    let info = |key: &str| root["info"][key].as_str().map(str::trim).filter(|text| !text.is_empty());
    draft.name = short(info("title").unwrap_or("OpenAPI"));
    draft.hosts = servers::hosts(&root, options, draft);
    let operations = chosen(&spec, options, draft)?;
    if operations.len() > MAX_OPERATIONS {
        return Err(draft.refuse(format!(
            "{} operations are chosen, and {MAX_OPERATIONS} is the most that a test takes: choose some with --tag \
             (`options.tags`) or --operation (`options.operations`); {}",
            operations.len(),
            operation::tags_of(&operations)
        )));
    }
    let spec = Spec::new(&root, operations.len());
    let mut names = Unique::default();
    let lookups = lookup::find(&spec, &operations, draft);
    let (mut transactions, mut lists) = (Vec::new(), HashMap::new());
    for operation in &operations {
        let Some(request) = operation.request(&spec, &lookups, draft) else { continue };
        if operation.method == "GET" && lookups.lists(operation.path) {
            lists.insert(operation.path, request.clone());
        }
        let reads = matches!(request.method(), "GET" | "HEAD");
        let mut transaction = Transaction::of(&names.name(&operation.title()), vec![request]);
        transaction.weight = if reads { READS } else { 1 };
        transactions.push(transaction);
    }
    let mut scenario = Scenario::of(&draft.name, transactions);
    scenario.on_start = lookups.on_start(&lists);
    scenario.think_time = Some(some_thinking());
    draft.scenarios.push(scenario);
    Ok(())
}

fn check_version(root: &Value, draft: &Draft) -> Result<(), ImportError> {
    let written = |key: &str| match &root[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if let Some(version) = written("swagger") {
        return Err(draft.refuse(format!(
            "is Swagger {version}, which is not read: convert it to OpenAPI 3 first, for example with `npx \
             swagger2openapi FILE -o openapi.yaml`"
        )));
    }
    match written("openapi") {
        Some(version) if version.starts_with("3.0") || version.starts_with("3.1") => Ok(()),
        Some(version) => Err(draft.refuse(format!(
            "is OpenAPI {}, which is not read: 3.0 and 3.1 are",
            version.chars().take(20).collect::<String>()
        ))),
        None => Err(draft.refuse("has no `openapi` key: it is no OpenAPI description")),
    }
}
