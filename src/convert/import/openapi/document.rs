//! A description with its references, which lead nowhere but into itself.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Most references that follow each other.
const MAX_CHAIN: usize = 16;

/// Values of all samples together: what a test may hold, with room for the rest of it.
const MAX_NODES: usize = 30_000;
/// Values of one sample, of a large description and of a small one.
const LEAST_SHARE: usize = 30;
const MOST_SHARE: usize = 500;

/// An `OpenAPI` description.
pub(super) struct Spec<'a> {
    pub(super) root: &'a Value,
    /// Values that one sample may hold before it is cut down to what is required.
    pub(super) share: usize,
}

/// Why a reference leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken(pub(super) String);

impl<'a> Spec<'a> {
    /// A description of which so many operations are taken.
    pub(super) fn new(root: &'a Value, operations: usize) -> Self {
        Self { root, share: (MAX_NODES / operations.max(1)).clamp(LEAST_SHARE, MOST_SHARE) }
    }

    /// What a value stands for: itself, or what its `$ref` names.
    ///
    /// # Errors
    /// That the reference leads out of the document, to nothing, or to itself.
    pub(super) fn resolve(&self, value: &'a Value) -> Result<&'a Value, Broken> {
        let mut value = value;
        for _ in 0..MAX_CHAIN {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Ok(value) };
            value = self.target(reference)?;
        }
        Err(Broken("this `$ref` leads to itself".to_owned()))
    }

    /// What a reference names.
    ///
    /// # Errors
    /// That it leads out of the document, or to nothing.
    pub(super) fn target(&self, reference: &str) -> Result<&'a Value, Broken> {
        let shown: String = reference.chars().take(120).collect();
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(Broken(format!(
                "`$ref: {shown}` leads out of the document, and is never followed: put what it names into the document"
            )));
        };
        let pointer = percent_decode_str(pointer).decode_utf8_lossy();
        let found = self.root.pointer(&pointer);
        found.ok_or_else(|| Broken(format!("`$ref: {shown}` names nothing in the document")))
    }
}

/// The entries of an object; none where there is no object.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The elements of a list; none where there is no list.
pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
