//! What pictures have in common: a head, axes, a legend.

use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{
    DrawError,
    canvas::{Canvas, Frame, Letters, Side},
    scale::{Scale, clock, clock_ticks},
};
use crate::{
    db::fulltext::is_unseen,
    engine::outcome::Outcome,
    reports::number::{count, ms, percent, plural, rate, span},
};

/// Space at the edge of a picture.
pub const EDGE: f64 = 16.0;
/// Height of the head.
const HEAD: f64 = 56.0;
/// Height of a label.
pub const LABEL: f64 = 12.0;
/// Room for labels at the left, and below.
pub const LEFT: f64 = 58.0;
/// Room for labels below.
pub const BELOW: f64 = 26.0;

/// Letters of a label.
#[must_use]
pub const fn label(colour: RGBColor, side: Side) -> Letters {
    Letters { size: LABEL, colour, bold: false, side }
}

/// Writes the head, and answers the room below it.
pub fn head<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    title: &str,
    about: &str,
) -> Result<Frame, DrawError> {
    let whole = canvas.whole();
    let (left, room) = (whole.left + EDGE, whole.width() - 2.0 * EDGE);
    let bold = Letters { size: 17.0, colour: canvas.palette.ink, bold: true, side: Side::Right };
    let small = label(canvas.palette.muted, Side::Right);
    canvas.text(&canvas.fitting(&plain(title), room, bold), (left, whole.top + 20.0), bold)?;
    canvas.text(&canvas.fitting(&plain(about), room, small), (left, whole.top + 40.0), small)?;
    Ok(Frame { left, top: whole.top + HEAD, right: whole.right - EDGE, bottom: whole.bottom - EDGE })
}

/// A text that was written elsewhere, without what cannot be drawn.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_unseen(*c)).take(300).collect()
}

/// The key figures of a run in a line.
#[must_use]
pub fn figures(run: &Outcome) -> String {
    let summary = &run.summary;
    let failures =
        format!("{} ({})", plural(summary.failures, "failure", "failures"), percent(summary.error_rate));
    let began = run.started_at.get(..16).unwrap_or(&run.started_at).replace('T', " ");
    [
        plural(summary.requests, "request", "requests"),
        failures,
        format!("{}/s", rate(summary.rps)),
        format!("p95 {}", ms(summary.latency_ms.p95)),
        format!("{} users", count(summary.users_max.into())),
        span(summary.duration_s),
        format!("{began} UTC"),
    ]
    .join(" · ")
}

/// The end of the series of a run, in seconds.
#[must_use]
pub fn end_of(run: &Outcome) -> f64 {
    let step = f64::from(run.series.step_s.max(1));
    run.series.at_s.iter().map(|at| f64::from(*at)).fold(0.0, f64::max) + step
}

/// Draws lines across for values, each with what `written` makes of it at the left.
pub fn across<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    scale: Scale,
    written: impl Fn(f64) -> String,
) -> Result<(), DrawError> {
    let most = (frame.height() / 34.0).floor().clamp(2.0, 8.0) as usize;
    let letters = label(canvas.palette.muted, Side::Left);
    for tick in scale.ticks(most) {
        let y = frame.y(scale.share(tick));
        canvas.line([(frame.left, y), (frame.right, y)], canvas.palette.grid, 1.0)?;
        canvas.text(&written(tick), (frame.left - 8.0, y), letters)?;
    }
    Ok(())
}

/// Writes times below a frame.
pub fn times<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, frame: Frame, end: f64) -> Result<(), DrawError> {
    let most = (frame.width() / 80.0).floor().clamp(1.0, 12.0) as usize;
    for tick in clock_ticks(end, most) {
        let x = frame.x(tick / end.max(1.0));
        canvas.line([(x, frame.bottom), (x, frame.bottom + 4.0)], canvas.palette.muted, 1.0)?;
        canvas.text(&clock(tick), (x, frame.bottom + 14.0), label(canvas.palette.muted, Side::Middle))?;
    }
    Ok(())
}

/// One entry of a legend: its name, its colour, and whether its line has gaps.
pub struct Entry<'a> {
    /// What it is.
    pub name: &'a str,
    /// The colour of its line.
    pub colour: RGBColor,
    /// Whether its line has gaps.
    pub dashed: bool,
}

/// Writes what a part of a picture shows at its upper left, and what its lines are beside it.
pub fn caption<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    what: &str,
    entries: &[Entry<'_>],
) -> Result<(), DrawError> {
    let y = frame.top - 12.0;
    let bold = Letters { bold: true, ..label(canvas.palette.ink, Side::Right) };
    canvas.text(what, (frame.left, y), bold)?;
    let mut x = frame.left + canvas.width_of(what, bold) + 18.0;
    for entry in entries {
        let letters = label(canvas.palette.muted, Side::Right);
        let name = canvas.fitting(entry.name, frame.right - x - 24.0, letters);
        if name.is_empty() {
            break;
        }
        let line = [(x, y), (x + 18.0, y)];
        if entry.dashed {
            canvas.dashes(&line, entry.colour, (2.0, 5.0, 3.0))?;
        } else {
            canvas.line(line, entry.colour, 2.5)?;
        }
        canvas.text(&name, (x + 24.0, y), letters)?;
        x += 24.0 + canvas.width_of(&name, letters) + 16.0;
    }
    Ok(())
}
