//! `maid compare` and `maid report` on stored outcomes.

use std::fs;

use maid::{engine::outcome::Outcome, reports};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    cli::{folder, told},
    reports::outcomes::{Requests, outcome, shop, times},
};

/// A folder with two runs of the same test; the second is slower by `share`.
fn two_runs(share: f64) -> TempDir {
    let run = |seed, typical_us| {
        outcome(
            &[Requests { name: "GET /".into(), times_us: times(seed, 5000, typical_us), failures: 0 }],
            10,
        )
    };
    let folder = folder();
    stored(&folder, "a.json", &run(1, 20_000.0));
    stored(&folder, "b.json", &run(2, 20_000.0 * (1.0 + share)));
    folder
}

fn stored(folder: &TempDir, name: &str, outcome: &Outcome) {
    reports::write(outcome, &folder.path().join(name)).expect("the folder is writable");
}

#[test]
fn a_regression_ends_with_99_and_noise_does_not() {
    let slower = two_runs(0.5);
    let (code, stdout, stderr) = told(&slower, &["compare", "a.json", "b.json", "--max-regression", "10%"]);
    assert_eq!(code, 99, "{stderr}");
    assert!(stdout.contains("worse"), "{stdout}");
    let last = stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("B is worse than A by more than 10 %") && last.contains("p95"), "{last}");
    assert_eq!(told(&slower, &["compare", "a.json", "b.json"]).0, 0, "nothing was to be judged");
    assert_eq!(told(&two_runs(0.0), &["compare", "a.json", "b.json", "--max-regression", "10"]).0, 0);
}

#[test]
fn a_comparison_is_one_json_object_for_scripts() {
    let (code, stdout, stderr) = told(&two_runs(0.5), &["compare", "a.json", "b.json", "--summary", "json"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let comparison: Value = serde_json::from_str(&stdout).expect("one JSON object");
    assert_eq!(comparison["by_request"][0]["name"], "GET /");
}

#[test]
fn what_is_no_run_cannot_be_compared() {
    let folder = two_runs(0.0);
    fs::write(folder.path().join("c.json"), "{}").expect("a file");
    for other in ["c.json", "nowhere.json", "."] {
        let (code, stdout, stderr) = told(&folder, &["compare", "a.json", other]);
        assert_eq!((code, stdout.as_str()), (104, ""), "{stderr}");
        assert!(stderr.contains(other), "{stderr}");
    }
}

#[test]
fn a_stored_run_is_reported_again() {
    let folder = folder();
    stored(&folder, "run.json", &shop());
    let (code, stdout, _) = told(&folder, &["report", "run.json"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("Shop checkout") && !stdout.contains('\u{1b}'), "{stdout}");
    let (code, stdout, stderr) = told(&folder, &["report", "run.json", "-o", "page.html", "-o", "junit.xml"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    for name in ["page.html", "junit.xml"] {
        assert!(fs::read_to_string(folder.path().join(name)).is_ok_and(|text| text.contains("POST /cart")));
    }
    let (code, _, stderr) = told(&folder, &["report", "run.json", "-o", "no/folder/page.html"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("create the directory first"), "{stderr}");
}
