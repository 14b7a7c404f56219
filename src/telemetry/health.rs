//! Whether MAID can do its work.

use std::{
    fmt,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde::Serialize;
use tokio::{sync::Mutex, task::spawn_blocking, time::timeout};
use utoipa::ToSchema;

use crate::db::Db;

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer holds: however often somebody asks, the checks cost the same.
const HOLDS: Duration = Duration::from_secs(1);

/// What a check finds: what is well, or what is wrong, in words that hold no secret.
type Finding = Result<String, String>;
type Probe = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Finding> + Send>> + Send + Sync>;

/// Whether MAID can take work now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready`, or `not_ready` when any check fails.
    #[schema(example = "ready")]
    pub status: &'static str,
    /// What was looked at.
    pub checks: Vec<Check>,
}

impl Readiness {
    /// Whether every check passed.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Check {
    /// What it is: `database`, `migrations`, `data_dir`, `engine`.
    #[schema(example = "database")]
    pub name: &'static str,
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    #[schema(example = "answers")]
    pub detail: String,
}

/// The checks; a clone is the same.
#[derive(Clone)]
pub struct Health {
    patience: Duration,
    probes: Arc<Vec<(&'static str, Probe)>>,
    last: Arc<Mutex<Option<(Instant, Readiness)>>>,
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.probes.iter().map(|(name, _)| name)).finish()
    }
}

/// Puts the checks together.
#[derive(Default)]
pub struct HealthBuilder(Vec<(&'static str, Probe)>);

impl fmt::Debug for HealthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl HealthBuilder {
    /// Adds a check, which answers what it found. One that takes too long has failed.
    #[must_use]
    pub fn check<F, A>(mut self, name: &'static str, look: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<String, String>> + Send + 'static,
    {
        self.0.push((name, Box::new(move || Box::pin(look()))));
        self
    }

    /// Adds the check that files can be written to `folder`.
    #[must_use]
    pub fn writable(self, folder: PathBuf) -> Self {
        self.check("data_dir", move || {
            let folder = folder.clone();
            async move {
                let written = spawn_blocking(move || write_to(&folder)).await;
                match written {
                    Ok(Ok(())) => Ok("is writable".to_owned()),
                    Ok(Err(error)) => Err(format!("cannot be written to: {error}")),
                    Err(_) => Err("cannot be looked at".to_owned()),
                }
            }
        })
    }

    /// Adds the checks that the database answers, and has the tables that this MAID needs.
    #[must_use]
    pub fn database(self, db: &Db) -> Self {
        let (asked, db) = (db.clone(), db.clone());
        let ping = move || {
            let db = asked.clone();
            async move { db.ping().await.map(|()| "answers".to_owned()).map_err(|error| error.to_string()) }
        };
        let steps = move || {
            let db = db.clone();
            async move {
                let steps = db.steps().await.map_err(|_| "cannot be looked at".to_owned())?;
                match steps.iter().filter(|step| !step.applied).count() {
                    0 => Ok("are applied".to_owned()),
                    missing => Err(format!("{missing} of {} are missing: run `maid migrate`", steps.len())),
                }
            }
        };
        self.check("database", ping).check("migrations", steps)
    }

    /// Adds whether new runs are accepted, which `accepting` tells. Draining is what somebody wanted:
    /// MAID is well.
    #[must_use]
    pub fn engine(self, accepting: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.check("engine", move || {
            let found = if accepting() { "accepts runs" } else { "drains: no new runs are accepted" };
            std::future::ready(Ok(found.to_owned()))
        })
    }

    /// All checks.
    #[must_use]
    pub fn build(self) -> Health {
        Health { patience: PATIENCE, probes: Arc::new(self.0), last: Arc::default() }
    }
}

/// A read-only or full file system tells of itself only when something is written.
fn write_to(folder: &std::path::Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".ready.{}", std::process::id()));
    let written = std::fs::write(&probe, [b'.'; 64]);
    let removed = std::fs::remove_file(&probe);
    written.and(removed)
}

impl Health {
    /// A set of checks, still empty.
    #[must_use]
    pub fn builder() -> HealthBuilder {
        HealthBuilder::default()
    }

    /// Looks at everything, at most once a second.
    pub async fn readiness(&self) -> Readiness {
        // Held while the checks run: whoever asks meanwhile gets the same answer.
        let mut last = self.last.lock().await;
        if let Some((at, readiness)) = &*last
            && at.elapsed() < HOLDS
        {
            return readiness.clone();
        }
        let looks = self.probes.iter().map(|(name, probe)| async {
            let found = timeout(self.patience, probe()).await;
            let found = found.unwrap_or_else(|_| Err(format!("took longer than {:?}", self.patience)));
            let ok = found.is_ok();
            Check { name, ok, detail: found.unwrap_or_else(|wrong| wrong) }
        });
        let checks = join_all(looks).await;
        let status = if checks.iter().all(|check| check.ok) { "ready" } else { "not_ready" };
        let readiness = Readiness { status, checks };
        if last.as_ref().is_none_or(|(_, before)| before.status != status) {
            tell(&readiness);
        }
        *last = Some((Instant::now(), readiness.clone()));
        readiness
    }
}

fn tell(readiness: &Readiness) {
    let wrong: Vec<String> = readiness
        .checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| format!("{} {}", check.name, check.detail))
        .collect();
    match wrong.is_empty() {
        true => tracing::info!("ready"),
        false => tracing::warn!("not ready: {}", wrong.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[actix_web::test]
    async fn one_failed_check_is_enough_and_all_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let health = Health::builder()
            .check("database", || async { Err("does not answer".to_owned()) })
            .writable(folder.path().to_owned())
            .build();
        let readiness = health.readiness().await;
        assert!(!readiness.is_ready());
        assert_eq!(
            serde_json::to_value(&readiness).expect("it serialises"),
            serde_json::json!({"status": "not_ready", "checks": [
                {"name": "database", "ok": false, "detail": "does not answer"},
                {"name": "data_dir", "ok": true, "detail": "is writable"},
            ]})
        );
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("it is there").count(),
            0,
            "nothing is left there"
        );
    }

    #[actix_web::test]
    async fn a_folder_that_takes_nothing_is_seen() {
        for folder in ["/proc/self", "/nowhere/at/all"] {
            let health = Health::builder().writable(folder.into()).build();
            let readiness = health.readiness().await;
            assert!(readiness.checks[0].detail.starts_with("cannot be written to"), "{readiness:?}");
        }
    }

    #[actix_web::test]
    async fn what_takes_too_long_has_failed() {
        let health = Health::builder().check("database", std::future::pending).build();
        let readiness = Health { patience: Duration::from_millis(1), ..health }.readiness().await;
        assert_eq!(
            (readiness.status, readiness.checks[0].detail.as_str()),
            ("not_ready", "took longer than 1ms")
        );
    }

    #[actix_web::test]
    async fn many_askers_cost_one_look() {
        let looks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&looks);
        let health = Health::builder()
            .check("engine", move || {
                counted.fetch_add(1, Ordering::Relaxed);
                async { Ok("accepts runs".to_owned()) }
            })
            .build();
        let answers = join_all((0..100).map(|_| health.readiness())).await;
        assert!(answers.iter().all(Readiness::is_ready));
        assert_eq!(looks.load(Ordering::Relaxed), 1);
    }
}
