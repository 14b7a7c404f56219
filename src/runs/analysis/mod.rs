//! What was found in a run, with the earlier runs of the same test that the history knows.

mod store;

use std::time::Duration;

use tokio::{task, time};
use uuid::Uuid;

use super::store::{Store, StoreError};
use crate::{
    analyst::{self, MOST_EARLIER},
    engine::outcome::Outcome,
};

/// How long the history may take to find the earlier runs. A run is
/// stored a moment later for it, and its end is not held up by its past.
const PATIENCE: Duration = Duration::from_secs(1);

/// Earlier runs that are looked at, to find those that had the same load on the same hosts.
const LOOKED_AT: u64 = 12;

/// `outcome` with what was found in it. Where the history does not answer in time, it is not compared with
/// earlier runs, and says so.
pub async fn analysed(store: &Store, tenant: &str, recipe_id: Option<&str>, mut outcome: Outcome) -> Outcome {
    let earlier = time::timeout(PATIENCE, earlier(store, tenant, recipe_id, &outcome)).await;
    let (earlier, missing) = match earlier {
        Ok(Ok(earlier)) => (earlier, false),
        Ok(Err(_)) | Err(_) => (Vec::new(), true),
    };
    let spare = outcome.clone();
    let found = task::spawn_blocking(move || {
        let mut analysis = analyst::analyse(&outcome, &earlier);
        if missing {
            analysis.not_judged.push(
                "The history did not answer, so the run was not compared with earlier ones.".to_owned(),
            );
        }
        outcome.analysis = Some(analysis);
        outcome
    });
    match found.await {
        Ok(outcome) => outcome,
        Err(error) => {
            let run_id = &spare.summary.run_id;
            tracing::error!(%run_id, %error, "run {run_id}: looking for what it shows broke off: {error}");
            spare
        }
    }
}

/// Earlier runs of the same test: of the same recipe, else of the same name, with the same hosts and load.
async fn earlier(
    store: &Store,
    tenant: &str,
    recipe_id: Option<&str>,
    outcome: &Outcome,
) -> Result<Vec<Outcome>, StoreError> {
    let Ok(id) = outcome.summary.run_id.parse::<Uuid>() else { return Ok(Vec::new()) };
    let mut earlier = Vec::new();
    let mut others = Vec::new();
    for id in store.earlier(tenant, recipe_id, &outcome.name, id, LOOKED_AT).await? {
        let Some(before) = store.outcome(tenant, id).await? else { continue };
        if analyst::comparable(&before, outcome) {
            earlier.push(before);
        } else if others.is_empty() {
            others.push(before);
        }
        if earlier.len() >= MOST_EARLIER {
            break;
        }
    }
    // One that cannot be compared is enough to say why nothing was.
    Ok(if earlier.is_empty() { others } else { earlier })
}
