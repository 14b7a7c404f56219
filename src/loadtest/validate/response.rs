//! What is taken from an answer, and what the answer must be.

use serde_json::Value;

use super::findings::Findings;
use crate::loadtest::{
    limit::{self, Limit},
    place::Path,
    template::{Escape, Names, Template},
    types::{Check, CheckOp, Extract, ExtractFrom},
};

/// Reports when not exactly one of some keys is given.
pub(super) fn exactly_one(keys: &[(&str, bool)], path: &Path, findings: &mut Findings) {
    let list = |given_only: bool| {
        let names: Vec<String> = keys
            .iter()
            .filter(|(_, given)| *given || !given_only)
            .map(|(key, _)| format!("`{key}`"))
            .collect();
        names.join(", ")
    };
    match keys.iter().filter(|(_, given)| *given).count() {
        0 => findings.add(path, format!("is empty: give exactly one of {}", list(false))),
        1 => {}
        _ => findings.add(path, format!("{} exclude each other: keep one of them", list(true))),
    }
}

pub(super) fn extracts(extracts: &[Extract], path: &Path, findings: &mut Findings) {
    for (index, extract) in extracts.iter().enumerate() {
        check_extract(extract, &path.index(index), findings);
    }
}

fn check_extract(extract: &Extract, path: &Path, findings: &mut Findings) {
    let (from, needed) = match extract.from {
        ExtractFrom::Json => ("json", Some("path")),
        ExtractFrom::Regex => ("regex", Some("pattern")),
        ExtractFrom::Header => ("header", Some("key")),
        ExtractFrom::Cookie => ("cookie", Some("key")),
        ExtractFrom::Status => ("status", None),
    };
    let fields = [("path", &extract.path), ("pattern", &extract.pattern), ("key", &extract.key)];
    for (field, value) in fields {
        match (needed == Some(field), value) {
            (true, None) => findings.add(path, format!("`from: {from}` needs `{field}`")),
            (false, Some(_)) => {
                let instead = needed.map(|needed| format!(", which takes `{needed}`")).unwrap_or_default();
                findings
                    .add(&path.key(field), format!("does not go with `from: {from}`{instead}: leave it out"));
            }
            _ => {}
        }
    }
    if let (ExtractFrom::Json, Some(text)) = (extract.from, &extract.path) {
        findings.keep(&path.key("path"), limit::json_path(text));
    }
    if let (ExtractFrom::Regex, Some(text)) = (extract.from, &extract.pattern) {
        findings.keep(&path.key("pattern"), limit::regex(text));
    }
    if let (ExtractFrom::Header, Some(name)) = (extract.from, &extract.key) {
        check_header_name(name, &path.key("key"), findings);
    }
}

fn check_header_name(name: &str, path: &Path, findings: &mut Findings) {
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        findings.add(path, "is not a header's name: letters, digits and `-`, such as `X-Request-Id`");
    }
}

pub(super) fn checks(checks: &[Check], path: &Path, names: &Names, findings: &mut Findings) {
    for (index, check) in checks.iter().enumerate() {
        check_check(check, &path.index(index), names, findings);
    }
}

fn check_check(check: &Check, path: &Path, names: &Names, findings: &mut Findings) {
    let subjects = [
        ("status", check.status.is_some()),
        ("json", check.json.is_some()),
        ("header", check.header.is_some()),
        ("body_contains", check.body_contains.is_some()),
        ("body_matches", check.body_matches.is_some()),
        ("time", check.time.is_some()),
        ("size", check.size.is_some()),
    ];
    exactly_one(&subjects, path, findings);
    check_comparison(check, path, names, findings);
    if let Some(text) = &check.json {
        findings.keep(&path.key("json"), limit::json_path(text));
    }
    if let Some(name) = &check.header {
        check_header_name(name, &path.key("header"), findings);
    }
    if let Some(text) = &check.body_contains {
        refuse_template(text, &path.key("body_contains"), names, findings);
    }
    if let Some(text) = &check.body_matches {
        findings.keep(&path.key("body_matches"), limit::regex(text));
    }
    if let Some(text) = &check.time {
        findings.keep(&path.key("time"), Limit::time(text));
    }
    if let Some(text) = &check.size {
        findings.keep(&path.key("size"), Limit::size(text));
    }
}

/// `op` and `value` compare what `json` or `header` finds.
fn check_comparison(check: &Check, path: &Path, names: &Names, findings: &mut Findings) {
    let compares = check.json.is_some() || check.header.is_some();
    for (key, given) in [("op", check.op.is_some()), ("value", check.value.is_some())] {
        if given && !compares {
            findings.add(&path.key(key), "goes with `json` or `header` only: leave it out");
        }
    }
    match (check.op, &check.value) {
        (Some(CheckOp::Exists), Some(_)) => {
            findings.add(&path.key("value"), "`op: exists` compares with nothing: leave it out");
        }
        (None | Some(CheckOp::Exists), _) => {}
        (Some(_), None) if compares => findings.add(path, "`op` needs a `value` to compare with"),
        (Some(CheckOp::Gt | CheckOp::Ge | CheckOp::Lt | CheckOp::Le), Some(value))
            if !(value.is_number() || value.is_string()) =>
        {
            findings
                .add(&path.key("value"), "only numbers and texts can be greater or less: write one of these");
        }
        _ => {}
    }
    if let Some(Value::String(text)) = &check.value {
        refuse_template(text, &path.key("value"), names, findings);
    }
}

/// Checks compare with fixed values; a template that would be filled in elsewhere is a trap.
fn refuse_template(text: &str, path: &Path, names: &Names, findings: &mut Findings) {
    let is_template = text.contains("{{")
        && Template::compile(text, Escape::None, names).is_ok_and(|template| template.as_static().is_none());
    if is_template {
        findings
            .add(path, "checks compare with fixed values and fill in no templates: write the value itself");
    }
}
