//! Whatever a document holds: what is made of it can be run and written down, or the document is refused. A refusal of
//! what an importer itself made would be a defect.

use maid::{
    convert::{
        import::{Format, Options},
        yaml,
    },
    loadtest::{parse, types::LoadTest},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{fixture, imported};

/// Imports, and checks what every import promises.
fn keeps_its_promise(format: Format, text: &str) -> Result<(), TestCaseError> {
    let options =
        Options { all: true, hosts: vec!["http://127.0.0.1:8080".to_owned()], ..Options::default() };
    match imported(format, text, &options) {
        Ok(made) => {
            let written = yaml::write(&made.loadtest);
            let again = parse::parse(&written, "a.yaml").and_then(|document| document.read::<LoadTest>());
            prop_assert_eq!(again, Ok(made.loadtest), "{}", written);
        }
        Err(wrong) => prop_assert!(!wrong.to_string().contains("what was made of"), "{wrong}\n{text}"),
    }
    Ok(())
}

/// A text that means something to somebody.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z]{1,8}",
        "(\\$\\{env:[A-Z]{0,3}\\}?|\\{\\{ ?[a-z\"]{0,4} ?\\}\\}|\\{+|\\}+|\\$guid|#|\\?|&|=|%zz|%41| |\n|\u{0}|/|:|:id|@|\"|'|\\\\){1,4}",
        Just("x".repeat(9000)),
        Just("maidmark0maidmark".to_owned()),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        odd().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((odd(), inner), 0..4)
                .prop_map(|pairs| Value::from(serde_json::Map::from_iter(pairs))),
        ]
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = (
        prop::sample::select(vec!["string", "integer", "number", "boolean", "null", "object", "odd"]),
        prop::sample::select(vec!["date", "uuid", "email", "odd", "binary"]),
        prop::option::of(prop_oneof![odd(), Just("^[a-f]{2,5}-\\d+$".to_owned()), Just("(a|b".to_owned())]),
        prop::option::of(any::<f64>()),
        prop::option::of(0..70_u64),
    )
        .prop_map(|(kind, format, pattern, bound, length)| {
            json!({"type": kind, "format": format, "pattern": pattern, "minimum": bound, "maxLength": length, "multipleOf": bound})
        });
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec((odd(), inner.clone()), 0..4)
                .prop_map(|pairs| json!({"properties": serde_json::Map::from_iter(pairs)})),
            inner
                .clone()
                .prop_map(|of| json!({"type": "array", "items": of, "minItems": 2, "uniqueItems": true})),
            prop::collection::vec(inner, 0..3).prop_map(|parts| json!({"allOf": parts, "oneOf": parts})),
            Just(json!({"$ref": "#/components/schemas/S"})),
            any_json(),
        ]
    })
}

fn header() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        odd(),
        prop::sample::select(vec![
            "Authorization",
            "Content-Type",
            "Cookie",
            "X-Api-Key",
            "Host",
            "accept",
            "X-A",
            "x-a"
        ])
        .prop_map(str::to_owned)
    ];
    let value = prop_oneof![odd(), Just("Bearer abcdefgh12345678".to_owned()), Just("Basic YTpi".to_owned())];
    (name, value)
}

fn sent() -> impl Strategy<Value = (String, String)> {
    let kind = prop::sample::select(vec![
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/vnd.a+json",
        "",
        "ödd",
    ]);
    let text = prop_oneof![
        odd(),
        any_json().prop_map(|value| value.to_string()),
        "([a-z]{1,3}=[a-z%{}0-9]{0,12}&?){1,3}"
    ];
    (kind.prop_map(str::to_owned), text)
}

fn url() -> impl Strategy<Value = String> {
    prop_oneof![
        odd().prop_map(|odd| format!("http://a.test/{odd}")),
        (odd(), odd()).prop_map(|(a, b)| format!("https://b.test/x?{a}={b}&token={a}")),
        odd(),
        Just("http://u:p@a.test/x/3f2504e0-4f89-41d3-9a0c-0305e82c3301?a=b#c".to_owned()),
    ]
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["GET", "POST", "CONNECT", "OPTIONS", "get"]).prop_map(str::to_owned),
        odd()
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn descriptions(
        paths in prop::collection::vec((odd(), schema(), schema(), any_json(), odd()), 1..4),
        title in odd(),
        kind in prop::sample::select(vec!["application/json", "application/x-www-form-urlencoded", "text/plain", "a/b+json"]),
    ) {
        let mut all = serde_json::Map::new();
        for (path, parameter, body, example, name) in paths {
            let operation = json!({
                "operationId": name, "tags": [name],
                "parameters": [
                    {"name": name, "in": "query", "required": true, "schema": parameter},
                    {"name": "x", "in": "path", "schema": parameter, "example": example},
                    {"name": name, "in": "header", "required": true, "schema": parameter},
                    {"name": "deep", "in": "query", "required": true, "style": "deepObject", "example": example},
                ],
                "requestBody": {"content": {kind: {"schema": body}}},
                "responses": {"200": {"content": {"application/json": {"schema": body}}}, "2XX": {}, name: {}},
            });
            all.insert(format!("/{path}"), json!({"get": operation, "put": operation}));
            all.insert(format!("/{path}/{{x}}"), json!({"get": operation, "delete": operation}));
        }
        let text = json!({
            "openapi": "3.1.0", "info": {"title": title}, "paths": all,
            "security": [{"s": []}],
            "components": {
                "securitySchemes": {"s": {"type": "apiKey", "in": "query", "name": title}},
                "schemas": {"S": {"properties": {"s": {"$ref": "#/components/schemas/S"}}}},
            },
        });
        keeps_its_promise(Format::OpenApi, &text.to_string())?;
    }

    #[test]
    fn recordings(entries in prop::collection::vec((method(), url(), prop::collection::vec(header(), 0..4), sent(), any_json(), odd()), 1..6)) {
        let entries: Vec<Value> = entries.into_iter().map(|(method, url, headers, (kind, text), answer, page)| json!({
            "pageref": page, "startedDateTime": "2026-01-31T12:00:00Z", "time": 5,
            "request": {
                "method": method, "url": url, "postData": {"mimeType": kind, "text": text},
                "headers": headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
            },
            "response": {
                "status": 200, "headers": [{"name": "x-id", "value": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}],
                "content": {"mimeType": "application/json", "text": answer.to_string()},
            },
        })).collect();
        keeps_its_promise(Format::Har, &json!({"log": {"pages": [], "entries": entries}}).to_string())?;
    }

    #[test]
    fn collections(items in prop::collection::vec((odd(), method(), url(), prop::collection::vec(header(), 0..3), sent(), odd()), 1..5)) {
        let items: Vec<Value> = items.into_iter().map(|(name, method, url, headers, (kind, text), value)| json!({
            "name": name,
            "event": [{"listen": "test", "script": {"exec": [
                format!("pm.environment.set('{name}', pm.response.json().a)"), value,
                format!("pm.expect(pm.response.text()).to.include('{value}')"),
            ]}}],
            "request": {
                "method": method, "url": {"raw": url, "query": [{"key": name, "value": format!("{{{{{name}}}}}")}]},
                "header": headers.iter().map(|(key, value)| json!({"key": key, "value": value})).collect::<Vec<_>>(),
                "auth": {"type": "apikey", "apikey": [{"key": "key", "value": name}, {"key": "value", "value": value}]},
                "body": {"mode": "raw", "raw": text, "options": {"raw": {"language": kind}}},
            },
        })).collect();
        let variables = json!([{"key": "a", "value": "{{b}}"}, {"key": "b", "value": "{{a}}{{a}}"}]);
        let text = json!({"info": {"name": "x"}, "variable": variables, "item": [{"name": "f", "item": items}]});
        keeps_its_promise(Format::Postman, &text.to_string())?;
    }

    #[test]
    fn command_lines(lines in prop::collection::vec((url(), prop::collection::vec(header(), 0..3), sent(), odd(), "-{0,2}[a-zA-Z]{1,6}"), 1..4)) {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut text = String::new();
        for (url, headers, (_, body), odd, flag) in lines {
            let headers: String = headers.iter().map(|(name, value)| format!(" -H {}", quoted(&format!("{name}: {value}")))).collect();
            let (url, body, user) = (quoted(&url), quoted(&body), quoted(&odd));
            text.push_str(&format!("curl {url}{headers} -d {body} -u {user} -b {user} {flag} $X\"$Y{{\"\n"));
        }
        keeps_its_promise(Format::Curl, &text)?;
    }

    #[test]
    fn lists(lines in prop::collection::vec((method(), url()), 1..8)) {
        let lines: Vec<String> = lines.into_iter().map(|(method, url)| format!("{method} {url}")).collect();
        keeps_its_promise(Format::Urls, &lines.join("\n"))?;
    }

    #[test]
    fn damaged_documents(at in any::<prop::sample::Index>(), with in odd(), cut in 0..40_usize, which in 0..9_usize) {
        let (format, name) = [
            (Format::OpenApi, "library.yaml"),
            (Format::Har, "shop.har"),
            (Format::Postman, "shop.postman_collection.json"),
            (Format::Curl, "calls.sh"),
            (Format::Urls, "urls.txt"),
            (Format::K6, "shop.k6.js"),
            (Format::K6, "arrival.k6.js"),
            (Format::Locust, "shop.locust.py"),
            (Format::Locust, "steps.locust.py"),
        ][which];
        let mut text = String::from_utf8(fixture(name)).expect("a text");
        let at = at.index(text.len());
        let (from, to) = (text.floor_char_boundary(at), text.floor_char_boundary((at + cut).min(text.len())));
        text.replace_range(from..to, &with);
        keeps_its_promise(format, &text)?;
    }

    #[test]
    fn scripts_of_k6(
        urls in prop::collection::vec((method(), url(), prop::collection::vec(header(), 0..3), sent(), odd()), 1..4),
        name in odd(), value in any_json(), number in any::<i32>(),
    ) {
        let quoted = |text: &str| Value::from(text).to_string();
        let mut lines = String::new();
        for (method, url, headers, (kind, text), odd) in urls {
            let headers: serde_json::Map<String, Value> =
                headers.into_iter().map(|(name, value)| (name, value.into())).collect();
            let headers = Value::Object(headers);
            let (method, url, text, odd) = (quoted(&method), quoted(&url), quoted(&text), quoted(&odd));
            lines.push_str(&format!(
                "r = http.request({method}, {url} + r.json({odd}) + x, {text}, {{ headers: {headers}, tags: {{ name: {odd} }}, timeout: {number} }});
                 check(r, {{ {odd}: (r) => r.json({odd}) === {text} && r.body.includes({odd}) && r.headers[{odd}] > {number} }});
                 http.post('http://a.test/' + {odd}, JSON.stringify({{ [{odd}]: {value}, k: r.json({odd}), t: {kind:?} }}), {{ headers: {{ 'Content-Type': {kind:?} }} }});
                 http.put('http://a.test/', {{ [{odd}]: r.headers[{odd}], b: x, c: {value} }});\nsleep({number});\n",
            ));
        }
        let name = quoted(&name);
        let text = format!(
            "import http from 'k6/http';\nimport {{ check, group, sleep }} from 'k6';\nconst x = {value};
             export const options = {{ vus: {number}, stages: [{{ duration: {name}, target: {number} }}], thresholds: {{ [{name}]: [{name}] }} }};
             export default function () {{ let r = http.get('http://a.test/'); group({name}, () => {{ {lines} }}); }}\n"
        );
        keeps_its_promise(Format::K6, &text)?;
    }

    #[test]
    fn files_of_locust(
        urls in prop::collection::vec((url(), prop::collection::vec(header(), 0..3), sent(), odd()), 1..4),
        name in odd(), value in any_json(), number in any::<i32>(),
    ) {
        let quoted = |text: &str| {
            let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
            format!("\"{escaped}\"")
        };
        let mut lines = String::new();
        for (url, headers, (_, text), odd) in urls {
            let headers: String =
                headers.iter().map(|(name, value)| format!("{}: {}, ", quoted(name), quoted(value))).collect();
            let (url, text, odd, value) = (quoted(&url), quoted(&text), quoted(&odd), quoted(&value.to_string()));
            for line in [
                format!("with self.client.post({url}, headers={{{headers}}}, data={text}, name={odd}, params={{{odd}: {value}}}, timeout={number}, catch_response=True) as r:"),
                format!("    if r.json()[{odd}] != {text} or {odd} not in r.text:"),
                "        r.failure('x')".to_owned(),
                format!("    self.x = r.json()[{odd}]"),
                format!("self.client.put(f\"/{{self.x}}\" + {odd}, json={{{odd}: self.x, \"a\": [{value}, {number}]}}, auth=({odd}, {text}))"),
                format!("self.client.get(\"%s/%s\" % ({odd}, r.headers[{odd}]), cookies={{{odd}: {text}}})"),
            ] {
                lines.push_str(&format!("        {line}\n"));
            }
        }
        let name = quoted(&name);
        let text = format!(
            "from locust import HttpUser, task, between\nclass A(HttpUser):\n    host = {name}\n    wait_time = between({number}, {number})\n    weight = {number}\n    @task({number})\n    def a(self):\n{lines}"
        );
        keeps_its_promise(Format::Locust, &text)?;
    }

    #[test]
    fn bytes_as_scripts(text in prop_oneof![any::<String>(), "[a-z(){}\\[\\]:;,.'\"`$=> \n\t@#/*\\\\]{0,400}"]) {
        keeps_its_promise(Format::K6, &text)?;
        keeps_its_promise(Format::Locust, &text)?;
    }
}
