//! What comes into a test by a further sentence, and what goes.

use std::collections::BTreeSet;

use crate::{
    ai::generator::{
        draft::{Draft, Known, Source, does, is_of, keep_rules, preview, request, start, trace, whole},
        reader::{Activity, Fact, Item, Reading, Unused, Wanted},
    },
    loadtest::types::{LoadTest, Request, Transaction},
};

/// Recipes that new parts are taken from first: those of the demo shop go together.
const FIRST: [&str; 4] = ["checkout", "auth-bearer", "search", "rest-crud"];

/// Takes out what people are not to do any more.
pub(super) fn remove(draft: &mut Draft, reading: &Reading) {
    for fact in &reading.turn.remove {
        let activity = fact.value;
        take_out(
            draft,
            &fact.span,
            |request| is_of(activity, request),
            |transaction| activity.names(&transaction.name),
        );
    }
    for fact in &reading.turn.remove_paths {
        let path = fact.value.clone();
        take_out(draft, &fact.span, |request| request.path == path, |_| false);
    }
    for fact in &reading.turn.remove_words {
        let named = |request: &Request| {
            is_named(&request.path, &fact.value) || request.method().eq_ignore_ascii_case(&fact.value)
        };
        // A word that fits nothing here was no order to take anything out.
        if requests(&draft.loadtest).any(named) && !requests(&draft.loadtest).all(named) {
            take_out(draft, &fact.span, named, |_| false);
        }
    }
}

/// Whether a word names a part of a path: `likes` that of `/likes/5`, `Ärzte` that of `/aerzte`.
fn is_named(path: &str, word: &str) -> bool {
    let plain = |text: &str| {
        let text =
            text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
        text.trim_end_matches(['s', 'n', 'e']).to_owned()
    };
    let word = plain(word);
    let path = path.split('?').next().unwrap_or_default();
    // `die Impressumsseite` is `/impressum`.
    let begins =
        |part: &str| part.len() > 3 && word.starts_with(part) || word.len() > 4 && part.starts_with(&word);
    word.len() > 2
        && path.split(|c: char| !c.is_alphanumeric()).map(plain).any(|part| part == word || begins(&part))
}

fn take_out(
    draft: &mut Draft,
    span: &crate::ai::generator::reader::Span,
    gone: impl Fn(&Request) -> bool,
    whole: impl Fn(&Transaction) -> bool,
) {
    let before = draft.loadtest.clone();
    for scenario in &mut draft.loadtest.scenarios {
        for list in [&mut scenario.on_start, &mut scenario.transactions, &mut scenario.on_stop] {
            list.retain(|transaction| !whole(transaction));
            list.iter_mut().for_each(|transaction| transaction.requests.retain(|request| !gone(request)));
            list.retain(|transaction| !transaction.requests.is_empty());
        }
    }
    draft.loadtest.scenarios.retain(|scenario| !scenario.transactions.is_empty());
    if draft.loadtest.scenarios.is_empty() {
        draft.loadtest = before;
        let text = format!("Without `{}` nothing is left to send: what is to be sent instead?", span.text);
        draft.ask("requests", text, vec![span.clone()]);
        return;
    }
    if draft.loadtest == before {
        let reason = "is not in the test, so it cannot be taken out".to_owned();
        draft.unused.push(Unused { span: span.clone(), reason });
        return;
    }
    without_values(draft);
    keep_rules(draft);
    draft.said("/scenarios", span);
}

/// Takes away credentials whose value nobody extracts any more.
fn without_values(draft: &mut Draft) {
    let mut told = false;
    for scenario in &mut draft.loadtest.scenarios {
        let lists = [&scenario.on_start, &scenario.transactions, &scenario.on_stop];
        let names: BTreeSet<String> = lists
            .into_iter()
            .flatten()
            .flat_map(|transaction| &transaction.requests)
            .flat_map(|request| &request.extract)
            .map(|extract| format!("{{{{ {} }}}}", extract.name))
            .collect();
        for list in [&mut scenario.on_start, &mut scenario.transactions, &mut scenario.on_stop] {
            for request in list.iter_mut().flat_map(|transaction| &mut transaction.requests) {
                let token = request.auth.as_ref().and_then(|auth| auth.bearer.clone());
                if token.is_some_and(|token| {
                    token.starts_with("{{") && !token.contains('(') && !names.contains(&token)
                }) {
                    request.auth = None;
                    told = true;
                }
            }
        }
    }
    if told {
        draft.notes.push("requests that used the login are sent without credentials now".to_owned());
    }
}

fn label(request: &Request) -> (String, String) {
    (request.method().to_owned(), request.path.clone())
}

/// Takes the only request out that was there, where the sentence puts others in its place.
fn swap(draft: &mut Draft, reading: &Reading, before: &[(String, String)]) {
    for gone in reading.turn.swapped_paths.iter().filter(|_| !reading.requests.is_empty()) {
        take_out(draft, &gone.span, |one| one.path == gone.value, |_| false);
    }
    let ([old], [new, ..]) = (before, reading.requests.as_slice()) else { return };
    let added = requests(&draft.loadtest).any(|one| label(one) != *old);
    if reading.turn.swaps && added && requests(&draft.loadtest).any(|one| label(one) == *old) {
        take_out(draft, &new.span, |one| label(one) == *old, |_| false);
    }
}

/// Brings in what people are to do too, and requests that the sentence names.
pub(super) fn add(draft: &mut Draft, reading: &Reading, known: &[Known]) {
    let asked = |activity: Activity| reading.turn.remove.iter().any(|gone| gone.value == activity);
    let named: Vec<_> = reading.turn.add.iter().filter(|fact| !asked(fact.value)).cloned().collect();
    for fact in named {
        let there = draft
            .loadtest
            .scenarios
            .iter()
            .flat_map(|one| &one.transactions)
            .any(|one| does(fact.value, one));
        if there {
            let reason = "is in the test already".to_owned();
            draft.unused.push(Unused { span: fact.span.clone(), reason });
        } else if reading.requests.is_empty() && !from_recipe(draft, fact.value, known) {
            let text = format!("No recipe shows how `{}` is done: which requests is it?", fact.span.text);
            draft.ask("requests", text, vec![fact.span.clone()]);
        }
    }
    let base = draft.loadtest.target.hosts.first().cloned();
    let before: Vec<(String, String)> = requests(&draft.loadtest).map(label).collect();
    let gone = |path: &str| reading.turn.remove_paths.iter().any(|gone| gone.value == path);
    for wanted in reading.requests.iter().filter(|wanted| !gone(&wanted.value.path)) {
        let request = request(&wanted.value, base.as_deref());
        let same = |known: &Request| {
            known.path == request.path
                && (wanted.value.method.is_none() || known.method() == request.method())
        };
        if requests(&draft.loadtest).any(same) || !reading.turn.adds && put_right(draft, wanted, &request) {
            continue;
        }
        let name = free(&draft.loadtest, &format!("{} {}", request.method(), request.path));
        let Some(scenario) = draft.loadtest.scenarios.first_mut() else { continue };
        let place = format!("/scenarios/0/transactions/{}", scenario.transactions.len());
        scenario.transactions.push(Transaction::of(&name, vec![request]));
        draft.comes(place.clone(), Source::Default, None);
        trace(draft, &format!("{place}/requests/0"), wanted);
    }
    swap(draft, reading, &before);
}

/// `that was meant to be a PATCH on /blob/1`, `/books?page=7, not 1`: a request that is there, with another method or query.
fn put_right(draft: &mut Draft, wanted: &Fact<Wanted>, request: &Request) -> bool {
    let bare = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
    let like = |one: &Request| {
        let method = one.path == request.path && wanted.value.method.is_some();
        let query = bare(&one.path) == bare(&request.path)
            && one.path != request.path
            && (wanted.value.method.is_none() || one.method() == request.method());
        method || query
    };
    if requests(&draft.loadtest).filter(|one| like(one)).count() != 1 {
        return false;
    }
    let name = format!("{} {}", request.method(), bare(&request.path));
    let mut place = String::new();
    for (s, scenario) in draft.loadtest.scenarios.iter_mut().enumerate() {
        for (t, transaction) in scenario.transactions.iter_mut().enumerate() {
            let old = transaction.name.clone();
            for (r, one) in transaction.requests.iter_mut().enumerate().filter(|(_, one)| like(one)) {
                let label = format!("{} {}", one.method(), bare(&one.path));
                // Rules of it are of it by whatever name.
                for rule in &mut draft.loadtest.thresholds {
                    *rule = rule.replace(&format!("{{{label}}}"), &format!("{{{name}}}"));
                }
                if old == label {
                    transaction.name.clone_from(&name);
                }
                (one.method, one.path) = (Some(request.method().to_owned()), request.path.clone());
                place = format!("/scenarios/{s}/transactions/{t}/requests/{r}");
            }
        }
    }
    trace(draft, &place, wanted);
    true
}

fn requests(test: &LoadTest) -> impl Iterator<Item = &Request> {
    test.scenarios.iter().flat_map(|one| &one.transactions).flat_map(|one| &one.requests)
}

/// Adds a transaction of the first recipe that has one.
fn from_recipe(draft: &mut Draft, activity: Activity, known: &[Known]) -> bool {
    let place = |id: &str| FIRST.iter().position(|first| *first == id).unwrap_or(FIRST.len());
    let mut recipes: Vec<&Known> =
        known.iter().filter(|one| one.checked.recipe().requires.is_none()).collect();
    recipes.sort_by_key(|one| place(&one.id));
    for one in recipes {
        let Some(test) = preview(one) else { continue };
        // What reads a variable of the recipe would not find it here.
        let Some((scenario, transaction)) = test.scenarios.iter().find_map(|scenario| {
            let all = scenario.transactions.iter().chain(&scenario.on_start);
            let mut fits = all.filter(|transaction| does(activity, transaction));
            fits.next().map(|transaction| (scenario, transaction.clone()))
        }) else {
            continue;
        };
        let sent = serde_json::to_string(&transaction.requests).unwrap_or_default();
        if test.variables.keys().any(|name| sent.contains(&format!("{{{{ {name} }}}}"))) {
            continue;
        }
        let name = free(&draft.loadtest, &transaction.name);
        let Some(target) = draft.loadtest.scenarios.first_mut() else { return false };
        start(target, scenario, &transaction);
        let place = format!("/scenarios/0/transactions/{}", target.transactions.len());
        target.transactions.push(Transaction { name, weight: 1, sequence: None, ..transaction });
        draft.recipe = Some(one.id.clone());
        draft.comes(place, Source::Recipe, None);
        return true;
    }
    false
}

/// A name that no transaction has.
fn free(test: &LoadTest, wish: &str) -> String {
    let taken: BTreeSet<&str> =
        test.scenarios.iter().flat_map(|one| &one.transactions).map(|one| one.name.as_str()).collect();
    let wish: String = wish.chars().take(150).collect();
    let mut name = wish.clone();
    let mut number = 2;
    while taken.contains(name.as_str()) {
        name = format!("{wish} ({number})");
        number += 1;
    }
    name
}

/// Gives what is there the shares that the sentence names.
pub(super) fn weigh(draft: &mut Draft, reading: &Reading) {
    for index in 0..draft.loadtest.scenarios.len() {
        let mut found: Vec<(usize, f64, usize)> = Vec::new();
        for (number, share) in reading.shares.iter().enumerate() {
            let of = |transaction: &Transaction| match &share.value.0 {
                Item::Activity(activity) => does(*activity, transaction),
                Item::Request(number) => reading.requests.get(*number).is_some_and(|wanted| {
                    transaction.requests.iter().any(|request| request.path == wanted.value.path)
                }),
            };
            if let Some(at) = draft.loadtest.scenarios[index].transactions.iter().position(of) {
                found.push((at, share.value.1, number));
            }
        }
        let weights: Vec<Option<f64>> = found.iter().map(|one| Some(one.1)).collect();
        let (Some(weights), true) = (whole(&weights), found.len() > 1) else { continue };
        for ((at, _, number), weight) in found.into_iter().zip(weights) {
            draft.loadtest.scenarios[index].transactions[at].weight = weight;
            draft.said(format!("/scenarios/{index}/transactions/{at}/weight"), &reading.shares[number].span);
        }
    }
}
