//! A recipe as it is written: what people read about it, its parameters, and a LoadTest with places for
//! their values.
//!
//! A place is `${param:NAME}`, in any value of the LoadTest. What is filled in stays a value: where a whole
//! value is one place, the parameter's value takes it with its type, and in a template it becomes a
//! variable, which the template escapes like any other. So no value, whoever has written it, becomes a
//! piece of the document. A secret is filled in as a variable of the environment, and is kept and shown
//! nowhere. Knows no web server and no database.

mod check;
mod draft;
mod fill;
mod parameter;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub(super) use self::check::is_tag;
pub use self::{
    draft::Draft,
    parameter::{Parameter, ParameterType},
};
use crate::loadtest::{
    parse::{self, Document},
    place::Path,
    problem::Problems,
    secret::Secret,
};

/// What a recipe is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Programs that talk to programs.
    Api,
    /// People who look at pages.
    Web,
    /// What lies behind a service.
    Database,
    /// Whole ways through a business.
    Business,
    /// Shapes of load, whatever is loaded.
    Pattern,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Api, Self::Web, Self::Database, Self::Business, Self::Pattern];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Web => "web",
            Self::Database => "database",
            Self::Business => "business",
            Self::Pattern => "pattern",
        }
    }

    /// The category of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// What a recipe needs that the engine does not speak yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requires {
    /// gRPC.
    Grpc,
    /// SQL.
    Sql,
}

impl Requires {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::Sql => "sql",
        }
    }

    /// What has this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Grpc, Self::Sql].into_iter().find(|requires| requires.name() == name)
    }
}

impl fmt::Display for Requires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grpc => "gRPC",
            Self::Sql => "SQL",
        })
    }
}

/// A recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Front page", "summary": "People look at the front page.", "category": "web", "tags": ["read-only"],
    "parameters": [
        {"name": "host", "type": "string", "help": "Where it is.", "required": true, "example": "http://127.0.0.1:43180"},
        {"name": "users", "type": "integer", "help": "How many at once.", "default": 20, "min": 1, "max": 500}
    ],
    "best_practices": ["Warm caches up first."], "good_result": ["No error, and a p95 under 300 ms."],
    "loadtest": {
        "version": 1, "name": "Front page", "target": {"hosts": ["${param:host}"]},
        "load": {"users": "${param:users}", "run_time": "10s"},
        "scenarios": [{"name": "front", "transactions": [{"name": "home", "requests": [{"path": "/"}]}]}]
    }
}))]
pub struct Recipe {
    /// What people call it.
    #[schemars(length(min = 1, max = 200), example = "Shop checkout")]
    #[schema(example = "Shop checkout")]
    pub title: String,
    /// What it does and when to take it, in a sentence or two.
    #[schemars(length(min = 1, max = 2000))]
    pub summary: String,
    /// What it is for.
    pub category: Category,
    /// Words to find it by: small letters, digits and `-`.
    #[serde(default)]
    #[schemars(length(max = 20), inner(length(min = 1, max = 40), regex(pattern = "^[a-z0-9][a-z0-9-]*$")))]
    pub tags: Vec<String>,
    /// What it needs that the engine does not speak yet; such a recipe can be read and not be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<Requires>,
    /// What is asked of whoever runs it.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub parameters: Vec<Parameter>,
    /// How to run it well.
    #[serde(default)]
    #[schemars(length(max = 20), inner(length(min = 1, max = 1000)))]
    pub best_practices: Vec<String>,
    /// What a good result looks like.
    #[serde(default)]
    #[schemars(length(max = 20), inner(length(min = 1, max = 1000)))]
    pub good_result: Vec<String>,
    /// The LoadTest, with `${param:NAME}` where values of parameters go.
    #[schema(value_type = Object)]
    pub loadtest: Value,
}

/// A recipe that is known to be right, with the places of its values in its text.
#[derive(Clone, Debug)]
pub struct Checked {
    recipe: Recipe,
    loadtest: Document,
}

/// A recipe with values for its parameters.
#[derive(Debug)]
pub struct Filled {
    /// The LoadTest.
    pub document: Document,
    /// Secrets that it reads from the environment.
    pub env: BTreeMap<String, Secret>,
}

impl Recipe {
    /// Reads and checks a recipe from YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn parse(text: &str, name: &str) -> Result<Checked, Problems> {
        check::check(&parse::parse(text, name)?)
    }

    /// Checks a recipe that was made, not read.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn check(&self, name: &str) -> Result<Checked, Problems> {
        let value = serde_json::to_value(self).expect("a recipe has text keys and finite numbers");
        check::check(&Document::from_value(value, name))
    }

    /// Whether a document is one of a recipe, and not a LoadTest by itself.
    #[must_use]
    pub fn is_one(document: &Document) -> bool {
        document.value().get("loadtest").is_some()
    }

    /// Checks a document that was parsed already.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn of(document: &Document) -> Result<Checked, Problems> {
        check::check(document)
    }
}

impl Checked {
    /// What is written.
    #[must_use]
    pub const fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// What is written.
    #[must_use]
    pub fn into_recipe(self) -> Recipe {
        self.recipe
    }

    /// Fills in values: those that are given, else the defaults.
    ///
    /// # Errors
    /// Every value that is missing, unknown or will not do, at `parameters.NAME`.
    pub fn fill(&self, given: &Map<String, Value>) -> Result<Filled, Problems> {
        let values = parameter::values(&self.recipe.parameters, given, self.loadtest.name())?;
        fill::fill(&self.loadtest, &self.recipe.parameters, &values)
    }

    /// Whether one of its secrets is among `given`.
    #[must_use]
    pub fn has_secret_of(&self, given: &Map<String, Value>) -> bool {
        self.recipe.parameters.iter().any(|one| one.is_secret() && given.contains_key(&one.name))
    }

    /// Secrets that it has itself: what a run of it reads from the environment where nobody gives another.
    #[must_use]
    pub fn own_secrets(&self) -> BTreeMap<String, Secret> {
        let secrets = self.recipe.parameters.iter().filter(|one| one.is_secret());
        let own =
            secrets.filter_map(|one| Some((one.variable(), Secret::new(one.default.as_ref()?.as_str()?))));
        own.collect()
    }

    /// Fills in the defaults, and examples where there are none: to look at, or to check.
    ///
    /// # Errors
    /// A default or an example will not do.
    pub fn preview(&self) -> Result<Filled, Problems> {
        let values = parameter::examples(&self.recipe.parameters, self.loadtest.name())?;
        let filled = fill::fill(&self.loadtest, &self.recipe.parameters, &values);
        filled.map_err(|problems| problems.within(&Path::root().key("loadtest")))
    }
}
