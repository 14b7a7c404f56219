//! Where each field of a test comes from.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::ai::generator::reader::Span;

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GeneratorSource)]
pub enum Source {
    /// The text says so.
    Text,
    /// A recipe of the library.
    Recipe,
    /// A model chose it.
    Model,
    /// Nobody says anything, and this is what is taken then.
    Default,
    /// The test that a further sentence changes.
    Previous,
}

/// Where a field comes from, and everything below it of which nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GeneratorProvenance)]
pub struct Provenance {
    /// The field: a JSON pointer into the LoadTest.
    #[schema(example = "/load/users")]
    pub path: String,
    /// Where it comes from.
    pub source: Source,
    /// The place in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The recipe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
}

/// The provenance of every field of `test`: what is `known`, and `base` for the rest, in as few lines as will do.
pub(in crate::ai::generator) fn complete(
    test: &Value,
    known: &[Provenance],
    base: &Provenance,
) -> Vec<Provenance> {
    let mut out = Vec::new();
    walk(test, "", known, base, &mut out);
    out
}

fn walk(value: &Value, path: &str, known: &[Provenance], base: &Provenance, out: &mut Vec<Provenance>) {
    let here = known.iter().find(|one| one.path == path);
    let base = here.unwrap_or(base);
    let below = |one: &&Provenance| one.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    if path.is_empty() || known.iter().any(|one| below(&one)) {
        let child = |key: &str| format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| walk(value, &child(key), known, base, out))
            }
            Value::Array(list) => list
                .iter()
                .enumerate()
                .for_each(|(index, value)| walk(value, &child(&index.to_string()), known, base, out)),
            _ => out.push(Provenance { path: path.to_owned(), ..base.clone() }),
        }
    } else {
        out.push(Provenance { path: path.to_owned(), ..base.clone() });
    }
}
