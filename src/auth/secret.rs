//! The one secret of an installation, and what is derived from it.
//!
//! It is not in the database: whoever has only a copy of that can neither sign, nor open what is
//! encrypted, nor find out which credential a hash belongs to.

use std::{
    fmt,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use ring::{
    hkdf,
    rand::{SecureRandom, SystemRandom},
};

use crate::{
    config::Hidden,
    disk::{Existing, Part},
};

/// The secret's file in `server.data_dir`.
pub const FILE: &str = "secret.key";
/// Length of a derived key, in bytes.
pub const KEY: usize = 32;
/// Rights that nobody but the owner of the file may have.
const OTHERS: u32 = 0o077;

/// The one secret of an installation.
#[derive(Clone)]
pub struct RootSecret(hkdf::Prk);

/// What a key is derived for. Two purposes never share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Hashes of API keys, refresh tokens, cookies and invitations.
    Credentials,
    /// Private signing keys, encrypted.
    SigningKeys,
    /// Seals of the audit log.
    Audit,
    /// Tokens that show that a page is MAID's own.
    Csrf,
    /// State of a sign-in with another provider.
    Oidc,
    /// What requests with an `Idempotency-Key` are remembered by.
    Idempotency,
    /// Hashes of the links of prompts.
    PromptLinks,
    /// Signatures of deeplinks.
    Deeplinks,
    /// Hashes of the addresses that open deeplinks.
    Visitors,
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or made.
    #[error("the secret in {} cannot be read or made: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others may read it.
    #[error("the secret in {path} may be read by others: run `chmod 600 {path}`", path = .0.display())]
    Open(PathBuf),
    /// It holds something else.
    #[error(
        "{} holds no secret ({KEY} bytes): put the file back that was there; with another one nobody who is signed in \
         stays so, and no API key works any more",
        .0.display()
    )]
    Damaged(PathBuf),
}

impl RootSecret {
    /// The secret that is configured, else the one in `data_dir`, which is made when there is none.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn open(configured: &Hidden, data_dir: &Path) -> Result<Self, SecretError> {
        match configured.expose() {
            Some(text) => Ok(Self::of(text.as_bytes())),
            None => Ok(Self::of(&in_file(&data_dir.join(FILE))?)),
        }
    }

    fn of(bytes: &[u8]) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, b"maid root secret").extract(bytes))
    }

    /// The key for `purpose`.
    #[must_use]
    pub fn key(&self, purpose: Purpose) -> [u8; KEY] {
        let label: &[u8] = match purpose {
            Purpose::Credentials => b"credentials",
            Purpose::SigningKeys => b"signing keys",
            Purpose::Audit => b"audit",
            Purpose::Csrf => b"csrf",
            Purpose::Oidc => b"oidc",
            Purpose::Idempotency => b"idempotency",
            Purpose::PromptLinks => b"prompt links",
            Purpose::Deeplinks => b"deeplinks",
            Purpose::Visitors => b"visitors",
        };
        let mut key = [0; KEY];
        let filled = self.0.expand(&[label], hkdf::HKDF_SHA256).and_then(|derived| derived.fill(&mut key));
        filled.expect("32 bytes are what SHA-256 gives");
        key
    }
}

impl fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootSecret(***)")
    }
}

/// Random bytes.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

fn in_file(path: &Path) -> Result<[u8; KEY], SecretError> {
    let failed = |source| SecretError::File { path: path.to_owned(), source };
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path).map_err(failed)?,
        read => read.map_err(failed)?,
    };
    if fs::metadata(path).map_err(failed)?.permissions().mode() & OTHERS != 0 {
        return Err(SecretError::Open(path.to_owned()));
    }
    bytes.try_into().map_err(|_| SecretError::Damaged(path.to_owned()))
}

/// Makes a secret. Where another process was faster, its secret is the one.
fn make(path: &Path) -> io::Result<Vec<u8>> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let bytes = random::<KEY>();
    let part = Part::beside(path, 0o600)?;
    fs::write(part.path(), bytes)?;
    match part.publish(path, Existing::Keep) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::read(path),
        published => published.map(|()| bytes.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || RootSecret::open(&Hidden::default(), folder.path());
        let first = open().expect("it is made").key(Purpose::Audit);
        assert_eq!(open().expect("it is there").key(Purpose::Audit), first);
        assert_ne!(open().expect("it is there").key(Purpose::Csrf), first, "one key for one purpose");

        let file = folder.path().join(FILE);
        let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
        assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
        mode(0o640);
        assert!(matches!(open(), Err(SecretError::Open(_))));
        mode(0o600);
        fs::write(&file, "short").expect("it is ours");
        assert!(matches!(open(), Err(SecretError::Damaged(_))));
    }

    #[test]
    fn servers_that_are_told_the_same_have_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = |text: &str| {
            RootSecret::open(&Hidden::new(text), folder.path()).expect("it is given").key(Purpose::Audit)
        };
        assert_eq!(told("0123456789abcdef0123456789abcdef"), told("0123456789abcdef0123456789abcdef"));
        assert_ne!(told("0123456789abcdef0123456789abcdef"), told("0123456789abcdef0123456789abcdeF"));
        assert!(!folder.path().join(FILE).exists());
    }
}
