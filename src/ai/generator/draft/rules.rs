//! Pass or fail rules of the text, in place of those of a recipe that say the same measure.

use super::Draft;
use crate::{
    ai::generator::reader::{Activity, Item, Reading, Rule, Unused},
    loadtest::types::{LoadTest, Request},
};

/// Takes over the rules.
pub(in crate::ai::generator) fn apply(draft: &mut Draft, reading: &Reading) {
    for rule in &reading.thresholds {
        let names = names(&draft.loadtest, reading, &rule.value);
        let measure = rule.value.measure.as_str();
        let of = |known: &str| known.split(['{', ' ', '<', '>', '=']).next().unwrap_or_default().to_owned();
        // A rule about everything stands in place of those that the recipe has about parts of it.
        let everything = names.is_empty();
        if !everything || rule.value.of.is_none() {
            let before = draft.loadtest.thresholds.clone();
            let text: Vec<String> = (0..before.len())
                .filter(|index| !draft.is_from_text(&format!("/thresholds/{index}")))
                .filter(|index| of(&before[*index]) == measure)
                .filter(|index| {
                    everything || names.iter().any(|name| before[*index].contains(&format!("{{{name}}}")))
                })
                .map(|index| before[index].clone())
                .collect();
            remove(draft, &text);
        }
        if rule.value.of.is_some() && everything {
            draft.unused.push(Unused {
                span: rule.span.clone(),
                reason: "a rule about something that the test does not do: it is taken for all requests"
                    .to_owned(),
            });
        }
        let Rule { limit, .. } = &rule.value;
        let texts: Vec<String> = if everything {
            vec![format!("{measure} {limit}")]
        } else {
            names.iter().map(|name| format!("{measure}{{{name}}} {limit}")).collect()
        };
        for text in texts {
            if !draft.loadtest.thresholds.contains(&text) {
                draft.loadtest.thresholds.push(text);
                let place = format!("/thresholds/{}", draft.loadtest.thresholds.len() - 1);
                draft.said(place, &rule.span);
            }
        }
    }
}

/// Takes rules out, and moves the places of those behind.
pub(in crate::ai::generator) fn remove(draft: &mut Draft, texts: &[String]) {
    for text in texts {
        let Some(at) = draft.loadtest.thresholds.iter().position(|known| known == text) else { continue };
        draft.loadtest.thresholds.remove(at);
        draft.provenance.retain(|one| one.path != format!("/thresholds/{at}"));
        for one in &mut draft.provenance {
            if let Some(number) =
                one.path.strip_prefix("/thresholds/").and_then(|number| number.parse::<usize>().ok())
                && number > at
            {
                one.path = format!("/thresholds/{}", number - 1);
            }
        }
    }
}

/// The names of the requests that a rule is about.
fn names(test: &LoadTest, reading: &Reading, rule: &Rule) -> Vec<String> {
    let Some(item) = &rule.of else { return Vec::new() };
    let fits = |request: &Request| match item {
        Item::Request(number) => reading.requests.get(*number).is_some_and(|wanted| {
            request.path.ends_with(&wanted.value.path) && request.method() == wanted.value.method()
        }),
        Item::Activity(activity) => is_of(*activity, request),
    };
    let mut names: Vec<String> = Vec::new();
    for request in requests(test).filter(|request| fits(request)) {
        let label = request.label().into_owned();
        if !names.contains(&label) && !label.contains(['{', '}']) {
            names.push(label);
        }
    }
    names
}

/// Whether a request is what people do in an activity.
pub(in crate::ai::generator) fn is_of(activity: Activity, request: &Request) -> bool {
    request.name.as_deref().is_some_and(|name| activity.names(name)) || activity.names(&request.path)
}

/// All requests of a test.
pub(in crate::ai::generator) fn requests(test: &LoadTest) -> impl Iterator<Item = &Request> {
    let lists = test.scenarios.iter().flat_map(|one| [&one.on_start, &one.transactions, &one.on_stop]);
    lists.flatten().flat_map(|transaction| &transaction.requests)
}
