use std::{collections::BTreeMap, time::Duration};

use indexmap::IndexMap;
use serde_json::json;

use super::*;
use crate::loadtest::secret::Secret;

/// A user who has one extracted value and whose random numbers count up.
struct User {
    token: Option<Item>,
    random: u64,
}

impl Scope for User {
    fn extracted(&self, slot: usize) -> Option<&Item> {
        assert_eq!(slot, 0);
        self.token.as_ref()
    }
    fn cell(&mut self, feeder: usize, column: usize) -> Option<ItemRef<'_>> {
        assert_eq!(feeder, 0);
        Some(
            [ItemRef { text: "7", bare_json: true }, ItemRef { text: "Ada \"L\"", bare_json: false }][column],
        )
    }
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x4000_0000_0000_0000);
        self.random
    }
    fn now(&mut self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_769_860_800_123)
    }
}

fn user() -> User {
    User { token: Some(Item::from_text("t/1")), random: 0 }
}

fn names() -> Names {
    let variables = json!({ "shop": "a b", "user": { "name": "Ada", "ages": [36] }, "nested": { "key": ["${env:KEY}"] }, "key": "${env:KEY}", "n": 5 });
    let globals = Globals {
        variables: variables.as_object().expect("an object").clone().into_iter().collect(),
        feeders: vec![Columns {
            name: "people".into(),
            columns: Some(vec!["id".into(), "Full name".into()]),
        }],
        env: BTreeMap::from([("KEY".to_owned(), Secret::new("{{ nobody }}"))]),
        ..Globals::default()
    };
    Names::new(Arc::new(globals), ["token"])
}

fn render(text: &str, escape: Escape) -> String {
    let mut out = String::new();
    Template::compile(text, escape, &names()).expect(text).render(&mut user(), &mut out).expect(text);
    out
}

#[test]
fn fills_in_names_and_functions() {
    let cases = [
        ("{{ shop }}-{{user.name}}-{{ user.ages[0] }}-{{ n }}", "a b-Ada-36-5"),
        ("{{ token }}/{{ people.id }}/{{ people[\"Full name\"] }}", "t/1/7/Ada \"L\""),
        ("{{ now() }}", "2026-01-31T12:00:00.123Z"),
        ("{{ now(\"unix\") }} {{ now('unix_ms') }}", "1769860800 1769860800123"),
        ("{{ random_int(1, 4) }}{{ random_int(1, 4) }}{{ random_int(-2, -2) }}", "23-2"),
        ("{{ random_choice(\"a\", \"b\", 3, \"d\") }}", "b"),
        ("{{ uuid() }}", "00000000-0000-4080-8000-000000000040"),
        ("{\"a\":{{ n }}}", "{\"a\":5}"),
        ("${env:KEY}|{{ key }}", "{{ nobody }}|{{ nobody }}"),
        ("{{ nested }}", r#"{"key":["{{ nobody }}"]}"#),
        ("$ ${x} {a} }} { {", "$ ${x} {a} }} { {"),
    ];
    for (text, expected) in cases {
        assert_eq!(render(text, Escape::None), expected, "{text}");
    }
    assert_eq!(render("{{ \"{{\" }} x }}", Escape::None), "{{ x }}");
}

#[test]
fn escapes_for_each_place() {
    assert_eq!(render("/a b/{{ token }}/{{ shop }}?q=%41%zz", Escape::Path), "/a%20b/t/1/a%20b?q=%41%25zz");
    assert_eq!(render("{{ people[\"Full name\"] }}", Escape::Json), "Ada \\\"L\\\"");
    assert_eq!(render("{{ token }}&", Escape::Query), "t%2F1%26");
    assert_eq!(render("{{ shop }}", Escape::Form), "a+b");
    assert_eq!(render("{{ 'a\\nb' }}\r\n{{ shop }}", Escape::Header), "aba b");
}

#[test]
fn folds_what_never_changes() {
    let fixed = |text: &str| {
        let template = Template::compile(text, Escape::Path, &names()).expect(text);
        template.as_static().map(str::to_owned)
    };
    assert_eq!(fixed("/{{ shop }}/{{ n }}"), Some("/a%20b/5".to_owned()));
    assert_eq!(fixed(""), Some(String::new()));
    assert_eq!(fixed("/{{ token }}"), None);
}

#[test]
fn json_keeps_the_type_of_a_lone_template() {
    let value = json!({ "{{ shop }}": "{{ people.id }}", "text": "no {{ people.id }}", "list": ["{{ user }}", null, 1.5, "{{ token }}"], "n": "{{ n }}" });
    let mut out = String::new();
    let template = Template::json(&value, &names()).expect("a template");
    template.render(&mut user(), &mut out).expect("nothing missing");
    assert_eq!(out, r#"{"a b":7,"text":"no 7","list":[{"name":"Ada","ages":[36]},null,1.5,"t/1"],"n":5}"#);
}

#[test]
fn queries_and_forms_are_joined() {
    let params: IndexMap<String, serde_json::Value> =
        [("a", json!(["{{ shop }}", 1, true])), ("b", json!(null)), ("c", json!("x&y"))]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
    let target = |path: &str| {
        let template = Template::target(path, &params, &names()).expect("a template");
        template.as_static().map(str::to_owned)
    };
    assert_eq!(target("/p"), Some("/p?a=a%20b&a=1&a=true&c=x%26y".to_owned()));
    assert_eq!(target("/p?z=1"), Some("/p?z=1&a=a%20b&a=1&a=true&c=x%26y".to_owned()));
}

#[test]
fn says_what_is_missing_at_run_time() {
    let template = Template::compile("x{{ token }}", Escape::None, &names()).expect("a template");
    let missing = template.render(&mut User { token: None, random: 0 }, &mut String::new());
    assert_eq!(missing, Err(Missing("token".into())));
}

#[test]
fn says_what_is_wrong_with_a_text() {
    let texts = [
        "{{",
        "{{ }}",
        "{{ a b }}",
        "{{ tokn }}",
        "{{ people }}",
        "{{ people.ID }}",
        "{{ token.x }}",
        "{{ user.nam }}",
        "{{ uuid(1) }}",
        "{{ now('x') }}",
        "{{ random_int(1) }}",
        "{{ random_int(2, 1) }}",
        "{{ random_choice() }}",
        "{{ randomint(1, 2) }}",
        "{{ 'a }}",
        "{{ 'a\\x' }}",
        "{{ a | upper }}",
        "{{ 1.2.3 }}",
        "${env:}",
        "${env:NONE}",
        "é {{ a. }}",
    ];
    let said: Vec<String> = texts
        .iter()
        .map(|text| format!("{text} -> {}", Template::compile(text, Escape::None, &names()).expect_err(text)))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}
