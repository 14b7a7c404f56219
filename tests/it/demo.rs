//! The demo shop as a visitor sees it.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
};

use maid::demo::Shop;
use serde_json::{Value, json};

fn shop() -> Shop {
    Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port")
}

/// Status, head and JSON body of one request.
fn ask(shop: &Shop, line: &str, token: Option<&str>, body: Option<&Value>) -> (u16, String, Value) {
    let body = body.map(Value::to_string).unwrap_or_default();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let mut stream = TcpStream::connect(shop.addr()).expect("the shop listens");
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Type: application/json\r\n\
         {token}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("the shop reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the shop answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_owned(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn get(shop: &Shop, path: &str) -> (u16, Value) {
    let (status, _, body) = ask(shop, &format!("GET {path}"), None, None);
    (status, body)
}

#[test]
fn a_visitor_buys_something() {
    let shop = shop();
    assert_eq!(ask(&shop, "GET /cart", None, None).0, 401);
    assert_eq!(ask(&shop, "POST /login", None, Some(&json!({"username": "a", "password": "no"}))).0, 401);
    let (_, _, login) =
        ask(&shop, "POST /login", None, Some(&json!({"username": "ann", "password": "demo"})));
    let token = login["token"].as_str();
    assert_eq!(ask(&shop, "GET /me", token, None).2, json!({"username": "ann"}));
    assert_eq!(ask(&shop, "POST /checkout", token, None).0, 409);
    assert_eq!(ask(&shop, "POST /cart", token, Some(&json!({"product_id": 999}))).0, 404);
    assert_eq!(ask(&shop, "POST /cart", token, Some(&json!({"product_id": 3, "qty": 0}))).0, 400);
    let (status, _, cart) = ask(&shop, "POST /cart", token, Some(&json!({"product_id": 3, "qty": 2})));
    assert_eq!((status, &cart["lines"][0]["qty"]), (201, &json!(2)));
    assert_eq!(ask(&shop, "GET /cart", token, None).2, cart);
    let (status, _, order) = ask(&shop, "POST /checkout", token, None);
    assert_eq!((status, &order["total_cents"]), (201, &cart["total_cents"]));
    assert_eq!(ask(&shop, "GET /cart", token, None).2["lines"], json!([]));
    let requests = shop.requests();
    assert_eq!((requests.of("POST /cart"), requests.of("GET /cart"), requests.total), (3, 3, 11));
    shop.stop();
}

#[test]
fn the_catalogue_is_the_same_at_every_start() {
    let (one, other) = (shop(), shop());
    for path in ["/products", "/products?page=10", "/products/7", "/search?q=LAMP", "/"] {
        assert_eq!(get(&one, path), get(&other, path));
        assert_eq!(get(&one, path).0, 200);
    }
    assert_eq!(get(&one, "/products?page=11").1["items"], json!([]));
    assert_eq!(get(&one, "/search?q=lamp").1["found"], 10);
    for (path, status) in [
        ("/products?page=0", 400),
        ("/products?page=x", 400),
        ("/products/0", 404),
        ("/search", 400),
        ("/x", 404),
    ] {
        let (found, body) = get(&one, path);
        assert_eq!(found, status, "{path}");
        assert!(body["error"].is_string(), "{path}: {body}");
    }
    assert_eq!(one.requests().of("unmatched"), 1);
}

#[test]
fn failures_and_redirects_are_as_asked() {
    let shop = shop();
    let failed = (0..20).filter(|_| get(&shop, "/fail?rate=0.25").0 == 500).count();
    assert_eq!(failed, 5);
    assert_eq!(get(&shop, "/fail?rate=2").0, 400);
    assert_eq!(get(&shop, "/slow?ms=1").1, json!({"waited_ms": 1}));
    assert_eq!(get(&shop, "/slow?ms=600000").0, 400);
    let (status, head, _) = ask(&shop, "GET /redirect?times=2", None, None);
    assert_eq!(status, 302);
    assert!(head.to_lowercase().contains("location: /redirect?times=1"), "{head}");
    let query = json!({"query": "query P($p: Int) { products(page: $p) { sku } }", "variables": {"p": 1}});
    let (status, _, answer) = ask(&shop, "POST /graphql", None, Some(&query));
    assert_eq!((status, &answer["data"]["products"][0]["sku"]), (200, &json!("OUT-0001")));
}

#[test]
fn a_stopped_shop_frees_its_port() {
    let first = shop();
    let addr = first.addr();
    assert!(Shop::start(addr).is_err(), "the port is taken");
    first.stop();
    assert_eq!(Shop::start(addr).expect("the port is free again").addr(), addr);
}
