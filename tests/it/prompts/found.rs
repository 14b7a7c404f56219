//! Prompts that are listed, found and marked.

use serde_json::{Value, json};

use super::{ids, prompt, put, share, stored};
use crate::{
    server::on_each_database,
    support::{
        people::{admin, asking, delete, user},
        server::answer,
    },
};

#[test]
fn what_fits_best_comes_first_and_built_in_ones_are_among_them() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (erin, emil) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "emil", "editor"));
        let make = |title: &str, description: &str, tags: &[&str]| {
            let mut new = prompt(title);
            (new["description"], new["tags"]) = (json!(description), json!(tags));
            stored(&maid, &erin, &new)
        };
        let title = make("Zollamt im Herbst", "Ein Antrag.", &["amt"]);
        let tagged = make("Antrag", "Im Herbst, größer.", &["zollamt"]);
        let told = make("Formular", "Geht auch zum Zollamt.", &["amt"]);
        let find = |who: &str, query: &str| {
            let (status, page) = answer(maid.get(&format!("/prompts/search?{query}")).bearer_auth(who));
            assert_eq!(status, 200, "{page}");
            page
        };
        assert_eq!(ids(&find(&erin, "q=zollamt")), [&title, &tagged, &told]);
        assert_eq!(ids(&find(&erin, "q=ZOLL%20antr")), [&tagged, &title]);
        assert_eq!(ids(&find(&erin, "q=gr%C3%B6%C3%9Fer")), [&tagged]);
        assert_eq!(ids(&find(&erin, "q=zollamt&tag=amt")), [&title, &told]);
        assert_eq!(ids(&find(&erin, "q=zollamt&category=report")), [""; 0]);
        assert_eq!(ids(&find(&emil, "q=zollamt")), [""; 0], "they are private");
        share(&maid, &erin, &told, "tenant");
        assert_eq!(ids(&find(&emil, "q=zollamt")), [&told]);
        assert_eq!(ids(&find(&emil, "q=zollamt&source=own")), [""; 0]);
        assert_eq!(ids(&find(&admin, "q=zollamt")).len(), 3);

        // Page by page it is the same.
        let whole = find(&erin, "q=run&limit=200");
        assert!(ids(&whole).contains(&"compare-runs") && ids(&whole).contains(&"analyse-run"), "{whole}");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = find(&erin, &format!("q=run&limit=2{cursor}"));
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ids(&whole));

        assert_eq!(
            answer(put(&maid, &format!("/prompts/{title}"), &prompt("Hafen")).bearer_auth(&erin)).0,
            200
        );
        assert_eq!(ids(&find(&erin, "q=zollamt")), [&tagged, &told], "old words are forgotten");
        assert_eq!(answer(delete(&maid, &format!("/prompts/{tagged}")).bearer_auth(&erin)).0, 204);
        assert_eq!(ids(&find(&erin, "q=zollamt")), [&told]);
        for wrong in [
            "q=",
            "q=--",
            "q=%25",
            "q=a&tag=A%20B",
            "q=a&limit=0",
            "category=report",
            "q=a&cursor=x",
            "q=a&sort=up",
        ] {
            let (status, problem) = answer(maid.get(&format!("/prompts/search?{wrong}")).bearer_auth(&erin));
            assert_eq!(status, 400, "{wrong}: {problem}");
        }
    });
}

#[test]
fn lists_are_paged_and_filtered() {
    on_each_database(|home| {
        let maid = home.start().start();
        let make = |title: &str| answer(maid.post("/prompts", &prompt(title))).1["id"].clone();
        let made: Vec<Value> = ["One", "Two", "Three"].map(make).to_vec();
        let list = |query: &str| {
            let (status, page) = answer(maid.get(&format!("/prompts?{query}")));
            assert_eq!(status, 200, "{page}");
            page
        };
        let whole = list("limit=200");
        let all = ids(&whole);
        assert_eq!(all[..3], [&made[2], &made[1], &made[0]], "the newest first, built-in ones last");
        assert!(all.len() >= 25, "{}", all.len());
        for limit in [1, 2, 3, 7] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = list(&format!("limit={limit}{cursor}"));
                assert!(ids(&page).len() <= limit);
                seen.extend(ids(&page).into_iter().map(str::to_owned));
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen, all, "{limit} at a time");
        }
        let counted = |query: &str| ids(&list(query)).len();
        assert_eq!(counted("source=own"), 3);
        assert_eq!(counted("source=others"), 0);
        assert_eq!(counted("source=built_in&limit=200"), all.len() - 3);
        assert_eq!(counted("tag=nightly"), 4, "ours, and a built-in one");
        assert_eq!(ids(&list("tag=deutsch&limit=200")).len(), 3);
        let of_kind = |kind: &str| {
            let page = list(&format!("category={kind}&limit=200"));
            assert!(page["items"].as_array().expect("a list").iter().all(|item| item["category"] == kind));
            ids(&page).len()
        };
        let kinds = ["describe", "refine", "analyse", "compare", "report"].map(of_kind);
        assert_eq!(kinds.iter().sum::<usize>(), all.len());
        for wrong in ["category=x", "source=x", "tag=%25", "cursor=x", "colour=red"] {
            assert_eq!(answer(maid.get(&format!("/prompts?{wrong}"))).0, 400, "{wrong}");
        }
        for id in ["7", "analyse-runs", "0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a", "%00", "..%2f..%2fetc"] {
            assert_eq!(answer(maid.get(&format!("/prompts/{id}"))).0, 404, "{id}");
        }
    });
}

#[test]
fn a_mark_is_somebodys_own() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (erin, vera) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "vera", "viewer"));
        let id = stored(&maid, &erin, &prompt("Shared"));
        share(&maid, &erin, &id, "tenant");
        let mark = |who: &str, id: &str| {
            answer(put(&maid, &format!("/prompts/{id}/favourite"), &json!({})).bearer_auth(who)).0
        };
        let marked = |who: &str| {
            let (_, page) = answer(maid.get("/prompts?favourite=true").bearer_auth(who));
            ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        for _ in 0..2 {
            assert_eq!((mark(&vera, &id), mark(&vera, "analyse-run")), (204, 204), "a viewer may, and twice");
        }
        assert_eq!(marked(&vera), [id.as_str(), "analyse-run"]);
        assert_eq!(marked(&erin), [""; 0]);
        let (_, shown) = answer(maid.get("/prompts/analyse-run").bearer_auth(&vera));
        assert_eq!(shown["favourite"], true);
        let (_, found) = answer(maid.get("/prompts/search?q=analyse&favourite=true").bearer_auth(&vera));
        assert_eq!(ids(&found), ["analyse-run"]);
        let (_, others) = answer(maid.get("/prompts?favourite=false&limit=200").bearer_auth(&vera));
        assert!(!ids(&others).contains(&"analyse-run") && !ids(&others).contains(&id.as_str()));
        let unmark = delete(&maid, "/prompts/analyse-run/favourite").bearer_auth(&vera);
        assert_eq!(answer(unmark).0, 204);
        assert_eq!(marked(&vera), [id.as_str()]);
        share(&maid, &erin, &id, "private");
        assert_eq!(marked(&vera), [""; 0], "what is private again is not seen by a mark");
        assert_eq!(mark(&vera, &id), 404);
    });
}
