//! The key that seals the log, and the file that says how far this server has seen it. Neither is in
//! the database: whoever can only change rows cannot seal them again, nor hide that there were more.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    chain::{Head, Key, Mark, SEAL, SealedHead, from_hex},
    error::AuditError,
};
use crate::{
    auth::secret::{Purpose, RootSecret},
    config::Config,
    disk::{Existing, Part},
    http::digest::hex,
};

/// The file in `server.data_dir` that says how far this server has seen the log.
const SEEN_FILE: &str = "audit.head";
/// It is nobody else's business.
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

/// The key of the log of a server with this configuration, made from its one secret.
///
/// # Errors
/// When the secret cannot be read or made, or is none.
pub fn key(config: &Config) -> Result<AuditKey, AuditError> {
    let data_dir = &config.server.data_dir;
    let secret = RootSecret::open(&config.auth.secret, data_dir)?;
    Ok(AuditKey::new(secret.key(Purpose::Audit), data_dir))
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
    use super::*;

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
