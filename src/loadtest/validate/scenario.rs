//! Scenarios and their transactions, down to the single request.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

use serde_json::Value;
use url::Url;

use super::{files::Files, findings::Findings, request, target};
use crate::loadtest::{
    ignore::UrlRule,
    place::Path,
    template::Names,
    types::{LoadTest, Request, Scenario, Transaction},
};

/// The part of a scenario that a transaction belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Start,
    Loop,
    Stop,
}

/// All requests of a test.
pub(super) fn requests(loadtest: &LoadTest) -> impl Iterator<Item = &Request> {
    loadtest
        .scenarios
        .iter()
        .flat_map(|scenario| parts(scenario).into_iter().flat_map(|(_, _, list)| list))
        .flat_map(|transaction| &transaction.requests)
}

fn parts(scenario: &Scenario) -> [(Part, &'static str, &[Transaction]); 3] {
    [
        (Part::Start, "on_start", &scenario.on_start),
        (Part::Loop, "transactions", &scenario.transactions),
        (Part::Stop, "on_stop", &scenario.on_stop),
    ]
}

/// Calls `take` with each request of a scenario and its path.
pub(super) fn each_request<'a>(
    scenario: &'a Scenario,
    path: &Path,
    take: &mut dyn FnMut(Part, &'a Request, &Path),
) {
    for (part, key, list) in parts(scenario) {
        for (index, transaction) in list.iter().enumerate() {
            let path = path.key(key).index(index).key("requests");
            for (index, request) in transaction.requests.iter().enumerate() {
                take(part, request, &path.index(index));
            }
        }
    }
}

/// Calls `take` with each text in a value, keys included.
pub(super) fn each_text(value: &Value, path: &Path, take: &mut dyn FnMut(&str, &Path)) {
    match value {
        Value::String(text) => take(text, path),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                each_text(value, &path.index(index), take);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                let path = path.key(key);
                take(key, &path);
                each_text(value, &path, take);
            }
        }
        _ => {}
    }
}

/// What the checks of all scenarios leave behind.
pub(super) struct Checked<'a> {
    pub(super) files: &'a Files<'a>,
    pub(super) rules: &'a [UrlRule],
    target_hosts: &'a [Url],
    scenario_hosts: Vec<Vec<Url>>,
    bound: Vec<Vec<usize>>,
    /// `None` for a file that cannot be read.
    pub(super) bodies: HashMap<PathBuf, Option<Arc<[u8]>>>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(files: &'a Files<'a>, rules: &'a [UrlRule], target_hosts: &'a [Url]) -> Self {
        Self {
            files,
            rules,
            target_hosts,
            scenario_hosts: Vec::new(),
            bound: Vec::new(),
            bodies: HashMap::new(),
        }
    }

    pub(super) fn finish(self) -> (Vec<Vec<Url>>, Vec<Vec<usize>>, HashMap<PathBuf, Arc<[u8]>>) {
        let bodies = self.bodies.into_iter().filter_map(|(file, bytes)| Some((file, bytes?))).collect();
        (self.scenario_hosts, self.bound, bodies)
    }

    pub(super) fn check(&mut self, loadtest: &LoadTest, names: &[Names], findings: &mut Findings) {
        let path = Path::root().key("scenarios");
        check_names(loadtest.scenarios.iter().map(|scenario| scenario.name.as_str()), &path, findings);
        for (index, (scenario, names)) in loadtest.scenarios.iter().zip(names).enumerate() {
            self.scenario(scenario, &path.index(index), names, findings);
        }
    }

    fn scenario(&mut self, scenario: &Scenario, path: &Path, names: &Names, findings: &mut Findings) {
        let own = target::hosts(&scenario.hosts, &path.key("hosts"), findings);
        if scenario.think_time.is_some_and(|think| think.min > think.max) {
            findings.add(&path.key("think_time"), "`min` is longer than `max`: exchange them");
        }
        for (_, key, list) in parts(scenario) {
            let path = path.key(key);
            check_names(list.iter().map(|transaction| transaction.name.as_str()), &path, findings);
        }
        let hosts = if own.is_empty() { self.target_hosts } else { &own };
        let mut bound = Vec::new();
        each_request(scenario, path, &mut |part, request, path| {
            let feeders = request::check(self, request, path, names, hosts, findings);
            if part == Part::Start {
                bound.extend(feeders);
            }
        });
        bound.sort_unstable();
        bound.dedup();
        self.bound.push(bound);
        self.scenario_hosts.push(own);
    }
}

/// Names of a list: each only once, and fit for a line of a report.
fn check_names<'a>(names: impl Iterator<Item = &'a str>, path: &Path, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for (index, name) in names.enumerate() {
        let path = path.index(index).key("name");
        check_printable(name, &path, findings);
        if !seen.insert(name) {
            findings.add(
                &path,
                format!("`{name}` is the name of two: rename one, so that reports can tell them apart"),
            );
        }
    }
}

pub(super) fn check_printable(name: &str, path: &Path, findings: &mut Findings) {
    if name.trim().is_empty() {
        findings.add(path, "must not be empty");
    } else if name.chars().any(char::is_control) {
        findings.add(path, "holds a line break or another control character: reports show names on one line");
    }
}
