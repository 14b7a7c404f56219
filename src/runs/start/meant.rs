//! The test that a request means: in exactly one of four ways, with nothing that belongs to another.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};
use uuid::Uuid;

use crate::{
    deeplinks, recipes,
    runs::{
        error::RunError,
        service::{Test, document_of},
    },
};

/// What a request says of its test, field by field. Requests spell the fields out themselves: what is read as it was
/// written cannot be read through a flattened part, and unknown fields could not be refused.
#[derive(Debug)]
pub(in crate::runs) struct Meant {
    pub loadtest: Option<Box<RawValue>>,
    pub recipe_id: Option<String>,
    pub parameters: Option<BTreeMap<String, Value>>,
    pub run_id: Option<Uuid>,
    pub deeplink: Option<String>,
    pub seen: Option<String>,
}

impl Meant {
    /// The one test that is meant.
    ///
    /// # Errors
    /// Not exactly one of the four kinds of test is given, or what belongs to another kind.
    pub(in crate::runs) fn test(self) -> Result<Test, RunError> {
        let asked = |path, message| Err(RunError::Request { path, message });
        if self.parameters.is_some() && self.recipe_id.is_none() && self.deeplink.is_none() {
            return asked("parameters", "are those of a recipe: give `recipe_id` too, or leave them out");
        }
        if self.seen.is_some() && self.deeplink.is_none() {
            return asked("seen", "is of a deeplink: give `deeplink` too, or leave it out");
        }
        let parameters = self.parameters.unwrap_or_default().into_iter().collect();
        match (self.loadtest, self.recipe_id, self.run_id, self.deeplink) {
            (Some(loadtest), None, None, None) => Ok(Test::Document(document_of(&loadtest))),
            (None, Some(id), None, None) => Ok(Test::Recipe(recipes::Wanted { id, parameters })),
            (None, None, Some(run), None) => Ok(Test::Again(run)),
            (None, None, None, Some(link)) => {
                Ok(Test::Deeplink(deeplinks::Wanted { link, parameters, seen: self.seen }))
            }
            (None, None, None, None) => {
                asked("loadtest", "is missing: give `loadtest`, `recipe_id`, `run_id` or `deeplink`")
            }
            _ => asked("loadtest", "give exactly one of `loadtest`, `recipe_id`, `run_id` and `deeplink`"),
        }
    }
}
