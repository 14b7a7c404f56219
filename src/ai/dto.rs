//! What goes over the wire about models.

use serde::Serialize;
use utoipa::ToSchema;

use super::router::PolicyStatus;

/// How the models of this server are.
#[derive(Debug, Serialize, ToSchema)]
pub struct AiStatus {
    /// Whether models are used at all (`ai.enabled`).
    pub enabled: bool,
    /// Whether something works in a reduced way, for want of a model.
    pub degraded: bool,
    /// Folder that models are looked for in.
    #[schema(example = "/home/maid/.cache/maid/models")]
    pub models_dir: String,
    /// The model that writes text.
    pub chat: ModelStatus,
    /// The model that tells texts of like meaning.
    pub embeddings: ModelStatus,
    /// The model that speaks.
    pub speech: ModelStatus,
    /// The model that makes pictures of texts; those of runs take none.
    pub images: ModelStatus,
    /// Who asks.
    pub queue: QueueStatus,
    /// Whom the policy lets be asked; null without one.
    pub policy: Option<PolicyStatus>,
}

/// How a model is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelStatus {
    /// Its name; empty where none is configured.
    #[schema(example = "smollm2-135m-instruct")]
    pub model: String,
    /// How it is.
    pub state: ModelState,
    /// Why it does not answer, and what to do about it.
    pub why: Option<String>,
}

/// How a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// It is in memory.
    Ready,
    /// It is loaded when somebody asks.
    Idle,
    /// It is being loaded.
    Loading,
    /// It could not be loaded, or broke; the next request tries again.
    Failed,
    /// It is not there.
    Missing,
    /// Models are switched off.
    Off,
}

impl ModelState {
    /// Whether a request to it is answered, as far as is known.
    #[must_use]
    pub const fn answers(self) -> bool {
        matches!(self, Self::Ready | Self::Idle | Self::Loading)
    }
}

/// Who asks the language model.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueStatus {
    /// Answers that are being written.
    pub answering: usize,
    /// Most that are written at once (`ai.max_concurrency`).
    pub at_once: usize,
    /// Most requests that wait (`ai.max_queued`).
    pub waiting_max: usize,
}
