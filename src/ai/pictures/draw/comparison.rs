//! Two runs, one over the other: response time by percentile, and requests per second over time.

use hdrhistogram::Histogram;
use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{
    DrawError, Words,
    canvas::{Canvas, Frame, Side},
    page::{BELOW, Entry, LEFT, across, caption, end_of, head, label, plain, times},
    scale::{Scale, short, short_ms},
};
use crate::{
    engine::{histogram::decode, outcome::Outcome},
    reports::number::{change, ms, percent, rate},
};

/// Narrowest picture whose two parts stand side by side.
const SIDE_BY_SIDE: f64 = 760.0;
/// Narrowest picture whose legend says when the runs began.
const NAMED: f64 = 560.0;
/// Percentiles that are written below the curves.
const WRITTEN: [(f64, &str); 6] = [
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
    (0.99999, "99.999 %"),
];
/// Points of a curve for each factor of ten of requests that are slower.
const FINE: u32 = 40;

/// A run with its curve.
struct Run<'a> {
    outcome: &'a Outcome,
    curve: Vec<(f64, f64)>,
    colour: RGBColor,
    name: String,
    dashed: bool,
}

/// Draws it.
pub fn draw<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    before: &Outcome,
    after: &Outcome,
) -> Result<Words, DrawError> {
    let palette = canvas.palette;
    let named = canvas.whole().width() >= NAMED;
    let runs = [
        Run::of(before, ("A", palette.first, true), named)?,
        Run::of(after, ("B", palette.second, false), named)?,
    ];
    if runs.iter().any(|run| run.curve.is_empty()) {
        return Err(DrawError::Nothing(
            "one of the runs has not one finished request: there is nothing to compare",
        ));
    }
    let title = match before.name == after.name {
        true => before.name.clone(),
        false => format!("{} and {}", before.name, after.name),
    };
    let room = head(canvas, &title, &difference(before, after))?;
    let [curves, over_time] = parts(room);
    percentiles(canvas, curves, &runs)?;
    per_second(canvas, over_time, &runs)?;
    Ok(Words {
        title: format!("{}: two runs compared", plain(&title)),
        description: format!(
            "Response time by percentile, and requests per second over time, of run A of {} and run B of {}. {}.",
            before.started_at,
            after.started_at,
            difference(before, after)
        ),
    })
}

impl<'a> Run<'a> {
    fn of(
        outcome: &'a Outcome,
        (letter, colour, dashed): (&str, RGBColor, bool),
        named: bool,
    ) -> Result<Self, DrawError> {
        let histogram = decode(&outcome.histogram.latency)?;
        let began = outcome.started_at.get(..16).unwrap_or(&outcome.started_at).replace('T', " ");
        let name = if named { format!("{letter}  {}", plain(&began)) } else { letter.to_owned() };
        Ok(Self { outcome, curve: curve(&histogram), colour, name, dashed })
    }

    fn entry(&self) -> Entry<'_> {
        Entry { name: &self.name, colour: self.colour, dashed: self.dashed }
    }
}

/// What changed from the first to the second, in a line.
fn difference(before: &Outcome, after: &Outcome) -> String {
    let (a, b) = (&before.summary, &after.summary);
    let figure = |name: &str, of: fn(f64) -> String, a: f64, b: f64| {
        let share = (b - a) / a;
        let changed = if share.is_finite() { format!(" ({})", change(share)) } else { String::new() };
        format!("{name} {} → {}{changed}", of(a), of(b))
    };
    [
        figure("p95", ms, a.latency_ms.p95, b.latency_ms.p95),
        figure("median", ms, a.latency_ms.p50, b.latency_ms.p50),
        figure("requests/s", rate, a.rps, b.rps),
        format!("failures {} → {}", percent(a.error_rate), percent(b.error_rate)),
    ]
    .join(" · ")
}

fn parts(room: Frame) -> [Frame; 2] {
    let left = room.left + LEFT - 16.0;
    if room.width() >= SIDE_BY_SIDE {
        let middle = room.left + room.width() * 0.52;
        let (top, bottom) = (room.top + 24.0, room.bottom - BELOW + 8.0);
        [
            Frame { left, top, right: middle - 20.0, bottom },
            Frame { left: middle + LEFT - 6.0, top, right: room.right - 6.0, bottom },
        ]
    } else {
        let middle = room.top + room.height() * 0.55;
        let right = room.right - 6.0;
        [
            Frame { left, top: room.top + 24.0, right, bottom: middle - BELOW },
            Frame { left, top: middle + 24.0, right, bottom: room.bottom - BELOW + 8.0 },
        ]
    }
}

/// How many nines a share has: each step to the right is one more.
fn nines(share: f64) -> f64 {
    -(1.0 - share.min(1.0 - 1e-12)).log10()
}

/// Nines and times in ms, as far as there are ten requests that were slower.
fn curve(histogram: &Histogram<u64>) -> Vec<(f64, f64)> {
    if histogram.is_empty() {
        return Vec::new();
    }
    let last = (histogram.len() as f64 / 10.0).max(10.0).log10().min(6.0);
    let points = (last * f64::from(FINE)) as u32;
    let point = |n: u32| {
        let at = f64::from(n) / f64::from(FINE);
        (at, histogram.value_at_quantile(1.0 - 10_f64.powf(-at)) as f64 / 1000.0)
    };
    (1..=points.max(2)).map(point).collect()
}

fn percentiles<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    runs: &[Run<'_>; 2],
) -> Result<(), DrawError> {
    let all = || runs.iter().flat_map(|run| run.curve.iter().copied());
    let end = all().map(|(nines, _)| nines).fold(1.0, f64::max);
    let (low, high) = all().fold((f64::MAX, 0.0_f64), |(low, high), (_, ms)| (low.min(ms), high.max(ms)));
    // A range of less than a decade says more without logarithms.
    let wide = high > low.max(f64::MIN_POSITIVE) * 8.0;
    let scale = if wide { Scale::decades(low * 0.9, high * 1.1) } else { Scale::up_to(high) };
    let entries = runs.each_ref().map(Run::entry);
    caption(canvas, frame, "Response time", &entries)?;
    across(canvas, frame, scale, short_ms)?;
    let mut free = frame.left - 40.0;
    for (share, name) in WRITTEN.into_iter().filter(|(share, _)| nines(*share) <= end + 1e-9) {
        let x = frame.x(nines(share) / end);
        canvas.line([(x, frame.top), (x, frame.bottom)], canvas.palette.grid, 1.0)?;
        let letters = label(canvas.palette.muted, Side::Middle);
        let half = canvas.width_of(name, letters) / 2.0 + 4.0;
        if x - half >= free && x + half <= frame.right + 26.0 {
            canvas.text(name, (x, frame.bottom + 14.0), letters)?;
            free = x + half;
        }
    }
    for run in runs {
        let places: Vec<(f64, f64)> =
            run.curve.iter().map(|(nines, ms)| (frame.x(nines / end), frame.y(scale.share(*ms)))).collect();
        draw_line(canvas, run, &places)?;
    }
    Ok(())
}

fn per_second<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    frame: Frame,
    runs: &[Run<'_>; 2],
) -> Result<(), DrawError> {
    let end = runs.iter().map(|run| end_of(run.outcome)).fold(1.0, f64::max);
    let rates = runs.each_ref().map(|run| {
        let series = &run.outcome.series;
        let step = f64::from(series.step_s.max(1));
        let of = |(at, requests): (&u32, &u64)| (f64::from(*at) + step / 2.0, *requests as f64 / step);
        series.at_s.iter().zip(&series.requests).map(of).collect::<Vec<_>>()
    });
    let scale = Scale::up_to(rates.iter().flatten().map(|(_, rate)| *rate).fold(0.0, f64::max));
    caption(canvas, frame, "Requests per second", &[])?;
    across(canvas, frame, scale, short)?;
    times(canvas, frame, end)?;
    for (run, rates) in runs.iter().zip(&rates) {
        let places: Vec<(f64, f64)> =
            rates.iter().map(|(at, rate)| (frame.x(at / end), frame.y(scale.share(*rate)))).collect();
        draw_line(canvas, run, &places)?;
    }
    Ok(())
}

fn draw_line<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    run: &Run<'_>,
    places: &[(f64, f64)],
) -> Result<(), DrawError> {
    if run.dashed {
        canvas.dashes(places, run.colour, (2.0, 6.0, 3.0))
    } else {
        canvas.line(places.iter().copied(), run.colour, 2.0)
    }
}
