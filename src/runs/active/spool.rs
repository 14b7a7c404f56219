//! Where results go that the database does not take: files in the server's own folder, stored as
//! soon as it does, also after a restart.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use tokio::{sync::Notify, task};
use uuid::Uuid;

use crate::{
    db::StoreError,
    disk,
    engine::outcome::Outcome,
    runs::{
        log::LogLine,
        record::{NewRun, pack, unpack},
        store::Store,
    },
};

/// Folder in `server.data_dir`.
const FOLDER: &str = "spool";

/// Results that wait for the database.
#[derive(Clone, Debug)]
pub struct Spool {
    folder: Arc<Path>,
    filled: Arc<Notify>,
}

/// One run that waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct Spooled {
    /// What the run's row says, should it be gone.
    pub run: NewRun,
    /// What the run left behind.
    pub outcome: Outcome,
    /// Lines of its log that are not stored yet.
    #[serde(default)]
    pub lines: Vec<LogLine>,
}

impl Spooled {
    /// Stores it. Doing so twice changes nothing.
    ///
    /// # Errors
    /// The database does not take it.
    pub async fn store(&self, store: &Store) -> Result<(), StoreError> {
        if !store.finish(self.run.id, &self.outcome).await? {
            store.import(&self.run, &self.outcome).await?;
        }
        store.append_logs(self.run.id, &self.lines).await
    }
}

impl Spool {
    /// The spool in `data_dir`, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        // What a crash has left half-written is of no use: the run is in the database as of a second before.
        let entries = fs::read_dir(&folder)?.filter_map(Result::ok).map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|end| end == "part")).for_each(|path| {
            fs::remove_file(path).ok();
        });
        Ok(Self { folder: folder.into(), filled: Arc::default() })
    }

    /// Keeps a run until the database takes it. Blocks: not for an async worker.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn put(&self, spooled: &Spooled) -> io::Result<()> {
        disk::replace(&self.path(spooled.run.id), &pack(spooled)?)
    }

    /// Forgets a run that is stored.
    pub fn remove(&self, run_id: Uuid) {
        if let Err(error) = fs::remove_file(self.path(run_id)) {
            tracing::debug!(%run_id, %error, "run {run_id} is not in the spool: {error}");
        }
    }

    /// Something waits for the database.
    pub fn waits(&self) {
        self.filled.notify_one();
    }

    /// Ids of the runs that wait.
    #[must_use]
    pub fn ids(&self) -> Vec<Uuid> {
        self.waiting().iter().filter_map(|path| id_of(path)).collect()
    }

    fn path(&self, run_id: Uuid) -> PathBuf {
        self.folder.join(format!("{run_id}.json.zst"))
    }

    /// Stores whatever waits, oldest first. Answers how many runs were stored. What can never be
    /// stored is set aside, so that it holds up nothing else.
    ///
    /// # Errors
    /// The database does not answer; what is left goes on waiting.
    pub async fn empty_into(&self, store: &Store) -> Result<usize, StoreError> {
        let mut stored = 0;
        for path in self.waiting() {
            let file = path.clone();
            let spooled: io::Result<Spooled> = task::spawn_blocking(move || unpack(&fs::read(file)?))
                .await
                .map_err(io::Error::other)
                .flatten();
            let error = match spooled {
                Ok(spooled) => match spooled.store(store).await {
                    Ok(()) => {
                        fs::remove_file(&path).ok();
                        stored += 1;
                        continue;
                    }
                    Err(error) if error.is_unavailable() => return Err(error),
                    Err(error) => error.to_string(),
                },
                Err(error) => error.to_string(),
            };
            let aside = path.with_extension("damaged");
            tracing::error!(%error, "{} cannot be stored and is set aside as {}", path.display(), aside.display());
            fs::rename(&path, &aside).ok();
        }
        Ok(stored)
    }

    /// Whether anything waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// Resolves when something has been put.
    pub async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Files of runs, oldest first: their names are UUIDv7.
    fn waiting(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| id_of(path).is_some()).collect();
        paths.sort();
        paths
    }
}

/// The run that a file is about; None where it is not ours.
fn id_of(path: &Path) -> Option<Uuid> {
    path.file_name()?.to_str()?.strip_suffix(".json.zst")?.parse().ok()
}
