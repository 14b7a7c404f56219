//! A test on a recipe: its requests and rules, with the host and the load of the text, and with the shares of what
//! people do as weights.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Draft, Known, Source,
    own::whole,
    rules::{is_of, requests},
};
use crate::{
    ai::generator::reader::{Activity, Item, Reading},
    loadtest::types::{LoadTest, Request, Scenario, Transaction},
    recipes::document::ParameterType,
};

/// The test of a recipe, as the text wants it.
pub(super) fn draft(reading: &Reading, known: &Known) -> Option<Draft> {
    let test = preview(known)?;
    let mut draft = Draft::new(test, Source::Recipe, Some(known.id.clone()));
    draft.loadtest.target.hosts.clear();
    shares(&mut draft, reading);
    Some(draft)
}

/// Whether a recipe sends anything that changes something. One that cannot be filled in is taken to.
pub(in crate::ai::generator) fn writes(known: &Known) -> bool {
    let reads = |request: &Request| matches!(request.method(), "GET" | "HEAD" | "OPTIONS");
    preview(known).is_none_or(|test| !requests(&test).all(reads))
}

/// The recipe with its defaults. Its own secrets have defaults that everybody can read, so they are no secrets here.
pub(in crate::ai::generator) fn preview(known: &Known) -> Option<LoadTest> {
    let filled = known.checked.preview().ok()?;
    let mut value = filled.document.value().clone();
    for parameter in &known.checked.recipe().parameters {
        if let (ParameterType::Secret, Some(Value::String(default))) = (parameter.kind, &parameter.default) {
            let place = format!("${{env:RECIPE_{}}}", parameter.name.to_ascii_uppercase());
            replace(&mut value, &place, default);
        }
    }
    serde_json::from_value(value).ok()
}

fn replace(value: &mut Value, place: &str, text: &str) {
    match value {
        Value::String(known) if known.contains(place) => *known = known.replace(place, text),
        Value::Array(list) => list.iter_mut().for_each(|one| replace(one, place, text)),
        Value::Object(map) => map.values_mut().for_each(|one| replace(one, place, text)),
        _ => {}
    }
}

/// Whether a transaction is what people do in an activity: by its name, else by its last request, which is what it is
/// done for.
pub(in crate::ai::generator) fn does(activity: Activity, transaction: &Transaction) -> bool {
    let reads = |request: &Request| matches!(request.method(), "GET" | "HEAD");
    match activity {
        Activity::Read => transaction.requests.iter().all(reads),
        Activity::Write => !transaction.requests.iter().all(reads),
        _ => {
            activity.names(&transaction.name)
                || transaction.requests.last().is_some_and(|request| is_of(activity, request))
        }
    }
}

/// Transactions of the activities that have shares, in one scenario, so that the shares are exact.
fn shares(draft: &mut Draft, reading: &Reading) {
    let mut chosen: Vec<(Transaction, f64, usize, usize)> = Vec::new();
    for (number, share) in reading.shares.iter().enumerate() {
        let Item::Activity(activity) = share.value.0 else { continue };
        let found = draft.loadtest.scenarios.iter().enumerate().find_map(|(place, scenario)| {
            let transaction = scenario.transactions.iter().find(|one| does(activity, one))?;
            Some((place, transaction.clone()))
        });
        match found {
            Some((place, transaction)) if !chosen.iter().any(|one| one.0.name == transaction.name) => {
                chosen.push((transaction, share.value.1, place, number));
            }
            _ => draft.unused.push(crate::ai::generator::reader::Unused {
                span: share.span.clone(),
                reason: "a share of something that the recipe does not do by itself".to_owned(),
            }),
        }
    }
    let weights: Vec<Option<f64>> = chosen.iter().map(|one| Some(one.1)).collect();
    let (Some(weights), true) = (whole(&weights), chosen.len() > 1) else { return };
    let before = draft.loadtest.scenarios.clone();
    let mut scenario = Scenario::of("user", Vec::new());
    scenario.think_time = chosen.first().and_then(|one| before[one.2].think_time);
    for (index, ((mut transaction, _, place, number), weight)) in chosen.into_iter().zip(weights).enumerate()
    {
        start(&mut scenario, &before[place], &transaction);
        transaction.weight = weight;
        transaction.sequence = None;
        scenario.transactions.push(transaction);
        draft.said(format!("/scenarios/0/transactions/{index}/weight"), &reading.shares[number].span);
    }
    draft.loadtest.scenarios = vec![scenario];
    keep_rules(draft);
}

/// Takes over from `of` what a transaction needs before it: what names values that its requests send.
pub(in crate::ai::generator) fn start(scenario: &mut Scenario, of: &Scenario, transaction: &Transaction) {
    let sent = serde_json::to_string(&transaction.requests).unwrap_or_default();
    for first in &of.on_start {
        let gives = first.requests.iter().flat_map(|request| &request.extract);
        let needed = gives.into_iter().any(|extract| sent.contains(&format!("{{{{ {} }}}}", extract.name)));
        if needed && !scenario.on_start.iter().any(|known| known.name == first.name) {
            scenario.on_start.push(first.clone());
        }
    }
}

/// Drops rules about requests and scenarios that are gone.
pub(in crate::ai::generator) fn keep_rules(draft: &mut Draft) {
    let mut names: BTreeMap<String, ()> =
        requests(&draft.loadtest).map(|one| (one.label().into_owned(), ())).collect();
    names.extend(draft.loadtest.scenarios.iter().map(|one| (one.name.clone(), ())));
    let gone = |rule: &String| {
        let name = rule.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).map(|(name, _)| name);
        let status = |name: &str| name.starts_with(|c: char| c.is_ascii_digit());
        name.is_some_and(|name| !names.contains_key(name) && !status(name))
    };
    let texts: Vec<String> = draft.loadtest.thresholds.iter().filter(|rule| gone(rule)).cloned().collect();
    super::rules::remove(draft, &texts);
}
