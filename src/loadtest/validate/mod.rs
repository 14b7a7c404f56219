//! From a document to a [`ValidLoadTest`], or to everything that is wrong with it.
//!
//! First the structure is checked against the generated schema, then the document is read into its
//! types, then what the schema cannot say is checked. For the later stages, a mistyped key is put
//! right, and a value of the wrong kind is replaced by a stand-in about which they are silent, so
//! that one slip does not hide the rest.

mod environment;
mod files;
mod findings;
mod headers;
mod load;
mod names;
mod request;
mod response;
mod scenario;
mod structure;
mod target;

use std::sync::Arc;

pub(crate) use environment::is_template;
use findings::Findings;

use super::{
    mask::{Mask, masked},
    parse::Document,
    place::Path,
    problem::Problems,
    threshold::{Threshold, ThresholdError},
    types::LoadTest,
    valid::{Context, ValidLoadTest},
};

/// Most distinct names of requests: each has histograms of its own.
const MAX_REQUEST_NAMES: usize = 1000;

pub(super) fn validate(document: Document, context: &Context) -> Result<ValidLoadTest, Problems> {
    let Document { name, value: written, map } = document;
    let mut findings = Findings::new(name, map);
    let mut value = written.clone();
    environment::expand(&mut value, context, &mut findings);
    findings.next_stage();
    structure::check(&mut value, &mut findings);
    let read = serde_path_to_error::deserialize::<_, LoadTest>(&value);
    findings.next_stage();
    match read {
        Ok(loadtest) => {
            let valid = check(loadtest, context, &mut findings);
            if findings.is_empty() {
                let mask = Mask::new(&written, &context.env, &valid.hosts);
                return Ok(ValidLoadTest { frozen: masked(&written), mask, ..valid });
            }
        }
        // The schema has said it already, in better words.
        Err(_) if !findings.is_empty() => {}
        Err(error) => {
            let path = error.path().to_string();
            findings.add(&Path::root(), format!("at `{path}`: {}", error.into_inner()));
        }
    }
    Err(findings.finish(&context.env))
}

/// Checks what the schema cannot say.
fn check(loadtest: LoadTest, context: &Context, findings: &mut Findings) -> ValidLoadTest {
    let root = Path::root();
    load::check(&loadtest.load, findings);
    let files = files::Files::new(context);
    let hosts = target::hosts(&loadtest.target.hosts, &root.key("target").key("hosts"), findings);
    let tls = target::check(&loadtest.target, &files, findings);
    let feeders = files.feeders(&loadtest.data, findings);
    let globals = names::globals(&loadtest, &feeders, context);
    let names = names::scenarios(&loadtest, globals, findings);
    names::target_headers(&loadtest, &names, findings);
    let mut scenarios = scenario::Checked::new(&files, context.ignore.url_rules(), &hosts);
    scenarios.check(&loadtest, &names, findings);
    let thresholds = thresholds(&loadtest, findings);
    let scenario::Checked { scenario_hosts, bound, bodies, .. } = scenarios;
    ValidLoadTest {
        hosts,
        scenario_hosts,
        thresholds,
        feeders: feeders.into_iter().flatten().map(Arc::new).collect(),
        names,
        bound,
        bodies: bodies.into_iter().filter_map(|(file, bytes)| Some((file, bytes?))).collect(),
        tls,
        ignore: context.ignore.clone(),
        base_dir: context.base_dir.clone(),
        frozen: serde_json::Value::Null,
        mask: Mask::default(),
        loadtest,
    }
}

fn thresholds(loadtest: &LoadTest, findings: &mut Findings) -> Vec<Threshold> {
    let root = Path::root();
    let mut labels: Vec<_> = scenario::requests(loadtest).map(|request| request.label()).collect();
    labels.sort();
    labels.dedup();
    if labels.len() > MAX_REQUEST_NAMES {
        let message = format!(
            "there are {} different names of requests, and {MAX_REQUEST_NAMES} is the most that is measured: give \
             requests that belong together the same `name`",
            labels.len()
        );
        findings.add(&root.key("scenarios"), message);
    }
    if loadtest.abort_on_threshold && loadtest.thresholds.is_empty() {
        findings.add(
            &root.key("abort_on_threshold"),
            "there are no thresholds to abort on: add `thresholds`, or leave this out",
        );
    }
    let requests: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
    let scenarios: Vec<&str> = loadtest.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let mut parsed = Vec::new();
    for (index, text) in loadtest.thresholds.iter().enumerate() {
        match Threshold::parse(text, &requests, &scenarios) {
            Ok(threshold) => parsed.push(threshold),
            Err(ThresholdError::UnknownName { .. }) if !findings.knows_requests() => {}
            Err(error) => {
                let path = root.key("thresholds").index(index);
                findings.add_meaning(&path, error.to_string(), error.suggestion());
            }
        }
    }
    parsed
}
