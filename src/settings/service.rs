//! Tells the configuration and changes it.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::{
    runtime::Handle,
    sync::{Mutex, watch},
    task::spawn_blocking,
};
use uuid::Uuid;

use super::{
    dto::{AppliedChange, ConfigChange, ConfigView, KeyOrigin, OverriddenKey},
    error::SettingsError,
    store::Store,
};
use crate::{
    audit::{Action, Audit, Event, Outcome},
    auth::Principal,
    config::{
        Change, Config, ConfigError, KEYS, Layered, Origin, Sources, at, refused_over_api, with_secrets_of,
        without_secrets,
    },
    db::Db,
    http::{Digest, Limit, List, Page},
};

/// The configuration of this process; a clone is the same.
#[derive(Clone, Debug)]
pub struct Settings(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    sources: Sources,
    store: Store,
    audit: Audit,
    /// As it was at the start: what a restart would change is measured by it.
    started: Layered,
    /// As the layers make it now.
    newest: RwLock<Arc<Layered>>,
    /// As it is in effect now.
    effective: watch::Sender<Arc<Config>>,
    /// Held while a change is made: one after the other.
    turn: Mutex<()>,
    /// A change is made there to its end, whatever becomes of the web worker that took it.
    runtime: Handle,
}

impl Settings {
    /// The configuration that `layered` was read from `sources`; changes are made on `runtime` and
    /// recorded in the database and in the audit log.
    #[must_use]
    pub fn new(sources: Sources, layered: Layered, (db, audit): (Db, Audit), runtime: Handle) -> Self {
        Self(Arc::new(Shared {
            sources,
            store: Store::new(db),
            audit,
            effective: watch::Sender::new(Arc::new(layered.config().clone())),
            newest: RwLock::new(Arc::new(layered.clone())),
            started: layered,
            turn: Mutex::default(),
            runtime,
        }))
    }

    /// The configuration that is in effect: changes that wait for a restart are not in it.
    #[must_use]
    pub fn current(&self) -> Arc<Config> {
        Arc::clone(&self.0.effective.borrow())
    }

    /// The configuration that is in effect, as it changes.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Arc<Config>> {
        self.0.effective.subscribe()
    }

    /// The configuration, and where it comes from.
    #[must_use]
    pub fn view(&self) -> ConfigView {
        self.0.view(&self.0.newest())
    }

    /// What `view` is known by: another one when anything in it is another.
    #[must_use]
    pub fn tag(view: &ConfigView) -> String {
        fingerprint(view)
    }

    /// Replaces the runtime layer by `runtime`, where `expected` still is the tag of what holds, and
    /// answers with the tag of what holds then. Goes on to its end even if nobody waits for it any
    /// more.
    ///
    /// # Errors
    /// When the configuration would be wrong, was changed meanwhile, or cannot be kept. Then nothing
    /// was changed.
    pub async fn change(
        &self,
        principal: &Principal,
        runtime: Value,
        expected: Option<Vec<String>>,
    ) -> Result<(AppliedChange, String), SettingsError> {
        let (shared, principal) = (Arc::clone(&self.0), principal.clone());
        let change = async move { shared.change(&principal, runtime, expected).await };
        self.0.runtime.spawn(change).await?
    }

    /// Who changed what, the newest first.
    ///
    /// # Errors
    /// When the cursor is none of this list's, or the database does not answer.
    pub async fn changed(
        &self,
        principal: &Principal,
        limit: Limit,
        after: Option<Uuid>,
    ) -> Result<Page<ConfigChange>, SettingsError> {
        let found = self.0.store.list(&principal.tenant_id, after, limit.get() + 1).await?;
        Ok(Page::of(found, limit, &Self::changed_list(principal), |last| last.id))
    }

    /// What cursors of [`Settings::changed`] belong to.
    #[must_use]
    pub fn changed_list(principal: &Principal) -> List {
        List::new("config_changes", &"-id", &principal.tenant_id)
    }
}

impl Shared {
    fn newest(&self) -> Arc<Layered> {
        Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn view(&self, layered: &Layered) -> ConfigView {
        ConfigView {
            config: shown(layered),
            runtime: without_secrets(layered.runtime().cloned().unwrap_or(Value::Object(Map::new()))),
            origins: origins(layered),
            overridden: overridden(layered),
            restart_required: restart_required(layered, &self.started),
        }
    }

    async fn change(
        &self,
        principal: &Principal,
        runtime: Value,
        expected: Option<Vec<String>>,
    ) -> Result<(AppliedChange, String), SettingsError> {
        let _turn = self.turn.lock().await;
        let before = self.newest();
        let problems = refused_over_api(&runtime);
        if !problems.is_empty() {
            return Err(ConfigError { problems }.into());
        }
        let in_file = self.in_file(&before, expected).await?;
        let runtime = with_secrets_of(runtime, in_file.as_ref());
        let sources = self.sources.clone();
        let layer = runtime.clone();
        let after = spawn_blocking(move || Layered::read_with(&sources, layer)).await??;
        let (record, applied) = self.difference(principal, in_file.as_ref(), &before, &after);
        if in_file.as_ref() != Some(&runtime) {
            self.keep(principal, &record, runtime).await?;
        }
        self.effective.send_replace(Arc::new(after.in_effect(&self.started)));
        let tag = fingerprint(&self.view(&after));
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(after);
        tracing::info!(actor = principal.id, applied = ?applied.applied, "the configuration was changed");
        Ok((applied, tag))
    }

    /// What the runtime file holds now, where that is what the caller may replace.
    async fn in_file(
        &self,
        before: &Layered,
        expected: Option<Vec<String>>,
    ) -> Result<Option<Value>, SettingsError> {
        let sources = self.sources.clone();
        let in_file = spawn_blocking(move || sources.runtime()).await?;
        let Some(expected) = expected else {
            // Whoever replaces it unseen replaces a broken one too.
            return Ok(in_file.unwrap_or_else(|_| before.runtime().cloned()));
        };
        let tag = fingerprint(&self.view(before));
        if !expected.iter().any(|known| *known == tag || known == "*") {
            return Err(SettingsError::Changed);
        }
        match in_file {
            Ok(value) if value.as_ref() == before.runtime() => Ok(value),
            _ => Err(SettingsError::ChangedByHand(self.sources.runtime_file())),
        }
    }

    fn difference(
        &self,
        principal: &Principal,
        in_file: Option<&Value>,
        before: &Layered,
        after: &Layered,
    ) -> (ConfigChange, AppliedChange) {
        let live = KEYS.iter().filter(|(_, change)| *change == Change::Live);
        let applied: Vec<&str> = live.map(|(key, _)| *key).filter(|key| !after.same(key, before)).collect();
        let of_layer = |layer: Option<&Value>, key: &str| layer.and_then(|layer| at(layer, key)).cloned();
        let mut record = ConfigChange {
            id: Uuid::now_v7(),
            at: Timestamp::now(),
            actor: principal.id.clone(),
            actor_kind: principal.kind.name().to_owned(),
            before: Map::new(),
            after: Map::new(),
            applied: applied.iter().map(|key| (*key).to_owned()).collect(),
            restart_required: Vec::new(),
        };
        for (key, _) in KEYS {
            let (then, now) = (of_layer(in_file, key), of_layer(after.runtime(), key));
            if then != now {
                record.before.extend(then.map(|value| ((*key).to_owned(), value)));
                record.after.extend(now.map(|value| ((*key).to_owned(), value)));
            }
        }
        let waiting = restart_required(after, &self.started);
        record.restart_required =
            waiting.iter().filter(|key| !after.same(key, before)).map(|key| (*key).to_owned()).collect();
        let answer = AppliedChange {
            config: shown(after),
            applied,
            restart_required: waiting,
            overridden: overridden(after),
        };
        (record, answer)
    }

    /// Keeps the change, with an entry in the audit log before it.
    async fn keep(
        &self,
        principal: &Principal,
        record: &ConfigChange,
        runtime: Value,
    ) -> Result<(), SettingsError> {
        let event = Event::of(principal, Action::ConfigChange).on(record.id);
        let event = event.with(json!({"before": record.before, "after": record.after}));
        let kept = self.replace(&principal.tenant_id, record, runtime);
        self.audit.around(event, kept, |_| Outcome::Failed).await
    }

    /// Keeps the change: its record and the file, both or none.
    async fn replace(
        &self,
        tenant: &str,
        record: &ConfigChange,
        runtime: Value,
    ) -> Result<(), SettingsError> {
        let recorded = self.store.record(tenant, record).await?;
        let sources = self.sources.clone();
        let replaced = spawn_blocking(move || sources.replace_runtime(&runtime)).await?;
        let replaced = replaced.map_err(|error| self.unwritable(error))?;
        if let Err(error) = recorded.keep().await {
            let undone = spawn_blocking(move || replaced.undo()).await?;
            undone.map_err(|error| self.unwritable(error))?;
            return Err(error.into());
        }
        Ok(())
    }

    fn unwritable(&self, error: std::io::Error) -> SettingsError {
        SettingsError::Unwritable { path: self.sources.runtime_file(), error }
    }
}

/// The configuration as it is shown: secrets are masked by their types.
fn shown(layered: &Layered) -> Value {
    let mut config = serde_json::to_value(layered.config()).unwrap_or_default();
    if let Some(keys) = config.as_object_mut() {
        keys.shift_remove("$schema");
    }
    config
}

/// Where keys come from. A file that repeats a default says nothing.
fn origins(layered: &Layered) -> Vec<KeyOrigin> {
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let config = serde_json::to_value(layered.config()).unwrap_or_default();
    let told = layered
        .origins()
        .filter(|(key, origin)| !matches!(origin, Origin::File(_)) || at(&config, key) != at(&defaults, key));
    told.map(|(key, origin)| KeyOrigin::new(key, origin)).collect()
}

fn overridden(layered: &Layered) -> Vec<OverriddenKey> {
    layered.overridden().map(|(key, origin)| OverriddenKey { key, by: origin.to_string() }).collect()
}

fn restart_required(layered: &Layered, started: &Layered) -> Vec<&'static str> {
    let keys = KEYS.iter().filter(|(_, change)| *change != Change::Live).map(|(key, _)| *key);
    keys.filter(|key| !layered.same(key, started)).collect()
}

/// An entity tag.
fn fingerprint(of: &impl Serialize) -> String {
    let text = serde_json::to_vec(of).unwrap_or_default();
    Digest::of(&text).entity_tag()
}
