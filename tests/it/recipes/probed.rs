//! Values that follow from a short probe of the target.

use std::{fs, thread};

use serde_json::{Value, json};

use super::stored;
use crate::{
    server::{on_each_database, shop},
    support::{
        byte_server::{Act, ByteServer, always},
        people::{admin, asking, user},
        server::{Maid, answer, wait_for},
    },
};

/// A recipe that reads and writes, whose thresholds and rate are parameters.
fn recipe() -> Value {
    json!({
        "title": "Open", "summary": "Reads and writes at a rate.", "category": "api",
        "parameters": [
            {"name": "host", "type": "string", "help": "Where it is.", "required": true, "example": "http://127.0.0.1:1"},
            {"name": "rate", "type": "number", "help": "Requests a second.", "default": 100},
            {"name": "busy", "type": "integer", "help": "Most at once.", "default": 400, "max": 100_000},
            {"name": "slow", "type": "duration", "help": "Slowest.", "default": "777ms"}
        ],
        "loadtest": {
            "version": 1, "name": "Open", "target": {"hosts": ["${param:host}"]},
            "load": {"arrival": {"rate": "${param:rate}", "max_users": "${param:busy}"}, "run_time": "60s"},
            "scenarios": [{"name": "s", "transactions": [{"name": "t", "requests": [
                {"name": "write", "path": "/login", "body": {"json": {"username": "a", "password": "b"}},
                    "extract": [{"name": "token", "from": "json", "path": "$.token", "default": "none"}]},
                {"name": "delete", "method": "DELETE", "path": "/products/1"},
                {"name": "list", "path": "/products", "query": {"page": "{{ random_int(1, 3) }}"}},
                {"name": "later", "path": "/me/{{ token }}"},
                {"name": "one", "path": "/products/2"}
            ]}]}],
            "thresholds": ["p95 < ${param:slow}"]
        }
    })
}

fn probe(maid: &Maid, token: &str, id: &str, host: &str) -> (u16, Value) {
    let body = json!({"recipe_id": id, "host": host, "probe": true});
    answer(maid.post("/recipe-generator/suggest", &body).bearer_auth(token))
}

fn of<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let items = answer["items"].as_array().expect("a list");
    items.iter().find(|one| one["parameter"] == name).expect("it is suggested")
}

#[test]
fn a_target_that_answers_says_what_is_sensible() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = stored(&maid, "", &recipe());
        let (status, found) = probe(&maid, "", &id, &shop.url());
        assert_eq!(status, 200, "{found}");
        let seen = &found["probe"];
        assert_eq!(
            (&seen["requests"], &seen["answered"], &seen["host"]),
            (&json!(10), &json!(10), &json!(shop.url()))
        );
        assert!(
            seen["mean_ms"].as_f64() <= seen["slowest_ms"].as_f64() && seen["failed"].is_null(),
            "{seen}"
        );
        for name in ["slow", "busy"] {
            assert_eq!(of(&found, name)["source"], "probe", "{found}");
        }
        assert!(
            of(&found, "slow")["because"].as_str().is_some_and(|why| why.contains("slowest of 10")),
            "{found}"
        );
        let busy = of(&found, "busy");
        let slowest = seen["slowest_ms"].as_f64().expect("a time");
        let wanted = (100.0 * slowest * 3.0 / 1000.0).ceil().max(1.0);
        let off = (busy["value"].as_f64().expect("a number") - wanted).abs();
        assert!(off <= 1.0, "Little's law: {busy}, {slowest} ms");
        assert_eq!(
            (&of(&found, "rate")["source"], &of(&found, "host")["source"]),
            (&json!("recipe"), &json!("request"))
        );
        // Nothing but what reads was sent, and nothing is in the history.
        let sent = shop.requests();
        assert_eq!((sent.total, sent.of("POST /login")), (10, 0));
        assert_eq!(sent.of("GET /products"), 5, "{sent:?}");
        let (_, history) = answer(maid.get("/history"));
        assert_eq!(history["items"], json!([]));
        // Without a probe nothing is sent at all.
        let quiet = json!({"recipe_id": id, "host": shop.url()});
        let (_, quiet) = answer(maid.post("/recipe-generator/suggest", &quiet));
        assert!(quiet["probe"].is_null() && of(&quiet, "slow")["source"] == "recipe", "{quiet}");
        assert_eq!(shop.requests().total, 10);
    });
}

#[test]
fn a_target_that_does_not_answer_says_so_and_leaves_the_recipe_as_it_is() {
    on_each_database(|home| {
        let maid = home.start().start();
        let id = stored(&maid, "", &recipe());
        let hangs = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
        let errs = ByteServer::start(vec![always("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")]);
        let nobody = {
            let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
            format!("http://{}", gone.local_addr().expect("an address"))
        };
        for (host, requests, why) in
            [(hangs.url(), 1, "timed out"), (nobody, 1, ""), (errs.url(), 10, "it answered 503")]
        {
            let (status, found) = probe(&maid, "", &id, &host);
            assert_eq!(status, 200, "{found}");
            let seen = &found["probe"];
            assert_eq!((&seen["requests"], &seen["answered"]), (&json!(requests), &json!(0)), "{seen}");
            assert!(seen["failed"].as_str().is_some_and(|failed| failed.contains(why)), "{seen}");
            assert_eq!(of(&found, "slow")["value"], "777ms");
        }
        for request in hangs.requests().into_iter().chain(errs.requests()) {
            assert!(request.starts_with("GET ") || request.starts_with("HEAD "), "{request}");
        }
    });
}

#[test]
fn the_target_policy_holds_for_a_probe() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let id = stored(&maid, "", &recipe());
        let (status, refused) = probe(&maid, "", &id, "http://10.1.2.3:4");
        assert_eq!((status, &refused["code"]), (403, &json!("target_refused")), "{refused}");
        assert_eq!(refused["errors"][0]["path"], "host");
        let (status, own) = probe(&maid, "", &id, &maid.url);
        assert_eq!((status, &own["code"]), (403, &json!("target_refused")), "{own}");
        let mut writes = recipe();
        let requests = writes["loadtest"]["scenarios"][0]["transactions"][0]["requests"].as_array_mut();
        requests.expect("a list").truncate(2);
        let writes = stored(&maid, "", &writes);
        let (status, nothing) = probe(&maid, "", &writes, &shop.url());
        assert_eq!((status, &nothing["errors"][0]["path"]), (422, &json!("probe")), "{nothing}");
        assert_eq!(
            answer(
                maid.post("/recipe-generator/suggest", &json!({"recipe_id": id, "parameters": {"rate": 5}}),)
            )
            .0,
            422,
            "values for no probe"
        );
        fs::write(home.folder.path().join(".maidignore"), "url:*/products*\n").expect("a file");
        let (status, closed) = probe(&maid, "", &id, &shop.url());
        assert_eq!((status, &closed["code"]), (422, &json!("invalid_loadtest")), "{closed}");
        assert!(closed.to_string().contains("may not be sent to: .maidignore"), "{closed}");
        assert_eq!(shop.requests().total, 0);
    });
}

#[test]
fn a_probe_needs_the_right_to_send_and_a_quiet_server() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let reader = user(&maid, &admin, "reader", "viewer");
        let id = stored(&maid, &admin, &recipe());
        let (status, refused) = probe(&maid, &reader, &id, &shop.url());
        assert_eq!((status, &refused["code"]), (403, &json!("forbidden")), "{refused}");
        assert!(refused["detail"].as_str().is_some_and(|why| why.contains("maid.write")), "{refused}");

        // One at a time: the first waits for a target that says nothing.
        let hangs = ByteServer::start(vec![vec![Act::Request, Act::Stall]]);
        let waits = thread::scope(|scope| {
            let first = scope.spawn(|| probe(&maid, &admin, &id, &hangs.url()));
            wait_for("the first is under way", || (hangs.connections() > 0).then_some(()));
            let body = json!({"recipe_id": id, "host": shop.url(), "probe": true});
            let second =
                maid.post("/recipe-generator/suggest", &body).bearer_auth(&admin).send().expect("an answer");
            let again = second.headers().get("retry-after").cloned();
            assert_eq!((second.status().as_u16(), again.is_some()), (429, true));
            first.join().expect("it ends")
        });
        assert_eq!(waits.0, 200, "{}", waits.1);

        let run = json!({"recipe_id": id, "parameters": {"host": shop.url(), "rate": 5}});
        let (status, run) = answer(maid.post("/run", &run).bearer_auth(&admin));
        assert_eq!(status, 202, "{run}");
        let (status, refused) = probe(&maid, &admin, &id, &shop.url());
        assert_eq!((status, &refused["code"]), (409, &json!("run_active")), "{refused}");
        assert!(refused["detail"].as_str().is_some_and(|why| why.contains("disturb")), "{refused}");
        assert_eq!(answer(maid.post("/kill", &json!({})).bearer_auth(&admin)).0, 200);
    });
}
