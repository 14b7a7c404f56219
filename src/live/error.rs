//! Why a WebSocket is not opened.

use crate::http::{Code, Problem};

/// Seconds after which a refused client may try again.
const TRY_AGAIN_S: u32 = 10;

/// Why a WebSocket is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiveError {
    /// No new ones are taken.
    #[error("the server is about to end")]
    Ending,
    /// There are as many as there may be.
    #[error("there are {0} WebSockets already; close one, or raise server.max_websockets")]
    Full(usize),
}

impl From<LiveError> for Problem {
    fn from(error: LiveError) -> Self {
        let (code, retry_after_s) = match error {
            LiveError::Ending => (Code::Draining, None),
            LiveError::Full(_) => (Code::Full, Some(TRY_AGAIN_S)),
        };
        Self { retry_after_s, ..Self::new(code, error.to_string()) }
    }
}
