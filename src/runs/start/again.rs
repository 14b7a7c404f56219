//! The test of an earlier run, to run it again.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Found;
use crate::{
    auth::Principal,
    loadtest::{
        place::Path,
        problem::{Problem, Problems},
        secret::{MASK, Secret},
    },
    recipes::HOST,
    runs::{active::Context, error::RunError, launch::Unfit, record::StoredRun},
};

/// Why a test cannot be run as it was stored.
const HIDDEN: &str = "was a secret, which is kept nowhere: send the test itself as `loadtest`, and read the secret with \
                      ${env:NAME}";

/// Finds the LoadTest of run `id` as it was stored, and the recipe that it came from. Where the run was given no
/// secrets but those of that, and none is `given` now, it is given them again.
///
/// # Errors
/// There is no such run, there was a secret in its test, or the database does not answer.
pub(super) async fn find(
    context: &Context,
    principal: &Principal,
    id: Uuid,
    given: &BTreeMap<String, Secret>,
) -> Result<Found, RunError> {
    let run = context.store.get(&principal.tenant_id, id).await?.ok_or(RunError::NotFound(id))?;
    let mut hidden = Problems::none("run_id");
    masked(&run.config, &Path::root(), &mut |path| hidden.push(Problem::new(path, None, HIDDEN)));
    if !hidden.is_empty() {
        return Err(Unfit::from(hidden).into());
    }
    let mut env = own_secrets(context, principal, &run).await?;
    env.retain(|name, _| !given.contains_key(name));
    Ok(Found {
        document: run.config.to_string(),
        env,
        own_secrets: run.own_secrets,
        recipe_id: run.row.recipe_id,
        deeplink: None,
    })
}

/// The secrets of its recipe, where they are those that it had. The demo shop is there as well.
async fn own_secrets(
    context: &Context,
    principal: &Principal,
    run: &StoredRun,
) -> Result<BTreeMap<String, Secret>, RunError> {
    let Some(recipe) = &run.row.recipe_id else { return Ok(BTreeMap::new()) };
    let host = run.config["target"]["hosts"][0].clone();
    let host = Map::from_iter([(HOST.to_owned(), host)]);
    context.recipes.at_the_shop(recipe, &host, &mut Map::new()).await?;
    match run.own_secrets {
        true => Ok(context.recipes.own_secrets(&principal.tenant_id, recipe, run.row.created_at).await?),
        false => Ok(BTreeMap::new()),
    }
}

/// Calls `found` for each text that has a mask in it. One that was written like this cannot be told from a secret.
fn masked(value: &Value, path: &Path, found: &mut impl FnMut(&Path)) {
    match value {
        Value::String(text) if text.contains(MASK) => found(path),
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(at, entry)| masked(entry, &path.index(at), found));
        }
        Value::Object(keys) => keys.iter().for_each(|(key, value)| masked(value, &path.key(key), found)),
        _ => {}
    }
}
