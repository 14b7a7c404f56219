//! What becomes of what was read, and that nothing is made up.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    ai::generator::{Ask, Generated, Models, built_in, generate, reader::tests::texts},
    loadtest::parse,
    recipes::library::Library,
};

fn made(text: &str) -> Generated {
    let known = built_in(&Library::built_in());
    let ask = Ask { text: text.to_owned(), previous: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(generate(ask, &known, Models::default(), &|_| ())).expect("a text")
}

fn source(made: &Generated, path: &str) -> Option<Source> {
    // The nearest field above says it for those below.
    let above =
        made.provenance.iter().filter(|one| path == one.path || path.starts_with(&format!("{}/", one.path)));
    above.max_by_key(|one| one.path.len()).map(|one| one.source)
}

#[test]
fn every_field_says_where_it_comes_from() {
    let made = made("Test the checkout at http://127.0.0.1:43180 with 30 users, p95 under 300 ms");
    assert_eq!(source(&made, "/target/hosts/0"), Some(Source::Text));
    assert_eq!(source(&made, "/load/users"), Some(Source::Text));
    assert_eq!(source(&made, "/load/run_time"), Some(Source::Recipe));
    assert_eq!(source(&made, "/scenarios/0/transactions/0/requests/0/path"), Some(Source::Recipe));
    let users = made.provenance.iter().find(|one| one.path == "/load/users").expect("it is there");
    assert_eq!(users.span.as_ref().map(|span| span.text.as_str()), Some("30 users"));
    let plain = self::made("GET /a on http://127.0.0.1:1");
    assert_eq!(source(&plain, "/load/users"), Some(Source::Default));
    assert_eq!(source(&plain, "/scenarios/0/transactions/0/requests/0/path"), Some(Source::Text));
    assert_eq!(plain.loadtest.load.users, Some(USERS));
}

#[test]
fn what_contradicts_itself_is_asked() {
    let made =
        made("GET /a on http://127.0.0.1:1 with 10 users. With 20 users. For 5 seconds, for 8 seconds.");
    let about: Vec<&str> = made.questions.iter().map(|one| one.about.as_str()).collect();
    assert_eq!(about, ["users", "time"]);
    assert_eq!(made.questions[0].candidates.len(), 2);
}

#[test]
fn several_hosts_are_spread_over_or_belong_to_their_requests() {
    let both = made("GET /a over http://a.test and http://b.test, 4 users");
    assert_eq!(both.loadtest.target.hosts, ["http://a.test", "http://b.test"]);
    let own =
        made("POST /login at https://auth.example.com, then GET /me at https://api.example.com, 4 users");
    assert_eq!(own.loadtest.target.hosts, ["https://auth.example.com"]);
    let requests = &own.loadtest.scenarios[0].transactions[0].requests;
    assert_eq!(
        (requests[0].path.as_str(), requests[1].path.as_str()),
        ("/login", "https://api.example.com/me")
    );
}

#[test]
fn weights_are_whole_and_exact() {
    let whole = |shares: &[Option<f64>]| own::whole(shares);
    assert_eq!(whole(&[Some(80.0), Some(20.0)]), Some(vec![80, 20]));
    assert_eq!(whole(&[Some(20.0), None]), Some(vec![20, 80]));
    assert_eq!(whole(&[Some(0.5), Some(1.0)]), Some(vec![1, 2]));
    assert_eq!(whole(&[Some(3.0), Some(1.0)]), Some(vec![3, 1]));
    assert_eq!(whole(&[None, None]), None);
    assert_eq!(whole(&[Some(0.0), Some(1.0)]), None);
}

/// The numbers of a value, by their digits.
fn numbers(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => drop(out.insert(number.to_string())),
        Value::String(text) => {
            out.extend(
                text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_owned),
            );
        }
        Value::Array(list) => list.iter().for_each(|one| numbers(one, out)),
        Value::Object(map) => map.values().for_each(|one| numbers(one, out)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_host_and_no_number_is_made_up(text in texts()) {
        prop_assume!(!text.trim().is_empty());
        let made = made(&text);
        let known: BTreeSet<String> = made.loadtest.target.hosts.iter().cloned().collect();
        for host in &known {
            prop_assert!(text.contains(host.trim_start_matches("http://")), "{host} in {text:?}");
        }
        // Whatever is said to be of the text stands in it, and holds a number of its own where the field has one.
        for one in made.provenance.iter().filter(|one| one.source == Source::Text) {
            let span = one.span.as_ref().expect("a fact of the text has its place");
            prop_assert_eq!(&text[span.start..span.end], span.text.as_str());
            let Some(value) = made.document.pointer(&one.path) else { continue };
            if value.is_number() {
                let said = span.text.chars().any(|c| c.is_ascii_digit())
                    || (value == 0 && ["ohne", "no", "kein", "nicht", "never", "without", "don"].iter().any(|no| span.text.contains(no)))
                    || span.text.contains("doppelt")
                    || ["Kauf", "half", "Fünfte", "½"].iter().any(|word| span.text.contains(word));
                prop_assert!(said, "{} = {value} of {:?}", one.path, span.text);
            }
        }
        // The others are those that a test of nothing but a host has.
        if made.recipe.is_none() {
            let mut usual = BTreeSet::from(["1", "10", "30", "0"].map(str::to_owned));
            for one in &made.provenance {
                if one.source == Source::Default && !one.path.ends_with("max_users") && !one.path.ends_with("weight") {
                    let mut found = BTreeSet::new();
                    made.document.pointer(&one.path).into_iter().for_each(|value| numbers(value, &mut found));
                    let mut of_text = BTreeSet::new();
                    numbers(&Value::from(text.as_str()), &mut of_text);
                    usual.extend(of_text);
                    prop_assert!(found.is_subset(&usual), "{} has {found:?} of {text:?}", one.path);
                }
            }
        }
        // It is read again as what it is.
        let again = parse::parse(&made.yaml, "made.yaml").and_then(|read| read.read::<LoadTest>());
        prop_assert_eq!(again.ok(), Some(made.loadtest.clone()));
    }
}
