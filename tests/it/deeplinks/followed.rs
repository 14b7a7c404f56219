//! Links that are followed: run, counted, ended; and what is refused.

use std::{
    io::Write,
    sync::{Arc, Barrier},
    thread,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::ZlibEncoder};
use jiff::{SignedDuration, Timestamp};
use maid::demo::Shop;
use serde_json::{Value, json};

use super::{made, open, runs, short, start, text, until_over};
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, audited, delete, key, until_audited, user},
        server::{Maid, answer, wait_for},
    },
};

fn shop() -> Shop {
    Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts")
}

fn code(answered: &(u16, Value)) -> (u16, &str) {
    (answered.0, answered.1["code"].as_str().unwrap_or_default())
}

#[test]
fn a_run_from_a_link_is_the_test_that_was_shown() {
    let shop = shop();
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (olga, vera) = (user(&maid, &admin, "olga", "operator"), user(&maid, &admin, "vera", "viewer"));
        let link = made(&maid, &admin, &json!({"loadtest": short(&shop.url()), "max_uses": 2}));
        let (url, id) = (text(&link, "url"), text(&link, "id"));
        let (_, seen) = open(&maid, &olga, url);

        assert_eq!(start(&maid, &vera, &json!({"deeplink": url})).0, 403, "a link gives nobody more rights");
        let (_, reading) = key(&maid, &admin, &json!({"name": "r", "scopes": ["maid.read"]}));
        assert_eq!(start(&maid, &reading, &json!({"deeplink": url})).0, 403);
        assert_eq!(runs(&maid, &admin), 0);

        let asked = json!({"deeplink": url, "seen": seen["digest"], "notes": "by link"});
        let (status, run) = start(&maid, &olga, &asked);
        assert_eq!(status, 202, "{run}");
        let run = until_over(&maid, &olga, &run);
        assert_eq!((&run["status"], &run["config"]), (&json!("completed"), &short(&shop.url())));
        assert!(run["requests"].as_u64() > Some(0));
        assert_eq!(until_audited(&maid, &admin, "deeplink.use", 1)[0]["target"], json!(id));

        // The second and last time by the short id, with what has no part in it.
        let maid_url = text(&link, "maid_url");
        let wrong = start(&maid, &olga, &json!({"deeplink": id, "parameters": {"users": 5}}));
        assert_eq!(code(&wrong), (422, "invalid_body"), "{}", wrong.1);
        let seen_elsewhere = start(&maid, &olga, &json!({"deeplink": id, "seen": "something else"}));
        assert_eq!(code(&seen_elsewhere), (412, "changed"));
        let (status, run) = start(&maid, &olga, &json!({"deeplink": maid_url}));
        assert_eq!(status, 202, "{run}");
        until_over(&maid, &olga, &run);
        let third = start(&maid, &olga, &json!({"deeplink": url}));
        assert_eq!(code(&third), (410, "deeplink_over"), "{}", third.1);
        assert!(text(&third.1, "detail").contains("as many runs"));
        assert_eq!(code(&open(&maid, &olga, url)), (410, "deeplink_over"));
        assert_eq!(runs(&maid, &admin), 2);
    });
}

#[test]
fn a_run_that_does_not_start_does_not_count() {
    let shop = shop();
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let left = |id: &str| open(&maid, &admin, id).1["uses_left"].clone();
        // Another target than the policy allows, and a place that is taken.
        let elsewhere = made(&maid, &admin, &json!({"loadtest": short("http://192.0.2.1"), "max_uses": 1}));
        let refused = start(&maid, &admin, &json!({"deeplink": elsewhere["id"]}));
        assert_eq!(code(&refused), (403, "target_refused"));
        assert_eq!(left(text(&elsewhere, "id")), 1);

        let mut long = short(&shop.url());
        long["load"] = json!({"users": 1, "run_time": "10m"});
        let (status, busy) = start(&maid, &admin, &json!({"loadtest": long}));
        assert_eq!(status, 202, "{busy}");
        let link = made(&maid, &admin, &json!({"loadtest": short(&shop.url()), "max_uses": 1}));
        let id = text(&link, "id");
        assert_eq!(code(&start(&maid, &admin, &json!({"deeplink": id}))), (409, "run_active"));
        assert_eq!(left(id), 1);
        let queued = start(&maid, &admin, &json!({"deeplink": id, "queue": true}));
        assert_eq!((queued.0, &queued.1["status"]), (202, &json!("queued")), "{}", queued.1);
        assert_eq!(
            code(&start(&maid, &admin, &json!({"deeplink": id, "queue": true}))),
            (410, "deeplink_over")
        );
        let (status, _) =
            answer(maid.post("/stop", &json!({"run_id": busy["run_id"], "kill": true})).bearer_auth(&admin));
        assert_eq!(status, 202);
        assert_eq!(until_over(&maid, &admin, &queued.1)["status"], "completed");
    });
}

#[test]
fn of_those_who_start_at_once_as_many_as_the_link_allows() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let link = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:1"), "max_uses": 3}));
        let (together, id) = (Arc::new(Barrier::new(12)), text(&link, "id"));
        let taken: usize = thread::scope(|scope| {
            let takers: Vec<_> = (0..12)
                .map(|_| {
                    let (together, maid, admin) = (Arc::clone(&together), &maid, &admin);
                    scope.spawn(move || {
                        together.wait();
                        let request = maid.post("/deeplinks/redeem", &json!({"deeplink": id}));
                        match answer(request.bearer_auth(admin)).0 {
                            204 => 1,
                            410 => 0,
                            other => panic!("{other}"),
                        }
                    })
                })
                .collect();
            takers.into_iter().map(|taker| taker.join().expect("it answers")).sum()
        });
        assert_eq!(taken, 3);
        let (_, shown) = answer(maid.get(&format!("/deeplinks/{id}")).bearer_auth(&admin));
        assert_eq!((&shown["uses"], &shown["state"]), (&json!(3), &json!("used")));
    });
}

#[test]
fn a_request_that_is_repeated_counts_once() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let link = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:1"), "max_uses": 1}));
        for _ in 0..3 {
            let request = maid.post("/deeplinks/redeem", &json!({"deeplink": link["id"]}));
            assert_eq!(answer(request.bearer_auth(&admin).header("idempotency-key", "once")).0, 204);
        }
        let again = || {
            let request = maid.post("/deeplinks", &json!({"loadtest": short("http://127.0.0.1:1")}));
            answer(request.bearer_auth(&admin).header("idempotency-key", "make")).1
        };
        assert_eq!(again(), again());
    });
}

#[test]
fn what_is_over_says_why() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (olga, oleg) = (user(&maid, &admin, "olga", "operator"), user(&maid, &admin, "oleg", "operator"));
        let test = short("http://127.0.0.1:1");
        let soon = Timestamp::now() + SignedDuration::from_millis(300);
        let link = made(&maid, &olga, &json!({"loadtest": test, "expires_at": soon.to_string()}));
        let over = wait_for("the link expires", || {
            Some(open(&maid, &admin, text(&link, "url"))).filter(|answered| answered.0 != 200)
        });
        assert_eq!(code(&over), (410, "deeplink_over"));
        assert!(text(&over.1, "detail").contains("expired"));
        let started = start(&maid, &admin, &json!({"deeplink": link["url"]}));
        assert_eq!(code(&started), (410, "deeplink_over"));

        let link = made(&maid, &olga, &json!({"loadtest": test}));
        let path = format!("/deeplinks/{}", text(&link, "id"));
        assert_eq!(answer(delete(&maid, &path).bearer_auth(&oleg)).0, 403, "it is olga's");
        for who in [&olga, &admin] {
            assert_eq!(answer(delete(&maid, &path).bearer_auth(who)).0, 204);
        }
        let over = open(&maid, &olga, text(&link, "url"));
        assert_eq!(code(&over), (410, "deeplink_over"));
        assert!(text(&over.1, "detail").contains("revoked"));
        let (_, shown) = answer(maid.get(&path).bearer_auth(&olga));
        assert_eq!(shown["state"], "revoked");
        assert_eq!(audited(&maid, &admin, "deeplink.revoke").len(), 2, "oleg's attempt, and olga's");
    });
}

#[test]
fn a_link_that_was_changed_is_refused_and_written_down() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let link = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:1")}));
        let other = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:2")}));
        let url = text(&link, "url");
        let part = |url: &str, name: &str| {
            let url: url::Url = url.parse().expect("a URL");
            url.query_pairs().find(|(key, _)| key == name).expect(name).1.into_owned()
        };
        let changed = [
            url.replace(&part(url, "config"), &part(text(&other, "url"), "config")),
            url.replace("&expires=", "&expires=1"),
            url.replace(text(&link, "id"), text(&other, "id")),
            url.replace(&part(url, "sig"), &part(text(&other, "url"), "sig")),
            url.split("&sig=").next().expect("a beginning").to_owned(),
            format!("{url}&preset=nightly"),
            format!("{url}&recipe=spike"),
        ];
        for link in &changed {
            let opened = open(&maid, &admin, link);
            assert_eq!(code(&opened), (400, "bad_deeplink"), "{link}: {}", opened.1);
            assert_eq!(code(&start(&maid, &admin, &json!({"deeplink": link}))), (400, "bad_deeplink"));
        }
        for (link, status, code_) in [
            ("recipe=spike", 400, "bad_deeplink"),
            ("link=k3Jd92LmQx0a", 404, "not_found"),
            ("link=../../etc", 400, "bad_deeplink"),
            ("link=k3Jd92LmQx0a&expires=tomorrow", 400, "bad_query"),
            ("utm_source=x", 400, "bad_query"),
        ] {
            let answered = answer(maid.get(&format!("/deeplinks/open?{link}")).bearer_auth(&admin));
            assert_eq!(code(&answered), (status, code_), "{link}: {}", answered.1);
        }
        let foreign = start(&maid, &admin, &json!({"deeplink": "https://example.com/"}));
        assert_eq!(code(&foreign), (400, "bad_deeplink"));
        assert_eq!(runs(&maid, &admin), 0);
        let denied = until_audited(&maid, &admin, "deeplink.use", 2 * changed.len());
        assert!(denied.iter().all(|entry| entry["outcome"] == "denied"));
    });
}

#[test]
fn what_would_decompress_to_gigabytes_is_not_decompressed() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let link = made(&maid, &admin, &json!({"loadtest": short("http://127.0.0.1:1")}));
        let url = text(&link, "url");
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        for _ in 0..4 {
            packer.write_all(&vec![b' '; 1 << 20]).expect("memory");
        }
        let bomb = URL_SAFE_NO_PAD.encode(packer.finish().expect("memory"));
        let (before, after) = url.split_once("config=").expect("it carries its test");
        let (_, after) = after.split_once('&').expect("it goes on");
        let answered = open(&maid, &admin, &format!("{before}config={bomb}&{after}"));
        // Its signature is looked at before anything else.
        assert_eq!(code(&answered), (400, "bad_deeplink"), "{}", answered.1);
        assert!(text(&answered.1, "detail").contains("changed"));
        let long = "A".repeat(9000);
        let answered = open(&maid, &admin, &format!("{before}config={long}&{after}"));
        assert_eq!(answered.0, 414, "{}", answered.1);
        let long = start(&maid, &admin, &json!({"deeplink": format!("{before}config={long}&{after}")}));
        assert_eq!(code(&long), (400, "bad_deeplink"));
    });
}

#[test]
fn secrets_are_given_by_whoever_follows_and_kept_nowhere() {
    let shop = shop();
    on_each_database(|home| {
        let maid: Maid = asking(home).start();
        let admin = admin(&maid);
        let mut test = short(&shop.url());
        test["scenarios"][0]["transactions"][0]["requests"][0]["headers"] =
            json!({"X-Api-Key": "${env:SHOP_KEY}"});
        let link = made(&maid, &admin, &json!({"loadtest": test}));
        let missing = start(&maid, &admin, &json!({"deeplink": link["url"]}));
        assert_eq!(code(&missing), (422, "invalid_loadtest"), "{}", missing.1);
        let asked = json!({"deeplink": link["url"], "env": {"SHOP_KEY": "hunter2-hunter2"}});
        let (status, run) = start(&maid, &admin, &asked);
        assert_eq!(status, 202, "{run}");
        assert_eq!(until_over(&maid, &admin, &run)["status"], "completed");

        let fixed =
            made(&maid, &admin, &json!({"recipe_id": "auth-basic", "parameters": {"host": shop.url()}}));
        let twice = json!({"deeplink": fixed["url"], "parameters": {"host": "http://127.0.0.1:9"}});
        let refused = start(&maid, &admin, &twice);
        assert_eq!(code(&refused), (422, "invalid_body"), "what the link gives stays: {}", refused.1);
        assert_eq!(refused.1["errors"][0]["path"], "parameters.host");
        let short = json!({"users": 1, "run_time": "1s", "password": "demo"});
        let (status, run) = start(&maid, &admin, &json!({"deeplink": fixed["url"], "parameters": short}));
        assert_eq!(status, 202, "{run}");
        let run = until_over(&maid, &admin, &run);
        assert_eq!((&run["status"], &run["recipe_id"]), (&json!("completed"), &json!("auth-basic")), "{run}");
        let (_, list) = answer(maid.get("/audit").bearer_auth(&admin));
        assert!(!list.to_string().contains("hunter2"));
    });
}
