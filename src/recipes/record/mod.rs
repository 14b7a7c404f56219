//! What is kept of a recipe beside what it says.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    document::{Category, Recipe, Requires},
    library::BuiltIn,
};
use crate::db::words::Words;

/// A recipe that somebody has written.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeRow {
    /// Id.
    pub id: Uuid,
    /// The tenant that it belongs to.
    pub tenant_id: String,
    /// Who has made it.
    pub owner: String,
    /// The API key that it was made with.
    pub api_key_id: Option<Uuid>,
    /// The recipe that it was made from.
    pub cloned_from: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// What it says.
    pub recipe: Recipe,
    /// How somebody has written it, comments and all; none where a program has made it.
    pub text: Option<String>,
}

/// What lists show of a recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Id.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What people call it.
    pub title: String,
    /// What it does.
    pub summary: String,
    /// What it is for.
    pub category: Category,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What it needs that the engine does not speak yet.
    pub requires: Option<Requires>,
}

/// Where a recipe comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the binary.
    BuiltIn,
    /// Somebody has written it.
    Written {
        /// Who.
        owner: String,
        /// Counts its changes.
        version: i64,
        /// When it was last changed.
        updated_at: Timestamp,
    },
}

/// One version of a recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionRow {
    /// Its number.
    pub version: i64,
    /// Who has made it.
    pub author: String,
    /// When.
    pub created_at: Timestamp,
}

/// What a version said.
#[derive(Clone, Debug, PartialEq)]
pub struct AsItWas {
    /// Which version.
    pub version: VersionRow,
    /// What it said.
    pub recipe: Recipe,
    /// How it was written.
    pub text: Option<String>,
}

/// A recipe that was looked up.
#[derive(Clone, Debug)]
pub enum Found {
    /// One that is part of the binary.
    BuiltIn(Arc<BuiltIn>),
    /// One that somebody has written.
    Written(Arc<RecipeRow>),
}

/// Which recipes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only those that are for this.
    pub category: Option<Category>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only built-in ones, or only written ones.
    pub built_in: Option<bool>,
}

impl Filters {
    /// Whether `recipe` is wanted, wherever it comes from.
    #[must_use]
    pub fn want(&self, recipe: &Recipe) -> bool {
        self.category.is_none_or(|category| category == recipe.category)
            && self.tag.as_ref().is_none_or(|tag| recipe.tags.contains(tag))
    }
}

impl Found {
    /// What it says.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        match self {
            Self::BuiltIn(built_in) => built_in.checked.recipe(),
            Self::Written(row) => &row.recipe,
        }
    }

    /// How it is written, where somebody has written it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::BuiltIn(built_in) => Some(built_in.text),
            Self::Written(row) => row.text.as_deref(),
        }
    }

    /// Its id as it is written.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::BuiltIn(built_in) => built_in.id.to_owned(),
            Self::Written(row) => row.id.to_string(),
        }
    }

    /// As lists show it.
    #[must_use]
    pub fn line(&self) -> Line {
        match self {
            Self::BuiltIn(built_in) => {
                Line::of(built_in.id.to_owned(), built_in.checked.recipe(), Origin::BuiltIn)
            }
            Self::Written(row) => {
                let origin = Origin::Written {
                    owner: row.owner.clone(),
                    version: row.version,
                    updated_at: row.updated_at,
                };
                Line::of(row.id.to_string(), &row.recipe, origin)
            }
        }
    }
}

impl Line {
    fn of(id: String, recipe: &Recipe, origin: Origin) -> Self {
        Self {
            id,
            origin,
            title: recipe.title.clone(),
            summary: recipe.summary.clone(),
            category: recipe.category,
            tags: recipe.tags.clone(),
            requires: recipe.requires,
        }
    }
}

/// The words that a recipe is found by: those of its title most.
#[must_use]
pub fn words(recipe: &Recipe) -> Words {
    let mut words = Words::default().and(&recipe.title, 10);
    for tag in &recipe.tags {
        words = words.and(tag, 6);
    }
    words = words.and(recipe.category.name(), 4).and(&recipe.summary, 3);
    for line in recipe.best_practices.iter().chain(&recipe.good_result) {
        words = words.and(line, 1);
    }
    words
}

/// A recipe with the words that it is found by.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// The recipe.
    pub built_in: Arc<BuiltIn>,
    /// Its words.
    pub words: Words,
}

impl Indexed {
    /// One that is part of the binary.
    #[must_use]
    pub fn new(built_in: &BuiltIn) -> Self {
        Self { words: words(built_in.checked.recipe()), built_in: Arc::new(built_in.clone()) }
    }
}
