//! Recipes that are about to be run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::task;

use super::{
    document::Checked,
    error::RecipeError,
    record::Found,
    service::{NAME, Recipes, Wanted, broken},
};
use crate::{auth::Principal, demo::AtHand, loadtest::secret::Secret};

/// The recipe that is for the demo shop.
const QUICKSTART: &str = "quickstart";

/// Its parameter for where that is.
pub const HOST: &str = "host";

/// A recipe with values for its parameters, ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// The LoadTest, as text.
    pub document: String,
    /// Secrets that it reads from the environment.
    pub env: BTreeMap<String, Secret>,
    /// Whether they are all those that the recipe has itself.
    pub own_secrets: bool,
}

impl Recipes {
    /// Fills a recipe in.
    ///
    /// # Errors
    /// There is none, the engine does not speak what it needs, or values are missing or wrong.
    pub async fn prepare(&self, principal: &Principal, wanted: &Wanted) -> Result<Prepared, RecipeError> {
        let checked = self.runnable(principal, &wanted.id).await?;
        let filled = checked.fill(&wanted.parameters).map_err(RecipeError::Values)?;
        let own_secrets = !checked.has_secret_of(&wanted.parameters);
        Ok(Prepared { document: filled.document.value().to_string(), env: filled.env, own_secrets })
    }

    /// A recipe with its values, about to be run.
    ///
    /// # Errors
    /// There is none, or its values are wrong.
    pub async fn about_to_run(
        &self,
        principal: &Principal,
        mut wanted: Wanted,
    ) -> Result<Prepared, RecipeError> {
        self.at_the_shop(&wanted.id, &Map::new(), &mut wanted.parameters).await?;
        self.prepare(principal, &wanted).await
    }

    /// Gives the recipe that is for the demo shop the place of that, where neither `fixed` nor `given` names one: not
    /// whatever else listens where it is most often. It is started where it was not, and also for who names the place
    /// where it would be.
    ///
    /// # Errors
    /// The server is about to end.
    pub async fn at_the_shop(
        &self,
        id: &str,
        fixed: &Map<String, Value>,
        given: &mut Map<String, Value>,
    ) -> Result<(), RecipeError> {
        let named = fixed.get(HOST).or_else(|| given.get(HOST));
        if id != QUICKSTART || named.is_some_and(|host| *host != AtHand::liked()) {
            return Ok(());
        }
        let shop = self.shop.clone();
        match task::spawn_blocking(move || shop.url()).await.map_err(broken)? {
            Ok(url) if named.is_none() => drop(given.insert(HOST.to_owned(), url.into())),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the demo shop cannot be started: {error}"),
        }
        Ok(())
    }

    /// Secrets that the recipe `id` has itself and had already at `as_of`: none of one that was changed since then, or
    /// is gone.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn own_secrets(
        &self,
        tenant: &str,
        id: &str,
        as_of: Timestamp,
    ) -> Result<BTreeMap<String, Secret>, RecipeError> {
        match self.found(tenant, id).await {
            Ok(Found::BuiltIn(recipe)) => Ok(recipe.checked.own_secrets()),
            Ok(Found::Written(row)) if row.updated_at <= as_of => {
                let recipe = row.recipe.check(NAME).map_err(RecipeError::Wrong)?;
                Ok(recipe.own_secrets())
            }
            Ok(Found::Written(_)) | Err(RecipeError::NotFound(_)) => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    /// A recipe that only wants values to be run.
    ///
    /// # Errors
    /// There is none, or the engine does not speak what it needs.
    pub async fn runnable(&self, principal: &Principal, id: &str) -> Result<Checked, RecipeError> {
        let found = self.get(principal, id).await?;
        if let Some(requires) = found.recipe().requires {
            return Err(RecipeError::Requires(requires));
        }
        match found {
            Found::BuiltIn(built_in) => Ok(built_in.checked.clone()),
            // It was right when it was stored; a later version of MAID may see it otherwise.
            Found::Written(row) => row.recipe.check(NAME).map_err(RecipeError::Wrong),
        }
    }
}
