//! What can go wrong with pictures, and the code that each cause has.

use uuid::Uuid;

use super::draw::DrawError;
use crate::{
    ai::AiError,
    db::StoreError,
    http::{Code, FieldError, Problem},
};

/// After how many seconds whoever was refused may come again.
const AGAIN_S: u32 = 2;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// A field is wrong, or missing.
    #[error("{path} {message}")]
    Field {
        /// Which one.
        path: &'static str,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// The model that makes pictures of texts.
    #[error("{0}")]
    Model(#[from] AiError),
    /// Whoever asks may look at runs, and not ask models.
    #[error("pictures of texts take the scope maid.write: they take the machine's time")]
    MayNot,
    /// There is no such run.
    #[error("there is no run {0}")]
    NotFound(Uuid),
    /// It is still going on.
    #[error("run {0} is not over yet: a picture is drawn of what it left behind")]
    Unfinished(Uuid),
    /// It left nothing behind.
    #[error("run {0} left no results behind: there is nothing to draw")]
    NoResults(Uuid),
    /// Too many are before it.
    #[error("as many pictures as this server draws at once are being drawn: try again in a moment")]
    Busy,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// It cannot be drawn.
    #[error("{0}")]
    Draw(#[from] DrawError),
    /// A defect.
    #[error("{0}")]
    Task(#[from] tokio::task::JoinError),
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        let detail = error.to_string();
        match error {
            PictureError::Field { path, message } => Self::new(Code::InvalidBody, detail)
                .with_errors([FieldError { path: path.to_owned(), message }]),
            PictureError::Model(error) => error.into(),
            PictureError::MayNot => Self::new(Code::Forbidden, detail),
            PictureError::NotFound(_) => Self::new(Code::NotFound, detail),
            PictureError::Unfinished(_) => Self::new(Code::RunUnfinished, detail),
            PictureError::NoResults(_) | PictureError::Draw(DrawError::Nothing(_)) => {
                Self::new(Code::NoResults, detail)
            }
            PictureError::Busy => Self { retry_after_s: Some(AGAIN_S), ..Self::new(Code::Full, detail) },
            PictureError::Store(error) => error.into(),
            PictureError::Draw(error) => Self::internal(&error),
            PictureError::Task(error) => Self::internal(&error),
        }
    }
}
