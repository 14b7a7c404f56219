//! What holds for any text.

use maid::loadtest::{
    parse::parse,
    span::Span,
    template::{Escape, Item, ItemRef, Names, Scope, Template},
    threshold::Threshold,
};
use proptest::prelude::*;
use serde_json::Value;

use super::context;

/// A user without any state.
struct Nobody;

impl Scope for Nobody {
    fn extracted(&self, _: usize) -> Option<&Item> {
        None
    }
    fn cell(&mut self, _: usize, _: usize) -> Option<ItemRef<'_>> {
        None
    }
    fn random(&mut self) -> u64 {
        u64::MAX
    }
    fn now(&mut self) -> std::time::SystemTime {
        std::time::SystemTime::UNIX_EPOCH
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[^{$]*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[^{$]*", inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        for name in ["x.yaml", "x.json"] {
            if let Ok(document) = parse(&text, name) {
                let _ = document.validate(&context());
            }
        }
    }

    #[test]
    fn no_text_like_yaml_makes_the_parser_panic(text in r#"([a-c&*!<|>'"%@`,:{}\[\]? #\t\n-]|- |: |<<: |\*a|&a |---\n|!!int |\{\{ [a-z.]{1,3} \}\}){0,40}"#) {
        if let Ok(document) = parse(&text, "x.yaml") {
            let _ = document.validate(&context());
        }
    }

    #[test]
    fn yaml_means_what_json_means(value in json()) {
        let text = value.to_string();
        let document = parse(&format!("# yaml\n{text}"), "x.yaml").map(|document| document.value().clone());
        // Control characters are not allowed in YAML's source, and JSON writes U+007F as it is.
        if !text.chars().any(|c| c.is_control() || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')) {
            prop_assert_eq!(document.map_err(|problems| problems.to_string()), Ok(value));
        }
    }

    #[test]
    fn text_without_templates_is_left_alone(text in any::<String>()) {
        prop_assume!(!text.contains("{{") && !text.contains("${env:"));
        let template = Template::compile(&text, Escape::None, &Names::default()).expect("no template in it");
        prop_assert_eq!(template.as_static(), Some(text.as_str()));
        let mut out = String::new();
        template.render(&mut Nobody, &mut out).expect("nothing is missing");
        prop_assert_eq!(out, text);
    }

    #[test]
    fn no_text_makes_a_template_panic(text in r#"(\{\{|\}\}|\$\{env:|[a-z0-9._"'()\[\], -]|random_int|uuid|\\|é){0,20}"#) {
        if let Ok(template) = Template::compile(&text, Escape::Json, &Names::default()) {
            let mut out = String::new();
            template.render(&mut Nobody, &mut out).expect("no names, none missing");
            serde_json::from_str::<String>(&format!("\"{out}\"")).expect("a JSON string");
        }
    }

    #[test]
    fn json_bodies_come_out_as_they_went_in(value in json()) {
        let template = Template::json(&value, &Names::default()).expect("no template in it");
        prop_assert_eq!(serde_json::from_str::<Value>(template.as_static().expect("static")).expect("JSON"), value);
    }

    #[test]
    fn queries_decode_to_what_was_encoded(name in "[^{$]*", value in "[^{$]*") {
        let params = [(name.clone(), Value::from(value.clone()))].into_iter().collect();
        let query = Template::query(&params, &Names::default()).expect("no template in it");
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_static().expect("static").as_bytes()).into_owned().collect();
        prop_assert_eq!(pairs, vec![(name.clone(), value.clone())]);
        let fields = [(name.clone(), value.clone())].into_iter().collect();
        let form = Template::form(&fields, &Names::default()).expect("no template in it");
        let pairs: Vec<_> = url::form_urlencoded::parse(form.as_static().expect("static").as_bytes()).into_owned().collect();
        prop_assert_eq!(pairs, vec![(name, value)]);
    }

    #[test]
    fn paths_and_headers_take_no_line_break(text in "[^{$]*") {
        let path = Template::compile(&text, Escape::Path, &Names::default()).expect("no template in it");
        prop_assert!(path.as_static().expect("static").bytes().all(|b| b.is_ascii_graphic()));
        let header = Template::compile(&text, Escape::Header, &Names::default()).expect("no template in it");
        prop_assert!(http::HeaderValue::from_str(header.as_static().expect("static")).is_ok() || !text.is_ascii());
    }

    #[test]
    fn durations_come_out_as_they_went_in(millis in 0..=30 * 24 * 3_600_000_u64) {
        let span = Span::from_millis(millis);
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }

    #[test]
    fn no_text_makes_a_threshold_panic(text in r"(p95|error_rate|[{}<>=!%. 0-9a-z]){0,12}") {
        let _ = Threshold::parse(&text, &["a"], &["b"]);
    }
}
