//! Draws pictures for whoever asks, a few at once.

use std::sync::Arc;

use tokio::{sync::Semaphore, task::spawn_blocking};
use uuid::Uuid;

use super::{
    draw::{Format, Look, Picture, draw},
    dto::{ImageRequest, PictureKind},
    error::PictureError,
};
use crate::{auth::Principal, engine::outcome::Outcome, runs::store::Store};

/// Pictures that are drawn at once: each takes up to 60 MB and a processor for some tens of milliseconds.
const AT_ONCE: usize = 2;
/// Pictures that wait for their turn.
const WAITING: usize = 16;
/// Shortest and longest edge, in pixels.
const EDGES: std::ops::RangeInclusive<u32> = 200..=2400;
/// Largest area, in pixels.
const LARGEST: u32 = 4_000_000;

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
        if wanted.prompt.is_some() {
            return match wanted.kind.is_some() || wanted.run_id.is_some() {
                true => Err(field(
                    "prompt",
                    "goes without `kind` and `run_id`: a picture is of a run, or of a text",
                )),
                false => Err(PictureError::NoModel),
            };
        }
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
