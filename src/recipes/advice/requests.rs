//! Advice about what is sent and what is looked at.

use std::collections::BTreeSet;

use super::Advice;
use crate::loadtest::{
    place::Path,
    types::{LoadTest, Request, Transaction},
};

/// Names from which on a table of them is not read any more.
const MANY_NAMES: usize = 100;
/// Digits that look like the id of one thing.
const ID_DIGITS: usize = 3;

/// What is to be said of the requests of `test`.
pub(super) fn of(test: &LoadTest) -> Vec<Advice> {
    let mut all = Vec::new();
    let requests = requests(test);
    if !requests.is_empty() && requests.iter().all(|(_, request)| request.check.is_empty()) {
        let message = "no request checks its answer: a page that says \"sorry\" with status 200 counts as a success, and \
                       it comes fast. Add `check: [{ status: 200 }, { body_contains: ... }]` to one request or more";
        all.push(Advice::new("no_checks", &Path::root().key("scenarios"), message));
    }
    let names: BTreeSet<_> = requests.iter().map(|(_, request)| request.label()).collect();
    if names.len() > MANY_NAMES {
        let message = format!(
            "{} different requests are measured apart: what belongs together is found by giving it one `name`, such as \
             `GET product`, or one path with a template, such as `/products/{{{{ people.id }}}}`",
            names.len()
        );
        all.push(Advice::new("many_names", &Path::root().key("scenarios"), message));
    }
    for (path, request) in &requests {
        if let Some(id) = one_thing(&request.path) {
            let message = format!(
                "every user asks for the same thing, `{id}`, every time: caches answer that faster than they answer \
                 people. Take ids from a data file, or from an earlier answer by `extract`"
            );
            all.push(Advice::new("one_thing", &path.key("path"), message));
        }
    }
    if !test.target.tls.verify {
        let message = "certificates are not checked: whoever stands between can answer. For a certificate of your own, \
                       name its authority in `ca_file` instead";
        all.push(Advice::new(
            "unverified_tls",
            &Path::root().key("target").key("tls").key("verify"),
            message,
        ));
    }
    all
}

/// All requests with their places.
fn requests(test: &LoadTest) -> Vec<(Path, &Request)> {
    let mut all = Vec::new();
    for (index, scenario) in test.scenarios.iter().enumerate() {
        let path = Path::root().key("scenarios").index(index);
        let parts: [(&str, &[Transaction]); 3] = [
            ("on_start", &scenario.on_start),
            ("transactions", &scenario.transactions),
            ("on_stop", &scenario.on_stop),
        ];
        for (key, transactions) in parts {
            for (index, transaction) in transactions.iter().enumerate() {
                let path = path.key(key).index(index).key("requests");
                let of_it = transaction.requests.iter().enumerate();
                all.extend(of_it.map(|(index, request)| (path.index(index), request)));
            }
        }
    }
    all
}

/// A part of a path that is the id of one thing.
fn one_thing(path: &str) -> Option<&str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/').find(|part| {
        let is_number = part.len() >= ID_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number || uuid::Uuid::try_parse(part).is_ok()
    })
}
