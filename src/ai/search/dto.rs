//! The search on the wire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use super::{document::Kind, snippet::Marked};
use crate::http::Limit;

/// The parameters of a search.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// What to look for: a word at least, in any order.
    #[param(min_length = 1, max_length = 1000, example = "slow checkout")]
    pub q: String,
    /// Only things of this kind.
    #[param(inline)]
    pub kind: Option<Kind>,
    /// Most entries of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// Which run others are to be like.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimilarQuery {
    /// Id of the run.
    pub run: Uuid,
    /// Most entries of the answer.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
}

/// Which target recipes are wanted for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecommendQuery {
    /// The target; a path and a query of it tell more.
    #[param(min_length = 1, max_length = 1000, example = "http://127.0.0.1:43180/cart")]
    pub host: String,
    /// Most entries of the answer.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
}

/// A question about how a test has changed.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The question, in English or German.
    #[param(min_length = 1, max_length = 1000, example = "is checkout slower than last week?")]
    pub q: String,
}

/// What a search finds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// What was found, best first.
    pub items: Vec<Hit>,
    /// What to send as `cursor` for the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// Why what texts mean was not compared; null where it was.
    #[schema(example = "no embedding model")]
    pub degraded: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Its id, as the routes of its kind take it; of a finding `RUN/FINDING`.
    #[schema(example = "checkout")]
    pub id: String,
    /// What people call it.
    pub title: Marked,
    /// The part of what else it says where the first word stands that was asked for.
    pub snippet: Marked,
    /// When it happened, or was last changed; null for what MAID comes with.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Where it stands in each of the lists that the answer was made of.
    pub ranks: Ranks,
    /// What decides where it stands here: the sum of 1 / (60 + rank).
    #[schema(example = 0.0325)]
    pub score: f64,
}

/// Where something stands, from 1; null where it was not found so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchRanks)]
pub struct Ranks {
    /// By its words.
    pub text: Option<u32>,
    /// By what it means.
    pub meaning: Option<u32>,
}

/// Recipes for a target.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Recommendations {
    /// The target, as runs against it are known by.
    #[schema(example = "http://127.0.0.1:43180")]
    pub target: String,
    /// Runs against it that were looked at.
    pub runs: usize,
    /// Recipes, best first.
    pub items: Vec<Recommendation>,
    /// Why what texts mean was not compared; null where it was.
    #[schema(example = "no embedding model")]
    pub degraded: Option<String>,
}

/// A recipe for a target.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Recommendation {
    /// Id of the recipe.
    #[schema(example = "checkout")]
    pub recipe_id: String,
    /// What people call it.
    pub title: String,
    /// Why it is recommended, one sentence each.
    pub because: Vec<String>,
}
