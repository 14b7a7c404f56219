//! What can be done with recipes: looked up, written, copied, made ready to run.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::{
    sync::{Notify, Semaphore, watch},
    task,
};
use uuid::Uuid;

use super::{
    document::{Checked, Draft, Recipe},
    error::RecipeError,
    library::{BuiltIn, Library},
    record::{AsItWas, Filters, Found, Indexed, Line, RecipeRow, VersionRow},
    store::{Bounds, Inserted, Store},
};
use crate::{
    audit::{Action, Audit, Event, Outcome},
    auth::Principal,
    config::Config,
    db::{Db, StoreError, words::Query},
    demo::AtHand,
    loadtest::{
        place::Path,
        problem::{Problem, Problems},
        secret::Secret,
        valid::ValidLoadTest,
    },
    runs::launch::{self, Unfit},
};

/// What problems of a recipe are told about.
pub(super) const NAME: &str = "recipe";

/// The library; a clone is the same.
#[derive(Clone, Debug)]
pub struct Recipes {
    store: Store,
    built_in: Arc<[Indexed]>,
    audit: Audit,
    config: watch::Receiver<Arc<Config>>,
    /// One probe of a target at a time.
    probing: Arc<Semaphore>,
    /// Told when a recipe was made, changed or deleted.
    changed: Arc<Notify>,
    pub(super) shop: AtHand,
}

/// A recipe that is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its id.
    pub id: String,
    /// Values of its parameters.
    pub parameters: Map<String, Value>,
}

/// Where a list goes on: behind this one. Built-in ones come last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// A built-in one.
    BuiltIn(String),
    /// One that somebody has written.
    Written(Uuid),
}

impl Recipes {
    /// The recipes of `library`, and those in `db`.
    #[must_use]
    pub fn new(db: Db, library: &Library, audit: Audit, config: watch::Receiver<Arc<Config>>) -> Self {
        let built_in = library.all().map(Indexed::new).collect();
        let probing = Arc::new(Semaphore::new(1));
        Self {
            store: Store::new(db),
            built_in,
            audit,
            config,
            probing,
            changed: Arc::default(),
            shop: AtHand::default(),
        }
    }

    /// The demo shop, which the first recipe is run against.
    #[must_use]
    pub const fn shop(&self) -> &AtHand {
        &self.shop
    }

    /// Is told when recipes have changed, for one that follows.
    #[must_use]
    pub fn changes(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    /// The turn of whoever probes a target.
    pub(super) fn probing(&self) -> Arc<Semaphore> {
        Arc::clone(&self.probing)
    }

    /// The recipes that are part of the binary, by id.
    pub fn built_in(&self) -> impl Iterator<Item = &BuiltIn> {
        self.built_in.iter().map(|one| &*one.built_in)
    }

    /// A page of the library: those of the tenant, the newest first, then built-in ones by id.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        principal: &Principal,
        filters: &Filters,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Line>, RecipeError> {
        let (written, built_in) = match after {
            None => (Some(None), None),
            Some(Position::Written(id)) => (Some(Some(id)), None),
            Some(Position::BuiltIn(last)) => (None, Some(last)),
        };
        let mut lines = match written {
            Some(after) if filters.built_in != Some(true) => {
                self.store.list(&principal.tenant_id, filters, after, limit).await?
            }
            _ => Vec::new(),
        };
        let rest = limit.saturating_sub(lines.len());
        let behind = |one: &&Indexed| built_in.as_deref().is_none_or(|last| one.built_in.id > last);
        lines.extend(self.wanted(filters).filter(behind).map(line).take(rest));
        Ok(lines)
    }

    /// The recipes that `query` finds, best first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn search(
        &self,
        principal: &Principal,
        query: &Query,
        filters: &Filters,
        limit: usize,
    ) -> Result<Vec<Line>, RecipeError> {
        let mut found: Vec<(i64, Line)> = self
            .wanted(filters)
            .map(|one| (one.words.score(query), line(one)))
            .filter(|(score, _)| *score > 0)
            .collect();
        if filters.built_in != Some(true) {
            found.extend(self.store.find(&principal.tenant_id, query, filters, limit).await?);
        }
        // Stable: of equal ones built-in ones come first, then the newest.
        found.sort_by_key(|(score, _)| Reverse(*score));
        Ok(found.into_iter().map(|(_, line)| line).take(limit).collect())
    }

    fn wanted<'a>(&'a self, filters: &'a Filters) -> impl Iterator<Item = &'a Indexed> {
        let all = self.built_in.iter().filter(move |one| filters.want(one.built_in.checked.recipe()));
        all.filter(|_| filters.built_in != Some(false))
    }

    /// One recipe.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: &str) -> Result<Found, RecipeError> {
        self.found(&principal.tenant_id, id).await
    }

    pub(super) async fn found(&self, tenant: &str, id: &str) -> Result<Found, RecipeError> {
        if let Some(one) = self.built_in.iter().find(|one| one.built_in.id == id) {
            return Ok(Found::BuiltIn(Arc::clone(&one.built_in)));
        }
        Ok(Found::Written(Arc::new(self.written(tenant, id).await?)))
    }

    async fn written(&self, tenant: &str, id: &str) -> Result<RecipeRow, RecipeError> {
        let row = match id.parse() {
            Ok(id) => self.store.get(tenant, id).await?,
            Err(_) => None,
        };
        row.ok_or_else(|| RecipeError::NotFound(id.chars().take(100).collect()))
    }

    /// A recipe that the principal may change.
    async fn own(&self, principal: &Principal, id: &str) -> Result<RecipeRow, RecipeError> {
        if self.built_in.iter().any(|one| one.built_in.id == id) {
            return Err(RecipeError::BuiltIn(id.to_owned()));
        }
        let row = self.written(&principal.tenant_id, id).await?;
        if principal.owns(&row.owner) { Ok(row) } else { Err(RecipeError::NotOwn(id.to_owned())) }
    }

    /// Makes a recipe of the principal's.
    ///
    /// # Errors
    /// It is wrong, there are too many, or the database does not answer.
    pub async fn create(
        &self,
        principal: &Principal,
        id: Uuid,
        draft: Draft,
        cloned_from: Option<String>,
    ) -> Result<RecipeRow, RecipeError> {
        let (recipe, text) = self.checked(draft).await?;
        let now = now();
        let row = RecipeRow {
            id,
            tenant_id: principal.tenant_id.clone(),
            owner: principal.id.clone(),
            api_key_id: principal.key_id(),
            cloned_from,
            version: 1,
            created_at: now,
            updated_at: now,
            recipe,
            text,
        };
        let bounds = Bounds {
            tenant: self.config.borrow().history.max_recipes,
            key: principal.allowance.recipe_limit,
        };
        let event = Event::of(principal, Action::RecipeCreate).on(id);
        let event = event.with(json!({"title": row.recipe.title, "cloned_from": row.cloned_from}));
        let inserted = async {
            match self.store.insert(&row, bounds).await? {
                Inserted::Done => Ok(()),
                Inserted::Full => Err(RecipeError::Full(bounds.tenant)),
                Inserted::BeyondKey => Err(RecipeError::Allowance(bounds.key.unwrap_or_default())),
            }
        };
        self.recorded(event, inserted).await?;
        Ok(row)
    }

    /// Makes another one of a recipe, whoever it belongs to.
    ///
    /// # Errors
    /// There is none, there are too many, or the database does not answer.
    pub async fn copy(
        &self,
        principal: &Principal,
        id: Uuid,
        of: &str,
        title: Option<String>,
    ) -> Result<RecipeRow, RecipeError> {
        let found = self.get(principal, of).await?;
        let (origin, title) =
            (found.id(), title.unwrap_or_else(|| format!("{} (copy)", found.recipe().title)));
        let copied = task::spawn_blocking(move || Draft::retitled(found.recipe(), found.text(), title)).await;
        self.create(principal, id, copied.map_err(broken)?, Some(origin)).await
    }

    /// Changes a recipe of the principal's, where `meant` takes the version that it is at.
    ///
    /// # Errors
    /// It is wrong, somebody else's, another version by now, or the database does not answer.
    pub async fn change(
        &self,
        principal: &Principal,
        id: &str,
        draft: Draft,
        meant: impl Fn(i64) -> bool,
    ) -> Result<RecipeRow, RecipeError> {
        let before = self.own(principal, id).await?;
        if !meant(before.version) {
            return Err(RecipeError::Changed(before.version));
        }
        let (recipe, text) = self.checked(draft).await?;
        let version = before.version + 1;
        let after = RecipeRow { version, updated_at: now(), recipe, text, ..before.clone() };
        let event = Event::of(principal, Action::RecipeChange).on(after.id);
        let event = event.with(json!({"title": after.recipe.title, "version": after.version}));
        let updated = async {
            let done = self.store.update(before.version, &after, &principal.id).await?;
            done.then_some(()).ok_or(RecipeError::Changed(after.version))
        };
        self.recorded(event, updated).await?;
        Ok(after)
    }

    /// Deletes a recipe of the principal's. Its runs stay.
    ///
    /// # Errors
    /// There is none, it is somebody else's, or the database does not answer.
    pub async fn delete(&self, principal: &Principal, id: &str) -> Result<(), RecipeError> {
        let row = self.own(principal, id).await?;
        let event = Event::of(principal, Action::RecipeDelete).on(row.id);
        let deleted = async {
            let done = self.store.delete(&principal.tenant_id, row.id).await?;
            done.then_some(()).ok_or_else(|| RecipeError::NotFound(id.to_owned()))
        };
        self.recorded(event.with(json!({"title": row.recipe.title})), deleted).await
    }

    /// Versions of a recipe that somebody has written, the newest first.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn versions(
        &self,
        principal: &Principal,
        id: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<VersionRow>, RecipeError> {
        let row = match self.get(principal, id).await? {
            Found::BuiltIn(_) => return Ok(Vec::new()),
            Found::Written(row) => row,
        };
        Ok(self.store.versions(&principal.tenant_id, row.id, before, limit).await?)
    }

    /// A recipe as it was.
    ///
    /// # Errors
    /// There is none, or no longer, or the database does not answer.
    pub async fn version(
        &self,
        principal: &Principal,
        id: &str,
        number: i64,
    ) -> Result<AsItWas, RecipeError> {
        let row = self.written(&principal.tenant_id, id).await?;
        let version = self.store.version(&principal.tenant_id, row.id, number).await?;
        version.ok_or_else(|| RecipeError::NotFound(format!("{id} in version {number}")))
    }

    /// What a draft says and how it is written, once it is checked with the LoadTest that it makes of its defaults
    /// and examples.
    async fn checked(&self, draft: Draft) -> Result<(Recipe, Option<String>), RecipeError> {
        let config = Arc::clone(&self.config.borrow());
        let checked = task::spawn_blocking(move || {
            let (checked, _) = whole(&draft, BTreeMap::new(), &config)?;
            Ok((checked.into_recipe(), draft.into_text()))
        });
        checked.await.map_err(broken)?.map_err(RecipeError::Wrong)
    }

    async fn recorded(
        &self,
        event: Event,
        work: impl Future<Output = Result<(), RecipeError>>,
    ) -> Result<(), RecipeError> {
        let outcome = |error: &RecipeError| match error {
            RecipeError::Allowance(_) => Outcome::Denied,
            _ => Outcome::Failed,
        };
        let done = self.audit.around(event, work, outcome).await;
        self.changed.notify_one();
        done
    }
}

/// A recipe that is stored in `db`, for whoever has the database and no server.
///
/// # Errors
/// The database does not answer.
pub async fn stored(db: Db, tenant: &str, id: Uuid) -> Result<Option<Recipe>, StoreError> {
    Ok(Store::new(db).get(tenant, id).await?.map(|row| row.recipe))
}

/// Checks a recipe with the LoadTest that it makes, which is none where the engine does not speak what it needs.
/// Reads the files that it names.
pub(super) fn whole(
    draft: &Draft,
    mut env: BTreeMap<String, Secret>,
    config: &Config,
) -> Result<(Checked, Option<ValidLoadTest>), Problems> {
    let checked = draft.check(NAME)?;
    let filled = checked.preview()?;
    if checked.recipe().requires.is_some() {
        return Ok((checked, None));
    }
    env.extend(filled.env);
    let origin = launch::to_look_at(&filled.document, &config.server.files_dir, env, &config.load);
    let test = launch::valid(filled.document, origin, &config.load).map_err(|unfit| match unfit {
        Unfit::Document(problems) => problems.within(&Path::root().key("loadtest")),
        Unfit::Ignore(error) => one(error.to_string()),
    })?;
    Ok((checked, Some(test)))
}

pub(super) fn broken(error: task::JoinError) -> RecipeError {
    RecipeError::Wrong(one(format!("cannot be checked: {error}")))
}

fn one(message: String) -> Problems {
    Problems::one(NAME, Problem::new(&Path::root(), None, message))
}

fn line(one: &Indexed) -> Line {
    Found::BuiltIn(Arc::clone(&one.built_in)).line()
}

/// Now, to the millisecond that every database keeps.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
