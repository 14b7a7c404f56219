//! Pictures on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use super::draw::{Format, Theme};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PictureKind)]
pub enum PictureKind {
    /// How response times were spread over time.
    Heatmap,
    /// Response times, requests, failures and users over time.
    Timeline,
    /// Two runs: percentiles, and requests per second over time.
    Comparison,
}

impl PictureKind {
    /// The size of a picture where nobody says how large it is to be.
    #[must_use]
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Heatmap => (1000, 520),
            Self::Timeline => (1000, 640),
            Self::Comparison => (1100, 480),
        }
    }
}

/// What is asked for: a picture of a run, or one of a text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "heatmap", "run_id": "0199f3a2-7c00-7abc-8000-0123456789ab", "format": "png"}))]
pub struct ImageRequest {
    /// What is drawn, of a run.
    #[serde(default)]
    pub kind: Option<PictureKind>,
    /// The run; of a comparison the first one.
    #[serde(default)]
    pub run_id: Option<Uuid>,
    /// The run that is compared with it.
    #[serde(default)]
    pub other_run_id: Option<Uuid>,
    /// The form of the file.
    #[serde(default)]
    pub format: Format,
    /// The ground.
    #[serde(default)]
    pub theme: Theme,
    /// How wide it is, in pixels.
    #[serde(default)]
    #[schema(minimum = 200, maximum = 2400)]
    pub width: Option<u32>,
    /// How high it is, in pixels; the area is bounded by 4,000,000 pixels.
    #[serde(default)]
    #[schema(minimum = 200, maximum = 2400)]
    pub height: Option<u32>,
    /// What a picture is made of that is no picture of a run. Takes a model, and the scope `maid.write`; it is a PNG, 256 to
    /// 1,024 pixels each way, in steps of 16, and 512 where nobody says.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 400)]
    pub prompt: Option<String>,
}
