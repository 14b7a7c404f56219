//! Everything that a subcommand can fail with, its exit code, and what to do about it.

use std::{io, path::PathBuf};

use uuid::Uuid;

use super::{
    engine_link::{self, EngineError},
    exit::Exit,
    linked::LinkedError,
    remote::RemoteError,
};
use crate::{
    ai::{models::ModelError, search::SearchError},
    app::{Ending, StartError},
    audit::AuditError,
    auth::{AuthError, SigningError},
    config::ConfigError,
    convert::{export::ExportError, import::ImportError},
    db::{DbError, StoreError},
    deeplinks::code::CodeError,
    engine::policy::PolicyError,
    loadtest::{ignore::IgnoreError, problem::Problems},
    recipes::document::Requires,
    reports::ReportError,
};

/// Why a subcommand failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("the configuration cannot be used:\n{0}")]
    Config(#[from] ConfigError),
    #[error("{name} cannot be read: {error}")]
    Unreadable { name: String, error: io::Error },
    #[error("{name} is neither a file nor an http:// or https:// URL")]
    NotUrl { name: String, meant: String },
    #[error("`maid {0}` is not supported yet: it comes with a later version")]
    Later(String),
    #[error("there is no recipe `{id}`")]
    UnknownRecipe { id: String, meant: Option<&'static str> },
    #[error("there is no recipe {0} in the database")]
    NoSuchRecipe(Uuid),
    #[error("the recipe is wrong:\n{0}")]
    Recipe(Problems),
    #[error("the recipe cannot be filled in:\n{0}")]
    Parameters(Problems),
    #[error("-p {name}: only a recipe has parameters, and this is none")]
    NoParameters { name: String },
    #[error("`{title}` cannot be run: it sends {requires}, which this version does not speak yet")]
    NotRunnable { title: String, requires: Requires },
    #[error("{0}")]
    Linked(#[from] LinkedError),
    #[error("a QR code cannot be made: {0}")]
    Code(#[from] CodeError),
    #[error("the LoadTest cannot be run:\n{0}")]
    Document(#[from] Problems),
    #[error("nothing can be imported:\n{0}")]
    Import(#[from] ImportError),
    #[error("{name} cannot be read: {error}")]
    SourceUnreadable { name: String, error: io::Error },
    #[error("{} cannot be written: {error}", .path.display())]
    NotWritten { path: PathBuf, error: io::Error },
    #[error("no test is made: {0}")]
    NotMade(String),
    #[error("{0}")]
    Ignore(#[from] IgnoreError),
    #[error("{0}")]
    Export(ExportError),
    #[error("the export is several files: {0}")]
    SeveralFiles(String),
    #[error("{} is there already, and is not what the export would write there", .0.display())]
    Taken(PathBuf),
    #[error("the file {} cannot be written: {error}", .path.display())]
    UnwritableExport { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Policy(#[from] PolicyError),
    #[error("the test has no scenario `{name}`")]
    UnknownScenario { name: String, known: String },
    #[error("{0}")]
    Engine(#[from] EngineError),
    #[error("{0}")]
    Report(#[from] ReportError),
    #[error("the report {} cannot be written: {error}", .path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("a report cannot be written to {}, which is not a folder", .0.display())]
    NoFolder(PathBuf),
    #[error("the demo shop cannot listen on {addr}: {error}")]
    Shop { addr: String, error: io::Error },
    #[error("{0}")]
    Model(ModelError),
    #[error("there is no run {0} with results in the database")]
    NoSuchRun(Uuid),
    #[error("{0}")]
    Database(#[from] DbError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Search(SearchError),
    #[error("{0}")]
    Picture(String),
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// Users and keys.
    #[error("{0}")]
    Auth(#[from] AuthError),
    #[error("{0}")]
    Start(#[from] StartError),
    #[error("{0}")]
    Ended(Ending),
    #[error("{0}")]
    Remote(#[from] RemoteError),
    #[error("the result cannot be written to stdout: {0}")]
    Stdout(#[from] io::Error),
}

/// A database that does not answer is told alike, whatever was asked of it.
impl From<SearchError> for CliError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Store(error) => Self::Store(error),
            other => Self::Search(other),
        }
    }
}

/// What is wrong with a document is told alike, whatever was to be done with it.
impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Document(problems) => Self::Document(problems),
            ExportError::Ignore(error) => Self::Ignore(error),
            other => Self::Export(other),
        }
    }
}

impl From<&CliError> for Exit {
    fn from(error: &CliError) -> Self {
        match error {
            CliError::Config(_)
            | CliError::Unreadable { .. }
            | CliError::NotUrl { .. }
            | CliError::Later(_)
            | CliError::Search(_)
            | CliError::Picture(_)
            | CliError::Unwritable { .. }
            | CliError::UnknownRecipe { .. }
            | CliError::NoSuchRecipe(_)
            | CliError::Recipe(_)
            | CliError::Parameters(_)
            | CliError::NoParameters { .. }
            | CliError::NotRunnable { .. }
            | CliError::Linked(_)
            | CliError::Code(_)
            | CliError::Document(_)
            | CliError::Import(_)
            | CliError::SourceUnreadable { .. }
            | CliError::NotWritten { .. }
            | CliError::NotMade(_)
            | CliError::Ignore(_)
            | CliError::SeveralFiles(_)
            | CliError::Taken(_)
            | CliError::UnwritableExport { .. }
            | CliError::Policy(_)
            | CliError::NoFolder(_)
            | CliError::UnknownScenario { .. } => Self::BadInput,
            CliError::Export(_) => Self::BadInput,
            CliError::Model(ModelError::File { .. } | ModelError::Hub { .. }) => Self::Other,
            CliError::Model(_) => Self::BadInput,
            CliError::Engine(error) => engine_link::exit_of(error),
            CliError::Report(ReportError::Render { .. } | ReportError::Write { .. }) => Self::Other,
            CliError::Report(_) => Self::BadInput,
            CliError::Remote(error) => error.exit(),
            CliError::Start(error) => error_of_start(error),
            CliError::NoSuchRun(_) | CliError::Database(DbError::Url(_) | DbError::Refused(_)) => {
                Self::BadInput
            }
            CliError::Audit(AuditError::Secret(_)) | CliError::Auth(_) => Self::BadInput,
            CliError::Database(_) | CliError::Store(_) | CliError::Audit(_) => Self::Other,
            CliError::Shop { .. } | CliError::Ended(_) | CliError::Stdout(_) => Self::Other,
        }
    }
}

/// A start that fails for what is written down has other ways out than one that fails for now.
const fn error_of_start(error: &StartError) -> Exit {
    match error {
        StartError::Folder { .. }
        | StartError::Listen { .. }
        | StartError::Lock(_)
        | StartError::Secret(_)
        | StartError::Oidc(_)
        | StartError::AiPolicy(_)
        | StartError::Auth(AuthError::Password(_) | AuthError::Signing(SigningError::OtherSecret))
        | StartError::Proxies(_)
        | StartError::Tls(_)
        | StartError::Database(DbError::Url(_)) => Exit::BadInput,
        StartError::Auth(_)
        | StartError::Database(_)
        | StartError::Store(_)
        | StartError::Settle(_)
        | StartError::System(_) => Exit::Other,
    }
}

impl CliError {
    /// What to do about it, in one line: the last one on stderr. None where the message itself ends
    /// with it.
    pub(super) fn way_out(&self) -> Option<String> {
        let text = match self {
            Self::Config(error) => return Some(of_config(error)),
            Self::Unreadable { .. } => {
                "give the path of a LoadTest file, recipe:ID, a URL, or - for stdin; see `maid run --help`"
            }
            Self::NotUrl { meant, .. } => return Some(format!("did you mean {meant} ?")),
            Self::Later(_) => "`maid --help` shows what this version can do",
            Self::Unwritable { .. } => "name a file in a folder that you may write to; nothing was sent",
            Self::UnknownRecipe { meant: Some(meant), .. } => {
                return Some(format!("did you mean recipe:{meant} ? `maid recipes` lists all"));
            }
            Self::NoSuchRecipe(_) => {
                "GET /api/maid/recipes lists those of a server; the configuration (database.url, server.data_dir) says which \
                 database is looked in, and --server runs it with the values of this machine all the same"
            }
            Self::UnknownRecipe { meant: None, .. } => "`maid recipes` lists those that there are",
            Self::Recipe(_) => "nothing was sent; docs/recipes.md describes every key of a recipe",
            Self::Parameters(_) => {
                "give values with -p NAME=VALUE, and `host` with -H; `maid recipes ID` tells what a recipe takes"
            }
            Self::NoParameters { .. } => {
                "leave -p out; flags such as -u and -t change a LoadTest, and -e its variables"
            }
            Self::NotRunnable { .. } => "`maid recipes` shows which ones need nothing that is not there",
            Self::Linked(error) => return error.way_out().map(str::to_owned),
            Self::Document(_) => "nothing was sent; `maid schema` describes every key of a LoadTest",
            Self::Import(_) => "`maid import --help` shows what can be imported, and how",
            Self::SourceUnreadable { .. } => {
                "give the path of a document, or - for stdin; see `maid import --help`"
            }
            Self::NotWritten { .. } => "name a file in a folder that you may write to",
            Self::UnknownScenario { known, .. } => return Some(format!("--scenario takes: {known}")),
            Self::NoSuchRun(_) => "`maid history` shows the runs that there are",
            Self::Remote(error) => return error.way_out().map(str::to_owned),
            Self::SeveralFiles(_) => "name where they go: -o FILE; the others are written beside it",
            Self::Taken(_) => "write into a folder of its own: -o FOLDER/FILE",
            Self::UnwritableExport { .. } => "name a file in a folder that you may write to: -o FILE",
            Self::Engine(_)
            | Self::Model(_)
            | Self::Code(_)
            | Self::NotMade(_)
            | Self::Export(_)
            | Self::Ignore(_)
            | Self::Policy(_)
            | Self::Report(_)
            | Self::Database(_)
            | Self::Store(_)
            | Self::Auth(_)
            | Self::Audit(_)
            | Self::Search(_)
            | Self::Picture(_)
            | Self::Start(_)
            | Self::Ended(_) => return None,
            Self::NoFolder(folder) => {
                return Some(format!("create it first: mkdir -p {}", folder.display()));
            }
            Self::Shop { .. } => "choose another port, or 0 for a free one: `maid demo --port 0`",
            Self::Stdout(_) => "free the place that stdout leads to, or give `--summary none -o report.json`",
        };
        Some(text.to_owned())
    }
}

/// What to do about a configuration that is wrong.
fn of_config(error: &ConfigError) -> String {
    let places = "correct these places; `maid schema config` describes every key";
    match error.runtime_file().map(|file| file.display().to_string()) {
        Some(file) => {
            format!("{places}\nor start without what was changed at run time: mv {file} {file}.broken")
        }
        None => places.to_owned(),
    }
}
