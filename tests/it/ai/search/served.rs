//! The search over HTTP: what changes is found, what is nobody else's business is not, bad input is refused.

use serde_json::{Value, json};

use super::{find, ids, until};
use crate::{
    server::{loadtest, on_each_database, shop},
    support::{
        people::{admin, asking, command, delete, user},
        server::{answer, wait_for},
    },
};

fn prompt(title: &str) -> Value {
    json!({"title": title, "category": "describe", "text": "Describe a load test of the Zollamt."})
}

#[test]
fn what_people_write_is_found_by_those_who_may_see_it() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (erin, emil) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "emil", "editor"));
        let (_, made) = answer(maid.post("/prompts", &prompt("Zollamt im Herbst")).bearer_auth(&erin));
        let id = made["id"].as_str().expect("an id");
        let found = until(&maid, Some(&erin), "q=zollamt", |ids| ids == [id]);
        let hit = &found["items"][0];
        assert_eq!((&hit["kind"], &hit["title"]["text"]), (&json!("prompt"), &json!("Zollamt im Herbst")));
        assert_eq!(hit["title"]["marks"], json!([[0, 7]]));
        assert_eq!(found["degraded"], "no embedding model");
        assert_eq!(hit["ranks"], json!({"text": 1, "meaning": null}));
        assert_eq!(ids(&find(&maid, Some(&emil), "q=zollamt")), [""; 0], "it is private");
        assert_eq!(ids(&find(&maid, Some(&admin), "q=zollamt")), [id], "admins see all");
        let share = |to: &str| {
            let share = maid.post(&format!("/prompts/{id}/share"), &json!({"visibility": to}));
            assert_eq!(answer(share.bearer_auth(&erin)).0, 200);
        };
        share("tenant");
        assert_eq!(ids(&find(&maid, Some(&emil), "q=zollamt")), [id], "at once");
        share("private");
        assert_eq!(ids(&find(&maid, Some(&emil), "q=zollamt")), [""; 0], "at once");
        // Somebody of another tenant sees what MAID comes with, and nothing else.
        let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
        assert_eq!(command(home, &create, crate::support::people::PASSWORD).0, 0);
        let sam = crate::support::people::token(&maid, "acme/sam", crate::support::people::PASSWORD);
        assert_eq!(ids(&find(&maid, Some(&sam), "q=zollamt")), [""; 0]);
        assert!(ids(&find(&maid, Some(&sam), "q=checkout&kind=recipe")).contains(&"checkout"));

        let put = maid.http.put(format!("{}/api/maid/prompts/{id}", maid.url)).json(&json!({
            "title": "Hafen", "category": "describe", "text": "Describe a load test of the harbour."}));
        assert_eq!(answer(put.bearer_auth(&erin)).0, 200);
        until(&maid, Some(&erin), "q=harbour", |ids| ids == [id]);
        assert_eq!(ids(&find(&maid, Some(&erin), "q=zollamt")), [""; 0], "old words are forgotten");
        assert_eq!(answer(delete(&maid, &format!("/prompts/{id}")).bearer_auth(&erin)).0, 204);
        assert_eq!(ids(&find(&maid, Some(&erin), "q=harbour")), [""; 0], "at once");
    });
}

#[test]
fn runs_are_found_when_they_are_over_until_they_are_deleted() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut test = loadtest(&shop.url(), 1, "10m");
        test["load"] = json!({"users": 1, "iterations": 3});
        test["name"] = json!("Xylophone nightly");
        let id = maid.run(&test);
        maid.until_over(&id);
        let found = until(&maid, None, "q=xylophones&kind=run", |ids| ids == [id.as_str()]);
        assert!(
            found["items"][0]["snippet"]["text"].as_str().expect("a text").contains("completed"),
            "{found}"
        );
        assert_eq!(ids(&find(&maid, None, "q=products%20xylophone"))[0], id, "by what it requests");
        let (status, like) = answer(maid.get(&format!("/search/similar?run={id}")));
        assert_eq!((status, ids(&like).len()), (200, 0), "{like}");
        let (status, trend) = answer(maid.get("/search/trend?q=is%20xylophone%20slower%3F"));
        assert_eq!((status, &trend["verdict"]), (200, &json!("not_enough")), "{trend}");
        assert_eq!(answer(delete(&maid, &format!("/runs/{id}"))).0, 204);
        assert_eq!(ids(&find(&maid, None, "q=xylophone")), [""; 0], "with the run");
        assert_eq!(answer(maid.get(&format!("/search/similar?run={id}"))).0, 404);
    });
}

#[test]
fn what_was_found_in_a_run_is_found_with_it_and_goes_with_it() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let mut test = loadtest(&shop.url(), 2, "10m");
        test["load"] = json!({"users": 2, "iterations": 200});
        test["name"] = json!("Zeppelin nightly");
        test["scenarios"] = json!([{"name": "user", "transactions": [{"name": "lost",
            "requests": [{"path": "/nowhere"}]}]}]);
        let id = maid.run(&test);
        maid.until_over(&id);
        let of_it =
            |found: &[&str]| !found.is_empty() && found.iter().all(|one| one.starts_with(&format!("{id}/")));
        let found = until(&maid, None, "q=zeppelin%20nowhere&kind=finding", of_it);
        let hit = &found["items"][0];
        assert_eq!(hit["kind"], "finding", "{found}");
        assert!(hit["title"]["text"].as_str().is_some_and(|title| title.contains("404")), "{found}");
        let all = find(&maid, None, "q=zeppelin");
        assert!(ids(&all).contains(&id.as_str()), "beside the run: {all}");
        assert_eq!(answer(delete(&maid, &format!("/runs/{id}"))).0, 204);
        assert_eq!(ids(&find(&maid, None, "q=zeppelin")), [""; 0]);
    });
}

#[test]
fn pages_are_one_list_and_bad_input_is_refused() {
    on_each_database(|home| {
        let maid = home.start().start();
        until(&maid, None, "q=test&limit=200", |ids| ids.len() > 20);
        // The library may still be on its way into the index: then the pages are of another list than the whole.
        wait_for("the pages are the whole list", || {
            let whole = find(&maid, None, "q=test&limit=200");
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = find(&maid, None, &format!("q=test&limit=7{cursor}"));
                seen.extend(ids(&page).into_iter().map(str::to_owned));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            (seen == ids(&whole)).then_some(())
        });
        // What means something to a database means nothing here but words.
        for odd in [
            "%22",
            "check%2A",
            "NEAR(a%20b)",
            "a%20AND%20NOT%20b",
            "-x",
            "%28%28",
            "title%3Acheckout",
            "%27%3B--a",
            "check%E2%80%8Bout",
            "%E8%B2%A0%E8%8D%B7",
            "%D0%BA%D0%BE%D1%80%D0%B7%D0%B8%D0%BD%D0%B0",
            "the%20of",
        ] {
            let (status, body) = answer(maid.get(&format!("/search?q={odd}")));
            let wordless = ["%22", "%28%28"].contains(&odd);
            assert_eq!(status, if wordless { 400 } else { 200 }, "{odd}: {body}");
        }
        let hidden = find(&maid, None, "q=check%E2%80%8Bout&kind=recipe");
        assert_eq!(ids(&hidden)[0], "checkout", "what nobody sees cuts no word in two");
        let long = format!("q={}", "word%20".repeat(300));
        for wrong in [
            "",
            "q=",
            "q=%E2%80%8B",
            "q=a&kind=x",
            "q=a&limit=0",
            "q=a&limit=201",
            "q=a&cursor=x",
            "q=a&sort=up",
            &long,
        ] {
            let (status, problem) = answer(maid.get(&format!("/search?{wrong}")));
            assert_eq!(status, 400, "{wrong}: {problem}");
        }
        let huge = answer(maid.get(&format!("/search?q={}", "a".repeat(60_000)))).0;
        assert!([400, 414, 431].contains(&huge), "{huge}");
        for wrong in
            ["/search/trend?q=", "/search/recommend?host=nowhere", "/search/similar?run=7", "/search/similar"]
        {
            let (status, problem) = answer(maid.get(wrong));
            assert_eq!(status, 400, "{wrong}: {problem}");
        }
    });
}

#[test]
fn the_command_line_searches_and_makes_the_index_anew() {
    on_each_database(|home| {
        let (code, stdout, stderr) = command(home, &["search", "--kind", "recipe", "--json", "checkout"], "");
        assert_eq!(code, 0, "{stderr}");
        let found: Value = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!(found["items"][0]["id"], "checkout", "{found}");
        let (code, _, stderr) = command(home, &["search", "reindex"], "");
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("are searched"), "{stderr}");
        let (code, stdout, _) = command(home, &["search", "checkout"], "");
        assert!(code == 0 && stdout.contains("checkout"), "{stdout}");
        let (code, _, stderr) = command(home, &["search", "--", "--"], "");
        assert_eq!(code, 104, "{stderr}");
    });
}
