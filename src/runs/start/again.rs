//! The test of an earlier run, to run it again.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::Found;
use crate::{
    auth::Principal,
    loadtest::{
        place::Path,
        problem::{Problem, Problems},
        secret::MASK,
    },
    runs::{active::Context, error::RunError, launch::Unfit},
};

/// Why a test cannot be run as it was stored.
const HIDDEN: &str = "was a secret, which is kept nowhere: send the test itself as `loadtest`, and read the secret with \
                      ${env:NAME}";

/// Finds the LoadTest of run `id` as it was stored, and the recipe that it came from, which has secrets of its own.
///
/// # Errors
/// There is no such run, or there was a secret in its test.
pub(super) async fn find(context: &Context, principal: &Principal, id: Uuid) -> Result<Found, RunError> {
    let run = context.store.get(&principal.tenant_id, id).await?.ok_or(RunError::NotFound(id))?;
    let mut hidden = Problems::none("run_id");
    masked(&run.config, &Path::root(), &mut |path| hidden.push(Problem::new(path, None, HIDDEN)));
    if !hidden.is_empty() {
        return Err(Unfit::from(hidden).into());
    }
    // A recipe that is gone or has changed says nothing of them; what is missing then is told by its place.
    let env = match &run.row.recipe_id {
        Some(recipe) => context.recipes.runnable(principal, recipe).await.map(|recipe| recipe.own_secrets()),
        None => Ok(BTreeMap::new()),
    };
    Ok(Found {
        document: run.config.to_string(),
        env: env.unwrap_or_default(),
        recipe_id: run.row.recipe_id,
        deeplink: None,
    })
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
