//! What the demo shop says about itself is so: every route is described, and every example works.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
};

use maid::demo::Shop;
use reqwest::{
    Method,
    blocking::{Client, RequestBuilder, Response},
    redirect::Policy,
};
use serde_json::{Value, json};
use url::Url;

/// A shop, its description, and somebody to ask it.
struct Bench {
    shop: Shop,
    document: Value,
    http: Client,
}

/// One operation of the description.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    is: &'a Value,
}

impl Bench {
    fn new() -> Self {
        let shop = Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let document = http.get(format!("{}/openapi.json", shop.url())).send().expect("an answer");
        let document = document.json().expect("JSON");
        Self { shop, document, http }
    }

    fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().expect("paths");
        let of_path = |(path, methods): (&'_ String, &'_ Value)| -> Vec<(String, String)> {
            methods
                .as_object()
                .expect("methods")
                .keys()
                .map(|method| (path.clone(), method.clone()))
                .collect()
        };
        let all: Vec<(String, String)> = paths.iter().flat_map(of_path).collect();
        all.iter()
            .map(|(path, method)| {
                let (path, methods) = paths.get_key_value(path).expect("it was just there");
                let (method, is) =
                    methods.as_object().and_then(|m| m.get_key_value(method)).expect("as above");
                Operation { method, path, is }
            })
            .collect()
    }

    /// The request that an operation's examples make, without credentials.
    fn request(&self, operation: &Operation<'_>) -> RequestBuilder {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut path = operation.path.to_owned();
        let (mut query, mut headers) = (Vec::new(), Vec::new());
        for parameter in operation.is["parameters"].as_array().into_iter().flatten() {
            let (name, value) = (parameter["name"].as_str().expect("a name"), text(&parameter["example"]));
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
                Some("query") => query.push((name, value)),
                Some("header") => headers.push((name, value)),
                other => panic!("a parameter in {other:?}"),
            }
        }
        let method: Method = operation.method.to_uppercase().parse().expect("a method");
        let mut url = Url::parse(&format!("{}{path}", self.shop.url())).expect("a URL");
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let bodies = operation.is["requestBody"]["content"].as_object();
        let Some((kind, body)) = bodies.and_then(|bodies| bodies.iter().next()) else { return request };
        let example = &body["example"];
        match kind.as_str() {
            "application/x-www-form-urlencoded" => {
                let fields =
                    example.as_object().into_iter().flatten().map(|(name, value)| (name, text(value)));
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                request.header("Content-Type", kind).body(form)
            }
            kind => request.header("Content-Type", kind).body(text(example)),
        }
    }

    /// Whether a value is what a schema of the description says.
    fn assert_fits(&self, what: &str, schema: &Value, value: &Value) {
        let whole = json!({ "allOf": [schema], "components": self.document["components"] });
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{what}: {errors:?}\n{value}");
    }

    fn assert_described(&self, operation: &Operation<'_>, answer: Response) -> u16 {
        let what = format!("{} {}", operation.method, operation.path);
        let status = answer.status().as_u16();
        let described = &operation.is["responses"][status.to_string()];
        assert!(described.is_object(), "{what} answers {status}");
        for header in described["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            // Marks a repetition, and this is the first time.
            let is_there = answer.headers().contains_key(header) || header == "Idempotency-Replayed";
            assert!(is_there, "{what} has no {header}");
        }
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().expect("text").to_owned());
        let body = String::from_utf8_lossy(&answer.bytes().expect("a body")).into_owned();
        if let Some((wanted, content)) = described["content"].as_object().and_then(|all| all.iter().next()) {
            assert!(kind.is_some_and(|kind| kind.starts_with(wanted)), "{what} is not {wanted}");
            let value =
                if wanted == "application/json" { serde_json::from_str(&body) } else { Ok(json!(body)) };
            self.assert_fits(&what, &content["schema"], &value.expect("JSON"));
        }
        status
    }
}

#[test]
fn every_route_is_described() {
    let bench = Bench::new();
    let welcome: Value = bench.http.get(bench.shop.url()).send().expect("an answer").json().expect("JSON");
    let routes: BTreeSet<String> = welcome["routes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| Some(one.as_str()?.to_owned()))
        .collect();
    let described: BTreeSet<String> =
        bench.operations().iter().map(|one| format!("{} {}", one.method.to_uppercase(), one.path)).collect();
    assert_eq!(routes, described);
    assert_eq!(bench.document["servers"][0]["url"], bench.shop.url());
    let ids: BTreeSet<&str> = bench
        .operations()
        .iter()
        .filter_map(|one| bench.document["paths"][one.path][one.method]["operationId"].as_str())
        .collect();
    assert_eq!(ids.len(), described.len());
}

#[test]
fn every_example_works_and_is_answered_as_described() {
    let bench = Bench::new();
    let mut token = String::new();
    for operation in bench.operations() {
        let security = operation.is["security"][0].as_object().and_then(|one| one.keys().next().cloned());
        let request = match security.as_deref() {
            None => bench.request(&operation),
            Some("visitor") => bench.request(&operation).bearer_auth("demo"),
            Some("staff") => bench.request(&operation).basic_auth("ann", Some("demo")),
            Some("partner") => bench.request(&operation).bearer_auth(&token),
            Some(other) => panic!("{other} is no scheme of the shop"),
        };
        if operation.path == "/oauth/token" {
            let answer: Value = bench.request(&operation).send().expect("an answer").json().expect("JSON");
            token = answer["access_token"].as_str().expect("a token").to_owned();
        }
        let status = bench.assert_described(&operation, request.send().expect("an answer"));
        assert!(status < 400, "{} {} answers {status}", operation.method, operation.path);
        if security.is_some() {
            let refused = bench.request(&operation).send().expect("an answer");
            assert_eq!(bench.assert_described(&operation, refused), 401, "{}", operation.path);
        }
    }
}

#[test]
fn what_will_not_do_is_refused_as_described() {
    let bench = Bench::new();
    let url = |path: &str| format!("{}{path}", bench.shop.url());
    for (path, status) in [
        ("/catalogue?limit=0", 400),
        ("/catalogue?offset=99999999999", 200),
        ("/changes?cursor=nonsense", 400),
        ("/items/0", 404),
        ("/items/x", 400),
        ("/site/categories/none", 404),
        ("/site/search?q=", 400),
        ("/assets/none.css", 404),
        ("/uploads/none", 404),
        ("/posts/0", 404),
        ("/staff/orders?offset=18446744073709551615&limit=100", 401),
        ("/pool?ms=1001", 400),
        ("/reports/sales?days=0", 400),
    ] {
        assert_eq!(bench.http.get(url(path)).send().expect("an answer").status(), status, "{path}");
    }
    let huge = bench
        .http
        .get(url("/staff/orders?offset=18446744073709551615&limit=100"))
        .basic_auth("a", Some("demo"));
    assert_eq!(huge.send().expect("an answer").status(), 200);
    let large = bench.http.put(url("/uploads/large")).body(vec![7; 4 * 1024 * 1024 + 1]).send();
    // A server may refuse while the body is still being sent.
    assert!(
        large.map_or_else(|error| error.is_request() || error.is_body(), |answer| answer.status() == 413)
    );
    let whole =
        bench.http.put(url("/uploads/whole")).body(vec![7; 4 * 1024 * 1024]).send().expect("an answer");
    let whole: Value = whole.json().expect("JSON");
    assert_eq!(whole["bytes"], 4 * 1024 * 1024);
    for (body, status) in [
        (json!({"from": 1, "to": 1, "amount_cents": 1}), 400),
        (json!({"from": 1, "to": 2, "amount_cents": 0}), 400),
        (json!({"from": 1, "to": 2, "amount_cents": -5}), 400),
        (json!({"from": 1, "to": 9999, "amount_cents": 1}), 404),
        (json!({"from": 1, "to": 2, "amount_cents": 100_001}), 409),
    ] {
        let request =
            bench.http.post(url("/transfers")).bearer_auth("demo").header("Idempotency-Key", "k").json(&body);
        assert_eq!(request.send().expect("an answer").status(), status, "{body}");
    }
    let ledger: Value = bench.http.get(url("/ledger")).send().expect("an answer").json().expect("JSON");
    assert_eq!((&ledger["total_cents"], &ledger["transfers"]), (&json!(100_000_000), &json!(0)));
}
