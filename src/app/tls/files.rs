//! A certificate and its key, as they lie in files.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use rustls::{
    Error, InconsistentKeys,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use super::{error::TlsError, validity::Validity};

/// Largest file that is read, in bytes: chains have some thousand.
const LARGEST: u64 = 1 << 20;

/// What others may do with a file, in its mode. A group may be let in: some systems hand keys out so.
const OTHERS: u32 = 0o007;

/// How long before its end a certificate is warned of.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

const CERT: &str = "server.tls.cert_file";
const KEY: &str = "server.tls.key_file";

/// Where the two lie.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) cert: PathBuf,
    pub(super) key: PathBuf,
}

/// What two files look like from outside; another one means that they changed.
pub(super) type Stamp = [Option<Look>; 2];

/// Device, inode, size and time of the last change in nanoseconds: of the file that a link leads to.
type Look = (u64, u64, u64, i128);

/// A certificate with its key.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) key: Arc<CertifiedKey>,
    /// When the certificate holds; none where it does not say so in a form that is known.
    pub(super) validity: Option<Validity>,
}

impl Files {
    pub(super) fn stamp(&self) -> Stamp {
        [&self.cert, &self.key].map(|path| fs::metadata(path).ok().map(|of| look(&of)))
    }

    /// Reads both and makes sure that they fit together.
    pub(super) fn read(&self) -> Result<Pair, TlsError> {
        let none = || TlsError::NoCertificate(self.cert.clone());
        let bytes = read(CERT, &self.cert, |_| Ok(()))?;
        let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(none)?;
        let validity = chain.first().and_then(|first| Validity::of(first));

        let bytes = read(KEY, &self.key, |of| match of.mode() & OTHERS {
            0 => Ok(()),
            _ => Err(TlsError::Exposed(self.key.clone())),
        })?;
        let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| TlsError::NoKey(self.key.clone()))?;
        let unusable = |error: Error| TlsError::Key { path: self.key.clone(), reason: error.to_string() };
        let key = ring::default_provider().key_provider.load_private_key(key).map_err(unusable)?;
        let pair = CertifiedKey::new(chain, key);
        match pair.keys_match() {
            // Not every kind of key tells; a handshake would.
            Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
            Err(Error::InconsistentKeys(_)) => {
                return Err(TlsError::Mismatch { cert: self.cert.clone(), key: self.key.clone() });
            }
            Err(error) => {
                return Err(TlsError::Certificate { path: self.cert.clone(), reason: error.to_string() });
            }
        }
        Ok(Pair { key: Arc::new(pair), validity })
    }
}

impl Pair {
    /// Says so where clients will refuse the certificate, now or soon.
    pub(super) fn warn(&self, cert: &Path) {
        if let Some(validity) = self.validity {
            warn(validity, cert, Timestamp::now());
        }
    }
}

/// Says so where a certificate does not hold at `now`, or not for much longer.
pub(super) fn warn(validity: Validity, cert: &Path, now: Timestamp) {
    let (cert, Validity { from, until }) = (cert.display(), validity);
    if now > until {
        tracing::warn!(
            "{CERT}: the certificate in {cert} has expired on {until}: clients refuse it; renew it"
        );
    } else if now < from {
        tracing::warn!("{CERT}: the certificate in {cert} does not hold before {from}: clients refuse it");
    } else if now.duration_until(until) < SOON {
        tracing::warn!("{CERT}: the certificate in {cert} expires on {until}; renew it");
    }
}

fn look(of: &Metadata) -> Look {
    let changed = i128::from(of.mtime()) * 1_000_000_000 + i128::from(of.mtime_nsec());
    (of.dev(), of.ino(), of.size(), changed)
}

fn read(
    setting: &'static str,
    path: &Path,
    check: impl Fn(&Metadata) -> Result<(), TlsError>,
) -> Result<Vec<u8>, TlsError> {
    let unreadable = |cause| TlsError::Unreadable { setting, path: path.to_owned(), cause };
    // Opening a pipe would wait for whoever writes to it.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    check(&file.metadata().map_err(unreadable)?)?;
    let mut bytes = Vec::new();
    let length = file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if length as u64 > LARGEST {
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB")));
    }
    Ok(bytes)
}
