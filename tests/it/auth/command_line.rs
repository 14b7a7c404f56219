//! `maid user`, `maid key` and `maid audit`, on a database with a server and without.

use serde_json::{Value, json};

use super::{PASSWORD, answer, asking, command, login};
use crate::server::on_each_database;

#[test]
fn identities_are_administered_without_a_server() {
    on_each_database(|home| {
        let told = |arguments: &[&str], stdin: &str| {
            let (code, stdout, stderr) = command(home, arguments, stdin);
            assert_eq!(code, 0, "{arguments:?}: {stderr}");
            (stdout, stderr)
        };
        let maid = asking(home).start();
        told(&["user", "create", "olga", "--role", "operator", "--password-stdin"], PASSWORD);
        assert_eq!(login(&maid, "olga", PASSWORD).0, 200);
        let (invitation, _) = told(&["user", "create", "ines", "--role", "viewer"], "");
        assert!(invitation.starts_with("maid_invite_"), "{invitation}");
        let (key, said) = told(&["key", "create", "ci", "--user", "olga", "--scope", "maid.write"], "");
        let key = key.trim();
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(key)).0, 409);
        let id = said.split("key ").nth(1).and_then(|rest| rest.split(';').next()).expect("an id");
        told(&["key", "revoke", id], "");
        // Another process has revoked it: this one looks again within a moment.
        crate::support::server::wait_for("it is refused", || {
            (answer(maid.post("/stop", &json!({})).bearer_auth(key)).0 == 401).then_some(())
        });
        told(&["user", "set", "olga", "--disable"], "");
        assert_eq!(login(&maid, "olga", PASSWORD).0, 401);
        told(&["user", "set", "admin", "--password-stdin"], "a way back in again\n");
        assert_eq!(login(&maid, "admin", "a way back in again").0, 200);

        let (users, _) = told(&["user", "list", "--form", "json"], "");
        let users: Value = serde_json::from_str(&users).expect("JSON");
        let names: Vec<_> =
            users.as_array().expect("a list").iter().map(|user| user["username"].clone()).collect();
        assert_eq!(names, [json!("admin"), json!("ines"), json!("olga")]);
        let (keys, _) = told(&["key", "list"], "");
        assert!(keys.contains("revoked") && !keys.contains(key), "{keys}");
        let (log, _) = told(&["audit", "list", "--form", "json"], "");
        for action in ["user.create", "user.change", "apikey.create", "apikey.revoke"] {
            assert!(log.contains(action), "{action} in {log}");
        }
        assert!(!log.contains(key) && !log.contains(PASSWORD) && !log.contains("a way back in"), "{log}");
        let (verdict, _) = told(&["audit", "verify"], "");
        assert!(verdict.contains("sound"), "{verdict}");
    });
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    on_each_database(|home| {
        for (arguments, stdin, message) in [
            (vec!["user", "set", "nobody", "--disable"], "", "there is no such user"),
            (vec!["user", "create", "a b", "--role", "viewer"], "", "letters, digits"),
            (vec!["user", "create", "bob", "--role", "viewer", "--password-stdin"], "short", "12 characters"),
            (vec!["user", "create", "bob", "--role", "boss"], "", "[possible values: viewer"),
            (
                vec!["key", "create", "k", "--user", "nobody", "--scope", "maid.read"],
                "",
                "there is no such user",
            ),
            (
                vec!["key", "create", "k", "--user", "nobody", "--scope", "maid.all"],
                "",
                "known are maid.read",
            ),
            (vec!["key", "revoke", "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a"], "", "there is no such API key"),
        ] {
            let (code, stdout, stderr) = command(home, &arguments, stdin);
            assert!(code != 0 && stdout.is_empty() && stderr.contains(message), "{arguments:?}: {stderr}");
        }
    });
}
