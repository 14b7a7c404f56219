//! Pictures of runs that are made up: what they say, how large they are, that no run is too odd.

use std::sync::Arc;

use hdrhistogram::Histogram;
use proptest::prelude::*;

use super::{Format, Look, Picture, Theme, draw};
use crate::engine::{
    classes::counted,
    histogram::{empty, encode},
    outcome::{Histograms, Latency, Outcome, Series},
};

const LOOK: Look = Look { format: Format::Svg, theme: Theme::Light, width: 800, height: 500 };

/// A run of `seconds`, each with `times` of the second.
fn run(name: &str, seconds: u32, times: impl Fn(u32) -> Vec<u64>) -> Arc<Outcome> {
    let mut series = Series { step_s: 1, ..Series::default() };
    let mut whole = empty();
    for at in 0..seconds {
        let mut second = empty();
        times(at).iter().for_each(|time| second.saturating_record(*time));
        whole.add(&second).expect("of one layout");
        let ms = |quantile| second.value_at_quantile(quantile) as f64 / 1000.0;
        series.at_s.push(at);
        series.users.push(1 + at % 50);
        series.requests.push(second.len());
        series.failures.push(u64::from(at % 7 == 3));
        series.p50_ms.push(ms(0.5));
        series.p95_ms.push(ms(0.95));
        series.p99_ms.push(ms(0.99));
        series.classes.push(counted(&second).into());
    }
    Arc::new(outcome(name, series, &whole))
}

fn outcome(name: &str, series: Series, whole: &Histogram<u64>) -> Outcome {
    let latency = Latency { p50: 12.0, p95: 40.0, p99: 90.0, max: 200.0, ..Latency::default() };
    let json = serde_json::json!({
        "run_id": "0199f3a2-7c00-7abc-8000-0123456789ab", "status": "completed",
        "verdict": {"passed": true, "thresholds": []}, "duration_s": 60.0, "users_max": 50, "requests": whole.len(),
        "failures": 3, "interrupted": 0, "error_rate": 0.01, "rps": 100.0, "bytes_in": 1, "bytes_out": 1,
        "latency_ms": latency, "corrected_latency_ms": latency, "by_request": [], "status_codes": {}, "errors": [],
        "generator": crate::engine::outcome::Generator::default(), "format": 1, "maid_version": "0.1.0", "name": name,
        "hosts": [], "started_at": "2026-03-01T12:00:00Z", "ended_at": "2026-03-01T12:01:00Z", "ended_because": null,
        "measure": "all", "phases": [], "series": series, "by_transaction": [], "by_scenario": [], "checks": [],
        "histogram": Histograms { latency: encode(whole), corrected: encode(whole) }, "config": {}
    });
    serde_json::from_value(json).expect("an outcome")
}

fn times(seed: u64, typical_us: f64) -> impl Fn(u32) -> Vec<u64> {
    move |at| {
        let mut random = fastrand::Rng::with_seed(seed + u64::from(at));
        let mut one = || {
            let normal = (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
            let slow = if (30..36).contains(&at) { 6.0 } else { 1.0 };
            (typical_us * slow * (0.5 * normal).exp()) as u64
        };
        (0..80 + at % 11).map(|_| one()).collect()
    }
}

fn all(before: &Arc<Outcome>, after: &Arc<Outcome>) -> [Picture; 3] {
    [
        Picture::Heatmap(Arc::clone(before)),
        Picture::Timeline(Arc::clone(before)),
        Picture::Comparison(Arc::clone(before), Arc::clone(after)),
    ]
}

fn svg(picture: &Picture) -> String {
    String::from_utf8(draw(picture, LOOK).expect("it is drawn")).expect("text")
}

/// Elements that are open at the end of a drawing, by a reader that refuses what is not well-formed enough.
fn open_elements(text: &str) -> usize {
    let mut open: Vec<&str> = Vec::new();
    for tag in text.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    open.len()
}

#[test]
fn names_are_letters_and_nothing_else() {
    let odd = "<script>alert(1)</script> & \"Söhne\" \u{0} \u{1b}[31m \u{202e}gnp";
    let run = run(odd, 60, times(1, 12_000.0));
    for picture in all(&run, &run) {
        let text = svg(&picture);
        assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{text}");
        assert!(text.contains("Söhne") && !text.contains('\u{1b}') && !text.contains('\u{202e}'));
        assert!(text.contains("role=\"img\"") && text.contains("<title") && text.contains("<desc"));
        assert!(text.starts_with("<svg ") && text.contains("width=\"800\" height=\"500\""));
        assert_eq!(open_elements(&text), 0);
    }
}

#[test]
fn pixels_are_as_many_as_were_asked_for() {
    let (before, after) = (run("Shop", 60, times(1, 12_000.0)), run("Shop", 50, times(2, 30_000.0)));
    for (picture, theme) in all(&before, &after).into_iter().zip([Theme::Light, Theme::Dark, Theme::Light]) {
        let look = Look { format: Format::Png, theme, width: 640, height: 400 };
        let file = draw(&picture, look).expect("it is drawn");
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&file)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("it fits")];
        let frame = reader.next_frame(&mut pixels).expect("pixels");
        assert_eq!((frame.width, frame.height), (640, 400));
        let ground = &pixels[..3];
        let drawn = pixels.chunks(3).filter(|pixel| *pixel != ground).count();
        assert!(drawn > 640 * 400 / 50, "{drawn} pixels are not the ground");
    }
}

#[test]
fn each_request_of_a_heatmap_has_a_cell() {
    // One class alone: the whole width is one row of one colour.
    let steady = run("Steady", 40, |_| vec![5_000; 20]);
    let text = svg(&Picture::Heatmap(steady));
    let cells = text.matches("<rect").count();
    // The ground, where nothing was counted, the legend, and a cell for each second.
    assert!((40..40 + 40).contains(&cells), "{cells}");
}

#[test]
fn what_has_nothing_to_show_says_so() {
    let nothing = run("Nothing", 0, |_| Vec::new());
    for picture in all(&nothing, &nothing) {
        let error = draw(&picture, LOOK).expect_err("nothing is there").to_string();
        assert!(error.contains("nothing to") || error.contains("no request"), "{error}");
    }
    let mut old = (*run("Old", 30, times(1, 9_000.0))).clone();
    old.series.classes.clear();
    let error = draw(&Picture::Heatmap(Arc::new(old)), LOOK).expect_err("no classes").to_string();
    assert!(error.contains("earlier version"), "{error}");
}

/// Pictures to look at, where a folder is named for them.
#[test]
fn pictures_are_there_to_be_looked_at() {
    let Some(folder) = std::env::var_os("MAID_PICTURES") else { return };
    let (before, after) =
        (run("Shop checkout", 120, times(1, 12_000.0)), run("Shop checkout", 110, times(2, 22_000.0)));
    for (picture, name) in all(&before, &after).into_iter().zip(["heatmap", "timeline", "comparison"]) {
        for (theme, of) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            for (format, end) in [(Format::Png, "png"), (Format::Svg, "svg")] {
                let look = Look { format, theme, width: 1000, height: 560 };
                let file = draw(&picture, look).expect("it is drawn");
                let path = std::path::Path::new(&folder).join(format!("{name}-{of}.{end}"));
                std::fs::write(path, file).expect("it is written");
            }
        }
        let small = Look { format: Format::Png, theme: Theme::Light, width: 320, height: 260 };
        let path = std::path::Path::new(&folder).join(format!("{name}-small.png"));
        std::fs::write(path, draw(&picture, small).expect("it is drawn")).expect("it is written");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_run_and_no_size_is_too_odd(
        seconds in 1_u32..400,
        typical in 1_u64..4_000_000_000,
        few in 0_usize..4,
        (width, height) in (200_u32..1200, 200_u32..900),
        step in 0_u32..5,
    ) {
        let mut odd = (*run("Odd", seconds, |at| vec![typical / u64::from(at + 1) + 1; few])).clone();
        odd.series.step_s = step;
        odd.series.p95_ms.truncate(seconds as usize / 2);
        odd.series.p99_ms.push(f64::NAN);
        let odd = Arc::new(odd);
        for picture in all(&odd, &odd) {
            let look = Look { width, height, ..LOOK };
            if let Ok(file) = draw(&picture, look) {
                prop_assert_eq!(open_elements(&String::from_utf8_lossy(&file)), 0);
            }
        }
    }
}
