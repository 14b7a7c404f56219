//! Links on the wire.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::{
    content::Resolved,
    error::DeeplinkError,
    link::{self, Content, LONGEST, Link},
    record::{ContentKind, Line, LinkRow, State},
    service::Looked,
};
use crate::{
    convert::yaml,
    engine::plan::LoadPlan,
    http::{Limit, moment, schema::LoadTestInput},
    loadtest::{parse, parse::Document, types::LoadTest, valid::ValidLoadTest},
    recipes::document::Recipe,
    reports::words,
    runs::{document_of, launch::Unfit},
};

/// Most names of requests that are shown.
const MOST_REQUESTS: usize = 20;

/// What a link or a preset is to lead to.
#[derive(Debug, Default)]
pub struct What {
    /// A LoadTest, as an object or as text.
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe.
    pub recipe_id: Option<String>,
    /// Values of its parameters.
    pub parameters: Option<BTreeMap<String, Value>>,
    /// A preset.
    pub preset: Option<String>,
}

impl What {
    /// The one thing that is given.
    ///
    /// # Errors
    /// There is not exactly one, or the LoadTest is not even a document.
    pub fn content(self) -> Result<Content, DeeplinkError> {
        let wrong = |path, message: &str| Err(DeeplinkError::Field { path, message: message.to_owned() });
        if self.parameters.is_some() && self.recipe_id.is_none() {
            return wrong("parameters", "are those of a recipe: give `recipe_id` too, or leave them out");
        }
        match (self.loadtest, self.recipe_id, self.preset) {
            (Some(loadtest), None, None) => {
                let document = parse::parse(&document_of(&loadtest), "loadtest").map_err(Unfit::from)?;
                Ok(Content::Loadtest(document.value().clone()))
            }
            (None, Some(id), None) => {
                let parameters = self.parameters.unwrap_or_default().into_iter().collect();
                Ok(Content::Recipe { id, parameters })
            }
            (None, None, Some(name)) => Ok(Content::Preset(name)),
            (None, None, None) => wrong("loadtest", "is missing: say what it leads to"),
            _ => wrong("loadtest", "say one thing that it leads to, not several"),
        }
    }
}

/// A link that is asked for: exactly one of `loadtest`, `recipe_id` and `preset`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = NewDeeplink, example = json!({
    "recipe_id": "smoke", "parameters": {"host": "http://127.0.0.1:43180"}, "max_uses": 10
}))]
pub struct NewLink {
    /// A LoadTest, as an object, or as YAML or JSON text. It holds no secrets: those are `${env:NAME}`, and
    /// whoever runs it gives them.
    #[schema(value_type = Option<LoadTestInput>)]
    pub loadtest: Option<Box<RawValue>>,
    /// A recipe of the library.
    pub recipe_id: Option<String>,
    /// Values of some of the recipe's parameters. Whoever runs it may give the others, and has to give secrets.
    pub parameters: Option<BTreeMap<String, Value>>,
    /// A preset: the link leads to what it says when the link is opened.
    #[schema(max_length = 64)]
    pub preset: Option<String>,
    /// What people call it; without it, as the test or the recipe.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// When it ends, RFC 3339, at most in 366 days; without it in 30.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// How many runs may start from it; without it any number.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub max_uses: Option<u64>,
}

impl NewLink {
    /// What it is to lead to.
    pub fn what(&mut self) -> What {
        What {
            loadtest: self.loadtest.take(),
            recipe_id: self.recipe_id.take(),
            parameters: self.parameters.take(),
            preset: self.preset.take(),
        }
    }
}

/// A link that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeeplinkMade)]
pub struct Made {
    /// Id.
    #[schema(example = "k3Jd92LmQx0a")]
    pub id: String,
    /// The link. It holds what it leads to, signed, where that is short enough for a link; else it is
    /// `short_url`.
    pub url: String,
    /// The link by its id alone.
    #[schema(example = "https://maid.example.com/maid/run?link=k3Jd92LmQx0a")]
    pub short_url: String,
    /// The short link for `maid run`; none where `maid://` would stand for another address.
    #[schema(example = "maid://maid.example.com/maid/run?link=k3Jd92LmQx0a")]
    pub maid_url: Option<String>,
    /// Where its QR code is.
    #[schema(example = "/api/maid/deeplinks/k3Jd92LmQx0a/qrcode")]
    pub qrcode: String,
    /// What people call it.
    pub title: String,
    /// When it ends, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// How many runs may start from it.
    pub max_uses: Option<u64>,
}

impl Made {
    /// The link `row`, which `carrying` carries, at the server `base`.
    pub fn new(row: &LinkRow, carrying: Option<&Link>, base: &Url) -> Self {
        let line = &row.line;
        let short = Link::short(&line.id).at(base);
        let whole = carrying.map(|link| link.at(base).to_string()).filter(|url| url.len() <= LONGEST);
        Self {
            id: line.id.clone(),
            url: whole.unwrap_or_else(|| short.to_string()),
            maid_url: link::as_maid(&short),
            short_url: short.to_string(),
            qrcode: format!("/api/maid/deeplinks/{}/qrcode", line.id),
            title: line.title.clone(),
            expires_at: line.expires_at,
            max_uses: line.max_uses,
        }
    }
}

/// A link, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeeplinkItem)]
pub struct LinkItem {
    /// Id.
    #[schema(example = "k3Jd92LmQx0a")]
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it leads to.
    pub kind: ContentKind,
    /// Whether it can be followed.
    pub state: State,
    /// Id of the user who has made it.
    pub owner: String,
    /// When it was made, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was made invalid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// How many runs may start from it.
    pub max_uses: Option<u64>,
    /// How many have.
    pub uses: u64,
}

impl LinkItem {
    /// The link of `line` as it is at `now`.
    pub fn new(line: Line, now: Timestamp) -> Self {
        Self {
            state: line.state(now),
            id: line.id,
            title: line.title,
            kind: line.kind,
            owner: line.owner,
            created_at: line.created_at,
            expires_at: line.expires_at,
            revoked_at: line.revoked_at,
            max_uses: line.max_uses,
            uses: line.uses,
        }
    }
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deeplink)]
pub struct LinkView {
    /// As lists show it.
    #[serde(flatten)]
    pub item: LinkItem,
    /// The link by its id alone.
    pub short_url: String,
    /// What it leads to: an object with one of `loadtest`, `recipe` and `preset`.
    #[schema(value_type = Object)]
    pub content: Content,
}

/// Which links a list shows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<State>,
    /// Most links of the page.
    #[param(inline)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[param(min_length = 1, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
}

/// What a QR code is to look like.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CodeQuery {
    /// `svg`, sharp at every size, or `png`.
    #[param(inline)]
    pub format: CodeFormat,
    /// Width and height of a PNG at least, in pixels.
    #[param(minimum = 64, maximum = 2048, default = 512)]
    pub size: Option<u32>,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = QrCodeFormat)]
pub enum CodeFormat {
    /// SVG.
    #[default]
    Svg,
    /// PNG.
    Png,
}

/// That a link's test is run elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Redeeming, example = json!({"deeplink": "k3Jd92LmQx0a"}))]
pub struct Redeem {
    /// The link, or its id.
    #[schema(max_length = 8000)]
    pub deeplink: String,
    /// `digest` of what was looked at.
    #[serde(default)]
    pub seen: Option<String>,
}

/// What a link leads to, filled in as far as it is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeeplinkOpened {
    /// Id of the link.
    #[schema(example = "k3Jd92LmQx0a")]
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it leads to.
    pub kind: ContentKind,
    /// Id of the user who has made it.
    pub owner: String,
    /// What people call them, where they are still there.
    pub owner_name: Option<String>,
    /// When it was made, RFC 3339.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// How many runs may start from it.
    pub max_uses: Option<u64>,
    /// How many may still.
    pub uses_left: Option<u64>,
    /// The preset that it names.
    pub preset: Option<String>,
    /// The recipe that it leads to.
    pub recipe_id: Option<String>,
    /// What that says.
    pub recipe: Option<Recipe>,
    /// Values of the recipe's parameters that the link gives; they stay as they are.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub parameters: Map<String, Value>,
    /// Parameters that it leaves open: whoever runs it may give them.
    pub open_parameters: Vec<String>,
    /// Those of them that have to be given.
    pub missing: Vec<String>,
    /// Variables of the environment that have to be given, as `env`.
    pub env: Vec<String>,
    /// The LoadTest; that of a recipe with defaults and examples for what is open, and secrets masked.
    #[schema(value_type = Object)]
    pub loadtest: Value,
    /// The same as people read it.
    pub yaml: Option<String>,
    /// The same in a few words.
    pub summary: TestSummary,
    /// Whether whoever asks may start runs.
    pub may_run: bool,
    /// Stands for all of it: sent as `seen` with the start, what runs is what was looked at.
    pub digest: String,
}

/// A LoadTest in a few words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeeplinkTestSummary)]
pub struct TestSummary {
    /// Its name.
    pub name: String,
    /// Where it sends its requests.
    #[schema(example = json!(["http://127.0.0.1:43180"]))]
    pub targets: Vec<String>,
    /// Its load.
    #[schema(example = "50 users, for 30s")]
    pub load: String,
    /// Most users at once.
    pub users: Option<u32>,
    /// How long it takes, in seconds, where that is known beforehand.
    pub duration_s: Option<f64>,
    /// Names of its requests, the first of them.
    pub requests: Vec<String>,
    /// How many there are besides.
    pub requests_more: usize,
    /// What has to hold for it to pass.
    pub thresholds: Vec<String>,
}

impl DeeplinkOpened {
    /// What was looked at, by somebody who may start runs or not.
    pub(super) fn new(looked: Looked, owner_name: Option<String>, may_run: bool) -> Self {
        let Looked { line, preset, resolved, test, env } = looked;
        let names = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        let open = names(resolved.open().map(|one| one.name.as_str()).collect());
        let missing = names(resolved.missing().map(|one| one.name.as_str()).collect());
        let digest = resolved.digest();
        // A link's own test holds no secret, which names of users would be taken for.
        let loadtest = match &resolved {
            Resolved::Loadtest(document) => document.value().clone(),
            Resolved::Recipe { .. } => test.frozen(),
        };
        let (recipe_id, recipe, parameters) = match resolved {
            Resolved::Loadtest(_) => (None, None, Map::new()),
            Resolved::Recipe { id, recipe, parameters } => (Some(id), Some(recipe.into_recipe()), parameters),
        };
        // What a number is read from stands there as `${env:NAME}`, which only the whole document can say.
        let typed = Document::from_value(loadtest.clone(), "loadtest").read::<LoadTest>();
        Self {
            uses_left: line.uses_left(),
            id: line.id,
            title: line.title,
            kind: line.kind,
            owner: line.owner,
            owner_name,
            created_at: line.created_at,
            expires_at: line.expires_at,
            max_uses: line.max_uses,
            preset,
            recipe_id,
            recipe,
            parameters,
            open_parameters: open,
            missing,
            env,
            yaml: typed.ok().map(|typed| yaml::write(&typed)),
            summary: TestSummary::of(&test, &loadtest),
            loadtest,
            may_run,
            digest,
        }
    }
}

impl TestSummary {
    /// Of `test`, whose texts are shown as `frozen` has them: one may be filled in with a secret.
    fn of(test: &ValidLoadTest, frozen: &Value) -> Self {
        let texts = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let plan = LoadPlan::of(&test.loadtest().load);
        // What is sent once for each user is sent as well.
        let transactions = ["on_start", "transactions", "on_stop"]
            .into_iter()
            .flat_map(|part| inner(&frozen["scenarios"], part));
        let requests: Vec<&Value> =
            transactions.flat_map(|transaction| inner(transaction, "requests")).collect();
        Self {
            name: frozen["name"].as_str().unwrap_or_default().to_owned(),
            targets: texts(&frozen["target"]["hosts"]),
            load: words::load(test.loadtest()),
            users: plan.as_ref().map(|plan| plan.users_max),
            duration_s: plan.as_ref().and_then(duration),
            requests: requests.iter().copied().take(MOST_REQUESTS).map(named).collect(),
            requests_more: requests.len().saturating_sub(MOST_REQUESTS),
            thresholds: texts(&frozen["thresholds"]),
        }
    }
}

/// What is in the lists `key` of all that `list` holds, or of one thing that is no list.
fn inner<'a>(list: &'a Value, key: &'static str) -> impl Iterator<Item = &'a Value> {
    let all = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
    all.iter().filter_map(move |one| one[key].as_array()).flatten()
}

/// What the metrics of a request are kept under.
fn named(request: &Value) -> String {
    let text = |key: &str| request[key].as_str();
    let method = text("method").unwrap_or(if request.get("body").is_some() { "POST" } else { "GET" });
    let name = text("name").map(str::to_owned);
    name.unwrap_or_else(|| format!("{method} {}", text("path").unwrap_or_default()))
}

fn duration(plan: &LoadPlan) -> Option<f64> {
    let phases =
        plan.phases.as_ref().map(|phases| phases.iter().map(|(_, length)| length.as_secs_f64()).sum());
    phases.or_else(|| plan.run_time.map(|time| time.as_secs_f64()))
}
