//! What can be done with links: made, looked at, followed, made invalid.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use serde_json::{Map, Value, json};
use tokio::{sync::watch, task, time};

use super::{
    content::Resolved,
    dto::NewLink,
    error::DeeplinkError,
    link::{Content, Link, Signer, new_id},
    presets::PresetStore,
    record::{ContentKind, Line, LinkRow, State},
    store::Store,
    usage::{EventKind, UsageStore},
};
use crate::{
    audit::{Action, Audit, Event},
    auth::{
        Principal,
        secret::{Purpose, RootSecret},
    },
    config::Config,
    db::{Db, StoreError},
    loadtest::{parse::Document, secret::Secret, valid::ValidLoadTest},
    recipes::Recipes,
    runs::launch,
};

/// How long a link is good where nobody says how long.
const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Longest that a link may be good.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// How long a link is kept after it has ended, so that whoever comes late is told why.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Most runs that a link may be made for.
const MOST_USES: u64 = 1_000_000;
/// How often what is old is looked for.
const EVERY: Duration = Duration::from_secs(3600);
/// Rows that are forgotten at once, so that nobody waits for it.
const BATCH: u64 = 500;

/// The links and presets; a clone is the same.
#[derive(Clone, Debug)]
pub struct Deeplinks(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    store: Store,
    pub(super) presets: PresetStore,
    pub(super) usage: UsageStore,
    recipes: Recipes,
    pub(super) audit: Audit,
    signer: Signer,
    pub(super) visitors: hmac::Key,
    pub(super) config: watch::Receiver<Arc<Config>>,
}

/// A link that is to be followed.
#[derive(Debug)]
pub struct Wanted {
    /// The link, in any of its forms.
    pub link: String,
    /// Values for what it leaves open.
    pub parameters: Map<String, Value>,
    /// What was looked at before, by its digest.
    pub seen: Option<String>,
}

/// What a link leads to, ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// The link.
    pub line: Line,
    /// The LoadTest, as text.
    pub document: String,
    /// Secrets that it reads from the environment.
    pub env: BTreeMap<String, Secret>,
    /// Whether they are all those that its recipe has itself.
    pub own_secrets: bool,
    /// The recipe that it was made from.
    pub recipe_id: Option<String>,
}

/// A link with what it leads to, to be looked at.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) line: Line,
    pub(super) preset: Option<String>,
    pub(super) resolved: Resolved,
    pub(super) test: ValidLoadTest,
    /// Variables that have to be given.
    pub(super) env: Vec<String>,
}

impl Deeplinks {
    /// The links in `db`, signed by a key derived from `secret`.
    #[must_use]
    pub fn new(
        db: &Db,
        secret: &RootSecret,
        recipes: Recipes,
        audit: Audit,
        config: watch::Receiver<Arc<Config>>,
    ) -> Self {
        Self(Arc::new(Inner {
            store: Store::new(db.clone()),
            presets: PresetStore::new(db.clone()),
            usage: UsageStore::new(db.clone()),
            recipes,
            audit,
            signer: Signer::new(&secret.key(Purpose::Deeplinks)),
            visitors: hmac::Key::new(hmac::HMAC_SHA256, &secret.key(Purpose::Visitors)),
            config,
        }))
    }

    /// Makes a link.
    ///
    /// # Errors
    /// What it would lead to cannot be run or holds secrets, a field is wrong, there are too many links, or the
    /// database does not answer.
    pub(super) async fn make(
        &self,
        principal: &Principal,
        mut new: NewLink,
    ) -> Result<LinkRow, DeeplinkError> {
        let now = now();
        let (expires_at, max_uses) = (end(new.expires_at, now)?, uses(new.max_uses)?);
        let title = title(new.title.as_deref())?;
        let content = new.what().content()?;
        let (resolved, test) = self.checked(principal, &content).await?;
        let line = Line {
            id: new_id(),
            owner: principal.id.clone(),
            title: title.unwrap_or_else(|| named(&resolved, &test)),
            kind: ContentKind::from(&content),
            created_at: now,
            expires_at,
            revoked_at: None,
            max_uses,
            uses: 0,
        };
        let row =
            LinkRow { line, tenant_id: principal.tenant_id.clone(), api_key_id: principal.key_id(), content };
        let most = self.0.config.borrow().history.max_deeplinks;
        let event = Event::of(principal, Action::DeeplinkCreate).on(&row.line.id);
        let detail = json!({
            "title": row.line.title, "kind": row.line.kind, "expires_at": expires_at, "max_uses": max_uses,
        });
        let inserted = async {
            let full = || {
                DeeplinkError::Full(format!(
                    "there are {most} deeplinks already, the most that history.max_deeplinks allows; they are \
                     forgotten {} days after they have ended",
                    KEPT.as_hours() / 24
                ))
            };
            self.0.store.insert(&row, most).await?.then_some(()).ok_or_else(full)
        };
        self.0.audit.around(event.with(detail), inserted, DeeplinkError::outcome).await?;
        Ok(row)
    }

    /// What a link or preset may lead to: it can be run, and holds no secret.
    pub(super) async fn checked(
        &self,
        principal: &Principal,
        content: &Content,
    ) -> Result<(Resolved, ValidLoadTest), DeeplinkError> {
        let (resolved, _) = self.resolve(principal, content).await?;
        resolved.without_secrets()?;
        let (test, _) = self.previewed(&resolved).await?;
        Ok((resolved, test))
    }

    /// The link that carries what `row` leads to, where it is short enough for that.
    pub(super) fn carrying(&self, row: &LinkRow) -> Option<Link> {
        let line = &row.line;
        Link::carrying(&line.id, &row.content, line.expires_at.as_second(), &self.0.signer)
    }

    /// Links of the principal's tenant, the newest first; of those in a state at a time alone, where one is wanted.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list(
        &self,
        principal: &Principal,
        wanted: Option<(State, Timestamp)>,
        after: Option<&(Timestamp, String)>,
        limit: usize,
    ) -> Result<Vec<Line>, DeeplinkError> {
        Ok(self.0.store.list(&principal.tenant_id, wanted, after, limit).await?)
    }

    /// A link.
    ///
    /// # Errors
    /// There is none, or the database does not answer.
    pub async fn get(&self, principal: &Principal, id: &str) -> Result<LinkRow, DeeplinkError> {
        self.0.store.get(&principal.tenant_id, id).await?.ok_or(DeeplinkError::NotFound)
    }

    /// Makes a link of the principal's invalid. It stays in lists until it is forgotten.
    ///
    /// # Errors
    /// There is none, it is somebody else's, or the database does not answer.
    pub async fn revoke(&self, principal: &Principal, id: &str) -> Result<(), DeeplinkError> {
        let row = self.get(principal, id).await?;
        let event = Event::of(principal, Action::DeeplinkRevoke).on(id);
        let event = event.with(json!({"title": row.line.title}));
        if !principal.owns(&row.line.owner) {
            let error = DeeplinkError::NotOwn("link");
            self.0.audit.note(event.ended(error.outcome()));
            return Err(error);
        }
        if row.line.revoked_at.is_some() {
            return Ok(());
        }
        let revoked = async {
            self.0.store.revoke(&principal.tenant_id, id, now()).await?;
            Ok(())
        };
        self.0.audit.around(event, revoked, DeeplinkError::outcome).await
    }

    /// What a link leads to, for whoever wants to see it before it runs.
    ///
    /// # Errors
    /// It is none, no longer good, or what it leads to cannot be run any more.
    pub(super) async fn open(&self, principal: &Principal, link: &Link) -> Result<Looked, DeeplinkError> {
        let row = self.followed(principal, link).await?;
        let (resolved, preset) = self.resolve(principal, &row.content).await?;
        let (test, env) = self.previewed(&resolved).await?;
        self.looked_at(principal, &row.line).await;
        Ok(Looked { line: row.line, preset, resolved, test, env })
    }

    /// What a link leads to, filled in. Nothing is counted: whoever runs it takes the link first.
    ///
    /// # Errors
    /// It is none, no longer good, leads to something else than what was seen, or a value is missing or wrong.
    pub async fn prepare(&self, principal: &Principal, wanted: &Wanted) -> Result<Prepared, DeeplinkError> {
        let (line, resolved) = self.wanted(principal, &wanted.link, wanted.seen.as_deref()).await?;
        let mut given = wanted.parameters.clone();
        if let Resolved::Recipe { id, parameters, .. } = &resolved {
            self.0.recipes.at_the_shop(id, parameters, &mut given).await?;
        }
        let filled = resolved.fill(&given)?;
        let (recipe_id, own_secrets) = match resolved {
            Resolved::Loadtest(_) => (None, false),
            // Secrets are never part of a link.
            Resolved::Recipe { id, recipe, .. } => (Some(id), !recipe.has_secret_of(&given)),
        };
        let document = filled.document.value().to_string();
        Ok(Prepared { line, document, env: filled.env, own_secrets, recipe_id })
    }

    /// Counts that what a link leads to is run elsewhere.
    ///
    /// # Errors
    /// It is none, no longer good, or leads to something else than what was seen.
    pub(super) async fn redeem(
        &self,
        principal: &Principal,
        link: &str,
        seen: Option<&str>,
    ) -> Result<(), DeeplinkError> {
        let (line, _) = self.wanted(principal, link, seen).await?;
        self.take(principal, &line).await
    }

    /// What a link leads to, where that is what was seen.
    async fn wanted(
        &self,
        principal: &Principal,
        link: &str,
        seen: Option<&str>,
    ) -> Result<(Line, Resolved), DeeplinkError> {
        let row = self.followed(principal, &Link::parse(link)?).await?;
        let (resolved, _) = self.resolve(principal, &row.content).await?;
        if seen.is_some_and(|seen| seen != resolved.digest()) {
            return Err(DeeplinkError::Changed);
        }
        Ok((row.line, resolved))
    }

    /// Counts a run of a link that allows one more.
    ///
    /// # Errors
    /// It is over by now, or the database does not answer.
    pub async fn take(&self, principal: &Principal, line: &Line) -> Result<(), DeeplinkError> {
        let (tenant, id) = (&principal.tenant_id, &line.id);
        let event = Event::of(principal, Action::DeeplinkUse).on(id).with(json!({"title": line.title}));
        let counted = async {
            if self.0.store.take(tenant, id, now()).await? {
                return Ok(());
            }
            // It ended between the two looks.
            let line = self.0.store.get(tenant, id).await?.ok_or(DeeplinkError::NotFound)?.line;
            Err(DeeplinkError::Over(line.state(now())))
        };
        self.0.audit.around(event, counted, DeeplinkError::outcome).await?;
        self.note(principal, id, EventKind::Run).await;
        Ok(())
    }

    /// Takes back that a run was counted: it did not start.
    pub async fn give_back(&self, principal: &Principal, id: &str) {
        if let Err(error) = self.0.store.give_back(&principal.tenant_id, id).await {
            tracing::warn!(%error, "a run that did not start stays counted for deeplink {id}: {error}");
        }
    }

    /// The row of a link that may be followed. Whoever comes with one that may not is counted.
    async fn followed(&self, principal: &Principal, link: &Link) -> Result<LinkRow, DeeplinkError> {
        let checked = link.checked(&self.0.signer);
        let id = match (&checked, &link.id) {
            (Ok(id), _) => *id,
            (Err(_), Some(id)) => id.as_str(),
            (Err(error), None) => return Err((*error).into()),
        };
        let found = self.0.store.get(&principal.tenant_id, id).await?;
        let row = match (checked, found) {
            (Ok(_), Some(row)) => row,
            (Ok(_), None) => return Err(DeeplinkError::NotFound),
            (Err(error), found) => {
                if let Some(row) = found {
                    let event = Event::of(principal, Action::DeeplinkUse).on(&row.line.id);
                    let event = event.with(json!({"why": error.to_string()}));
                    self.0.audit.note(event.ended(crate::audit::Outcome::Denied));
                    self.note(principal, &row.line.id, EventKind::Refused).await;
                }
                return Err(error.into());
            }
        };
        match row.line.state(now()) {
            State::Open => Ok(row),
            over => {
                self.note(principal, &row.line.id, EventKind::Refused).await;
                Err(DeeplinkError::Over(over))
            }
        }
    }

    /// What `content` leads to now, and the preset that stands between.
    async fn resolve(
        &self,
        principal: &Principal,
        content: &Content,
    ) -> Result<(Resolved, Option<String>), DeeplinkError> {
        let (content, preset) = match content {
            Content::Preset(name) => (self.preset(principal, name).await?.content, Some(name.clone())),
            content => (content.clone(), None),
        };
        let resolved = match content {
            Content::Loadtest(value) => Resolved::Loadtest(Document::from_value(value, "loadtest")),
            Content::Recipe { id, parameters } => {
                let recipe = Box::new(self.0.recipes.runnable(principal, &id).await?);
                Resolved::Recipe { id, recipe, parameters }
            }
            // A preset never leads to another one.
            Content::Preset(name) => return Err(DeeplinkError::NoPreset(name)),
        };
        Ok((resolved, preset))
    }

    /// What runs, with examples and stand-ins for what is not known yet.
    async fn previewed(&self, resolved: &Resolved) -> Result<(ValidLoadTest, Vec<String>), DeeplinkError> {
        let config = Arc::clone(&self.0.config.borrow());
        let resolved = resolved.clone();
        let previewed = task::spawn_blocking(move || {
            let filled = resolved.preview()?;
            let known = launch::environment(BTreeMap::new(), &config.load.env_allow);
            let env = resolved.env(&filled, |name| known.contains_key(name));
            let (folder, load) = (&config.server.files_dir, &config.load);
            let origin = launch::to_look_at(&filled.document, folder, filled.env.clone(), load);
            let test = launch::valid(filled.document, origin, &config.load)?;
            Ok::<_, DeeplinkError>((test, env))
        });
        previewed.await?
    }

    /// Forgets what is old, for ever.
    pub async fn upkeep(self) {
        loop {
            match self.forget(now()).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "{gone} deeplinks ended long ago and are forgotten"),
                Err(error) => tracing::debug!(%error, "old deeplinks cannot be forgotten for now: {error}"),
            }
            time::sleep(EVERY).await;
        }
    }

    /// Forgets links that ended long before `now`, and what was counted more than a year before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.0.usage.forget(super::usage::first_kept(now), BATCH).await?;
        let mut gone = 0;
        loop {
            match self.0.store.forget(now - KEPT, BATCH).await? {
                0 => return Ok(gone),
                more => gone += more,
            }
        }
    }
}

/// What a link is called where nobody says.
fn named(resolved: &Resolved, test: &ValidLoadTest) -> String {
    let name = match resolved {
        Resolved::Loadtest(_) => &test.loadtest().name,
        Resolved::Recipe { recipe, .. } => &recipe.recipe().title,
    };
    name.chars().take(LONGEST_TITLE).collect()
}

fn title(text: Option<&str>) -> Result<Option<String>, DeeplinkError> {
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    if (1..=LONGEST_TITLE).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(Some(text.to_owned()));
    }
    let message = format!("must be 1 to {LONGEST_TITLE} characters in one line");
    Err(DeeplinkError::Field { path: "title", message })
}

fn end(asked: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, DeeplinkError> {
    let Some(at) = asked else { return Ok(whole_seconds(now + USUAL)) };
    if at > now && at <= now + LONGEST {
        return Ok(whole_seconds(at));
    }
    let message = format!("must be in the future, and within {} days", LONGEST.as_hours() / 24);
    Err(DeeplinkError::Field { path: "expires_at", message })
}

/// As it stands in links, never earlier.
fn whole_seconds(at: Timestamp) -> Timestamp {
    let more = i64::from(at.subsec_nanosecond() > 0);
    Timestamp::from_second(at.as_second() + more).unwrap_or(at)
}

fn uses(asked: Option<u64>) -> Result<Option<u64>, DeeplinkError> {
    match asked {
        Some(most) if !(1..=MOST_USES).contains(&most) => {
            let message = format!("must be 1 to {MOST_USES}; without it any number of runs may start");
            Err(DeeplinkError::Field { path: "max_uses", message })
        }
        asked => Ok(asked),
    }
}

/// Now, to the millisecond that every database keeps.
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
