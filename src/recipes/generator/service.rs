//! What helps with writing a test.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value};
use tokio::task;
use uuid::Uuid;

use super::{
    error::RefusedProbe,
    suggest::{Earlier, Suggestion, suggest},
};
use crate::{
    auth::Principal,
    config::Config,
    engine::probe::{self, Probed},
    http::Problem,
    loadtest::{parse, place::Path, problem::Problems, secret::Secret, valid::ValidLoadTest},
    recipes::{
        self,
        advice::{Advice, advice},
        record::Found,
        service::{Recipes, Wanted, whole},
    },
    runs::{
        RunError, Runs,
        launch::{self, Unfit, Wishes},
    },
};

/// Earlier runs that are looked at.
const RUNS: u32 = 20;

/// What is looked at.
#[derive(Debug)]
pub(super) enum Draft {
    /// A recipe, as text.
    Recipe(String),
    /// A LoadTest, as text.
    LoadTest(String),
}

/// All that is wrong with a draft, or all that could be better. Reads the files that it names.
pub(super) async fn inspect(
    draft: Draft,
    env: BTreeMap<String, Secret>,
    config: Arc<Config>,
) -> Result<Result<Vec<Advice>, Problems>, RunError> {
    let inspected = task::spawn_blocking(move || match draft {
        Draft::LoadTest(text) => match valid(&text, env, &config) {
            Ok(test) => Ok(Ok(advice(test.loadtest()))),
            Err(Unfit::Document(problems)) => Ok(Err(problems)),
            Err(other) => Err(RunError::from(other)),
        },
        // As it is checked when it is stored.
        Draft::Recipe(text) => Ok(whole(&recipes::document::Draft::Written(text), env, &config)
            .map(|(_, test)| test.map(of_recipe).unwrap_or_default())),
    });
    inspected.await.map_err(RunError::defect)?
}

/// What is to be said of the LoadTest of a recipe, with its places in the recipe.
fn of_recipe(test: ValidLoadTest) -> Vec<Advice> {
    let loadtest = Path::root().key("loadtest");
    let place = |advice: Advice| Advice { path: format!("{loadtest}.{}", advice.path), ..advice };
    advice(test.loadtest()).into_iter().map(place).collect()
}

fn valid(text: &str, env: BTreeMap<String, Secret>, config: &Config) -> Result<ValidLoadTest, Unfit> {
    let origin = launch::over_the_api(&config.server.files_dir, env);
    launch::valid(parse::parse(text, "loadtest")?, origin, &config.load)
}

/// A recipe, and what its earlier runs have shown.
#[derive(Debug)]
pub(super) struct Past {
    recipe: Found,
    runs: Vec<Earlier>,
}

/// The earlier runs of a recipe that say something.
pub(super) async fn earlier(
    (recipes, runs): (&Recipes, &Runs),
    principal: &Principal,
    recipe_id: &str,
) -> Result<Past, Problem> {
    let found = recipes.get(principal, recipe_id).await?;
    let mut earlier = Vec::new();
    for row in runs.of_recipe(principal, &found.id(), RUNS).await? {
        if row.status.is_over() && row.requests > 0 {
            let run = runs.get(principal, row.id).await?;
            let hosts = run.config["target"]["hosts"].as_array().into_iter().flatten();
            // What was asked for: users of a short test may be over before the last one begins.
            let asked = run.config["load"]["users"].as_u64().and_then(|users| u32::try_from(users).ok());
            earlier.push(Earlier {
                hosts: hosts.filter_map(Value::as_str).map(str::to_owned).collect(),
                passed: row.passed == Some(true),
                users_max: asked.or(row.users_max).unwrap_or_default(),
                rps: row.rps.unwrap_or_default(),
                p95_ms: row.p95_ms.unwrap_or_default(),
                p99_ms: row.p99_ms.unwrap_or_default(),
            });
        }
    }
    Ok(Past { recipe: found, runs: earlier })
}

/// Values for the parameters of a recipe.
pub(super) fn suggestions(past: &Past, host: Option<&str>, seen: Option<&Probed>) -> Vec<Suggestion> {
    suggest(past.recipe.recipe(), host, &past.runs, seen)
}

/// Sends a few of a recipe's requests to its target. Answers which target that was, and what was seen.
pub(super) async fn probe(
    (recipes, runs): (&Recipes, &Runs),
    principal: &Principal,
    id: String,
    parameters: Map<String, Value>,
) -> Result<(String, Probed), RefusedProbe> {
    let context = runs.context();
    let turn = recipes.probing().try_acquire_owned().map_err(|_| RefusedProbe::Busy)?;
    if context.slot.active().is_some() {
        return Err(RefusedProbe::RunActive);
    }
    let prepared = recipes.prepare(principal, &Wanted { id, parameters }).await?;
    let (config, slot) = (context.config(), context.slot.clone());
    let wishes =
        Wishes { own: context.own(), allowance: Arc::clone(&principal.allowance), ..Wishes::default() };
    let probed = context.runtime.spawn(async move {
        // It ends with the probe, also where whoever asked has gone.
        let _turn = turn;
        let checked = {
            let config = Arc::clone(&config);
            task::spawn_blocking(move || valid(&prepared.document, prepared.env, &config))
        };
        let test = checked.await.map_err(|error| RefusedProbe::Defect(error.to_string()))??;
        let settings = launch::settings(Uuid::nil(), &test, &config.load, wishes)?;
        let policy = (*settings.policy).clone();
        // A run that begins meanwhile has the target for itself.
        let seen = probe::probe(&test, policy, || slot.active().is_none()).await?;
        let host = test.loadtest().target.hosts.first().cloned().unwrap_or_default();
        Ok::<_, RefusedProbe>((host, seen))
    });
    probed.await.map_err(|error| RefusedProbe::Defect(error.to_string()))?
}
