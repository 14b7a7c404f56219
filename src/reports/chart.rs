//! Charts as inline SVG: pure functions from columns to markup, which need no script.
//!
//! The SVG holds only lines and areas and is stretched to its frame; the labels are HTML beside it,
//! so that they stay readable at every width. Every text in here is ours; no name of a user's gets in.

use std::fmt::Write;

use super::number;

/// Size of the drawing in its own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 240.0;
/// Most steps that are drawn or read out; more are merged, keeping the lowest and highest of each.
const MOST_STEPS: usize = 480;

/// Share of the frame from which on a band is wide enough for its name.
const NARROWEST_NAMED: f64 = 0.14;
/// Largest value and time that an axis reaches; more is no measurement.
const FARTHEST: f64 = 1e12;

/// How the values of an axis are written.
pub type Label = fn(f64) -> String;

/// One line of a chart. `NaN` is a gap.
pub struct Line {
    pub name: &'static str,
    /// Class of its colour in the style sheet.
    pub class: &'static str,
    pub values: Vec<f64>,
    pub label: Label,
    /// Drawn against an axis of its own, on the right.
    pub right: bool,
}

/// A shaded part of the time axis.
pub struct Band {
    pub name: &'static str,
    pub from: f64,
    pub to: f64,
}

/// Lines over time. `at` has the seconds of each value, rising.
pub fn over_time(at: &[u32], step: u32, lines: &[Line], bands: &[Band]) -> String {
    let end = at.last().map_or(0.0, |last| f64::from(*last) + f64::from(step));
    let end = bands.iter().map(|band| band.to.min(FARTHEST)).fold(end.max(1.0), f64::max);
    let steps = steps(at.len());
    let x_of = |at: f64| (at / end).clamp(0.0, 1.0);
    let mut drawing = String::new();
    for (index, band) in bands.iter().enumerate() {
        let (from, to) = (x_of(band.from) * WIDTH, x_of(band.to) * WIDTH);
        let class = if index % 2 == 0 { "band" } else { "band odd" };
        let _ = write!(
            drawing,
            r#"<rect class="{class}" x="{from:.1}" y="0" width="{:.1}" height="{HEIGHT}"/>"#,
            (to - from).max(0.0)
        );
    }
    let sides = [false, true].map(|right| Axis::over(lines.iter().filter(|line| line.right == right)));
    for line in lines {
        let axis = &sides[usize::from(line.right)];
        let points = steps.iter().flat_map(|step| extremes(&line.values, step.clone()));
        let points = points.map(|(index, value)| {
            let at = at.get(index).copied().unwrap_or_default();
            (x_of(f64::from(at)), axis.share(value))
        });
        path(&mut drawing, line.class, points);
    }
    let mut marks = String::new();
    for at in time_ticks(end) {
        mark(&mut marks, "x", x_of(at), &clock(at));
    }
    for band in bands {
        let (from, share) = (x_of(band.from), x_of(band.to) - x_of(band.from));
        if share >= NARROWEST_NAMED {
            let (left, width) = (from * 100.0, share * 100.0);
            let style = format!("left:{left:.2}%;width:{width:.2}%");
            let _ = write!(marks, r#"<span class="phase" style="{style}">{}</span>"#, band.name);
        }
    }
    let hover = read_out(at, &steps, end, lines);
    frame(&drawing, &sides, &(marks + &hover), lines)
}

/// One percentile curve: shares of 0 to 1 with their time in ms, rising.
pub struct Curve {
    pub name: &'static str,
    pub class: &'static str,
    pub points: Vec<(f64, f64)>,
}

/// Response time by percentile; every step to the right is one more nine.
pub fn percentiles(curves: &[Curve]) -> String {
    let nines = |share: f64| -(1.0 - share.min(1.0 - 1e-12)).log10();
    let last = curves.iter().filter_map(|curve| curve.points.last()).map(|(share, _)| nines(*share));
    let end = last.fold(1.0, f64::max);
    let lines: Vec<Line> = curves
        .iter()
        .map(|curve| Line {
            name: curve.name,
            class: curve.class,
            values: curve.points.iter().map(|(_, ms)| *ms).collect(),
            label: number::ms,
            right: false,
        })
        .collect();
    let sides = [Axis::over(lines.iter()), Axis::over(std::iter::empty())];
    let mut drawing = String::new();
    for curve in curves {
        let points = curve.points.iter().map(|(share, ms)| (nines(*share) / end, sides[0].share(*ms)));
        path(&mut drawing, curve.class, points);
    }
    let mut marks = String::new();
    for share in [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999_999] {
        if nines(share) <= end + 1e-9 {
            mark(&mut marks, "x", nines(share) / end, &percentile_name(share));
        }
    }
    frame(&drawing, &sides, &marks, &lines)
}

fn percentile_name(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    format!("p{}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A vertical axis from zero to a round number, with the way its values are written.
struct Axis {
    top: f64,
    step: f64,
    label: Option<Label>,
}

impl Axis {
    fn over<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let (mut highest, mut label) = (0.0_f64, None);
        for line in lines {
            label = Some(line.label);
            highest = line.values.iter().filter(|value| value.is_finite()).fold(highest, |a, b| a.max(*b));
        }
        let highest = highest.min(FARTHEST);
        if highest < 1e-9 {
            return Self { top: 1.0, step: 1.0, label };
        }
        let step = round_up(highest / 4.0);
        Self { top: (highest / step).ceil() * step, step, label }
    }

    fn share(&self, value: f64) -> f64 {
        (value / self.top).clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let steps = (self.top / self.step).round().clamp(1.0, 8.0) as u32;
        (0..=steps).map(move |n| f64::from(n) * self.step)
    }
}

/// The next of 1, 2, 2.5 and 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let found = [1.0, 2.0, 2.5, 5.0].into_iter().find(|m| m * power >= value * (1.0 - 1e-9));
    found.unwrap_or(10.0) * power
}

/// A figure without zeros after its point: `50.0` becomes `50`, `2.00 s` becomes `2 s`.
fn short(figure: &str) -> String {
    let (number, unit) = figure.split_at(figure.find(' ').unwrap_or(figure.len()));
    let number =
        if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number}{unit}")
}

fn time_ticks(end: f64) -> impl Iterator<Item = f64> {
    const STEPS: [f64; 19] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0,
        21_600.0, 43_200.0, 86_400.0, 604_800.0,
    ];
    let step = STEPS.into_iter().find(|step| end / step <= 5.0).unwrap_or(end / 4.0);
    (0..=6).map(move |n| f64::from(n) * step).take_while(move |at| *at <= end)
}

/// Seconds since the start as a short time: `45s`, `1:30`, `2:05:00`.
fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// The ranges of points that become one step each.
fn steps(points: usize) -> Vec<std::ops::Range<usize>> {
    let size = points.div_ceil(MOST_STEPS).max(1);
    (0..points).step_by(size).map(|from| from..(from + size).min(points)).collect()
}

/// The lowest and highest value of a step in the order of time, or a gap when it has none.
fn extremes(values: &[f64], step: std::ops::Range<usize>) -> Vec<(usize, f64)> {
    let gap = (step.start, f64::NAN);
    let known = step.filter_map(|index| values.get(index).filter(|v| v.is_finite()).map(|v| (index, *v)));
    let by_value = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
    let low = known.clone().min_by(by_value);
    let high = known.max_by(by_value);
    match (low, high) {
        (Some(low), Some(high)) if low.0 == high.0 => vec![low],
        (Some(low), Some(high)) if low.0 < high.0 => vec![low, high],
        (Some(low), Some(high)) => vec![high, low],
        _ => vec![gap],
    }
}

/// A line through points given as shares of the frame, broken at gaps. A lone point gets a stub.
fn path(drawing: &mut String, class: &str, points: impl Iterator<Item = (f64, f64)>) {
    let mut commands = String::new();
    let mut pen_down = false;
    for (x, y) in points {
        if !y.is_finite() || !x.is_finite() {
            pen_down = false;
            continue;
        }
        let (x, y) = (x * WIDTH, (1.0 - y) * HEIGHT);
        let _ =
            if pen_down { write!(commands, "L{x:.1} {y:.1}") } else { write!(commands, "M{x:.1} {y:.1}h2") };
        pen_down = true;
    }
    if !commands.is_empty() {
        let _ = write!(drawing, r#"<path class="line {class}" d="{commands}"/>"#);
    }
}

fn mark(marks: &mut String, class: &str, share: f64, text: &str) {
    let edge = if share > 0.94 { " end" } else { "" };
    let _ = write!(marks, r#"<span class="{class}{edge}" style="left:{:.2}%">{text}</span>"#, share * 100.0);
}

/// The figures that the script shows under the pointer: per step its place and the peak of each line.
fn read_out(at: &[u32], steps: &[std::ops::Range<usize>], end: f64, lines: &[Line]) -> String {
    let rows = steps.iter().map(|step| {
        let seconds = f64::from(at.get(step.start).copied().unwrap_or_default());
        let peaks = lines.iter().map(|line| {
            let known = line.values.get(step.clone()).unwrap_or_default().iter().filter(|v| v.is_finite());
            let peak = known.fold(f64::NAN, |a, b| a.max(*b));
            if peak.is_nan() { number::NOTHING.to_owned() } else { (line.label)(peak) }
        });
        let cells = std::iter::once(clock(seconds)).chain(peaks).collect::<Vec<_>>().join("|");
        format!("{:.4}|{cells}", seconds / end)
    });
    format!(r#"<i class="hair" data-points="{}" hidden></i>"#, rows.collect::<Vec<_>>().join(";"))
}

/// What stands in the place of a chart without a value.
const EMPTY: &str = r#"<p class="none">Nothing was measured.</p>"#;

/// The frame around a drawing: legend, grid, axes, marks.
fn frame(drawing: &str, sides: &[Axis; 2], marks: &str, lines: &[Line]) -> String {
    if !lines.iter().flat_map(|line| &line.values).any(|value| value.is_finite()) {
        return EMPTY.to_owned();
    }
    let mut legend = String::new();
    for line in lines {
        let _ = write!(
            legend,
            r#"<span class="key {}"><b></b>{} <output></output></span>"#,
            line.class, line.name
        );
    }
    let (mut grid, mut labels) = (String::new(), String::new());
    for (side, axis) in ["left", "right"].into_iter().zip(sides) {
        let Some(label) = axis.label else { continue };
        for value in axis.ticks() {
            let share = axis.share(value);
            if side == "left" {
                let y = (1.0 - share) * HEIGHT;
                let _ = write!(grid, r#"<path class="grid" d="M0 {y:.1}H{WIDTH}"/>"#);
            }
            let top = (1.0 - share) * 100.0;
            let _ = write!(
                labels,
                r#"<span class="y {side}" style="top:{top:.2}%">{}</span>"#,
                short(&label(value))
            );
        }
    }
    let wide = if sides[1].label.is_some() { " two" } else { "" };
    format!(
        r#"<div class="legend"><span class="when"></span>{legend}</div><div class="plot{wide}"><svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">{grid}{drawing}</svg>{labels}{marks}</div>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: Vec<f64>) -> Line {
        Line { name: "p99", class: "c1", values, label: number::ms, right: false }
    }

    #[test]
    fn a_peak_among_ten_thousand_points_is_drawn_and_the_size_is_bounded() {
        let mut values = vec![1.0; 10_000];
        values[7777] = 40.0;
        let at: Vec<u32> = (0..10_000).collect();
        let svg = over_time(&at, 1, &[line(values)], &[]);
        assert!(svg.contains(" 0.0L"), "the peak reaches the top");
        assert!(svg.len() < 60_000, "{}", svg.len());
    }

    #[test]
    fn odd_series_never_draw_nan() {
        for values in [vec![], vec![0.0], vec![f64::NAN, f64::INFINITY, 3.0], vec![f64::MAX, 1e-300]] {
            let at: Vec<u32> = (0..values.len() as u32).collect();
            let bands = [Band { name: "maintain", from: 0.0, to: f64::MAX }];
            for bands in [&bands[..], &[]] {
                let svg = over_time(&at, 1, &[line(values.clone())], bands);
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
        let svg = percentiles(&[Curve { name: "a", class: "c1", points: vec![(0.0, 1.0), (1.0, 2.0)] }]);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn axes_end_on_round_numbers() {
        let tops: Vec<_> =
            [3.0, 7.3, 42.0, 999.0, 1001.0].map(|v| Axis::over([line(vec![v])].iter()).top).into();
        assert_eq!(tops, [3.0, 8.0, 60.0, 1000.0, 1500.0]);
        assert_eq!(
            (clock(45.0), clock(90.0), clock(7500.0)),
            ("45s".into(), "1:30".into(), "2:05:00".into())
        );
    }
}
