//! Tests that nobody would write, there and back.

use maid::{
    convert::{export::Form, import::Format},
    loadtest::{
        parse::Document,
        types::{LoadTest, Request, Scenario, Transaction},
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Trip, differences, trip, untold};

/// Texts that some language may take for something else.
fn text() -> impl Strategy<Value = String> {
    let plain = prop_oneof![
        "[ -z|~é😀]{0,12}",
        "['\"\\\\`$%&+=#?/:;<>!* ]{0,6}",
        Just("a {b} }} \t".to_owned()),
        Just("line\nline".to_owned()),
        Just("{{ \"{{\" }} {{ \"${\" }}env:A}".to_owned()),
        Just("maid's %41 \\u0041".to_owned()),
    ];
    plain.prop_filter("a template", |text: &String| !text.contains("${env:") && maid_reads(text))
}

fn maid_reads(text: &str) -> bool {
    maid::loadtest::template::pieces(text).is_ok()
}

/// Texts with parts that move; `it` and `other` are taken from earlier answers.
fn moving() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => text(),
        1 => Just("{{ it }}".to_owned()),
        1 => Just("{{ other }}".to_owned()),
        1 => Just("${env:PLACE}".to_owned()),
        1 => Just("{{ uuid() }}".to_owned()),
        1 => Just("{{ now() }}".to_owned()),
        1 => Just("{{ now(\"unix\") }}".to_owned()),
        1 => Just("{{ now(\"unix_ms\") }}".to_owned()),
        1 => Just("{{ random_int(-3, 12) }}".to_owned()),
        1 => Just("{{ random_choice(\"a'b\", 3, \"c d\") }}".to_owned()),
    ];
    prop::collection::vec(part, 1..4)
        .prop_map(|parts| parts.concat())
        .prop_filter("a template", |text| maid_reads(text))
}

/// Text of a header: what cannot be sent in one is no part of it.
fn header() -> impl Strategy<Value = String> {
    moving()
        .prop_map(|text| {
            let kept: String = text.chars().filter(|c| c.is_ascii() && !c.is_control()).collect();
            format!("v{}v", kept.trim())
        })
        .prop_filter("a template", |text| maid_reads(text))
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1000_i64..1000).prop_map(Value::from),
        Just(json!(1.5)),
        moving().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..3)
                .prop_map(|pairs| Value::from_iter(pairs.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

fn body() -> impl Strategy<Value = Option<Value>> {
    let form = prop::collection::vec(("[a-z]{1,5}", moving()), 1..3);
    prop_oneof![
        3 => Just(None),
        2 => json().prop_map(|json| Some(json!({ "json": json }))),
        1 => moving().prop_map(|text| Some(json!({ "text": format!("t{text}") }))),
        1 => form.prop_map(|fields| {
            let fields: serde_json::Map<_, _> = fields.into_iter().map(|(k, v)| (k, Value::from(v))).collect();
            Some(json!({ "form": fields }))
        }),
        1 => ("[a-z{}$ ]{1,9}", json()).prop_filter("no template", |(query, _)| !query.contains("{{"))
            .prop_map(|(query, one)| Some(json!({ "graphql": { "query": query, "variables": { "one": one } } }))),
    ]
}

fn check() -> impl Strategy<Value = Value> {
    let path =
        prop_oneof![Just("$.a"), Just("$.list[0]['a b'].c"), Just("$.list[-1][*]"), Just("$['it\\'s']")];
    let scalar = prop_oneof![
        (-9_i64..9).prop_map(Value::from),
        "[ -~]{0,9}".prop_map(Value::from),
        Just(Value::Null),
        Just(json!(true)),
    ];
    let order = prop_oneof![Just(">"), Just("<="), Just("<"), Just(">=")];
    let same = prop_oneof![Just("=="), Just("!=")];
    prop_oneof![
        (200_u16..600).prop_map(|code| json!({ "status": code })),
        Just(json!({ "status": [200, 304] })),
        (path.clone(), order, -9_i64..9)
            .prop_map(|(path, op, value)| json!({ "json": path, "op": op, "value": value })),
        (path.clone(), same, scalar)
            .prop_map(|(path, op, value)| json!({ "json": path, "op": op, "value": value })),
        path.prop_map(|path| json!({ "json": path, "op": "exists" })),
        "[ -~é]{1,9}".prop_map(|text| json!({ "header": "X-Kind", "op": "contains", "value": text })),
        "[ -~é\n]{1,9}".prop_map(|text| json!({ "body_contains": text })),
        Just(json!({ "body_matches": "id=(\\d+)/[a-z@]+.$" })),
        Just(json!({ "time": "< 800ms" })),
        Just(json!({ "time": "<= 1.5s" })),
        Just(json!({ "size": "> 10kb" })),
    ]
}

fn request() -> impl Strategy<Value = Value> {
    let method = prop_oneof![
        Just(None),
        Just(Some("PUT")),
        Just(Some("DELETE")),
        Just(Some("POST")),
        Just(Some("HEAD"))
    ];
    let auth = prop_oneof![
        4 => Just(None),
        1 => Just(Some(json!({ "bearer": "{{ it }}" }))),
        1 => Just(Some(json!({ "bearer": "${env:TOKEN}" }))),
        1 => Just(Some(json!({ "basic": { "username": "ann", "password": "${env:PASS}" } }))),
    ];
    let path = prop_oneof![3 => moving().prop_map(|text| format!("/p/x{}", text.replace(['?', '#'], ""))), 1 => Just("{{ other }}".to_owned())];
    let query = prop::collection::vec(("[a-z]{1,4}|[ -~]{1,5}", moving()), 0..3);
    let headers = prop::collection::vec(("X-[A-C]", header()), 0..3);
    let parts = (method, path, query, headers, body(), auth);
    let more =
        (prop::collection::vec(check(), 0..3), prop::option::of(1_u64..60), prop::option::of(0_u8..20));
    (parts, more).prop_map(|((method, path, query, headers, body, auth), (check, timeout, redirects))| {
        let map = |pairs: Vec<(String, String)>| -> Value {
            let pairs = pairs.into_iter().filter(|(name, _)| !name.contains("{{"));
            pairs.map(|(name, value)| (name, Value::from(value))).collect::<serde_json::Map<_, _>>().into()
        };
        let mut request =
            json!({ "path": path, "query": map(query), "headers": map(headers), "check": check });
        let body = body.filter(|_| method != Some("HEAD"));
        for (key, value) in [
            ("method", method.map(Value::from)),
            ("body", body),
            ("auth", auth),
            ("timeout", timeout.map(|seconds| json!(format!("{seconds}s")))),
            ("redirects", redirects.map(Value::from)),
        ] {
            if let Some(value) = value {
                request[key] = value;
            }
        }
        request
    })
}

/// A test of some scenarios, each of which begins with a request that takes what the others send.
fn test() -> impl Strategy<Value = Document> {
    let act = (1_u32..4, prop::collection::vec(request(), 1..3));
    let scenario = (1_u32..4, prop::collection::vec(act, 1..3), any::<bool>(), "[A-Za-z ']{1,8}");
    (prop::collection::vec(scenario, 1..3), text()).prop_map(|(scenarios, name)| {
        let mut number = 0;
        let mut all = Vec::new();
        for (at, (weight, acts, thinks, title)) in scenarios.into_iter().enumerate() {
            let first: Request = serde_json::from_value(json!({
                "name": format!("first of {at}"), "path": "/first",
                "extract": [
                    { "name": "it", "from": "json", "path": "$.list[0]['a b']" },
                    { "name": "other", "from": "header", "key": "X-Other", "default": "it's" },
                ],
            }))
            .expect("a request");
            let mut scenario = Scenario::of(&format!("{title} {at}"), Vec::new());
            scenario.weight = weight;
            scenario.think_time =
                thinks.then(|| serde_json::from_value(json!({ "min": "1s", "max": "2s" })).expect("a time"));
            scenario.on_start.push(Transaction::of("start", vec![first]));
            for (act_at, (weight, requests)) in acts.into_iter().enumerate() {
                let requests = requests.into_iter().map(|mut request| {
                    number += 1;
                    request["name"] = json!(format!("request {number} ends"));
                    serde_json::from_value(request).expect("a request")
                });
                let mut act = Transaction::of(&format!("{title}: {act_at}"), requests.collect());
                act.weight = weight;
                scenario.transactions.push(act);
            }
            all.push(scenario);
        }
        let mut test = LoadTest::for_url("http://shop.test/").expect("a URL");
        test.name = format!("n{}n", name.replace(|c: char| c.is_control() || c == '{' || c == '}', ""));
        test.thresholds = vec!["p95 < 500ms".to_owned()];
        test.scenarios = all;
        Document::from_loadtest(&test, "generated")
    })
}

fn comes_back(document: &Document, form: Form, format: Format) -> Result<(), TestCaseError> {
    let before: LoadTest = document.read().expect("a LoadTest");
    let Trip { text, after, told } = trip(document, form, format).map_err(TestCaseError::fail)?;
    let differences = differences(&before, &after);
    let untold = untold(&differences, &told);
    prop_assert!(untold.is_empty(), "{}\ntold: {:#?}\n{}", untold.join("\n"), told, text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 3000, ..ProptestConfig::default() })]

    #[test]
    fn by_a_collection(document in test()) {
        comes_back(&document, Form::Postman, Format::Postman)?;
    }

    #[test]
    fn by_a_script_of_curl(document in test()) {
        comes_back(&document, Form::Curl, Format::Curl)?;
    }
}
