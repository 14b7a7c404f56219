//! Draws pictures for whoever asks, a few at once.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};
use uuid::Uuid;

use super::{
    draw::{Format, Look, Picture, draw},
    dto::{ImageRequest, PictureKind},
    error::PictureError,
};
use crate::{
    ai::{
        AiError,
        desk::Desk,
        local::media::{MediaError, Scene},
    },
    auth::{Principal, Scope},
    engine::outcome::Outcome,
    runs::store::Store,
};

/// Pictures that are drawn at once: each takes up to 60 MB and a processor for some tens of milliseconds.
const AT_ONCE: usize = 2;
/// Pictures that wait for their turn.
const WAITING: usize = 16;
/// Shortest and longest edge, in pixels.
const EDGES: std::ops::RangeInclusive<u32> = 200..=2400;
/// Largest area, in pixels.
const LARGEST: u32 = 4_000_000;

/// Longest text that a picture is made of, in characters: CLIP reads 77 tokens.
const LONGEST_PROMPT: usize = 400;
/// Edges of a picture of a text: where nobody says, which there may be, and in what steps.
const PAINTED: u32 = 512;
const PAINTED_EDGES: std::ops::RangeInclusive<u32> = 256..=1024;
const PAINTED_STEP: u32 = 16;

/// The turns of those who want pictures; a clone is the same.
#[derive(Clone, Debug)]
pub struct Pictures(Arc<Turns>);

#[derive(Debug)]
struct Turns {
    drawing: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Pictures {
    fn default() -> Self {
        let drawing = Arc::new(Semaphore::new(AT_ONCE));
        Self(Arc::new(Turns { drawing, waiting: Semaphore::new(WAITING) }))
    }
}

impl Pictures {
    /// The file of a picture of runs in `store`.
    ///
    /// # Errors
    /// A field is wrong, a run is not there or not over, it needs a model, or too many are before it.
    pub async fn make(
        &self,
        principal: &Principal,
        store: &Store,
        wanted: &ImageRequest,
    ) -> Result<(Format, Vec<u8>), PictureError> {
        let kind = wanted.kind.ok_or_else(|| field("kind", "is missing: heatmap, timeline or comparison"))?;
        let run = wanted.run_id.ok_or_else(|| field("run_id", "is missing: the id of a run that is over"))?;
        let look = look(kind, wanted)?;
        let other = match (kind, wanted.other_run_id) {
            (PictureKind::Comparison, None) => {
                return Err(field("other_run_id", "is missing: a comparison is of two runs"));
            }
            (PictureKind::Comparison, Some(other)) => Some(other),
            (_, Some(_)) => return Err(field("other_run_id", "goes with `kind` comparison alone")),
            (_, None) => None,
        };
        let _place = self.0.waiting.try_acquire().map_err(|_| PictureError::Busy)?;
        let turn = Arc::clone(&self.0.drawing).acquire_owned().await.map_err(|_| PictureError::Busy)?;
        let first = outcome(principal, store, run).await?;
        let picture = match (kind, other) {
            (PictureKind::Heatmap, _) => Picture::Heatmap(first),
            (PictureKind::Timeline, _) => Picture::Timeline(first),
            (PictureKind::Comparison, other) => {
                Picture::Comparison(first, outcome(principal, store, other.unwrap_or(run)).await?)
            }
        };
        // The turn ends with the work, not with whoever waits for it.
        let drawn = spawn_blocking(move || {
            let drawn = draw(&picture, look);
            drop(turn);
            drawn
        });
        Ok((look.format, drawn.await??))
    }
}

/// A picture of a text, as a PNG.
///
/// # Errors
/// A field is wrong, no model is configured, or it does not manage.
pub(super) async fn paint(
    principal: &Principal,
    desk: &Desk,
    wanted: &ImageRequest,
) -> Result<Vec<u8>, PictureError> {
    let scene = scene(wanted)?;
    if !principal.may(Scope::Write) {
        return Err(PictureError::MayNot);
    }
    let images = desk.ai().images()?;
    let made = desk.made(principal, (images.name(), "picture"), images.make(scene)).await;
    made.map_err(|error| match error {
        AiError::Media(MediaError::Text(why)) => field("prompt", &why),
        error => error.into(),
    })
}

fn scene(wanted: &ImageRequest) -> Result<Scene, PictureError> {
    let prompt = wanted.prompt.as_deref().unwrap_or_default().trim();
    if wanted.kind.is_some() || wanted.run_id.is_some() || wanted.other_run_id.is_some() {
        let message = "goes without `kind`, `run_id` and `other_run_id`: a picture is of a run, or of a text";
        return Err(field("prompt", message));
    }
    if prompt.is_empty() || prompt.chars().count() > LONGEST_PROMPT {
        return Err(field("prompt", "must be 1 to 400 characters"));
    }
    if wanted.format == Format::Svg {
        return Err(field("format", "must be png: a picture of a text is no drawing"));
    }
    let edge = |path, value: Option<u32>| match value.unwrap_or(PAINTED) {
        value if PAINTED_EDGES.contains(&value) && value.is_multiple_of(PAINTED_STEP) => Ok(value),
        _ => Err(field(path, "must be 256 to 1024 pixels, a multiple of 16: this is a picture of a text")),
    };
    Ok(Scene {
        prompt: prompt.to_owned(),
        width: edge("width", wanted.width)?,
        height: edge("height", wanted.height)?,
    })
}

async fn outcome(principal: &Principal, store: &Store, id: Uuid) -> Result<Arc<Outcome>, PictureError> {
    let run = store.get(&principal.tenant_id, id).await?.ok_or(PictureError::NotFound(id))?;
    if !run.row.status.is_over() {
        return Err(PictureError::Unfinished(id));
    }
    store.outcome(&principal.tenant_id, id).await?.map(Arc::new).ok_or(PictureError::NoResults(id))
}

fn look(kind: PictureKind, wanted: &ImageRequest) -> Result<Look, PictureError> {
    let (width, height) = kind.size();
    let (width, height) = (wanted.width.unwrap_or(width), wanted.height.unwrap_or(height));
    let edge = |path, value| match EDGES.contains(&value) {
        true => Ok(value),
        false => Err(PictureError::Field {
            path,
            message: format!("must be {} to {} pixels", EDGES.start(), EDGES.end()),
        }),
    };
    let (width, height) = (edge("width", width)?, edge("height", height)?);
    if width * height > LARGEST {
        return Err(field("height", "is too much for this width: a picture has at most 4,000,000 pixels"));
    }
    Ok(Look { format: wanted.format, theme: wanted.theme, width, height })
}

fn field(path: &'static str, message: &str) -> PictureError {
    PictureError::Field { path, message: message.to_owned() }
}
