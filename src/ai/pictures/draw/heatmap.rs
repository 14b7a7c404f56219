//! How response times were spread over time: a column for each piece of the run, a row for each class of times,
//! the colour by how many requests were there.

use plotters::prelude::DrawingBackend;

use super::{
    DrawError, Words,
    canvas::{Canvas, Frame, Side},
    page::{BELOW, Entry, LEFT, across, caption, end_of, figures, head, label, plain, times},
    palette::Theme,
    scale::{Scale, short, short_ms},
};
use crate::{
    engine::{
        classes::{CLASSES, end_ms, unpacked},
        outcome::Outcome,
    },
    reports::number::ms,
};

/// Width of the legend at the right.
const LEGEND: f64 = 74.0;
/// Narrowest column, in pixels: steps that would be narrower are counted together.
const NARROWEST: f64 = 2.0;
/// How far a cell reaches under its neighbours, in pixels.
const UNDER: f64 = 0.5;
/// Colours of the legend.
const SHADES: usize = 32;

/// The requests of a piece of the run by class, from a step to before another.
struct Column {
    from_s: f64,
    to_s: f64,
    counts: [u64; CLASSES],
}

/// Draws it.
pub fn draw<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    run: &Outcome,
    theme: Theme,
) -> Result<Words, DrawError> {
    let room = head(canvas, &run.name, &figures(run))?;
    let frame = Frame {
        left: room.left + LEFT - 16.0,
        top: room.top + 24.0,
        right: room.right - LEGEND,
        bottom: room.bottom - BELOW + 8.0,
    };
    let end = end_of(run);
    let columns = columns(run, (frame.width() / NARROWEST).max(1.0) as usize);
    let (first, last) = seen(&columns).ok_or(DrawError::Nothing(
        "this run does not say how its response times were spread over time: an earlier version of MAID recorded \
         it, or no request of it was finished",
    ))?;
    let begin = if first == 0 { end_ms(0) / 2.0 } else { end_ms(first - 1) };
    let scale = Scale::decades(begin, end_ms(last));
    let most = columns.iter().flat_map(|column| column.counts.iter().map(|count| per_second(*count, column)));
    let most = most.fold(0.0, f64::max);
    canvas.rectangle(frame, canvas.palette.empty)?;
    for column in &columns {
        let (left, right) = (frame.x(column.from_s / end), frame.x(column.to_s / end));
        for class in first..=last {
            let here = per_second(column.counts[class], column);
            if here > 0.0 {
                let bottom = if class == first { begin } else { end_ms(class - 1) };
                let [top, bottom] = [end_ms(class), bottom].map(|ms| frame.y(scale.share(ms)));
                // A little under the next one, so that no ground shows between them.
                let cell = Frame { left, top, right: right + UNDER, bottom: bottom + UNDER };
                canvas.rectangle(cell, theme.of_share(shade(here, most)))?;
            }
        }
    }
    lines(canvas, frame, run, (end, scale))?;
    across_outside(canvas, frame, scale)?;
    times(canvas, frame, end)?;
    legend(canvas, frame, theme, most)?;
    let latency = &run.summary.latency_ms;
    Ok(Words {
        title: format!("{}: response times over time", plain(&run.name)),
        description: format!(
            "Heatmap of response times (upwards, by decades) over the run (to the right). {}. Half of the requests \
             took at most {}, one in a hundred longer than {}, the slowest {}.",
            figures(run),
            ms(latency.p50),
            ms(latency.p99),
            ms(latency.max)
        ),
    })
}

/// Steps of the series as at most `most` columns; what is counted together adds up exactly.
fn columns(run: &Outcome, most: usize) -> Vec<Column> {
    let series = &run.series;
    let step = f64::from(series.step_s.max(1));
    let together = series.at_s.len().div_ceil(most.max(1)).max(1);
    let steps: Vec<_> = series.at_s.iter().zip(&series.classes).collect();
    let column = |steps: &[(&u32, &std::sync::Arc<[u32]>)]| {
        let mut counts = [0; CLASSES];
        for (_, kept) in steps {
            counts.iter_mut().zip(unpacked(kept)).for_each(|(sum, more)| *sum += more);
        }
        let (first, last) = (steps.first()?, steps.last()?);
        Some(Column { from_s: f64::from(*first.0), to_s: f64::from(*last.0) + step, counts })
    };
    steps.chunks(together).filter_map(column).collect()
}

/// The first and the last class that any request is in.
fn seen(columns: &[Column]) -> Option<(usize, usize)> {
    let any = |class: &usize| columns.iter().any(|column| column.counts[*class] > 0);
    Some(((0..CLASSES).find(any)?, (0..CLASSES).rev().find(any)?))
}

fn per_second(count: u64, column: &Column) -> f64 {
    count as f64 / (column.to_s - column.from_s).max(1.0)
}

/// How far from the ground the colour of a count is: few are seen beside many, by the root.
fn shade(count: f64, most: f64) -> f64 {
    0.06 + 0.94 * (count / most.max(f64::MIN_POSITIVE)).sqrt()
}

/// The median and p95 above the cells, readable on any of them.
fn lines<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    run: &Outcome,
    (end, scale): (f64, Scale),
) -> Result<(), DrawError> {
    let series = &run.series;
    let (ink, ground) = (canvas.palette.ink, canvas.palette.ground);
    let entries = [
        Entry { name: "median", colour: ink, dashed: false },
        Entry { name: "p95", colour: ink, dashed: true },
    ];
    caption(canvas, frame, "Response time", &entries)?;
    let half = f64::from(series.step_s.max(1)) / 2.0;
    // As many points as there is room for, the highest of those that fall together.
    let together = series.at_s.len().div_ceil((frame.width() / 3.0).max(1.0) as usize).max(1);
    for (values, dashed) in [(&series.p50_ms, false), (&series.p95_ms, true)] {
        let steps: Vec<_> = series.at_s.iter().zip(&series.requests).zip(values).collect();
        let place = |steps: &[((&u32, &u64), &f64)]| {
            let answered = steps.iter().filter(|((_, requests), _)| **requests > 0);
            let highest = answered.map(|(_, value)| **value).fold(f64::NAN, f64::max);
            let at = f64::from(*steps[steps.len() / 2].0.0) + half;
            (!highest.is_nan()).then(|| (frame.x(at / end), frame.y(scale.share(highest))))
        };
        let places: Vec<(f64, f64)> = steps.chunks(together).filter_map(place).collect();
        canvas.line(places.clone(), ground, 3.2)?;
        if dashed {
            canvas.dashes(&places, ink, (1.4, 5.0, 3.0))?;
        } else {
            canvas.line(places, ink, 1.4)?;
        }
    }
    Ok(())
}

/// Response times at the left; their lines are beside the cells and not above them.
fn across_outside<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    scale: Scale,
) -> Result<(), DrawError> {
    let beside = Frame { right: frame.left, left: frame.left - 4.0, ..frame };
    across(canvas, beside, scale, short_ms)
}

fn legend<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    theme: Theme,
    most: f64,
) -> Result<(), DrawError> {
    let bar = Frame {
        left: frame.right + 14.0,
        right: frame.right + 26.0,
        top: frame.top + 8.0,
        bottom: frame.bottom.min(frame.top + 220.0),
    };
    for place in 0..SHADES {
        let [below, above] = [place, place + 1].map(|place| place as f64 / SHADES as f64);
        let piece = Frame { top: bar.y(above), bottom: (bar.y(below) + UNDER).min(bar.bottom), ..bar };
        canvas.rectangle(piece, theme.of_share(0.06 + 0.94 * above))?;
    }
    let letters = label(canvas.palette.muted, Side::Right);
    for share in [0.0, 0.25, 1.0] {
        let y = bar.y(f64::sqrt(share));
        canvas.text(&short(most * share), (bar.right + 6.0, y), letters)?;
    }
    canvas.text("requests/s", (bar.left, frame.top - 12.0), letters)
}
