//! Sessions: tokens that are used once, cookies that only pages of MAID's own can use.

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use super::{PASSWORD, admin, answer, asking, audited, login, until_audited, user};
use crate::{
    server::on_each_database,
    support::{
        people::{delete, key},
        server::Maid,
    },
};

fn refresh(maid: &Maid, token: &Value) -> (u16, Value) {
    answer(maid.post("/auth/refresh", &json!({"refresh_token": token})))
}

#[test]
fn a_refresh_token_is_good_once_and_a_stolen_one_ends_the_session() {
    on_each_database(|home| {
        let start = asking(home);
        let maid = start.start();
        let (_, first) = login(&maid, "admin", PASSWORD);
        assert_eq!((&first["token_type"], &first["expires_in"]), (&json!("Bearer"), &json!(900)));
        let (status, second) = refresh(&maid, &first["refresh_token"]);
        assert_eq!(status, 200, "{second}");
        let access = second["access_token"].as_str().expect("a token").to_owned();
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&access)).0, 200);
        let port = maid.port();
        assert_eq!(maid.terminate(), Some(0));

        // Also after a restart it is known that the first one was used.
        let maid = start.port(port).start();
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&access)).0, 200, "a restart ends no session");
        let (status, body) = refresh(&maid, &first["refresh_token"]);
        assert_eq!(status, 401);
        assert!(body["detail"].as_str().is_some_and(|detail| detail.contains("was used before")), "{body}");
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&access)).0, 401, "whoever it was");
        assert_eq!(refresh(&maid, &second["refresh_token"]).0, 401);
        let admin = admin(&maid);
        until_audited(&maid, &admin, "session.reuse", 1);
        for garbage in ["", "maid_refresh_x", access.as_str()] {
            assert_eq!(refresh(&maid, &json!(garbage)).0, 401, "{garbage}");
        }
    });
}

#[test]
fn of_many_who_refresh_at_once_one_is_served() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let (_, first) = login(&maid, "admin", PASSWORD);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let all: Vec<_> =
                (0..8).map(|_| scope.spawn(|| refresh(&maid, &first["refresh_token"]).0)).collect();
            all.into_iter().map(|one| one.join().expect("it ends")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    });
}

#[test]
fn logging_out_ends_the_session_for_good() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let (_, session) = login(&maid, "admin", PASSWORD);
        let access = session["access_token"].as_str().expect("a token");
        let logout = maid.http.post(format!("{}/api/maid/auth/logout", maid.url)).bearer_auth(access);
        assert_eq!(logout.send().expect("an answer").status(), 204);
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(access)).0, 401);
        assert_eq!(refresh(&maid, &session["refresh_token"]).0, 401);
    });
}

#[test]
fn another_password_ends_all_other_sessions() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let mine = user(&maid, &admin, "alice", "viewer");
        let other = super::token(&maid, "alice", PASSWORD);
        let change = |current: &str, new: &str| {
            let body = json!({"current": current, "new": new});
            maid.post("/auth/password", &body).bearer_auth(&mine).send().expect("an answer").status().as_u16()
        };
        assert_eq!(change("wrong", "another fine phrase"), 422);
        assert_eq!(change(PASSWORD, "alice alice alice"), 422);
        let weak =
            maid.post("/auth/password", &json!({"current": PASSWORD, "new": "short"})).bearer_auth(&mine);
        assert_eq!(answer(weak).1["errors"][0]["path"], "new");
        assert_eq!(change(PASSWORD, "another fine phrase"), 204);
        let (status, me) = answer(maid.get("/auth/me").bearer_auth(&mine));
        assert_eq!((status, &me["provider"]), (200, &json!(null)), "{me}");
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&other)).0, 401);
        assert_eq!(login(&maid, "alice", PASSWORD).0, 401);
    });
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it_there() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let here = user(&maid, &admin, "alice", "viewer");
        let there = super::token(&maid, "alice", PASSWORD);
        let browser = json!({"username": "alice", "password": PASSWORD, "cookie": true});
        assert_eq!(answer(maid.post("/auth/login", &browser)).0, 200);
        let sessions = |token: &str, query: &str| {
            let (status, page) = answer(maid.get(&format!("/auth/sessions{query}")).bearer_auth(token));
            assert_eq!(status, 200, "{page}");
            page
        };
        let all = sessions(&here, "");
        let told: Vec<_> = all["items"].as_array().expect("a list").iter().collect();
        let kinds: Vec<_> = told.iter().map(|one| (&one["kind"], &one["current"])).collect();
        let (browser, program, yes, no) = (json!("browser"), json!("program"), json!(true), json!(false));
        assert_eq!(kinds, [(&browser, &no), (&program, &no), (&program, &yes)], "the newest first");
        assert!(told.iter().all(|one| one["address"] == "127.0.0.1"), "{all}");
        let first = sessions(&here, "?limit=2");
        let rest =
            sessions(&here, &format!("?limit=2&cursor={}", first["next_cursor"].as_str().expect("more")));
        assert_eq!((&rest["items"][0], &rest["next_cursor"]), (told[2], &json!(null)));

        let end = |token: &str, id: &Value| {
            let path = format!("/auth/sessions/{}", id.as_str().expect("an id"));
            answer(delete(&maid, &path).bearer_auth(token)).0
        };
        assert_eq!(end(&admin, &told[1]["id"]), 404, "not even an admin ends somebody else's");
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&there)).0, 200);
        assert_eq!(end(&here, &told[1]["id"]), 204);
        assert_eq!(answer(maid.get("/auth/me").bearer_auth(&there)).0, 401);
        assert_eq!(end(&here, &told[1]["id"]), 404, "it is over");
        assert_eq!(sessions(&here, "")["items"].as_array().map(Vec::len), Some(2));
        let (_, key) = key(&maid, &admin, &json!({"name": "k", "scopes": ["maid.admin"]}));
        assert_eq!(answer(maid.get("/auth/sessions").bearer_auth(key)).0, 403, "a leaked key sees none");
    });
}

#[test]
fn a_browser_is_known_by_a_cookie_that_only_own_pages_can_use() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let body = json!({"username": "admin", "password": PASSWORD, "cookie": true});
        let answered = maid.post("/auth/login", &body).send().expect("an answer");
        let cookie = answered.headers()[SET_COOKIE].to_str().expect("text").to_owned();
        for part in ["maid_session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let body: Value = answered.json().expect("JSON");
        assert_eq!((&body["access_token"], &body["token_type"]), (&Value::Null, &json!("Cookie")));
        let csrf = body["csrf_token"].as_str().expect("a token").to_owned();
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();

        let me = answer(maid.get("/auth/me").header(COOKIE, &cookie));
        assert_eq!((me.0, &me.1["csrf_token"]), (200, &json!(csrf)), "a page that was loaded anew learns it");
        let stop = || maid.post("/stop", &json!({})).header(COOKIE, &cookie);
        assert_eq!(answer(stop()).0, 403, "no page of MAID's own");
        assert_eq!(answer(stop().header("x-csrf-token", "0".repeat(64))).0, 403);
        assert_eq!(answer(stop().header("x-csrf-token", &csrf)).0, 409, "nothing runs");
        let own = maid.url.as_str();
        assert_eq!(answer(stop().header("x-csrf-token", &csrf).header("origin", own)).0, 409);
        for foreign in ["https://evil.example", "null", "http://127.0.0.1:1"] {
            assert_eq!(
                answer(stop().header("x-csrf-token", &csrf).header("origin", foreign)).0,
                403,
                "{foreign}"
            );
            let read = maid.get("/auth/me").header(COOKIE, &cookie).header("origin", foreign);
            assert_eq!(answer(read).0, 403, "{foreign}");
        }
        let logout = maid.http.post(format!("{own}/api/maid/auth/logout")).header(COOKIE, &cookie);
        let left = logout.header("x-csrf-token", &csrf).send().expect("an answer");
        assert_eq!(left.status(), 204);
        assert!(left.headers()[SET_COOKIE].to_str().expect("text").contains("Max-Age=0"));
        assert_eq!(answer(maid.get("/auth/me").header(COOKIE, &cookie)).0, 401);
    });
}

#[test]
fn guesses_are_slowed_and_the_owner_is_not_locked_out() {
    on_each_database(|home| {
        let maid = asking(home).start();
        assert_eq!(login(&maid, "admin", PASSWORD).0, 200);
        let statuses: Vec<u16> = (0..12).map(|_| login(&maid, "nobody", "a wrong guess").0).collect();
        assert!(statuses.contains(&429), "{statuses:?}");
        assert_eq!(login(&maid, "admin", PASSWORD).0, 200, "another account from the same address");
        let answered = maid.post("/auth/login", &json!({"username": "nobody", "password": "x"})).send();
        let answered = answered.expect("an answer");
        assert_eq!(answered.status(), 429);
        let wait: u64 = answered.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=61).contains(&wait), "{wait}");
    });
}

#[test]
fn a_token_says_what_it_is_good_for() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let alice = user(&maid, &admin, "alice", "viewer");
        let ask = |token: &str| {
            answer(maid.post("/auth/introspect", &json!({"token": token})).bearer_auth(&admin)).1
        };
        let known = ask(&alice);
        assert_eq!((&known["active"], &known["scope"]), (&json!(true), &json!("maid.read")), "{known}");
        assert_eq!(ask("garbage"), json!({"active": false}));
        assert_eq!(audited(&maid, &admin, "login.ok").len(), 2);
    });
}

/// A change of the password ends all sessions, also those that are just beginning with the old one.
#[test]
fn no_session_begun_with_the_old_password_outlives_its_change() {
    on_each_database(|home| {
        // Raised parameters: whoever signs in is hashed anew, which must not bring the old password back.
        let maid = asking(home).start();
        let first = admin(&maid);
        user(&maid, &first, "alice", "viewer");
        assert_eq!(maid.terminate(), Some(0));
        let maid = asking(home).with("MAID__AUTH__PASSWORD__ITERATIONS", 3).start();
        let admin = admin(&maid);
        let (_, users) = answer(maid.get("/users").bearer_auth(&admin));
        let place = format!("/users/{}", users["items"][1]["id"].as_str().expect("an id"));
        let begun: Vec<Value> = std::thread::scope(|scope| {
            let logins: Vec<_> = (0..4).map(|_| scope.spawn(|| login(&maid, "alice", PASSWORD).1)).collect();
            let change = json!({"password": "another fine phrase"});
            let changed = super::patch(&maid, &place, &change).bearer_auth(&admin);
            // Whoever was hashed anew meanwhile is looked at again.
            let status = answer(changed).0;
            let begun = logins.into_iter().map(|login| login.join().expect("it ends")).collect();
            if status != 200 {
                let again = super::patch(&maid, &place, &change).bearer_auth(&admin);
                assert_eq!(answer(again).0, 200);
            }
            begun
        });
        for session in begun.iter().filter_map(|session| session["access_token"].as_str()) {
            assert_eq!(answer(maid.get("/auth/me").bearer_auth(session)).0, 401);
        }
        assert_eq!(login(&maid, "alice", PASSWORD).0, 401);
        assert_eq!(login(&maid, "alice", "another fine phrase").0, 200);
    });
}

#[test]
fn the_current_password_is_not_guessed_faster_than_at_the_door() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        // The address is one of the account's own: it answers for its own failures alone, and has twenty.
        let statuses: Vec<u16> = (0..22)
            .map(|_| {
                let guess = json!({"current": "a wrong guess", "new": "another fine phrase"});
                answer(maid.post("/auth/password", &guess).bearer_auth(&admin)).0
            })
            .collect();
        let (guessed, told_to_wait) = statuses.split_at(20);
        assert!(guessed.iter().all(|status| *status == 422), "{statuses:?}");
        assert!(told_to_wait.iter().all(|status| *status == 429), "{statuses:?}");
        assert_eq!(until_audited(&maid, &admin, "user.password", 20)[0]["outcome"], "denied");
    });
}
