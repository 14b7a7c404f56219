//! What goes over the wire about recipes.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Map, Value, value::RawValue};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};
use uuid::Uuid;

use super::{
    document::{Category, Draft, Recipe, Requires},
    record::{AsItWas, Filters, Found, Line, Origin, VersionRow},
};
use crate::{
    http::{Code, Limit, Problem, read_json, schema::verbatim},
    loadtest::secret::Secret,
    runs::{HistoryItem, Usage},
};

/// Which recipes are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RecipeQuery {
    /// Most recipes of the page.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Where the page goes on: `next_cursor` of the one before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Only those that are for this.
    #[param(inline)]
    pub category: Option<Category>,
    /// Only those with this tag.
    #[param(pattern = "^[a-z0-9][a-z0-9-]{0,39}$", example = "checkout")]
    pub tag: Option<String>,
    /// Only built-in ones, or only those that people have written.
    pub built_in: Option<bool>,
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RecipeSearch {
    /// Words, or beginnings of words, that all occur in it: in its title, tags or text.
    #[param(min_length = 1, max_length = 200, example = "checkout spike")]
    pub q: String,
    /// Most recipes.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// Only those that are for this.
    #[param(inline)]
    pub category: Option<Category>,
    /// Only those with this tag.
    #[param(pattern = "^[a-z0-9][a-z0-9-]{0,39}$")]
    pub tag: Option<String>,
    /// Only built-in ones, or only those that people have written.
    pub built_in: Option<bool>,
}

/// A recipe, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipeItem {
    /// Id: a name for built-in ones, else a UUID.
    #[schema(example = "checkout")]
    pub id: String,
    /// Whether it is part of MAID, and stays as it is.
    pub built_in: bool,
    /// What people call it.
    #[schema(example = "Shop checkout")]
    pub title: String,
    /// What it does and when to take it.
    pub summary: String,
    /// What it is for.
    pub category: Category,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What it needs that the engine does not speak yet; such a recipe cannot be run.
    pub requires: Option<Requires>,
    /// Id of the user who has made it.
    pub owner: Option<String>,
    /// Counts its changes.
    pub version: Option<i64>,
    /// When it was changed, RFC 3339.
    #[schema(format = DateTime)]
    pub updated_at: Option<String>,
}

/// A recipe as it is sent: all that it says, or `{"text": …}`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct RecipeInput(Box<RawValue>);

/// Tells a text from all that a recipe says.
#[derive(Deserialize)]
struct Form {
    text: Option<IgnoredAny>,
}

/// A recipe as it is written in a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "title: Front page\nsummary: People look at the front page.\ncategory: web\n\
    # As many as come in the morning.\nloadtest: {version: 1, name: Front page, …}\n"}))]
pub struct RecipeText {
    /// YAML or JSON. It is kept as it is, with its comments and its order, and problems have lines.
    #[schema(min_length = 1, max_length = 10_000_000)]
    pub text: String,
}

/// A recipe.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipeView {
    /// As lists show it.
    #[serde(flatten)]
    pub item: RecipeItem,
    /// The recipe that it was made from.
    pub cloned_from: Option<String>,
    /// How often it was run.
    pub usage: Usage,
    /// All that it says.
    pub recipe: Recipe,
    /// How it was written, in YAML or JSON, with its comments; none where a program has made it.
    pub text: Option<String>,
}

/// A recipe that was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stored {
    /// Id.
    pub id: Uuid,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

/// What a copy is called.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyRequest {
    /// Its title; without it, that of the recipe with ` (copy)` behind it.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
}

/// A version of a recipe.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionItem {
    /// Its number.
    #[schema(example = 3)]
    pub version: i64,
    /// Id of the user who has made it.
    pub author: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// A recipe as it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// Which version.
    #[serde(flatten)]
    pub item: VersionItem,
    /// All that it said.
    pub recipe: Recipe,
    /// How it was written; none where a program has made it.
    pub text: Option<String>,
}

/// How a recipe is to be run.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"parameters": {"host": "http://127.0.0.1:43180", "users": 20}}))]
pub struct RunRequest {
    /// Values of its parameters.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub parameters: Map<String, Value>,
    /// Whether it waits for its turn where a run is active. Secrets are kept nowhere, so a run with any
    /// cannot wait.
    pub queue: bool,
    /// What is written down about the run.
    #[schema(max_length = 10_000)]
    pub notes: Option<String>,
    /// Values that the test may read with `${env:NAME}`; kept nowhere.
    #[schema(write_only, value_type = BTreeMap<String, String>)]
    pub env: BTreeMap<String, Secret>,
}

/// Results of one recipe over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipeResults {
    /// Its runs, the newest first.
    pub items: Vec<HistoryItem>,
    /// How the newest finished run stands to those before it; none where there is nothing to compare with.
    pub trend: Option<Trend>,
}

/// How the newest run stands to those before it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Trend {
    /// The newest run that finished.
    pub run_id: Uuid,
    /// How many earlier runs it is compared with.
    pub earlier: usize,
    /// One line for each measure.
    pub measures: Vec<TrendLine>,
}

/// One measure of the newest run beside the earlier ones.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct TrendLine {
    /// Which measure, with its unit.
    #[schema(example = "p95_ms")]
    pub measure: &'static str,
    /// In the newest run.
    pub newest: f64,
    /// Median of the earlier runs.
    pub earlier: f64,
    /// The least of the earlier runs.
    pub earlier_min: f64,
    /// The most of the earlier runs.
    pub earlier_max: f64,
    /// By how much the newest is more, in percent; none where the earlier ones are 0.
    pub change_percent: Option<f64>,
}

impl RecipeQuery {
    /// Which recipes are wanted.
    pub fn filters(&self) -> Filters {
        Filters { category: self.category, tag: self.tag.clone(), built_in: self.built_in }
    }

    /// That the tag is one.
    pub fn checked(self) -> Result<Self, Problem> {
        tag(self.tag.as_deref())?;
        Ok(self)
    }
}

impl RecipeSearch {
    /// Which recipes are wanted.
    pub fn filters(&self) -> Result<Filters, Problem> {
        tag(self.tag.as_deref())?;
        Ok(Filters { category: self.category, tag: self.tag.clone(), built_in: self.built_in })
    }
}

fn tag(tag: Option<&str>) -> Result<(), Problem> {
    if tag.is_none_or(super::document::is_tag) {
        return Ok(());
    }
    Err(Problem::new(Code::BadQuery, "tag: must be 1 to 40 small letters, digits and `-`"))
}

impl RecipeInput {
    /// What is to be checked, or stored.
    ///
    /// # Errors
    /// It is neither a recipe nor a text.
    pub fn into_draft(self) -> Result<Draft, Problem> {
        let sent = self.0.get();
        let is_text = serde_json::from_str(sent).is_ok_and(|Form { text }| text.is_some());
        if is_text {
            return Ok(Draft::Written(read_json::<RecipeText>(sent.as_bytes())?.text));
        }
        Ok(Draft::Made(Box::new(read_json(sent.as_bytes())?)))
    }
}

impl PartialSchema for RecipeInput {
    fn schema() -> RefOr<Schema> {
        verbatim(serde_json::json!({
            "description": "A recipe, or its text.",
            "oneOf": [{"$ref": "#/components/schemas/Recipe"}, {"$ref": "#/components/schemas/RecipeText"}],
        }))
    }
}

impl ToSchema for RecipeInput {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("RecipeInput")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("Recipe".to_owned(), Recipe::schema()));
        schemas.push(("RecipeText".to_owned(), RecipeText::schema()));
        Recipe::schemas(schemas);
    }
}

impl From<Line> for RecipeItem {
    fn from(line: Line) -> Self {
        let (owner, version, updated_at) = match line.origin {
            Origin::BuiltIn => (None, None, None),
            Origin::Written { owner, version, updated_at } => {
                (Some(owner), Some(version), Some(format!("{updated_at:.3}")))
            }
        };
        Self {
            built_in: owner.is_none(),
            id: line.id,
            title: line.title,
            summary: line.summary,
            category: line.category,
            tags: line.tags,
            requires: line.requires,
            owner,
            version,
            updated_at,
        }
    }
}

impl RecipeView {
    /// A recipe with how often it was run.
    pub fn new(found: &Found, usage: Usage) -> Self {
        let cloned_from = match found {
            Found::BuiltIn(_) => None,
            Found::Written(row) => row.cloned_from.clone(),
        };
        let text = found.text().map(str::to_owned);
        Self { item: found.line().into(), cloned_from, usage, recipe: found.recipe().clone(), text }
    }
}

impl From<VersionRow> for VersionItem {
    fn from(row: VersionRow) -> Self {
        Self { version: row.version, author: row.author, created_at: format!("{:.3}", row.created_at) }
    }
}

impl From<AsItWas> for VersionView {
    fn from(AsItWas { version, recipe, text }: AsItWas) -> Self {
        Self { item: version.into(), recipe, text }
    }
}

impl RecipeResults {
    /// Of runs of one recipe, the newest first.
    pub fn of(items: Vec<HistoryItem>) -> Self {
        Self { trend: trend(&items), items }
    }
}

fn trend(items: &[HistoryItem]) -> Option<Trend> {
    type Measure = (&'static str, fn(&HistoryItem) -> Option<f64>);
    const MEASURES: [Measure; 4] = [
        ("p95_ms", |run| run.p95_ms),
        ("p99_ms", |run| run.p99_ms),
        ("rps", |run| run.rps),
        ("error_rate_percent", |run| {
            #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
            (run.requests > 0).then(|| 100.0 * run.failures as f64 / run.requests as f64)
        }),
    ];
    let mut finished = items.iter().filter(|run| run.status.is_over() && run.requests > 0);
    let newest = finished.next()?;
    let earlier: Vec<&HistoryItem> = finished.collect();
    if earlier.is_empty() {
        return None;
    }
    let line = |(measure, of): &Measure| {
        let now = of(newest)?;
        let mut before: Vec<f64> = earlier.iter().filter_map(|run| of(run)).collect();
        before.sort_by(f64::total_cmp);
        let (middle, least, most) = (median(&before)?, *before.first()?, *before.last()?);
        let change_percent = (middle > 0.0).then(|| 100.0 * (now - middle) / middle);
        Some(TrendLine {
            measure,
            newest: now,
            earlier: middle,
            earlier_min: least,
            earlier_max: most,
            change_percent,
        })
    };
    let measures = MEASURES.iter().filter_map(line).collect();
    Some(Trend { run_id: newest.run_id, earlier: earlier.len(), measures })
}

/// Of values in their order.
fn median(values: &[f64]) -> Option<f64> {
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}
