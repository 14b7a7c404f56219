//! API keys: shown once, bounded, revoked at once.

use serde_json::{Value, json};

use super::{PASSWORD, admin, answer, asking, audited, delete, key, patch, token, until_audited, user};
use crate::{
    server::{loadtest, on_each_database, shop},
    support::server::wait_for,
};

#[test]
fn a_key_with_limits_starts_what_they_allow_and_is_revoked_in_mid_use() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        user(&maid, &admin, "vera", "viewer");
        let olga = user(&maid, &admin, "olga", "operator");
        let new =
            json!({"name": "ci", "scopes": ["maid.read", "write:loadtests"], "metadata": {"max_users": 10}});
        let (id, key) = key(&maid, &olga, &new);
        let start = |users: u32| {
            let body = json!({"loadtest": loadtest(&shop.url(), users, "10m")});
            answer(maid.post("/run", &body).header("x-api-key", &key))
        };
        let (status, refused) = start(11);
        assert_eq!((status, &refused["code"]), (422, &json!("beyond_limits")), "{refused}");
        assert_eq!(refused["errors"][0]["path"], "load");
        let (status, run) = start(10);
        assert_eq!(status, 202, "{run}");
        let run = run["run_id"].as_str().expect("an id").to_owned();
        let (_, detail) = answer(maid.get(&format!("/runs/{run}")).bearer_auth(&key));
        assert_eq!(detail["api_key_id"], json!(id), "{detail}");

        let revoked = delete(&maid, &format!("/keys/{id}")).bearer_auth(&olga);
        assert_eq!(revoked.send().expect("an answer").status(), 204);
        assert_eq!(answer(maid.get("/status").header("x-api-key", &key)).0, 401, "at once");
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&olga)).0, 202);

        wait_for("it is all in the log", || {
            let starts = audited(&maid, &admin, "test.start");
            let outcomes: Vec<_> = starts.iter().map(|entry| entry["outcome"].clone()).collect();
            let actors =
                starts.iter().all(|entry| entry["actor"] == json!(id) && entry["actor_kind"] == "api_key");
            (outcomes == [json!("done"), json!("denied")] && actors).then_some(())
        });
        assert_eq!(audited(&maid, &admin, "apikey.create")[0]["target"], json!(id));
        assert_eq!(audited(&maid, &admin, "apikey.revoke")[0]["target"], json!(id));
    });
}

#[test]
fn every_limit_holds() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let start = |metadata: Value, change: &dyn Fn(&mut Value), queue: bool| {
            let new = json!({"name": "k", "scopes": ["maid.read", "maid.write"], "metadata": metadata});
            let (_, key) = key(&maid, &admin, &new);
            let mut test = loadtest(&shop.url(), 1, "10m");
            change(&mut test);
            let send = || {
                let body = json!({"loadtest": test, "queue": queue});
                let (status, body) = answer(maid.post("/run", &body).bearer_auth(&key));
                (status, body["code"].clone())
            };
            [send(), send()]
        };
        let beyond = (422, json!("beyond_limits"));
        let as_it_is = |_: &mut Value| {};
        assert_eq!(start(json!({"max_rps": 5}), &as_it_is, false)[0], beyond, "nothing bounds the rate");
        let faster = |test: &mut Value| test["rate_limit"] = json!(6);
        assert_eq!(start(json!({"max_rps": 5}), &faster, false)[0], beyond);
        let elsewhere = start(json!({"targets": ["staging.example.com"]}), &as_it_is, false);
        assert_eq!(elsewhere[0], (403, json!("target_refused")), "not even loopback");

        let one = start(json!({"concurrent_tests": 1}), &as_it_is, true);
        assert_eq!((one[0].0, &one[1]), (202, &beyond), "{one:?}");
        let slower = |test: &mut Value| test["rate_limit"] = json!(5);
        let queued = start(json!({"max_rps": 5, "targets": ["127.0.0.1"]}), &slower, true);
        assert_eq!((queued[0].0, queued[1].0), (202, 202), "{queued:?}");
        assert_eq!(answer(maid.post("/kill", &json!({})).bearer_auth(&admin)).0, 200);
    });
}

#[test]
fn a_waiting_run_keeps_the_limits_that_it_was_asked_with() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let new =
            json!({"name": "k", "scopes": ["maid.write"], "metadata": {"targets": ["staging.example.com"]}});
        let (_, key) = key(&maid, &admin, &new);
        let long = json!({"loadtest": loadtest(&shop.url(), 1, "10m")});
        assert_eq!(answer(maid.post("/run", &long).bearer_auth(&admin)).0, 202);
        let body = json!({"loadtest": loadtest(&shop.url(), 1, "1s"), "queue": true});
        let (status, queued) = answer(maid.post("/run", &body).bearer_auth(&key));
        assert_eq!(status, 202, "{queued}");
        let id = queued["run_id"].as_str().expect("an id");
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&admin)).0, 202);
        let run = wait_for("its turn has come and gone", || {
            let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(&admin));
            (run["status"] == "failed").then_some(run)
        });
        assert!(
            run["ended_because"].as_str().is_some_and(|why| why.contains("not among the targets")),
            "{run}"
        );
    });
}

#[test]
fn a_key_is_shown_once_and_makes_none() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let new = json!({"name": "all", "scopes": ["maid.admin"], "plugin_name": "jenkins"});
        let make = || maid.post("/keys", &new).bearer_auth(&admin).header("idempotency-key", "k");
        let (status, made) = answer(make());
        assert_eq!(status, 201);
        let key = made["key"].as_str().expect("a key");
        assert_eq!(answer(make()), (201, json!({"id": made["id"], "key": null})), "it is shown once");
        let (_, listed) = answer(maid.get("/keys").header("x-api-key", key));
        assert_eq!(listed["items"][0]["plugin_name"], "jenkins");
        assert!(!listed.to_string().contains(key) && !listed.to_string().contains("hash"), "{listed}");

        for (status, request) in [
            (403, maid.post("/keys", &new)),
            (403, delete(&maid, &format!("/keys/{}", made["id"].as_str().expect("an id")))),
            (403, maid.post("/users", &json!({"username": "x", "role": "admin"}))),
            (403, maid.post("/auth/password", &json!({"current": PASSWORD, "new": "another fine phrase"}))),
            (200, maid.get("/users")),
        ] {
            assert_eq!(answer(request.bearer_auth(key)).0, status);
        }
        until_audited(&maid, &admin, "permission.denied", 4);
    });
}

#[test]
fn nobody_gives_what_they_do_not_have() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let vera = user(&maid, &admin, "vera", "viewer");
        let ask = |new: Value| answer(maid.post("/keys", &new).bearer_auth(&vera));
        assert_eq!(ask(json!({"name": "k", "scopes": ["maid.write"]})).0, 403);
        for (wrong, place) in [
            (json!({"name": " ", "scopes": ["maid.read"]}), "name"),
            (json!({"name": "k", "scopes": []}), "scopes"),
            (
                json!({"name": "k", "scopes": ["maid.read"], "expires_at": "2020-01-01T00:00:00Z"}),
                "expires_at",
            ),
            (
                json!({"name": "k", "scopes": ["maid.read"], "metadata": {"max_users": 0}}),
                "metadata.max_users",
            ),
            (json!({"name": "k", "scopes": ["maid.read"], "metadata": {"max_user": 1}}), "metadata.max_user"),
            (json!({"name": "k", "scopes": ["maid.everything"]}), "scopes[0]"),
        ] {
            let (status, body) = ask(wrong);
            assert_eq!((status, &body["errors"][0]["path"]), (422, &json!(place)), "{body}");
        }

        // A key follows what its owner may do.
        let olga = user(&maid, &admin, "olga", "operator");
        let (_, key) = key(&maid, &olga, &json!({"name": "k", "scopes": ["maid.read", "maid.write"]}));
        let status = |path: &str| answer(maid.post(path, &json!({})).bearer_auth(&key)).0;
        assert_eq!(status("/stop"), 409);
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&olga));
        let place = format!("/users/{}", me["id"].as_str().expect("an id"));
        assert_eq!(answer(patch(&maid, &place, &json!({"role": "viewer"})).bearer_auth(&admin)).0, 200);
        assert_eq!(status("/stop"), 403);
        assert_eq!(answer(patch(&maid, &place, &json!({"status": "disabled"})).bearer_auth(&admin)).0, 200);
        assert_eq!(status("/stop"), 401);
        let others = answer(maid.get("/keys").bearer_auth(&vera)).1;
        assert_eq!(others["items"], json!([]), "nobody sees the keys of others");
    });
}

#[test]
fn when_a_key_was_used_outlives_the_server_and_so_does_its_revocation() {
    on_each_database(|home| {
        let start = asking(home);
        let maid = start.start();
        let admin = admin(&maid);
        let (used, key_used) = key(&maid, &admin, &json!({"name": "used", "scopes": ["maid.read"]}));
        let (gone, key_gone) = key(&maid, &admin, &json!({"name": "gone", "scopes": ["maid.read"]}));
        assert_eq!(answer(maid.get("/status").bearer_auth(&key_used)).0, 200);
        assert_eq!(
            delete(&maid, &format!("/keys/{gone}")).bearer_auth(&admin).send().expect("it").status(),
            204
        );
        assert_eq!(maid.terminate(), Some(0));
        let maid = start.start();
        let admin = token(&maid, "admin", PASSWORD);
        let (_, row) = answer(maid.get(&format!("/keys/{used}")).bearer_auth(&admin));
        assert!(row["last_used_at"].is_string(), "{row}");
        assert_eq!(answer(maid.get("/status").bearer_auth(&key_gone)).0, 401);
    });
}

/// Settings say which files and variables a test may read: no key changes them, and nobody opens MAID's own.
#[test]
fn no_test_reads_what_maid_is_made_with() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let (_, key) = key(&maid, &admin, &json!({"name": "all", "scopes": ["maid.admin"]}));
        let put = |bearer: &str, change: Value| {
            let request = maid.http.put(format!("{}/api/maid/config", maid.url)).json(&change);
            answer(request.bearer_auth(bearer))
        };
        let allowed = json!({"load": {"env_allow": ["MAID__AUTH__ADMIN_PASSWORD"]}});
        assert_eq!(put(&key, allowed.clone()).0, 403);
        for folder in ["data", ".", "/"] {
            let (status, body) = put(&admin, json!({"server": {"files_dir": folder}}));
            assert_eq!(
                (status, &body["errors"][0]["path"]),
                (422, &json!("server.files_dir")),
                "{folder}: {body}"
            );
        }
        assert_eq!(put(&admin, allowed).0, 200);
        let mut test = loadtest(&shop.url(), 1, "1s");
        test["target"]["headers"] = json!({"X-Leak": "${env:MAID__AUTH__ADMIN_PASSWORD}"});
        let (status, body) = answer(maid.post("/run", &json!({"loadtest": test})).bearer_auth(&admin));
        assert_eq!((status, &body["code"]), (422, &json!("invalid_loadtest")), "{body}");
    });
}

/// What an owner or a key may have at most is counted where it is stored: those who ask at once take turns.
#[test]
fn many_at_once_find_no_more_room_than_one() {
    on_each_database(|home| {
        let shop = shop();
        let maid = asking(home).with("MAID__AUTH__MAX_KEYS", 3).start();
        let admin = admin(&maid);
        let of_all = |ask: &(dyn Fn() -> u16 + Sync)| -> Vec<u16> {
            let mut statuses: Vec<u16> = std::thread::scope(|scope| {
                let all: Vec<_> = (0..12).map(|_| scope.spawn(ask)).collect();
                all.into_iter().map(|one| one.join().expect("an answer")).collect()
            });
            statuses.sort_unstable();
            statuses
        };
        let new = json!({"name": "k", "scopes": ["maid.write"], "metadata": {"concurrent_tests": 2}});
        let (_, key) = key(&maid, &admin, &new);
        let made = of_all(&|| answer(maid.post("/keys", &new).bearer_auth(&admin)).0);
        assert_eq!(made.iter().filter(|status| **status == 201).count(), 2, "{made:?}");

        let test = json!({"loadtest": loadtest(&shop.url(), 1, "10m"), "queue": true});
        let started = of_all(&|| answer(maid.post("/run", &test).bearer_auth(&key)).0);
        assert_eq!(started, [[202; 2].as_slice(), &[422; 10]].concat());
        assert_eq!(answer(maid.post("/kill", &json!({})).bearer_auth(&admin)).0, 200);
    });
}

#[test]
fn what_waits_does_not_start_for_whoever_has_lost_the_right_to() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let olga = user(&maid, &admin, "olga", "operator");
        let (id, key) = key(&maid, &admin, &json!({"name": "k", "scopes": ["maid.write"]}));
        let long = json!({"loadtest": loadtest(&shop.url(), 1, "10m")});
        assert_eq!(answer(maid.post("/run", &long).bearer_auth(&admin)).0, 202);
        let body = json!({"loadtest": loadtest(&shop.url(), 1, "300ms"), "queue": true});
        let [of_key, of_user, of_admin] = [&key, &olga, &admin].map(|bearer| {
            let (status, queued) = answer(maid.post("/run", &body).bearer_auth(bearer));
            assert_eq!(status, 202, "{queued}");
            queued["run_id"].as_str().expect("an id").to_owned()
        });
        assert_eq!(answer(delete(&maid, &format!("/keys/{id}")).bearer_auth(&admin)).0, 204);
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&olga));
        let place = format!("/users/{}", me["id"].as_str().expect("an id"));
        assert_eq!(answer(patch(&maid, &place, &json!({"role": "viewer"})).bearer_auth(&admin)).0, 200);
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&admin)).0, 202);
        let over = |id: &str| {
            wait_for("it is over", || {
                let (_, run) = answer(maid.get(&format!("/runs/{id}")).bearer_auth(&admin));
                ["failed", "completed"].map(Value::from).contains(&run["status"]).then_some(run)
            })
        };
        for id in [&of_key, &of_user] {
            let run = over(id);
            let why = run["ended_because"].as_str().expect("why");
            assert!(why.contains("may start no runs any more"), "{run}");
            assert_eq!(run["requests"], 0, "{run}");
        }
        assert_eq!(over(&of_admin)["status"], "completed", "the others are not held up");
    });
}
