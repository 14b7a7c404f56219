//! What can go wrong with links and presets, and the code that each cause has.

use super::{link::LinkError, record::State};
use crate::{
    audit::{AuditError, Outcome},
    db::StoreError,
    http::{Code, FieldError, Problem},
    loadtest::problem::Problems,
    recipes::RecipeError,
    runs::launch::Unfit,
};

/// Why something about links or presets cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum DeeplinkError {
    /// It is no link, or was changed.
    #[error("{0}")]
    Link(#[from] LinkError),
    /// There is no such link.
    #[error("there is no such link: it is of another server, or was forgotten after it had ended")]
    NotFound,
    /// It is no longer good.
    #[error("{}", over(*.0))]
    Over(State),
    /// There is no such preset.
    #[error("there is no preset `{0}`; GET /api/maid/presets lists those that there are")]
    NoPreset(String),
    /// A preset has this name.
    #[error(
        "there is a preset `{0}` already: change it with PUT /api/maid/presets/{0}, or take another name"
    )]
    NameTaken(String),
    /// It is somebody else's.
    #[error("this {0} is somebody else's: they or an admin may do that")]
    NotOwn(&'static str),
    /// It holds secrets.
    #[error("{0}")]
    Secrets(Problems),
    /// The test cannot be run.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// The recipe that it leads to cannot be used.
    #[error("{0}")]
    Recipe(#[from] RecipeError),
    /// A value for a parameter of the recipe is wrong, or missing.
    #[error("{0}")]
    Values(Problems),
    /// A value is given for what is no recipe.
    #[error("there is no parameter `{0}`: this link leads to a LoadTest, and only recipes have parameters")]
    NoParameters(String),
    /// A value is given for what the link has a value for.
    #[error("`{0}` is given by the link, and is part of what it shows: leave it out")]
    Fixed(String),
    /// It leads to something else by now.
    #[error("what the link leads to was changed after you have looked at it: look at it again")]
    Changed,
    /// A preset is at another version.
    #[error("it was changed meanwhile, and is at version {0} now; look at it again")]
    PresetChanged(i64),
    /// A field is wrong.
    #[error("{path}: {message}")]
    Field {
        /// Which one.
        path: &'static str,
        /// What is wrong with it and what to do about it.
        message: String,
    },
    /// A parameter of the query is wrong.
    #[error("{path}: {message}")]
    Query {
        /// Which one.
        path: &'static str,
        /// What is wrong with it and what to do about it.
        message: String,
    },
    /// The tenant has as many as it may.
    #[error("{0}")]
    Full(String),
    /// The address of this server is not known.
    #[error(
        "this server does not know under which address people reach it: set `server.public_url`, or send a Host header"
    )]
    NoAddress,
    /// A task of ours broke.
    #[error("{0}")]
    Task(#[from] tokio::task::JoinError),
    /// The audit log does not keep it, so it is not done.
    #[error("{0}")]
    Audit(#[from] AuditError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

const fn over(state: State) -> &'static str {
    match state {
        State::Open => "the link cannot be used just now: try it again",
        State::Expired => "the link has expired: ask whoever made it for a new one",
        State::Revoked => "the link was revoked by whoever made it: ask them for a new one",
        State::Used => {
            "as many runs have started from the link as it allows: ask whoever made it for a new one"
        }
    }
}

impl DeeplinkError {
    /// How what was asked for came out, for the audit log.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Link(_) | Self::Over(_) | Self::NotOwn(_) => Outcome::Denied,
            _ => Outcome::Failed,
        }
    }
}

impl From<DeeplinkError> for Problem {
    fn from(error: DeeplinkError) -> Self {
        let detail = error.to_string();
        let at = |path: &str| [FieldError { path: path.to_owned(), message: detail.clone() }];
        match error {
            DeeplinkError::Link(_) => Self::new(Code::BadDeeplink, detail),
            DeeplinkError::NotFound | DeeplinkError::NoPreset(_) => Self::new(Code::NotFound, detail),
            DeeplinkError::Over(_) => Self::new(Code::DeeplinkOver, detail),
            DeeplinkError::NameTaken(_) => Self::new(Code::NameTaken, detail.clone()).with_errors(at("name")),
            DeeplinkError::NotOwn(_) => Self::new(Code::Forbidden, detail),
            DeeplinkError::Secrets(problems) => {
                Self::new(Code::InvalidBody, "nothing was stored: a link holds no secrets")
                    .with_places(&problems)
            }
            DeeplinkError::Unfit(Unfit::Document(problems)) => {
                Self::new(Code::InvalidLoadtest, "what the link leads to cannot be run; correct these places")
                    .with_places(&problems)
            }
            DeeplinkError::Unfit(Unfit::Ignore(_)) => Self::new(Code::InvalidLoadtest, detail),
            DeeplinkError::Recipe(error) => error.into(),
            DeeplinkError::Values(problems) => {
                Self::new(Code::InvalidRecipe, "the recipe cannot be filled in; correct these values")
                    .with_places(&problems)
            }
            DeeplinkError::NoParameters(ref name) | DeeplinkError::Fixed(ref name) => {
                let errors = at(&format!("parameters.{name}"));
                Self::new(Code::InvalidBody, detail).with_errors(errors)
            }
            DeeplinkError::Changed => Self::new(Code::Changed, detail.clone()).with_errors(at("seen")),
            DeeplinkError::PresetChanged(_) => {
                Self::new(Code::Changed, detail.clone()).with_errors(at("version"))
            }
            DeeplinkError::Field { path, message } => Self::new(Code::InvalidBody, detail)
                .with_errors([FieldError { path: path.to_owned(), message }]),
            DeeplinkError::Query { path, message } => {
                Self::new(Code::BadQuery, detail).with_errors([FieldError { path: path.to_owned(), message }])
            }
            DeeplinkError::Full(_) => Self::new(Code::Full, detail),
            DeeplinkError::NoAddress => Self::new(Code::BadHeader, detail),
            DeeplinkError::Task(error) => Self::internal(&error),
            DeeplinkError::Audit(error) => error.into(),
            DeeplinkError::Store(error) => error.into(),
        }
    }
}
