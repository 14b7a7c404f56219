//! Users: the first one, those who are made, invited and kept out.

use std::time::Instant;

use serde_json::json;

use super::{PASSWORD, admin, answer, asking, audited, login, patch, token, until_audited, user};
use crate::server::on_each_database;

#[test]
fn the_first_start_makes_an_admin_and_shows_the_password_once() {
    on_each_database(|home| {
        let start = home.start().with("MAID__AUTH__REQUIRED", "true");
        let maid = start.start();
        let said = maid.said();
        let password = said.split("admin, password ").nth(1).and_then(|rest| rest.split(' ').next());
        let password = password.unwrap_or_else(|| panic!("no password in {said}")).to_owned();
        let (status, me) = answer(maid.get("/auth/me").bearer_auth(token(&maid, "admin", &password)));
        assert_eq!((status, &me["name"], &me["role"]), (200, &json!("admin"), &json!("admin")));
        assert_eq!(maid.terminate(), Some(0));
        let again = start.start();
        assert!(!again.said().contains("password"), "{}", again.said());
        assert_eq!(login(&again, "admin", &password).0, 200);
        assert!(!std::fs::read_dir(home.folder.path().join("data")).expect("a folder").any(|file| {
            let text = std::fs::read(file.expect("a file").path()).unwrap_or_default();
            String::from_utf8_lossy(&text).contains(&password)
        }));
    });
}

#[test]
fn a_weak_first_password_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = crate::support::server::Start::in_folder(folder.path())
        .with("MAID__AUTH__REQUIRED", "true")
        .with("MAID__AUTH__ADMIN_PASSWORD", "administrator1");
    let said = start.attempt().expect_err("it does not start");
    assert!(said.contains("is among the passwords that are tried first"), "{said}");
    assert!(!said.contains("administrator1"), "{said}");
}

#[test]
fn nobody_learns_who_exists() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        user(&maid, &admin, "eve", "viewer");
        let (_, users) = answer(maid.get("/users").bearer_auth(&admin));
        let id = users["items"][1]["id"].as_str().expect("an id").to_owned();
        let disabled = patch(&maid, &format!("/users/{id}"), &json!({"status": "disabled"}));
        assert_eq!(answer(disabled.bearer_auth(&admin)).0, 200);
        let wrong =
            [("admin", "not the password"), ("nobody", PASSWORD), ("eve", PASSWORD), ("x/admin", PASSWORD)];
        let mut answers: Vec<_> = wrong.iter().map(|(name, password)| login(&maid, name, password)).collect();
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!((answers[0].0, &answers[0].1["code"]), (401, &json!("unauthenticated")));
        let failed = until_audited(&maid, &admin, "login.failed", wrong.len());
        assert!(failed.iter().all(|entry| entry["outcome"] == "denied" && entry["address"] == "127.0.0.1"));
    });
}

#[test]
fn users_are_made_changed_and_kept_out() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let alice = user(&maid, &admin, "Alice", "viewer");
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&alice)).0, 403);
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&alice));
        let place = format!("/users/{}", me["id"].as_str().expect("an id"));
        // What a role allows is looked up, so a token that is out follows it.
        let (status, changed) =
            answer(patch(&maid, &place, &json!({"role": "operator"})).bearer_auth(&admin));
        assert_eq!((status, &changed["role"]), (200, &json!("operator")));
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&alice)).0, 409);

        let taken = json!({"username": "ALICE", "role": "viewer", "password": PASSWORD});
        let (status, body) = answer(maid.post("/users", &taken).bearer_auth(&admin));
        assert_eq!((status, &body["code"]), (409, &json!("name_taken")));
        for (wrong, place) in [
            (json!({"username": "a b", "role": "viewer", "password": PASSWORD}), "username"),
            (json!({"username": "bob", "role": "viewer", "password": "short"}), "password"),
            (json!({"username": "bob", "role": "viewer", "email": "no address"}), "email"),
        ] {
            let (status, body) = answer(maid.post("/users", &wrong).bearer_auth(&admin));
            assert_eq!((status, &body["errors"][0]["path"]), (422, &json!(place)), "{body}");
        }
        let (status, body) = answer(patch(&maid, &place, &json!({"status": "disabled"})).bearer_auth(&admin));
        assert_eq!((status, &body["status"]), (200, &json!("disabled")));
        assert_eq!(answer(maid.get("/status").bearer_auth(&alice)).0, 401);
        assert_eq!(login(&maid, "alice", PASSWORD).0, 401);
        let enabled = json!({"status": "active", "password": "another fine phrase"});
        assert_eq!(answer(patch(&maid, &place, &enabled).bearer_auth(&admin)).0, 200);
        assert_eq!(answer(maid.get("/status").bearer_auth(&alice)).0, 401, "the old session stays ended");
        assert_eq!(login(&maid, "ALICE", "another fine phrase").0, 200);

        let changes = audited(&maid, &admin, "user.change");
        let detail = &changes[changes.len() - 1]["detail"];
        assert_eq!(
            (&detail["before"]["role"], &detail["after"]["role"]),
            (&json!("viewer"), &json!("operator"))
        );
        assert!(!format!("{changes:?}").contains("fine phrase"));
    });
}

#[test]
fn an_invitation_is_good_once() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let new = json!({"username": "bob", "role": "editor"});
        let invite = || maid.post("/users", &new).bearer_auth(&admin).header("idempotency-key", "bob");
        let (status, made) = answer(invite());
        assert_eq!((status, &made["status"]), (201, &json!("invited")), "{made}");
        let invitation = made["invitation"].as_str().expect("an invitation");
        let (_, again) = answer(invite());
        assert_eq!((&again["id"], &again["invitation"]), (&made["id"], &json!(null)), "it is shown once");
        assert_eq!(login(&maid, "bob", PASSWORD).0, 401);

        let register = |name: &str, invitation: &str| {
            let who = json!({"username": name, "password": PASSWORD, "invitation": invitation});
            answer(maid.post("/auth/register", &who))
        };
        assert_eq!(register("eve", invitation).0, 401, "it is for bob");
        assert_eq!(register("bob", &format!("{}0", &invitation[..invitation.len() - 1])).0, 401);
        let (status, bob) = register("bob", invitation);
        assert_eq!(
            (status, &bob["status"], &bob["role"]),
            (201, &json!("active"), &json!("editor")),
            "{bob}"
        );
        assert_eq!(register("bob", invitation).0, 401, "it is used");
        assert_eq!(login(&maid, "bob", PASSWORD).0, 200);
        let stranger = json!({"username": "carol", "password": PASSWORD});
        assert_eq!(answer(maid.post("/auth/register", &stranger)).0, 403, "registration is closed");
    });
}

#[test]
fn who_registers_waits_for_an_admin() {
    on_each_database(|home| {
        let maid = asking(home).with("MAID__AUTH__REGISTRATION", "open").start();
        let admin = admin(&maid);
        let who = json!({"username": "carol", "password": PASSWORD});
        let (status, carol) = answer(maid.post("/auth/register", &who));
        assert_eq!((status, &carol["status"], &carol["role"]), (201, &json!("pending"), &json!("viewer")));
        assert_eq!(login(&maid, "carol", PASSWORD).0, 401);
        let place = format!("/users/{}", carol["id"].as_str().expect("an id"));
        assert_eq!(answer(patch(&maid, &place, &json!({"status": "active"})).bearer_auth(&admin)).0, 200);
        assert_eq!(login(&maid, "carol", PASSWORD).0, 200);
    });
}

#[test]
fn the_last_admin_stays_one() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let first = admin(&maid);
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&first));
        let place = format!("/users/{}", me["id"].as_str().expect("an id"));
        for change in [json!({"role": "viewer"}), json!({"status": "disabled"})] {
            let (status, body) = answer(patch(&maid, &place, &change).bearer_auth(&first));
            assert_eq!((status, &body["code"]), (409, &json!("last_admin")));
        }
        let second = user(&maid, &first, "second", "admin");
        assert_eq!(answer(patch(&maid, &place, &json!({"role": "viewer"})).bearer_auth(&second)).0, 200);
        assert_eq!(answer(maid.get("/users").bearer_auth(&first)).0, 403);
    });
}

#[test]
fn what_can_be_no_name_is_answered_like_any_other() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let usual = login(&maid, "nobody", PASSWORD);
        for strange in ["a\0b", "t\0/b", "/", "", "a/b/c", "ä", "x".repeat(180).as_str()] {
            assert_eq!(login(&maid, strange, PASSWORD), usual, "{strange:?}");
        }
    });
}

/// Also where hashing costs another time than it did: what was hashed before is checked as before.
#[test]
fn whether_there_is_a_user_cannot_be_told_by_the_time_it_takes() {
    on_each_database(|home| {
        let maid = asking(home).with("MAID__AUTH__PASSWORD__ITERATIONS", 20).start();
        user(&maid, &admin(&maid), "bert", "viewer");
        assert_eq!(maid.terminate(), Some(0));
        let maid = asking(home).start();
        let shortest = |name: &str| {
            let takes = || {
                let begun = Instant::now();
                assert_eq!(login(&maid, name, "a wrong guess").0, 401);
                begun.elapsed()
            };
            (0..3).map(|_| takes()).min().expect("three")
        };
        let (known, unknown) = (shortest("bert"), shortest("anna"));
        assert!(unknown > known / 2 && known > unknown / 2, "{known:?} and {unknown:?}");
        // With the parameters of today it is ten times faster: the comparison is one of something.
        let today = shortest("zoe");
        assert!(today < known / 3, "{today:?} and {known:?}");
    });
}

#[test]
fn everybody_of_a_tenant_is_told_who_others_are_by_name_alone() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let vera = user(&maid, &admin, "vera", "viewer");
        let (_, users) = answer(maid.get("/users").bearer_auth(&admin));
        let ids: Vec<_> = users["items"].as_array().expect("users").iter().map(|user| &user["id"]).collect();
        let [first, second] = [ids[0], ids[1]].map(|id| id.as_str().expect("an id").to_owned());
        let ask = |ids: &str| answer(maid.get(&format!("/users/names?ids={ids}")).bearer_auth(&vera));
        let gone = "01980000-0000-7000-8000-000000000001";
        let (status, mut names) = ask(&[first.as_str(), gone, &second, &first].join(","));
        assert_eq!(status, 200, "{names}");
        names["items"].as_array_mut().expect("names").sort_by_key(|name| name["username"].to_string());
        let told = [json!({"id": first, "username": "admin"}), json!({"id": second, "username": "vera"})];
        assert_eq!(names["items"], json!(told), "each once, and nothing but the name");

        for (ids, words) in [
            (String::new(), "has ``"),
            (format!("{first},admin"), "has `admin`"),
            (vec![gone; 101].join(","), "at most 100"),
        ] {
            let (status, refused) = ask(&ids);
            let message = refused["errors"][0]["message"].as_str().unwrap_or_default();
            assert_eq!((status, &refused["errors"][0]["path"]), (400, &json!("ids")), "{refused}");
            assert!(message.contains(words), "{refused}");
        }
        assert_eq!(answer(maid.get(&format!("/users/names?ids={first}"))).0, 401);
    });
}

#[test]
fn people_are_found_by_a_part_of_their_names() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        for name in ["Anna", "anna_b", "annaxb", "bert", "oneil@x"] {
            user(&maid, &admin, name, "viewer");
        }
        let found = |name: &str, more: &str| {
            let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let (status, users) = answer(maid.get(&format!("/users?{more}&name={name}")).bearer_auth(&admin));
            assert_eq!(status, 200, "{users}");
            users
        };
        let names = |name: &str| {
            let users = found(name, "limit=200");
            let items = users["items"].as_array().expect("a list").iter();
            items.map(|user| user["username"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("ANN"), ["Anna", "anna_b", "annaxb"]);
        assert_eq!(names("a_b"), ["anna_b"], "no wildcard");
        for nobody in ["%", "\\", "' OR 1=1 --", "\0", "zoe"] {
            assert!(names(nobody).is_empty(), "{nobody:?}");
        }
        assert_eq!(names("").len(), 6);
        let (status, long) = answer(maid.get(&format!("/users?name={}", "_".repeat(65))).bearer_auth(&admin));
        assert_eq!((status, &long["errors"][0]["path"]), (400, &json!("name")), "{long}");
        // A page goes on with those of the same name, and with no others.
        let first = found("ann", "limit=2");
        let next = first["next_cursor"].as_str().expect("one more");
        let second = found("ann", &format!("cursor={next}"));
        assert_eq!(
            (&second["items"][0]["username"], &second["next_cursor"]),
            (&json!("annaxb"), &json!(null))
        );
        let other = maid.get(&format!("/users?cursor={next}&name=bert"));
        assert_eq!(answer(other.bearer_auth(&admin)).1["code"], "bad_cursor");
    });
}
