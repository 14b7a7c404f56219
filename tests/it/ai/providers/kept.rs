//! What the policy keeps: secrets, money, and everything while it is wrong.

use std::fs;

use serde_json::{Value, json};

use super::{REMOTE, chat, completion, once, start, write};
use crate::{
    server::{on_each_database, on_one_database},
    support::{
        byte_server::ByteServer,
        server::{answer, wait_for},
    },
};

#[test]
fn nothing_leaves_that_the_policy_keeps() {
    on_one_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let cases = [
            ("", "Hi", "privacy: local-only", 503),
            ("privacy: hybrid", "mail ada@example.com", "privacy: hybrid", 503),
            ("privacy: allow-api\nbudget: { per_answer: 0.00001 }", "Hi", "budget.per_answer", 403),
            ("privacy: allow-api\nbudget: { per_day: 0 }", "Hi", "budget.per_day", 403),
        ];
        for (policy, text, told, else_status) in cases {
            let maid = start(home, &stub, policy, "").start();
            let (status, problem) = chat(&maid, "stub", text, json!({}));
            assert_eq!(
                (status, problem["code"].as_str()),
                (403, Some("policy_refused")),
                "{told}: {problem}"
            );
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{problem}");
            // There is no model here: what is asked of nobody in particular stays all the same.
            let (status, problem) = chat(&maid, "default", text, json!({}));
            assert_eq!(status, else_status, "{told}: {problem}");
        }
        assert_eq!(stub.requests(), Vec::<String>::new(), "nothing was sent");
        let (status, problem) = {
            let maid = start(home, &stub, REMOTE, "").start();
            chat(&maid, "nobody/large", "Hi", json!({}))
        };
        assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")), "{problem}");
    });
}

#[test]
fn a_day_costs_what_it_may_and_no_more() {
    on_each_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let policy = format!("{REMOTE}\nbudget: {{ per_day: 0.0045 }}");
        // Each answer costs 0.002 dollars; the most that one of 50 tokens could cost is a little above 0.0001.
        let maid = start(home, &stub, &policy, "").start();
        let counted = |spent: f64| {
            wait_for("it is counted", || {
                let (_, shown) = answer(maid.get("/ai/status"));
                (shown["policy"]["spent_today"] == spent).then_some(())
            });
        };
        for (at, spent) in [0.002, 0.004, 0.006].into_iter().enumerate() {
            assert_eq!(chat(&maid, "stub", "Hi", json!({})).0, 200, "{at}");
            counted(spent);
        }
        let (status, problem) = chat(&maid, "stub", "Hi", json!({}));
        assert_eq!((status, problem["code"].as_str()), (403, Some("policy_refused")), "{problem}");
        drop(maid);
        let maid = start(home, &stub, &policy, "").start();
        assert_eq!(chat(&maid, "stub", "Hi", json!({})).0, 403, "a restart forgets nothing");
        assert_eq!(stub.requests().len(), 3);
    });
}

#[test]
fn a_policy_is_read_again_when_it_changes() {
    on_one_database(|home| {
        let stub = ByteServer::start(vec![once(completion("hello"))]);
        let maid = start(home, &stub, REMOTE, "").start();
        assert_eq!(chat(&maid, "default", "Hi", json!({})).0, 200);
        let file = home.folder.path().join("ai-policy.yaml");
        let status = |what: &str, of: fn(&Value) -> bool| {
            wait_for(what, || {
                let (_, shown) = answer(maid.get("/ai/status"));
                of(&shown["policy"]).then_some(shown)
            })
        };
        fs::write(&file, "privacy: alow-api").expect("written");
        let shown = status("it is refused", |policy| !policy["problem"].is_null());
        assert!(shown["policy"]["problem"].to_string().contains("alow-api"), "{shown}");
        assert_eq!(
            (&shown["policy"]["privacy"], &shown["policy"]["providers"]),
            (&json!("local-only"), &json!([]))
        );
        assert_eq!(
            chat(&maid, "default", "Hi", json!({})).0,
            503,
            "nothing leaves by a policy that is wrong"
        );
        write(&file, &stub, REMOTE, "");
        status("it is read again", |policy| policy["problem"].is_null());
        assert_eq!(chat(&maid, "default", "Hi", json!({})).0, 200);
        drop(maid);
        fs::write(&file, "providers: [{ id: a }]").expect("written");
        let start =
            home.start().with("MAID__AI__ENABLED", "true").with("MAID__AI__POLICY_FILE", file.display());
        let refused = start.attempt().expect_err("it does not start");
        assert!(
            refused.contains("ai-policy.yaml:1") && refused.contains("maid schema ai-policy"),
            "{refused}"
        );
    });
}
