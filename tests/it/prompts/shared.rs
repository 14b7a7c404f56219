//! Prompts that go around: forked with what they were made from, shown to the tenant, shown by a link.

use serde_json::{Value, json};

use super::{ids, prompt, put, share, stored};
use crate::{
    server::on_each_database,
    support::{
        people::{PASSWORD, admin, asking, command, delete, token, until_audited, user},
        server::{Maid, answer},
    },
};

/// What a link shows to somebody who is nobody.
fn follow(maid: &Maid, link: &str) -> (u16, Value) {
    answer(maid.http.get(format!("{}{link}", maid.url)))
}

#[test]
fn a_fork_says_what_it_was_made_from() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (erin, emil) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "emil", "editor"));
        let fork = |who: &str, of: &str, body: Value| {
            let (status, made) = answer(maid.post(&format!("/prompts/{of}/fork"), &body).bearer_auth(who));
            assert_eq!(status, 201, "{made}");
            made["id"].as_str().expect("an id").to_owned()
        };
        let get = |who: &str, id: &str| answer(maid.get(&format!("/prompts/{id}")).bearer_auth(who));

        let (_, original) = get(&erin, "analyse-run");
        assert_eq!((&original["built_in"], &original["owner"]), (&json!(true), &Value::Null));
        let first = fork(&erin, "analyse-run", json!({"title": "Analyse, our way"}));
        let (_, shown) = get(&erin, &first);
        assert_eq!(shown["forked_from"], json!({"id": "analyse-run", "version": 1}));
        assert_eq!((&shown["title"], &shown["text"]), (&json!("Analyse, our way"), &original["text"]));
        assert_eq!((&shown["built_in"], &shown["visibility"]), (&json!(false), &json!("private")));

        assert_eq!(
            answer(put(&maid, &format!("/prompts/{first}"), &prompt("Mine")).bearer_auth(&erin)).0,
            200
        );
        share(&maid, &erin, &first, "tenant");
        let second = fork(&emil, &first, json!({"version": 1}));
        let (_, shown) = get(&emil, &second);
        assert_eq!(shown["forked_from"], json!({"id": first, "version": 1}));
        assert_eq!(shown["text"], original["text"], "it is of the version that was asked for");
        let third = fork(&emil, &first, json!({}));
        assert_eq!(get(&emil, &third).1["title"], "Mine");
        assert_eq!(get(&emil, &third).1["forked_from"]["version"], 2);

        assert_eq!(answer(delete(&maid, &format!("/prompts/{first}")).bearer_auth(&erin)).0, 204);
        assert_eq!(get(&emil, &second).1["forked_from"]["id"], json!(first), "it stays when the other goes");
        assert_eq!(
            answer(maid.post("/prompts/analyse-run/fork", &json!({"version": 2})).bearer_auth(&emil)).0,
            404
        );
        let long = json!({"title": "x".repeat(201)});
        assert_eq!(answer(maid.post("/prompts/analyse-run/fork", &long).bearer_auth(&emil)).0, 422);
        until_audited(&maid, &admin, "prompt.create", 3);
    });
}

#[test]
fn a_link_shows_one_prompt_until_it_is_ended() {
    on_each_database(|home| {
        let start = asking(home).with("MAID__TELEMETRY__LOG", "info");
        let maid = start.start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let id = stored(&maid, &erin, &prompt("For everybody"));
        let first = share(&maid, &erin, &id, "public");
        let first = first.as_str().expect("a link");
        let (status, shown) = follow(&maid, first);
        assert_eq!(status, 200, "{shown}");
        assert_eq!(shown, prompt("For everybody"), "the prompt, and nothing of whose it is");

        // A repeated request shares once, and does not show the link again.
        let again = || {
            let request = maid.post(&format!("/prompts/{id}/share"), &json!({"visibility": "public"}));
            answer(request.bearer_auth(&erin).header("idempotency-key", "once"))
        };
        let (_, second) = again();
        assert_eq!(again().1, json!({"visibility": "public", "link": null}));
        let second = second["link"].as_str().expect("a link").to_owned();
        assert_eq!(follow(&maid, first).0, 404, "sharing anew ends the link before");
        assert_eq!(follow(&maid, &second).0, 200);

        let mut changed = second.clone();
        let digit = changed.pop().expect("it is long");
        changed.push(if digit == 'a' { 'b' } else { 'a' });
        for wrong in [changed.as_str(), "/api/maid/prompts/shared/maid_prompt_", "/api/maid/prompts/shared/x"]
        {
            assert_eq!(follow(&maid, wrong).0, 404, "{wrong}");
        }
        // It is good for nothing else.
        let last = second.rsplit('/').next().expect("it has parts");
        assert_eq!(answer(maid.get("/prompts").bearer_auth(last)).0, 401);

        assert_eq!(maid.said().matches("maid_prompt_").count(), 0, "no link is in the log");
        assert!(maid.said().contains("/prompts/shared/maid_***"), "{}", maid.said());
        assert_eq!(maid.terminate(), Some(0));
        let maid = start.start();
        assert_eq!(follow(&maid, &second).0, 200, "it outlives the server");
        let erin = token(&maid, "erin", PASSWORD);
        for visibility in ["tenant", "private"] {
            share(&maid, &erin, &id, visibility);
            assert_eq!(follow(&maid, &second).0, 404, "{visibility} ends it");
        }
        until_audited(&maid, &token(&maid, "admin", PASSWORD), "prompt.share", 4);
    });
}

#[test]
fn tenants_see_nothing_of_each_other() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
        assert_eq!(command(home, &create, PASSWORD).0, 0);
        let sam = token(&maid, "acme/sam", PASSWORD);
        let id = stored(&maid, &erin, &prompt("Zollamt"));
        share(&maid, &erin, &id, "public");
        let place = format!("/prompts/{id}");
        for (path, body) in [
            ("/fork", json!({})),
            ("/share", json!({"visibility": "private"})),
            ("/restore", json!({"version": 1})),
            ("/preview", json!({"examples": true})),
            ("/use", json!({})),
        ] {
            assert_eq!(
                answer(maid.post(&format!("{place}{path}"), &body).bearer_auth(&sam)).0,
                404,
                "{path}"
            );
        }
        for path in ["", "/versions", "/versions/1", "/diff?from=1"] {
            assert_eq!(answer(maid.get(&format!("{place}{path}")).bearer_auth(&sam)).0, 404, "{path}");
        }
        assert_eq!(answer(put(&maid, &place, &prompt("x")).bearer_auth(&sam)).0, 404);
        assert_eq!(answer(put(&maid, &format!("{place}/favourite"), &json!({})).bearer_auth(&sam)).0, 404);
        assert_eq!(answer(delete(&maid, &place).bearer_auth(&sam)).0, 404);
        let find = |path: &str| answer(maid.get(path).bearer_auth(&sam)).1;
        assert_eq!(ids(&find("/prompts/search?q=zollamt")), [""; 0]);
        assert!(!ids(&find("/prompts?limit=200")).contains(&id.as_str()));
        assert_eq!(answer(maid.get(&place).bearer_auth(&erin)).0, 200);
    });
}
