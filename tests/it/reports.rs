//! Reports of a finished run: what a reader of each form sees, and what no run can break.

pub mod outcomes;

use std::{fs, path::Path};

use console::measure_text_width;
use maid::{
    engine::outcome::{Outcome, Series},
    reports::{Format, read, render, summary_text, write},
};
use outcomes::{Requests, nothing, outcome, shop, times};

fn text(outcome: &Outcome, format: Format) -> String {
    String::from_utf8(render(outcome, format).expect("every form can be made")).expect("UTF-8")
}

#[test]
fn csv_has_a_row_per_request_and_a_total() {
    insta::assert_snapshot!(text(&shop(), Format::Csv));
}

#[test]
fn csv_cells_are_quoted_and_no_formula() {
    let name = "=cmd|'/C calc'!A1, \"x\"\nsecond line";
    let run = outcome(&[Requests { name: name.into(), times_us: vec![1000], failures: 0 }], 1);
    let csv = text(&run, Format::Csv);
    let rows: Vec<_> =
        csv::Reader::from_reader(csv.as_bytes()).records().collect::<Result<_, _>>().expect("RFC 4180");
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[0][1], format!("'{name}"));
}

#[test]
fn markdown_fits_a_comment() {
    insta::assert_snapshot!(text(&shop(), Format::Md));
    assert!(text(&thousand_names(), Format::Md).len() < 65_536);
}

#[test]
fn junit_shows_thresholds_and_requests() {
    insta::assert_snapshot!(text(&shop(), Format::Xml));
}

#[test]
fn the_terminal_summary() {
    insta::assert_snapshot!("summary_100", summary_text(&shop(), false, 100));
    insta::assert_snapshot!("summary_60", summary_text(&shop(), false, 60));
    insta::assert_snapshot!("summary_nothing", summary_text(&nothing(), false, 80));
}

#[test]
fn the_terminal_summary_keeps_to_the_width_and_colours_only_when_asked() {
    let mut hostile = shop();
    hostile.name = "\u{1b}]0;title\u{7} 日本語".repeat(20);
    hostile.summary.by_request[0].name = "\u{1b}[2J".repeat(9);
    for run in [&hostile, &nothing(), &thousand_names()] {
        for width in [40, 60, 80, 120, 200] {
            let plain = summary_text(run, false, width);
            assert!(!plain.contains('\u{1b}'), "no escape sequence without colour");
            for line in plain.lines().chain(summary_text(run, true, width).lines()) {
                assert!(measure_text_width(line) <= width, "{width}: {line}");
            }
        }
    }
    assert!(summary_text(&shop(), true, 80).contains('\u{1b}'));
}

#[test]
fn html_has_every_section_and_needs_no_other_host() {
    let html = text(&shop(), Format::Html);
    let sections = ["charts", "thresholds", "requests", "transactions", "checks", "errors", "phases"];
    for id in sections.into_iter().chain(["generator", "configuration"]) {
        assert!(html.contains(&format!(r#"id="{id}""#)), "{id}");
    }
    assert_eq!(html.matches("<svg").count(), 4);
    for loader in ["src=", "href=", "url(", "@import", "http-equiv=\"refresh\"", "fetch(", "import("] {
        assert!(!html.contains(loader), "{loader}");
    }
    assert!(html.contains("default-src 'none'") && html.contains("Limited by the generator."));
}

#[test]
fn html_shows_markup_and_never_runs_it() {
    let hostile = r#"</script><script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)"#;
    let mut run = shop();
    run.name = hostile.into();
    run.hosts = vec![hostile.into()];
    run.started_at = hostile.into();
    run.measure = hostile.into();
    run.maid_version = hostile.into();
    run.ended_because = Some(hostile.into());
    run.config = serde_json::json!({ hostile: hostile });
    let s = &mut run.summary;
    s.run_id = hostile.into();
    s.status_codes.insert(hostile.into(), 1);
    s.generator.limited_because = vec![hostile.into()];
    for threshold in &mut s.verdict.thresholds {
        (threshold.rule, threshold.observed_text) = (hostile.into(), hostile.into());
    }
    for request in &mut s.by_request {
        request.name = hostile.into();
        request.status_codes.insert(hostile.into(), 1);
        let class = request.by_status.get("2xx").cloned();
        request.by_status.extend(class.map(|class| (hostile.to_owned(), class)));
        let timing = request.timings_ms.get("wait").copied();
        request.timings_ms.extend(timing.map(|timing| (hostile.to_owned(), timing)));
    }
    for error in &mut s.errors {
        (error.kind, error.message, error.request) = (hostile.into(), hostile.into(), hostile.into());
        if let Some(example) = &mut error.example {
            (example.url, example.body) = (hostile.into(), hostile.into());
        }
    }
    run.phases.iter_mut().for_each(|phase| phase.name = hostile.into());
    run.checks.iter_mut().for_each(|check| (check.name, check.request) = (hostile.into(), hostile.into()));
    run.by_scenario.iter_mut().for_each(|scenario| scenario.name = hostile.into());
    run.by_transaction.iter_mut().for_each(|t| (t.name, t.scenario) = (hostile.into(), hostile.into()));
    let html = text(&run, Format::Html);
    assert_eq!(html.matches("<script").count(), 1, "only the report's own script");
    assert_eq!(html.matches("</script").count(), 1);
    assert!(!html.contains("<img") && !html.contains(r#"" onload"#));
    assert!(html.contains("&#60;img src=x onerror=alert(2)&#62;"));
}

#[test]
fn json_comes_back_to_the_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let mut run = shop();
    run.summary.requests = u64::MAX;
    run.summary.bytes_in = u64::MAX - 1;
    run.summary.latency_ms.avg = 0.1 + 0.2;
    run.summary.latency_ms.max = 1.797_693_134_862_315_7e308;
    run.summary.error_rate = 2.225_073_858_507_201e-308;
    run.config = serde_json::json!({ "z": 1, "a": { "n": u64::MAX, "f": 0.1 }, "m": [null, true, -1] });
    write(&run, &path).expect("written");
    let back = read(&path).expect("read");
    assert_eq!(back.summary.requests, u64::MAX);
    assert_eq!(render(&back, Format::Json).expect("made"), fs::read(&path).expect("there"));
}

#[test]
fn any_run_makes_every_report() {
    let mut one_point = outcome(&[Requests { name: "a".into(), times_us: vec![1], failures: 1 }], 1);
    one_point.phases = Vec::new();
    let mut ragged = shop();
    ragged.series = Series { step_s: 0, at_s: vec![5, 1], requests: vec![1], ..Series::default() };
    let long = outcome(&[Requests { name: "a".into(), times_us: times(1, 10, 1e3), failures: 0 }], 10_000);
    for run in [shop(), nothing(), one_point, ragged, long, huge(), not_a_number(), thousand_names()] {
        for format in [Format::Csv, Format::Html, Format::Md, Format::Xml] {
            let report = text(&run, format);
            for word in report.split(|c: char| !c.is_ascii_alphanumeric()) {
                assert!(!["NaN", "inf", "Infinity"].contains(&word), "{format}: {word}");
            }
        }
        let summary = summary_text(&run, false, 100);
        assert!(!summary.contains("NaN") && !summary.contains("inf "), "{summary}");
    }
}

#[test]
fn a_report_replaces_the_older_one_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.md");
    fs::write(&path, "old").expect("written");
    write(&shop(), &path).expect("written");
    assert!(fs::read_to_string(&path).expect("there").starts_with("## ❌ Failed"));
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1, "nothing is left beside it");

    let missing = write(&shop(), &folder.path().join("no/such/report.md")).expect_err("no folder");
    let message = missing.to_string();
    assert!(message.contains("no/such/report.md") && message.contains("create the directory"), "{message}");
    let message = write(&shop(), &folder.path().join("report.pdf")).expect_err("unknown").to_string();
    assert!(message.contains(".json, .csv, .html, .md or .xml"), "{message}");
}

/// `/dev/full` answers every write as a full disk does.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    std::os::unix::fs::symlink("/dev/full", &path).expect("a link");
    let message = write(&shop(), &path).expect_err("full").to_string();
    assert!(message.contains("report.json") && message.contains("No space left"), "{message}");
    assert!(message.contains("free some space"), "{message}");
    assert!(Path::new("/dev/full").exists());
}

#[test]
fn what_is_no_report_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.json");
    let refused = |content: &str| {
        fs::write(&path, content).expect("written");
        read(&path).expect_err(content).to_string()
    };
    assert!(refused("{").contains("is not a json report of a run"));
    assert!(refused(r#"{"hello": 1}"#).contains("missing field `format`"));
    assert!(refused(r#"{"format": 99}"#).contains("made by a newer MAID"));
    assert!(refused(r#"{"format": 1}"#).contains("missing field"));
    assert!(refused(&"[".repeat(100_000)).contains("is not a json report of a run"));
    let missing = read(&folder.path().join("none.json")).expect_err("missing").to_string();
    assert!(missing.contains("none.json") && missing.contains("No such file"), "{missing}");
}

fn thousand_names() -> Outcome {
    let requests: Vec<_> = (0..1000)
        .map(|n| Requests {
            name: format!("GET /{n}/{}", "x".repeat(200)),
            times_us: vec![n + 1],
            failures: 1,
        })
        .collect();
    outcome(&requests, 5)
}

fn huge() -> Outcome {
    let mut run = shop();
    let s = &mut run.summary;
    (s.requests, s.failures, s.bytes_in, s.users_max) = (u64::MAX, u64::MAX, u64::MAX, u32::MAX);
    (s.rps, s.duration_s, s.latency_ms.max) = (1e300, 1e300, f64::MAX);
    s.by_request[0].requests = u64::MAX;
    run.series.requests.fill(u64::MAX);
    run.series.at_s.fill(u32::MAX);
    run
}

fn not_a_number() -> Outcome {
    let mut run = shop();
    let s = &mut run.summary;
    (s.rps, s.error_rate, s.duration_s) = (f64::NAN, f64::INFINITY, f64::NEG_INFINITY);
    s.latency_ms.p99 = f64::NAN;
    s.by_request[0].rps = f64::NAN;
    s.by_request[0].latency_ms.p50 = f64::INFINITY;
    run.series.p99_ms.fill(f64::NAN);
    run.phases[0].duration_s = f64::NAN;
    run
}
