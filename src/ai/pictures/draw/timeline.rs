//! A run over time: response times, requests and failures, users, one above the other.

use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{
    DrawError, Words,
    canvas::{Canvas, Frame},
    page::{BELOW, Entry, LEFT, across, caption, end_of, figures, head, times},
    scale::{Scale, short, short_ms},
};
use crate::{
    engine::outcome::{Outcome, Series},
    reports::number::{compact, ms},
};

/// Room above each part for what it shows.
const CAPTION: f64 = 32.0;
/// How much less of it the first part needs.
const FIRST: f64 = 8.0;

/// Draws it.
pub fn draw<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, run: &Outcome) -> Result<Words, DrawError> {
    if run.series.at_s.is_empty() {
        return Err(DrawError::Nothing(
            "the run ended before its first second was over: there is nothing to draw",
        ));
    }
    let room = head(canvas, &run.name, &figures(run))?;
    let end = end_of(run);
    let [above, middle, below] = parts(room);
    latency(canvas, above, &run.series, end)?;
    requests(canvas, middle, &run.series, end)?;
    users(canvas, below, &run.series, end)?;
    times(canvas, below, end)?;
    let latency = &run.summary.latency_ms;
    Ok(Words {
        title: format!("{}: over time", super::page::plain(&run.name)),
        description: format!(
            "Response times, requests, failures and users over the run. {}. Median {}, p95 {}, p99 {}, slowest {}.",
            figures(run),
            ms(latency.p50),
            ms(latency.p95),
            ms(latency.p99),
            ms(latency.max)
        ),
    })
}

/// Half of the room for response times, the rest for requests and users.
fn parts(room: Frame) -> [Frame; 3] {
    let (left, right) = (room.left + LEFT - 16.0, room.right - 6.0);
    let free = (room.height() - 3.0 * CAPTION + FIRST - BELOW).max(30.0);
    // The head leaves room above the first part.
    let mut top = room.top - FIRST;
    [0.5, 0.3, 0.2].map(|share| {
        let frame = Frame { left, right, top: top + CAPTION, bottom: top + CAPTION + free * share };
        top = frame.bottom;
        frame
    })
}

fn latency<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    series: &Series,
    end: f64,
) -> Result<(), DrawError> {
    let palette = canvas.palette;
    let lines = [
        ("p99", &series.p99_ms, palette.alarm, false),
        ("p95", &series.p95_ms, palette.second, false),
        ("median", &series.p50_ms, palette.first, false),
    ];
    let most = lines.iter().flat_map(|(_, values, ..)| values.iter().copied()).fold(0.0, f64::max);
    let scale = Scale::up_to(most);
    let entries: Vec<Entry<'_>> = lines
        .iter()
        .rev()
        .map(|(name, _, colour, dashed)| Entry { name, colour: *colour, dashed: *dashed })
        .collect();
    caption(canvas, frame, "Response time", &entries)?;
    across(canvas, frame, scale, short_ms)?;
    for (_, values, colour, _) in lines {
        for piece in answered(series, values, frame, end, scale) {
            canvas.line(piece, colour, 1.8)?;
        }
    }
    Ok(())
}

/// Where a line of response times runs: a step without a request has none, which is a gap and no zero.
fn answered(series: &Series, values: &[f64], frame: Frame, end: f64, scale: Scale) -> Vec<Vec<(f64, f64)>> {
    let half = f64::from(series.step_s.max(1)) / 2.0;
    let mut pieces = vec![Vec::new()];
    for ((at, requests), value) in series.at_s.iter().zip(&series.requests).zip(values) {
        if *requests == 0 {
            pieces.push(Vec::new());
        } else if let Some(piece) = pieces.last_mut() {
            piece.push((frame.x((f64::from(*at) + half) / end), frame.y(scale.share(*value))));
        }
    }
    // A single step is a short line rather than nothing.
    for piece in &mut pieces {
        if let [only] = piece[..] {
            piece.extend([(only.0 - 2.0, only.1), (only.0 + 2.0, only.1)]);
        }
    }
    pieces
}

fn requests<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    series: &Series,
    end: f64,
) -> Result<(), DrawError> {
    let step = f64::from(series.step_s.max(1));
    let per_second = |counts: &[u64]| counts.iter().map(|count| *count as f64 / step).collect::<Vec<_>>();
    let (all, failed) = (per_second(&series.requests), per_second(&series.failures));
    let scale = Scale::up_to(all.iter().copied().fold(0.0, f64::max));
    let palette = canvas.palette;
    let entries = [
        Entry { name: "requests", colour: palette.third, dashed: false },
        Entry { name: "failures", colour: palette.alarm, dashed: false },
    ];
    caption(canvas, frame, "Per second", &entries)?;
    across(canvas, frame, scale, short)?;
    steps(canvas, frame, (series, &all), (end, scale), palette.third)?;
    if failed.iter().any(|failed| *failed > 0.0) {
        steps(canvas, frame, (series, &failed), (end, scale), palette.alarm)?;
    }
    Ok(())
}

fn users<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    series: &Series,
    end: f64,
) -> Result<(), DrawError> {
    let users: Vec<f64> = series.users.iter().map(|users| f64::from(*users)).collect();
    let most = users.iter().copied().fold(0.0, f64::max);
    let scale = Scale::up_to(most.max(1.0));
    caption(canvas, frame, "Users", &[])?;
    across(
        canvas,
        frame,
        scale,
        |tick| if tick.fract() == 0.0 { compact(tick as u64) } else { String::new() },
    )?;
    steps(canvas, frame, (series, &users), (end, scale), canvas.palette.first)
}

/// A value for each step, as stairs above an area.
fn steps<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    (series, values): (&Series, &[f64]),
    (end, scale): (f64, Scale),
    colour: RGBColor,
) -> Result<(), DrawError> {
    let step = f64::from(series.step_s.max(1));
    let stairs: Vec<(f64, f64)> = series
        .at_s
        .iter()
        .zip(values)
        .flat_map(|(at, value)| {
            let (from, y) = (f64::from(*at), frame.y(scale.share(*value)));
            [(frame.x(from / end), y), (frame.x((from + step) / end), y)]
        })
        .collect();
    let (Some(first), Some(last)) = (stairs.first(), stairs.last()) else { return Ok(()) };
    let ground = [(last.0, frame.bottom), (first.0, frame.bottom)];
    canvas.area(stairs.iter().copied().chain(ground), colour, 0.22)?;
    canvas.line(stairs, colour, 1.4)
}
