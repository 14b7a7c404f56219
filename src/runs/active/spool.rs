//! Where results go that the database does not take: files in the server's own folder, stored as
//! soon as it does, also after a restart.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    db::StoreError,
    disk,
    engine::outcome::Outcome,
    runs::{record::NewRun, store::Store},
};

/// Folder in `server.data_dir`.
const FOLDER: &str = "spool";
/// Largest file that is taken back, inflated, in bytes.
const LARGEST: usize = 256 << 20;
/// How hard files are compressed.
const LEVEL: i32 = 3;

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
}

impl Spool {
    /// The spool in `data_dir`, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        fs::create_dir_all(&folder)?;
        Ok(Self { folder: folder.into(), filled: Arc::default() })
    }

    /// Keeps a run until the database takes it. Blocks: not for an async worker.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn put(&self, spooled: &Spooled) -> io::Result<()> {
        let json = serde_json::to_vec(spooled)?;
        let path = self.folder.join(format!("{}.json.zst", spooled.run.id));
        disk::replace(&path, &zstd::encode_all(json.as_slice(), LEVEL)?)?;
        self.filled.notify_one();
        Ok(())
    }

    /// Stores whatever waits, oldest first. Answers how many runs were stored.
    ///
    /// # Errors
    /// The database does not take one; it and those after it go on waiting.
    pub async fn empty_into(&self, store: &Store) -> Result<usize, StoreError> {
        let mut stored = 0;
        for path in self.waiting() {
            match read(&path) {
                Ok(Spooled { run, outcome }) => {
                    store.import(&run, &outcome).await?;
                    store.finish(run.id, &outcome).await?;
                    fs::remove_file(&path).ok();
                    stored += 1;
                }
                Err(error) => {
                    let aside = path.with_extension("damaged");
                    tracing::error!(%error, "{} cannot be read and is set aside as {}", path.display(), aside.display());
                    fs::rename(&path, &aside).ok();
                }
            }
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
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_run(path)).collect();
        paths.sort();
        paths
    }
}

fn is_run(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let id = name.and_then(|name| name.strip_suffix(".json.zst"));
    id.is_some_and(|id| id.parse::<Uuid>().is_ok())
}

fn read(path: &Path) -> io::Result<Spooled> {
    let bytes = fs::read(path)?;
    let json = zstd::bulk::decompress(&bytes, LARGEST)?;
    Ok(serde_json::from_slice(&json)?)
}
