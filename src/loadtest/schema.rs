//! The JSON schema of the LoadTest document, for editors, forms and validation.

use serde_json::Value;

use super::types::LoadTest;

/// The schema, generated from the types. `schema/loadtest.json` is a copy of it that a test holds
/// fresh.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(LoadTest).to_value()
}
