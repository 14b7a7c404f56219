//! Why a provider does not answer.

use std::time::Duration;

use reqwest::StatusCode;

/// Why a provider does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// It is not there.
    #[error("it cannot be reached: {0}")]
    Unreached(String),
    /// It refuses.
    #[error("it answered {status}{said}")]
    Status {
        /// The status.
        status: StatusCode,
        /// What it says, after a colon.
        said: String,
        /// After how long it wants to be asked again.
        again: Option<Duration>,
    },
    /// It takes too long.
    #[error("it took longer than {} s (`timeout` of the provider)", .0.as_secs_f64())]
    Overdue(Duration),
    /// Its answer has no end.
    #[error("its answer broke off")]
    BrokenOff,
    /// Its answer is none.
    #[error("its answer cannot be read: {0}")]
    Unreadable(String),
    /// Its answer has no end in sight.
    #[error("its answer is larger than {} MiB", super::LARGEST >> 20)]
    TooLarge,
    /// Its answer has another form.
    #[error("its answer does not have the form that was asked for")]
    Unfit,
    /// The question is too long.
    #[error(
        "the question has about {about} tokens, and {most} are sent at most (`max_prompt_tokens` of the provider)"
    )]
    Long {
        /// Tokens that it has, about.
        about: u32,
        /// Most that it may have.
        most: u32,
    },
    /// It does not want to answer this.
    #[error("it filtered its answer")]
    Filtered,
}

impl RemoteError {
    /// Whether it may answer when it is asked again.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreached(_) | Self::BrokenOff | Self::Unreadable(_) => true,
            Self::Status { status, .. } => {
                status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
            }
            Self::Overdue(_) | Self::TooLarge | Self::Unfit | Self::Filtered | Self::Long { .. } => false,
        }
    }

    /// Whether it is the provider's fault, and not that of what it was asked.
    #[must_use]
    pub fn counts(&self) -> bool {
        match self {
            Self::Status { status, .. } => self.passes() || matches!(status.as_u16(), 401..=404),
            Self::Filtered | Self::Unfit | Self::Long { .. } => false,
            _ => true,
        }
    }

    /// After how long it wants to be asked again.
    #[must_use]
    pub const fn again(&self) -> Option<Duration> {
        match self {
            Self::Status { again, .. } => *again,
            _ => None,
        }
    }
}
