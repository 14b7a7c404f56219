//! The key that seals the log, and the file that says how far this server has seen it. Neither is in
//! the database: whoever can only change rows cannot seal them again, nor hide that there were more.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use super::{
    chain::{Head, Key, Mark, SEAL, Seal, SealedHead, from_hex, hex},
    error::AuditError,
};
use crate::{
    config::Config,
    disk::{Existing, Part},
};

/// The key's file in `server.data_dir`.
const KEY_FILE: &str = "secret.key";
/// The file in `server.data_dir` that says how far this server has seen the log.
const SEEN_FILE: &str = "audit.head";
/// Both are nobody else's business.
const PRIVATE: u32 = 0o600;

/// The key, and what is known of the log outside the database.
#[derive(Debug)]
pub struct AuditKey {
    key: Key,
    seen: PathBuf,
}

/// How far a server has seen the log, as it is written.
#[derive(Debug, Serialize, Deserialize)]
struct Seen {
    seq: u64,
    seal: String,
    mac: String,
}

/// The key of the log that `config` names, made when there is none.
///
/// # Errors
/// When it cannot be read or written, or is none.
pub fn key(config: &Config) -> Result<AuditKey, AuditError> {
    let data_dir = &config.server.data_dir;
    let path = data_dir.join(KEY_FILE);
    let failed = |source| AuditError::KeyFile { path: path.clone(), source };
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(&path).map_err(failed)?,
        Err(error) => return Err(failed(error)),
    };
    let bytes = Seal::try_from(bytes).map_err(|_| AuditError::NoKey(path.clone()))?;
    Ok(AuditKey::new(bytes, data_dir))
}

/// Makes a key. Where another process was faster, its key is the one.
fn make(path: &Path) -> io::Result<Vec<u8>> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut bytes = vec![0; SEAL];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no random numbers"))?;
    let part = Part::beside(path, PRIVATE)?;
    fs::write(part.path(), &bytes)?;
    match part.publish(path, Existing::Keep) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::read(path),
        published => published.map(|()| bytes),
    }
}

impl AuditKey {
    /// The key with these bytes, for a server with this data folder.
    #[must_use]
    pub fn new(bytes: [u8; SEAL], data_dir: &Path) -> Self {
        Self { key: Key::new(&bytes), seen: data_dir.join(SEEN_FILE) }
    }

    /// What seals.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Notes that the log was seen up to `head`. Blocks: not for an async worker.
    pub(super) fn note(&self, head: Head) -> io::Result<()> {
        let SealedHead { head, mac } = self.key.seal_head(Mark::Seen, head);
        let seen = Seen { seq: head.seq, seal: hex(&head.seal), mac: hex(&mac) };
        let part = Part::beside(&self.seen, PRIVATE)?;
        fs::write(part.path(), serde_json::to_vec(&seen)?)?;
        part.publish(&self.seen, Existing::Replace)
    }

    /// How far the log was seen; none where nothing was noted. A file that is damaged is one that
    /// nobody sealed. Blocks: not for an async worker.
    pub(super) fn noted(&self) -> Result<Option<SealedHead>, AuditError> {
        let text = match fs::read(&self.seen) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(AuditError::SeenFile { path: self.seen.clone(), source }),
        };
        let read = serde_json::from_slice::<Seen>(&text).ok().and_then(|seen| {
            let head = Head { seq: seen.seq, seal: from_hex(&seen.seal)? };
            Some(SealedHead { head, mac: from_hex(&seen.mac)?.to_vec() })
        });
        Ok(Some(read.unwrap_or(SealedHead { head: Head::BEGIN, mac: Vec::new() })))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn config(folder: &Path) -> Config {
        let mut config = Config::default();
        config.server.data_dir = folder.to_owned();
        config
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let head = Head { seq: 3, seal: [5; SEAL] };
        let folder = folder.path().join("data");
        let first = key(&config(&folder)).expect("it is made");
        let again = key(&config(&folder)).expect("it is read");
        assert!(again.key().fits(Mark::Last, &first.key().seal_head(Mark::Last, head)), "it is the same");
        let mode = fs::metadata(folder.join(KEY_FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, PRIVATE);
        fs::write(folder.join(KEY_FILE), "short").expect("written");
        let told = key(&config(&folder)).expect_err("no key").to_string();
        assert!(told.contains("put the one back") && !told.contains("short"), "{told}");
    }

    #[test]
    fn what_was_seen_is_kept_and_damage_is_told_from_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = AuditKey::new([1; SEAL], folder.path());
        assert_eq!(key.noted().expect("it is read"), None);
        let head = Head { seq: 3, seal: [5; SEAL] };
        key.note(head).expect("it is written");
        let noted = key.noted().expect("it is read").expect("it is there");
        assert!(noted.head == head && key.key().fits(Mark::Seen, &noted));
        for damage in ["", "{}", "{\"seq\":3,\"seal\":\"00\",\"mac\":\"00\"}"] {
            fs::write(folder.path().join(SEEN_FILE), damage).expect("written");
            let noted = key.noted().expect("it is read").expect("it is there");
            assert!(!key.key().fits(Mark::Seen, &noted), "{damage}");
        }
    }
}
