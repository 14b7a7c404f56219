//! Makes prompts, shows them, changes them, and shares them.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::{
    builtin::{self, BuiltIn, BuiltIns},
    document::{Checked, Prompt},
    dto::{
        ForkView, Made, NewFork, Preview, PreviewView, PromptSummary, PromptView, SharedPrompt, SharingView,
    },
    error::PromptError,
    finding::FindingStore,
    record::{Change, Fork, ListedRow, PromptRow, Viewer, Visibility},
    store::{Changed, Store},
    usage::UsageStore,
};
use crate::{
    audit::{Action, Audit, Event, Outcome},
    auth::{
        Principal, Scope,
        opaque::{Hashes, Kind, Opaque},
        secret::{Purpose, RootSecret},
    },
    config::Config,
    db::{Db, StoreError},
};

/// What a link begins with.
const LINKS: &str = "/api/maid/prompts/shared/";

/// The prompt library; a clone is the same.
#[derive(Clone, Debug)]
pub struct Prompts(pub(super) Arc<Shared>);

/// What clones share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) finding: FindingStore,
    pub(super) usage: UsageStore,
    pub(super) built_in: BuiltIns,
    config: watch::Receiver<Arc<Config>>,
    audit: Audit,
    hashes: Hashes,
    /// Told when a prompt was made, changed or deleted.
    changed: Arc<Notify>,
}

/// A prompt that was found.
pub(super) enum Found<'a> {
    /// One that MAID comes with.
    BuiltIn(&'a BuiltIn),
    /// One that somebody has written.
    Written(Box<PromptRow>),
}

impl Found<'_> {
    /// Its id as it is shown.
    pub(super) fn id(&self) -> String {
        match self {
            Self::BuiltIn(one) => one.id.to_owned(),
            Self::Written(row) => row.listed.id.to_string(),
        }
    }

    /// What rows refer to it by.
    pub(super) fn key(&self) -> Uuid {
        match self {
            Self::BuiltIn(one) => one.key,
            Self::Written(row) => row.listed.id,
        }
    }

    /// Its newest version.
    pub(super) fn version(&self) -> u64 {
        match self {
            Self::BuiltIn(_) => builtin::VERSION,
            Self::Written(row) => row.listed.version,
        }
    }

    /// What is written.
    pub(super) fn prompt(&self) -> &Prompt {
        match self {
            Self::BuiltIn(one) => one.checked.prompt(),
            Self::Written(row) => &row.prompt,
        }
    }
}

impl Prompts {
    /// The library in `db`. What links are known by is derived from `secret`; who does what is written
    /// down in `audit`.
    #[must_use]
    pub fn new(db: &Db, config: watch::Receiver<Arc<Config>>, secret: &RootSecret, audit: Audit) -> Self {
        Self(Arc::new(Shared {
            store: Store::new(db.clone()),
            finding: FindingStore::new(db.clone()),
            usage: UsageStore::new(db.clone()),
            built_in: BuiltIns::read(),
            config,
            audit,
            hashes: Hashes::new(&secret.key(Purpose::PromptLinks)),
            changed: Arc::default(),
        }))
    }

    /// Makes a prompt, which is private.
    ///
    /// # Errors
    /// The prompt will not do, there is no room for more, or the database does not answer.
    pub async fn create(&self, principal: &Principal, id: Uuid, new: Prompt) -> Result<Made, PromptError> {
        let prompt = checked(new)?.into_prompt();
        self.insert(principal, id, prompt, None).await
    }

    /// Makes a prompt from another, which may be one that MAID comes with.
    ///
    /// # Errors
    /// There is no such prompt or version, there is no room for more, or the database does not answer.
    pub async fn fork(
        &self,
        principal: &Principal,
        from: &str,
        id: Uuid,
        new: NewFork,
    ) -> Result<Made, PromptError> {
        let found = self.find(principal, from).await?;
        let version = new.version.unwrap_or_else(|| found.version());
        let mut prompt = self.written(principal, &found, version).await?;
        if let Some(title) = new.title {
            prompt.title = title;
            prompt = checked(prompt)?.into_prompt();
        }
        self.insert(principal, id, prompt, Some((found.id(), Fork { id: found.key(), version }))).await
    }

    async fn insert(
        &self,
        principal: &Principal,
        id: Uuid,
        prompt: Prompt,
        fork: Option<(String, Fork)>,
    ) -> Result<Made, PromptError> {
        let now = Timestamp::now();
        let listed = ListedRow {
            id,
            owner: principal.id.clone(),
            title: prompt.title.clone(),
            description: prompt.description.clone(),
            category: prompt.category,
            tags: prompt.tags.clone(),
            visibility: Visibility::Private,
            fork: fork.as_ref().map(|(_, fork)| *fork),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let most = self.0.config.borrow().history.max_prompts;
        let detail = json!({"title": prompt.title, "forked_from": fork.map(|(id, _)| id)});
        let event = Event::of(principal, Action::PromptCreate).on(id).with(detail);
        let row = PromptRow { listed, prompt, link_hash: None };
        let inserted = async {
            let full = || {
                PromptError::Full(format!(
                    "there are {most} prompts already, the most that history.max_prompts allows; delete one"
                ))
            };
            self.0.store.insert(&principal.tenant_id, &row, most).await?.then_some(()).ok_or_else(full)
        };
        self.recorded(event, inserted).await?;
        Ok(Made { id, version: 1 })
    }

    /// One prompt.
    ///
    /// # Errors
    /// There is none that `principal` may read, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: &str) -> Result<PromptView, PromptError> {
        let found = self.find(principal, id).await?;
        let marked = self.0.finding.favourites(&viewer(principal)).await?.contains(&found.key());
        let summary = match &found {
            Found::BuiltIn(one) => built_in(one, marked),
            Found::Written(row) => self.summary(row.listed.clone(), marked),
        };
        let may_change = match &found {
            Found::BuiltIn(_) => false,
            Found::Written(row) => principal.owns(&row.listed.owner) && principal.may(Scope::Recipes),
        };
        let Prompt { variables, text, .. } = found.prompt().clone();
        Ok(PromptView { summary, may_change, variables, text })
    }

    /// Changes a prompt, where the change is `meant` for the version that it has.
    ///
    /// # Errors
    /// The prompt will not do, is not theirs, was changed meanwhile, or the database does not answer.
    pub async fn change(
        &self,
        principal: &Principal,
        id: &str,
        prompt: Prompt,
        meant: impl Fn(u64) -> bool,
    ) -> Result<Made, PromptError> {
        let prompt = checked(prompt)?.into_prompt();
        let row = self.own(principal, id).await?;
        self.replace(principal, &row, (prompt, None), meant).await
    }

    /// Makes `prompt` the newest version; it may bring an earlier one back.
    pub(super) async fn replace(
        &self,
        principal: &Principal,
        row: &PromptRow,
        (prompt, restored_from): (Prompt, Option<u64>),
        meant: impl Fn(u64) -> bool,
    ) -> Result<Made, PromptError> {
        let id = row.listed.id;
        let detail =
            json!({"title": prompt.title, "version": row.listed.version, "restored_from": restored_from});
        let event = Event::of(principal, Action::PromptChange).on(id).with(detail);
        let change = Change { author: principal.id.clone(), at: Timestamp::now(), restored_from, prompt };
        let changed = async {
            match self.0.store.change(&principal.tenant_id, id, &change, meant).await? {
                Changed::To(version) => Ok(Made { id, version }),
                Changed::Meanwhile(version) => Err(PromptError::Changed(version)),
                Changed::Gone => Err(PromptError::NotFound("prompt")),
            }
        };
        self.recorded(event, changed).await
    }

    /// Deletes a prompt with its versions, marks and uses.
    ///
    /// # Errors
    /// There is none, it is not theirs, or the database does not answer.
    pub async fn delete(&self, principal: &Principal, id: &str) -> Result<(), PromptError> {
        let row = self.own(principal, id).await?;
        let event = Event::of(principal, Action::PromptDelete).on(row.listed.id);
        let event = event.with(json!({"title": row.listed.title, "version": row.listed.version}));
        let deleted = async {
            let gone = self.0.store.delete(&principal.tenant_id, row.listed.id).await?;
            gone.then_some(()).ok_or(PromptError::NotFound("prompt"))
        };
        self.recorded(event, deleted).await
    }

    /// Says who may read a prompt. `Public` makes a link, shown once; anything else ends the one there is.
    ///
    /// # Errors
    /// There is none, it is not theirs, or the database does not answer.
    pub async fn share(
        &self,
        principal: &Principal,
        id: &str,
        visibility: Visibility,
    ) -> Result<SharingView, PromptError> {
        let row = self.own(principal, id).await?;
        let link = (visibility == Visibility::Public).then(|| Opaque::make(Kind::Prompt, row.listed.id));
        let hash = link.as_ref().map(|link| self.0.hashes.of(link).to_vec());
        let event = Event::of(principal, Action::PromptShare).on(row.listed.id);
        let event = event.with(json!({"before": row.listed.visibility, "after": visibility}));
        let shared = async {
            let there = self.0.store.share(&principal.tenant_id, row.listed.id, visibility, hash).await?;
            there.then_some(()).ok_or(PromptError::NotFound("prompt"))
        };
        self.recorded(event, shared).await?;
        Ok(SharingView { visibility, link: link.map(|link| format!("{LINKS}{}", link.expose())) })
    }

    /// The prompt that a link shows to whoever has it.
    ///
    /// # Errors
    /// The link shows nothing, or no longer, or the database does not answer.
    pub async fn shared(&self, link: &str) -> Result<SharedPrompt, PromptError> {
        let unknown = || PromptError::NotFound("link, or no longer");
        let link = Opaque::parse(link).filter(|link| link.kind == Kind::Prompt).ok_or_else(unknown)?;
        let row = self.0.store.of_link(link.id).await?;
        let fits = |row: &PromptRow| {
            row.link_hash.as_ref().is_some_and(|hash| self.0.hashes.fits(&link, hash))
                && row.listed.visibility == Visibility::Public
        };
        Ok(row.filter(fits).ok_or_else(unknown)?.prompt.into())
    }

    /// The text of a prompt with values in its places.
    ///
    /// # Errors
    /// There is no such prompt or version, a value will not do, or the database does not answer.
    pub async fn preview(
        &self,
        principal: &Principal,
        id: &str,
        preview: Preview,
    ) -> Result<PreviewView, PromptError> {
        let found = self.find(principal, id).await?;
        let version = preview.version.unwrap_or_else(|| found.version());
        let prompt = checked(self.written(principal, &found, version).await?)?;
        let text = prompt.fill(&preview.values, preview.examples).map_err(PromptError::Invalid)?;
        Ok(PreviewView { version, text })
    }

    /// What was written in a version of a prompt that was found.
    pub(super) async fn written(
        &self,
        principal: &Principal,
        found: &Found<'_>,
        version: u64,
    ) -> Result<Prompt, PromptError> {
        if version == found.version() {
            return Ok(found.prompt().clone());
        }
        let Found::Written(row) = found else { return Err(PromptError::NotFound("version")) };
        let found = self.0.store.version(&principal.tenant_id, row.listed.id, version).await?;
        found.map(|(_, prompt)| prompt).ok_or(PromptError::NotFound("version"))
    }

    /// A prompt that `principal` may read.
    pub(super) async fn find(&self, principal: &Principal, id: &str) -> Result<Found<'_>, PromptError> {
        if let Some(one) = self.0.built_in.get(id) {
            return Ok(Found::BuiltIn(one));
        }
        let unknown = PromptError::NotFound("prompt");
        let Ok(id) = Uuid::try_parse(id) else { return Err(unknown) };
        let row = self.0.store.get(&principal.tenant_id, id).await?;
        let may_read = |row: &PromptRow| {
            principal.owns(&row.listed.owner) || row.listed.visibility != Visibility::Private
        };
        row.filter(may_read).map(|row| Found::Written(Box::new(row))).ok_or(unknown)
    }

    /// A prompt that `principal` may change.
    pub(super) async fn own(&self, principal: &Principal, id: &str) -> Result<Box<PromptRow>, PromptError> {
        match self.find(principal, id).await? {
            Found::BuiltIn(_) => Err(PromptError::BuiltIn),
            Found::Written(row) if principal.owns(&row.listed.owner) => Ok(row),
            Found::Written(_) => Err(PromptError::NotYours),
        }
    }

    /// Is told when prompts have changed, for one that follows.
    #[must_use]
    pub fn changes(&self) -> Arc<Notify> {
        Arc::clone(&self.0.changed)
    }

    /// Does `work`, which must not happen unrecorded.
    async fn recorded<T>(
        &self,
        event: Event,
        work: impl Future<Output = Result<T, PromptError>>,
    ) -> Result<T, PromptError> {
        let done = self.0.audit.around(event, work, |_| Outcome::Failed).await;
        self.0.changed.notify_one();
        done
    }

    /// A row as lists show it.
    pub(super) fn summary(&self, row: ListedRow, favourite: bool) -> PromptSummary {
        let forked_from = row.fork.map(|fork| ForkView {
            id: self.0.built_in.by_key(fork.id).map_or_else(|| fork.id.to_string(), |one| one.id.to_owned()),
            version: fork.version,
        });
        PromptSummary {
            id: row.id.to_string(),
            title: row.title,
            description: row.description,
            category: row.category,
            tags: row.tags,
            version: row.version,
            built_in: false,
            owner: Some(row.owner),
            visibility: row.visibility,
            forked_from,
            favourite,
            created_at: Some(row.created_at),
            updated_at: Some(row.updated_at),
        }
    }
}

/// A built-in prompt as lists show it.
pub(super) fn built_in(one: &BuiltIn, favourite: bool) -> PromptSummary {
    let prompt = one.checked.prompt();
    PromptSummary {
        id: one.id.to_owned(),
        title: prompt.title.clone(),
        description: prompt.description.clone(),
        category: prompt.category,
        tags: prompt.tags.clone(),
        version: builtin::VERSION,
        built_in: true,
        owner: None,
        visibility: Visibility::Tenant,
        forked_from: None,
        favourite,
        created_at: None,
        updated_at: None,
    }
}

/// A prompt that is stored in `db`, for whoever has the database and no server.
///
/// # Errors
/// The database does not answer.
pub async fn stored(db: Db, tenant: &str, id: Uuid) -> Result<Option<Prompt>, StoreError> {
    Ok(Store::new(db).get(tenant, id).await?.map(|row| row.prompt))
}

/// The prompts that MAID comes with, by id.
#[must_use]
pub fn library() -> Vec<(&'static str, Prompt)> {
    let all = BuiltIns::read();
    all.all().iter().map(|one| (one.id, one.checked.prompt().clone())).collect()
}

/// Whoever looks.
pub(crate) fn viewer(principal: &Principal) -> Viewer {
    let (tenant, id) = (principal.tenant_id.clone(), principal.id.clone());
    Viewer { tenant, id, admin: principal.may(Scope::Admin) }
}

fn checked(prompt: Prompt) -> Result<Checked, PromptError> {
    prompt.check().map_err(PromptError::Invalid)
}
