//! From a document to a run: what the command line and the server do alike.

mod places;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use uuid::Uuid;

pub(super) use self::places::HostPlace;
pub use self::places::HostPlaces;
use crate::{
    auth::allowance::Allowance,
    config::Load,
    engine::{
        BreakerRule, Caps, LogPaths, Settings,
        policy::{DenyRule, PolicyError, TargetPolicy},
    },
    loadtest::{
        ignore::{Ignore, IgnoreError, UrlRule},
        parse::Document,
        problem::Problems,
        secret::Secret,
        stand_in::EnvUses,
        valid::{Context, FileAccess, ValidLoadTest},
    },
};

/// What is asked of one run beside what the document says.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Scenarios to run; empty runs all.
    pub scenarios: Vec<String>,
    /// Log files to write.
    pub logs: LogPaths,
    /// What is written down about the run.
    pub notes: Option<String>,
    /// Addresses that MAID itself listens on: never a target.
    pub own: Vec<SocketAddr>,
    /// The trace that the run belongs to.
    pub trace: Option<[u8; 16]>,
    /// How much it may ask for, within what the configuration allows.
    pub allowance: Arc<Allowance>,
}

/// Where a document comes from, and what it may read.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Folder that its file names are relative to.
    pub folder: PathBuf,
    /// Which files it may name.
    pub files: FileAccess,
    /// Values that whoever starts it gives it to read with `${env:NAME}`.
    pub env: BTreeMap<String, Secret>,
}

/// Why a document cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is wrong.
    #[error("{0}")]
    Document(#[from] Problems),
    /// A `.maidignore` is wrong.
    #[error("{0}")]
    Ignore(#[from] IgnoreError),
}

/// Checks `document` for a run from `origin`. Reads the files that it names: not for an async worker.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn valid(document: Document, origin: Origin, load: &Load) -> Result<ValidLoadTest, Unfit> {
    let Origin { folder, files, env: given } = origin;
    let ignore = Ignore::load(&folder)?;
    let env = environment(given, &load.env_allow);
    let mut env_refused = document.env_names();
    env_refused.retain(|name| !env.contains_key(name) && std::env::var_os(name).is_some());
    Ok(document.validate(&Context { base_dir: folder, env, env_refused, ignore, files })?)
}

/// What the names of MAID's own variables begin with.
const OWN: &str = "MAID__";

/// What a document may read: what it is given, and of this process's environment only what is allowed.
#[must_use]
pub fn environment(given: BTreeMap<String, Secret>, allowed: &[String]) -> BTreeMap<String, Secret> {
    // MAID's own settings hold its secrets, whatever is allowed.
    let others = allowed.iter().filter(|name| !name.to_ascii_uppercase().starts_with(OWN));
    let found = others.filter_map(|name| Some((name.clone(), Secret::new(std::env::var(name).ok()?))));
    found.chain(given).collect()
}

/// What the engine is told: the bounds of the configuration, and what is asked of this run.
///
/// # Errors
/// An entry of `load.targets.allow` is none.
pub fn settings(
    run_id: Uuid,
    test: &ValidLoadTest,
    load: &Load,
    wishes: Wishes,
) -> Result<Settings, PolicyError> {
    let Wishes { scenarios, logs, notes, own, trace, allowance } = wishes;
    let denied = test.url_rules().iter().cloned().map(denial).collect();
    let policy = TargetPolicy::new(&load.targets.allow, own, denied)?;
    let policy = match &allowance.targets {
        Some(targets) => policy.within(targets)?,
        None => policy,
    };
    Ok(Settings {
        run_id,
        policy: Arc::new(policy),
        stop_grace: load.stop_grace.get(),
        breaker: BreakerRule { after: load.breaker.after.get(), share: load.breaker.connect_failures },
        caps: Caps {
            max_users: allowance.max_users.map_or(load.max_users, |most| most.min(load.max_users)),
            max_rps: load.max_rps,
            max_run_time: load.max_run_time.get(),
        },
        scenarios,
        workers: load.workers.into(),
        logs,
        notes,
        trace,
    })
}

fn denial(rule: UrlRule) -> DenyRule {
    let pattern = rule.pattern().to_owned();
    DenyRule::new(&pattern, move |host, path| rule.matches(host, path))
}

/// An origin for a document that is looked at before anybody runs it: what it reads from the environment and nobody
/// has given yet has something that stands for it.
#[must_use]
pub fn to_look_at(
    document: &Document,
    folder: &Path,
    given: BTreeMap<String, Secret>,
    load: &Load,
) -> Origin {
    let known = environment(given, &load.env_allow);
    over_the_api(folder, EnvUses::of(document).environment(document, &known))
}

/// An origin for documents that come over the API: files below `folder` alone.
#[must_use]
pub fn over_the_api(folder: &Path, env: BTreeMap<String, Secret>) -> Origin {
    Origin { folder: folder.to_owned(), files: FileAccess::Inside, env }
}
