//! A document that has passed validation.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::Value;
use url::Url;

use super::{
    feeder::Feeder,
    ignore::{Ignore, UrlRule},
    mask::Mask,
    secret::Secret,
    template::Names,
    threshold::Threshold,
    types::LoadTest,
};

/// What validation needs to know besides the document.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Directory that the document's file names are relative to.
    pub base_dir: PathBuf,
    /// Values that `${env:NAME}` may read, looked up already.
    pub env: BTreeMap<String, Secret>,
    /// Names that are set in the environment but may not be read, for a message that says so.
    pub env_refused: BTreeSet<String>,
    /// The `.maidignore` that counts.
    pub ignore: Ignore,
    /// Which files the document may name.
    pub files: FileAccess,
}

impl Context {
    /// A context for a document in `base_dir`, without environment and rules.
    #[must_use]
    pub fn new(base_dir: impl Into<PathBuf>) -> Self {
        Self { base_dir: base_dir.into(), ..Self::default() }
    }
}

/// Which files a document may name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileAccess {
    /// Those in the document's directory and below, wherever symbolic links lead from there to
    /// counts: for documents that come from somebody else.
    #[default]
    Inside,
    /// Any that the process can read: for a person's own document on the command line.
    Anywhere,
}

/// Contents of the files that `target.tls` names.
#[derive(Clone, Default)]
pub struct TlsFiles {
    /// Certificate authorities, PEM.
    pub ca: Option<Arc<[u8]>>,
    /// Client certificate chain, PEM.
    pub cert: Option<Arc<[u8]>>,
    /// Private key of the client certificate, PEM.
    pub key: Option<Arc<[u8]>>,
}

impl fmt::Debug for TlsFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = |file: &Option<Arc<[u8]>>| file.as_ref().map(|bytes| bytes.len());
        f.debug_struct("TlsFiles")
            .field("ca", &given(&self.ca))
            .field("cert", &given(&self.cert))
            .field("key", &given(&self.key))
            .finish()
    }
}

/// A LoadTest that can be run: every value is in range, every name known, every file read. Only
/// [`Document::validate`](super::parse::Document::validate) makes one.
#[derive(Clone)]
pub struct ValidLoadTest {
    pub(super) loadtest: LoadTest,
    pub(super) hosts: Vec<Url>,
    /// One list a scenario; empty where the target's hosts count.
    pub(super) scenario_hosts: Vec<Vec<Url>>,
    pub(super) thresholds: Vec<Threshold>,
    pub(super) feeders: Vec<Arc<Feeder>>,
    /// One a scenario.
    pub(super) names: Vec<Names>,
    /// One list a scenario.
    pub(super) bound: Vec<Vec<usize>>,
    pub(super) bodies: HashMap<PathBuf, Arc<[u8]>>,
    pub(super) tls: TlsFiles,
    pub(super) ignore: Ignore,
    pub(super) base_dir: PathBuf,
    pub(super) frozen: Value,
    pub(super) mask: Mask,
}

/// Shows the masked document, which is all that may be shown.
impl fmt::Debug for ValidLoadTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValidLoadTest").field(&self.frozen).finish()
    }
}

impl ValidLoadTest {
    /// The document. `${env:NAME}` has been filled in, except where a [`Template`](super::template::Template)
    /// does it: paths, queries, headers, bodies, credentials and variables.
    #[must_use]
    pub const fn loadtest(&self) -> &LoadTest {
        &self.loadtest
    }

    /// The target's hosts.
    #[must_use]
    pub fn hosts(&self) -> &[Url] {
        &self.hosts
    }

    /// The hosts of a scenario: its own, else the target's.
    #[must_use]
    pub fn scenario_hosts(&self, scenario: usize) -> &[Url] {
        match &self.scenario_hosts[scenario] {
            own if own.is_empty() => &self.hosts,
            own => own,
        }
    }

    /// The thresholds, in order.
    #[must_use]
    pub fn thresholds(&self) -> &[Threshold] {
        &self.thresholds
    }

    /// The data sources, in order; [`Scope::cell`](super::template::Scope::cell) numbers them so.
    #[must_use]
    pub fn feeders(&self) -> &[Arc<Feeder>] {
        &self.feeders
    }

    /// The names that the templates of a scenario can use.
    #[must_use]
    pub fn names(&self, scenario: usize) -> &Names {
        &self.names[scenario]
    }

    /// The feeders that a scenario's `on_start` uses: each user keeps one row of them for life.
    #[must_use]
    pub fn bound_feeders(&self, scenario: usize) -> &[usize] {
        &self.bound[scenario]
    }

    /// The contents of a `body.file`.
    #[must_use]
    pub fn body_file(&self, file: &Path) -> Option<&Arc<[u8]>> {
        self.bodies.get(file)
    }

    /// The contents of the files that `target.tls` names.
    #[must_use]
    pub const fn tls_files(&self) -> &TlsFiles {
        &self.tls
    }

    /// URLs that `.maidignore` refuses, to be asked for every URL that is only known later.
    #[must_use]
    pub fn url_rules(&self) -> &[UrlRule] {
        self.ignore.url_rules()
    }

    /// Directory that the document's file names are relative to.
    #[must_use]
    pub fn base_dir(&self) -> &Path {
        &self.base_dir
    }

    /// The document as it runs, for reports: `${env:NAME}` as written, secrets as `***`.
    #[must_use]
    pub fn frozen(&self) -> Value {
        self.frozen.clone()
    }

    /// What hides this document's secrets in texts that come of running it.
    #[must_use]
    pub const fn mask(&self) -> &Mask {
        &self.mask
    }
}
