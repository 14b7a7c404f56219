//! The names that templates can use, each defined once.

use std::{collections::HashMap, sync::Arc};

use super::{findings::Findings, headers, scenario};
use crate::loadtest::{
    feeder::Feeder,
    place::Path,
    template::{Columns, Globals, Names, each_fixed_problem, each_problem},
    types::{LoadTest, Scenario},
    valid::Context,
};

pub(super) fn globals(loadtest: &LoadTest, feeders: &[Option<Feeder>], context: &Context) -> Arc<Globals> {
    let columns = |(source, feeder): (&crate::loadtest::types::DataSource, &Option<Feeder>)| Columns {
        name: source.name.clone(),
        columns: feeder.as_ref().map(|feeder| feeder.columns().to_vec()),
    };
    Arc::new(Globals {
        variables: loadtest.variables.clone(),
        feeders: loadtest.data.iter().zip(feeders).map(columns).collect(),
        env: context.env.clone(),
        env_refused: context.env_refused.clone(),
    })
}

/// The names of each scenario. Reports names that are no names, or that two things have.
pub(super) fn scenarios(loadtest: &LoadTest, globals: Arc<Globals>, findings: &mut Findings) -> Vec<Names> {
    let root = Path::root();
    let mut taken: HashMap<&str, &'static str> = HashMap::new();
    let names = Names::new(Arc::clone(&globals), []);
    for (name, value) in &loadtest.variables {
        let path = root.key("variables").key(name);
        check_name(name, &path, findings);
        taken.insert(name, "a variable");
        scenario::each_text(value, &path, &mut |text, path| {
            each_fixed_problem(text, &names, &mut |error| findings.add_template(path, &error));
        });
    }
    for (index, source) in loadtest.data.iter().enumerate() {
        let path = root.key("data").index(index).key("name");
        check_name(&source.name, &path, findings);
        if let Some(other) = taken.insert(&source.name, "a data source") {
            findings.add(&path, format!("`{}` is already the name of {other}: rename one", source.name));
        }
    }
    let scenarios = loadtest.scenarios.iter().enumerate();
    scenarios
        .map(|(index, scenario)| {
            let path = root.key("scenarios").index(index);
            let extracted = extracted(scenario, &path, &taken, findings);
            Names::new(Arc::clone(&globals), extracted)
        })
        .collect()
}

fn extracted<'a>(
    scenario: &'a Scenario,
    path: &Path,
    taken: &HashMap<&str, &'static str>,
    findings: &mut Findings,
) -> Vec<&'a str> {
    let mut names = Vec::new();
    scenario::each_request(scenario, path, &mut |_, request, path| {
        for (index, extract) in request.extract.iter().enumerate() {
            let path = path.key("extract").index(index).key("name");
            check_name(&extract.name, &path, findings);
            if let Some(other) = taken.get(extract.name.as_str()) {
                findings.add(&path, format!("`{}` is already the name of {other}: rename one", extract.name));
            }
            names.push(extract.name.as_str());
        }
    });
    names
}

/// Checks the target's headers, whose templates every scenario fills in.
pub(super) fn target_headers(loadtest: &LoadTest, names: &[Names], findings: &mut Findings) {
    let path = Path::root().key("target").key("headers");
    headers::check(&loadtest.target.headers, &path, findings);
    for (name, value) in &loadtest.target.headers {
        let path = path.key(name);
        for (scenario, names) in loadtest.scenarios.iter().zip(names) {
            let mut right = true;
            each_problem(value, names, &mut |error| {
                right = false;
                findings.add_template_in(&path, &error, &scenario.name);
            });
            if !right {
                break;
            }
        }
    }
}

fn check_name(name: &str, path: &Path, findings: &mut Findings) {
    let fits = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if !fits || name.len() > 100 {
        findings.add(
            path,
            "templates cannot use this name: begin with a letter, go on with letters, digits, `_` or `-`, at most \
             100 bytes",
        );
    }
}
