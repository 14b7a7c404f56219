//! A test of the requests that the text names.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::{Draft, Source};
use crate::{
    ai::generator::reader::{Activity, Fact, Item, Reading, Wanted},
    loadtest::{
        span::Span,
        types::{Body, Load, LoadTest, Request, Scenario, Scheduler, Target, Transaction},
    },
};

/// Largest weight that is written.
const HEAVIEST: f64 = 10_000.0;

/// A test of the requests that the text names; without any, one of the front page.
pub(super) fn draft(reading: &Reading) -> Draft {
    let loadtest = LoadTest {
        version: 1,
        name: "Load test".to_owned(),
        description: None,
        target: Target::of(Vec::new()),
        load: Load {
            users: Some(super::USERS),
            run_time: Some(Span::from_secs(super::RUN_TIME_S)),
            ..Load::default()
        },
        scheduler: Scheduler::default(),
        rate_limit: 0.0,
        variables: IndexMap::new(),
        data: Vec::new(),
        scenarios: Vec::new(),
        thresholds: Vec::new(),
        abort_on_threshold: false,
    };
    let mut draft = Draft::new(loadtest, Source::Default, None);
    let groups = groups(&reading.requests);
    let base = reading.hosts.first().map(|host| host.value.clone());
    let mut transactions = Vec::new();
    let mut taken = HashSet::new();
    for (number, group) in groups.iter().enumerate() {
        let mut requests = Vec::new();
        for (place, one) in group.iter().map(|one| &reading.requests[*one]).enumerate() {
            requests.push(request(&one.value, base.as_deref()));
            trace(&mut draft, &format!("/scenarios/0/transactions/{number}/requests/{place}"), one);
        }
        let name = unique(&name(&requests), &mut taken);
        transactions.push(Transaction::of(&name, requests));
    }
    if transactions.is_empty() {
        transactions.push(Transaction::of("GET /", vec![Request::of("/")]));
        if !reading.hosts.is_empty() {
            draft.notes.push("the text names no path: the front page is asked for".to_owned());
        } else {
            draft.ask("requests", "What is to be asked for? Name paths, such as GET /products", Vec::new());
        }
    }
    draft.loadtest.scenarios = vec![Scenario::of("user", transactions)];
    draft.loadtest.name = title(&draft.loadtest);
    weights(&mut draft, reading, &groups);
    draft
}

/// Requests that follow on one another go together.
fn groups(requests: &[Fact<Wanted>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (number, request) in requests.iter().enumerate() {
        match groups.last_mut().filter(|_| request.value.follows) {
            Some(group) => group.push(number),
            None => groups.push(vec![number]),
        }
    }
    groups
}

/// A request as it is written in a document.
pub(in crate::ai::generator) fn request(wanted: &Wanted, base: Option<&str>) -> Request {
    let path = wanted.path.replace('{', "%7B").replace('}', "%7D");
    let path = match &wanted.host {
        Some(host) if base.is_some_and(|base| base != host) => format!("{host}{path}"),
        _ => path,
    };
    let mut request = Request::of(&path);
    let body = wanted.json.is_some() || wanted.form.is_some();
    let usual = if body { "POST" } else { "GET" };
    request.method = (wanted.method() != usual).then(|| wanted.method().to_owned());
    request.headers = wanted.headers.iter().cloned().collect();
    request.body = body.then(|| Body {
        json: wanted.json.clone(),
        form: wanted.form.clone().map(|form| form.into_iter().collect()),
        ..Body::default()
    });
    request
}

pub(in crate::ai::generator) fn trace(draft: &mut Draft, place: &str, wanted: &Fact<Wanted>) {
    for key in ["path", "method"] {
        draft.said(format!("{place}/{key}"), &wanted.span);
    }
    for (key, there) in [
        ("headers", !wanted.value.headers.is_empty()),
        ("body", wanted.value.json.is_some() || wanted.value.form.is_some()),
    ] {
        if there {
            draft.said(format!("{place}/{key}"), &wanted.span);
        }
    }
}

/// What a transaction is called: by its only request, or by the first and the last.
fn name(requests: &[Request]) -> String {
    let of = |request: &Request| {
        let path = request.path.split('?').next().unwrap_or_default();
        format!("{} {path}", request.method())
    };
    let name = match requests {
        [one] => of(one),
        [first, .., last] => format!("{} to {}", of(first), of(last)),
        [] => "nothing".to_owned(),
    };
    name.chars().take(150).collect()
}

fn unique(name: &str, taken: &mut HashSet<String>) -> String {
    let mut own = name.to_owned();
    let mut number = 2;
    while !taken.insert(own.clone()) {
        own = format!("{name} ({number})");
        number += 1;
    }
    own
}

/// What the test is called.
fn title(test: &LoadTest) -> String {
    let names: Vec<&str> =
        test.scenarios.iter().flat_map(|one| &one.transactions).map(|one| one.name.as_str()).collect();
    let title = match names.as_slice() {
        [one] => format!("Load test of {one}"),
        [one, other] => format!("Load test of {one} and {other}"),
        [one, more @ ..] => format!("Load test of {one} and {} more", more.len()),
        [] => "Load test".to_owned(),
    };
    title.replace("${", "$(").chars().take(200).collect()
}

/// Gives transactions the shares that the text names.
fn weights(draft: &mut Draft, reading: &Reading, groups: &[Vec<usize>]) {
    let mut shares: Vec<Option<f64>> = vec![None; groups.len()];
    let mut places = Vec::new();
    for share in &reading.shares {
        let (item, value) = &share.value;
        let of: Vec<usize> = (0..groups.len())
            .filter(|group| groups[*group].iter().any(|one| fits(item, *one, &reading.requests[*one].value)))
            .collect();
        if of.is_empty() {
            draft.unused.push(crate::ai::generator::reader::Unused {
                span: share.span.clone(),
                reason: "a share of something that the test does not do".to_owned(),
            });
        }
        #[expect(clippy::cast_precision_loss, reason = "a few requests")]
        for group in &of {
            shares[*group] = Some(value / of.len() as f64);
            places.push((*group, share.span.clone()));
        }
    }
    let Some(weights) = whole(&shares) else { return };
    for (transaction, weight) in draft.loadtest.scenarios[0].transactions.iter_mut().zip(weights) {
        transaction.weight = weight;
    }
    for (group, span) in places {
        draft.said(format!("/scenarios/0/transactions/{group}/weight"), &span);
    }
}

/// Whether a share is one of a request.
fn fits(item: &Item, number: usize, request: &Wanted) -> bool {
    match item {
        Item::Request(of) => *of == number,
        Item::Activity(Activity::Read) => matches!(request.method(), "GET" | "HEAD"),
        Item::Activity(Activity::Write) => !matches!(request.method(), "GET" | "HEAD"),
        Item::Activity(activity) => activity.names(&request.path),
    }
}

/// Whole weights in the proportions of these shares; what has none shares the rest of 100, or has 1.
pub(in crate::ai::generator) fn whole(shares: &[Option<f64>]) -> Option<Vec<u32>> {
    let given: Vec<f64> = shares.iter().flatten().copied().collect();
    let sum: f64 = given.iter().sum();
    let without = shares.len() - given.len();
    if given.is_empty() || given.iter().any(|share| *share <= 0.0) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few requests")]
    let rest = if sum > 5.0 && sum < 100.0 && without > 0 { (100.0 - sum) / without as f64 } else { 1.0 };
    let all: Vec<f64> = shares.iter().map(|share| share.unwrap_or(rest)).collect();
    // Thirds, sixths, sevenths and ninths of 100 are no whole numbers.
    let scale = [1.0, 2.0, 0.03, 0.06, 0.07, 0.09, 10.0, 100.0].into_iter().find(|scale| {
        all.iter().map(|share| share * scale).all(|share| (share - share.round()).abs() < 1e-6 && share > 0.5)
    });
    let scale = scale.unwrap_or(100.0);
    let weight = |share: &f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10,000")]
        let weight = (share * scale).round().clamp(1.0, HEAVIEST) as u32;
        weight
    };
    Some(all.iter().map(weight).collect())
}
