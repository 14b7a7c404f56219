//! What a link leads to, once the recipe or preset that it names has been looked up.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::DeeplinkError;
use crate::{
    http::Digest,
    loadtest::{
        mask,
        parse::Document,
        place::Path,
        problem::{Problem, Problems},
        secret::Secret,
        stand_in::EnvUses,
    },
    recipes::document::{Checked, Filled, Parameter},
};

/// What is said of a secret that is written out in a LoadTest.
const LITERAL: &str = "holds a secret, which everybody who sees the link could read: write `${env:NAME}` and have whoever runs it give it";
/// What is said of a secret that is given to a recipe.
const GIVEN: &str = "is a secret, which everybody who sees the link could read: leave it out, and whoever runs it is asked for it";
/// What stands for a secret where a test is only looked at: the test itself says `${env:NAME}` there.
const UNSEEN: &str = "unseen";

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A LoadTest.
    Loadtest(Document),
    /// A recipe, and values for some of its parameters.
    Recipe {
        /// Its id.
        id: String,
        /// What it says.
        recipe: Box<Checked>,
        /// The values.
        parameters: Map<String, Value>,
    },
}

impl Resolved {
    /// Secrets in what the link itself holds: they would be read by whoever sees it.
    ///
    /// # Errors
    /// Each of them, with its place.
    pub fn without_secrets(&self) -> Result<(), DeeplinkError> {
        let mut found = Problems::none("deeplink");
        match self {
            Self::Loadtest(document) => {
                for path in mask::secrets(document.value()) {
                    found.push(Problem::new(&path, None, LITERAL));
                }
                found = found.within(&Path::root().key("loadtest"));
            }
            Self::Recipe { recipe, parameters, .. } => {
                let declared = recipe.recipe().parameters.iter().filter(|one| one.is_secret());
                let mut places: Vec<Path> = declared
                    .filter(|one| parameters.contains_key(&one.name))
                    .map(|one| Path::root().key(&one.name))
                    .collect();
                // `variables` is where everything is named by whoever writes it.
                let others = mask::secrets(&json!({ "variables": parameters }));
                let others = others.iter().filter_map(|path| path.within(&Path::root().key("variables")));
                for path in others {
                    if !places.contains(&path) {
                        places.push(path);
                    }
                }
                for path in places {
                    found.push(Problem::new(&path, None, GIVEN));
                }
                found = found.within(&Path::root().key("parameters"));
            }
        }
        if found.is_empty() { Ok(()) } else { Err(DeeplinkError::Secrets(found)) }
    }

    /// Parameters of the recipe that the link gives no value for.
    pub fn open(&self) -> impl Iterator<Item = &Parameter> {
        let parts = match self {
            Self::Loadtest(_) => None,
            Self::Recipe { recipe, parameters, .. } => Some((recipe, parameters)),
        };
        parts.into_iter().flat_map(|(recipe, given)| {
            recipe.recipe().parameters.iter().filter(|one| !given.contains_key(&one.name))
        })
    }

    /// Those of them without which it cannot run.
    pub fn missing(&self) -> impl Iterator<Item = &Parameter> {
        self.open().filter(|one| one.default.is_none())
    }

    /// Stands for all that it says: another one is another test.
    #[must_use]
    pub fn digest(&self) -> String {
        let whole = match self {
            Self::Loadtest(document) => document.value().clone(),
            Self::Recipe { id, recipe, parameters } => {
                json!({ "id": id, "recipe": recipe.recipe(), "parameters": parameters })
            }
        };
        Digest::of(whole.to_string().as_bytes()).hex()
    }

    /// The LoadTest, with `given` for what the link leaves open.
    ///
    /// # Errors
    /// A value is missing, unknown, will not do, or is for what the link does not leave open.
    pub fn fill(&self, given: &Map<String, Value>) -> Result<Filled, DeeplinkError> {
        let (recipe, parameters) = match self {
            Self::Loadtest(document) => {
                return match given.keys().next() {
                    Some(name) => Err(DeeplinkError::NoParameters(name.chars().take(100).collect())),
                    None => Ok(Filled { document: document.clone(), env: BTreeMap::new() }),
                };
            }
            Self::Recipe { recipe, parameters, .. } => (recipe, parameters),
        };
        if let Some(name) = given.keys().find(|name| parameters.contains_key(*name)) {
            return Err(DeeplinkError::Fixed(name.clone()));
        }
        let mut values = parameters.clone();
        values.extend(given.clone());
        recipe.fill(&values).map_err(DeeplinkError::Values)
    }

    /// The LoadTest to look at: with examples for what is missing, and secrets nowhere.
    ///
    /// # Errors
    /// What the link gives will not do any more.
    pub fn preview(&self) -> Result<Filled, DeeplinkError> {
        let example = |one: &Parameter| {
            let value = if one.is_secret() { Some(Value::from(UNSEEN)) } else { one.example.clone() };
            Some((one.name.clone(), value?))
        };
        self.fill(&self.missing().filter_map(example).collect())
    }

    /// Variables of the environment that whoever runs it has to give: those that it reads, and that are
    /// neither secrets of its recipe nor `known` to the server.
    pub fn env(&self, filled: &Filled, known: impl Fn(&str) -> bool) -> Vec<String> {
        let read = filled.document.env_names().into_iter();
        read.filter(|name| !filled.env.contains_key(name) && !known(name)).collect()
    }
}

/// The environment that a test is looked at with.
#[must_use]
pub fn stand_ins(filled: &Filled, known: &BTreeMap<String, Secret>) -> BTreeMap<String, Secret> {
    let mut given = known.clone();
    given.extend(filled.env.clone());
    EnvUses::of(&filled.document).environment(&filled.document, &given)
}
