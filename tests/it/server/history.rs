//! The history: pages, order, filters, baselines, deletion, trimming.

use serde_json::{Value, json};

use super::{Home, Maid, answer, loadtest, on_each_database, shop};

/// A server with some short runs in its history, oldest first.
fn with_runs(home: &Home, names: &[&str]) -> (maid::demo::Shop, Maid, Vec<String>) {
    let (shop, maid) = (shop(), home.start().start());
    let ids = names
        .iter()
        .map(|name| {
            let mut test = loadtest(&shop.url(), 1, "1s");
            test["name"] = json!(name);
            test["load"] = json!({"users": 1, "iterations": 3});
            let id = maid.run(&test);
            assert_eq!(maid.until_over(&id)["status"], "completed");
            super::wait_for("the place is free", || {
                (answer(maid.get("/status")).1["phase"] == "completed").then_some(())
            });
            id
        })
        .collect();
    (shop, maid, ids)
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|run| run["run_id"].as_str().expect("an id"))
        .collect()
}

#[test]
fn the_history_is_paged_sorted_and_filtered() {
    on_each_database(|home| {
        let (_shop, maid, all) = with_runs(home, &["b", "a", "c", "a"]);
        let get = |path: &str| answer(maid.get(path));
        let newest_first: Vec<&str> = all.iter().rev().map(String::as_str).collect();
        assert_eq!(ids(&get("/history").1), newest_first);
        let mut pages = Vec::new();
        let mut path = "/history?limit=3".to_owned();
        loop {
            let (status, page) = get(&path);
            assert_eq!(status, 200, "{page}");
            pages.extend(ids(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/history?limit=3&cursor={cursor}");
        }
        assert_eq!(pages, newest_first);
        let (_, named) = get("/history?sort=name");
        let names: Vec<&str> = named["items"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|run| run["name"].as_str())
            .collect();
        assert_eq!(names, ["a", "a", "b", "c"]);
        assert_eq!(ids(&get("/history?name=A&status=completed,stopped").1).len(), 2);
        assert_eq!(ids(&get("/history?status=failed").1).len(), 0);
        assert_eq!(ids(&get("/history?passed=true&baseline=false").1).len(), 4);
        let (_, first) = get("/history?limit=2&sort=name");
        let cursor = first["next_cursor"].as_str().expect("there is more");
        for (path, code) in [
            (format!("/history?limit=2&sort=-name&cursor={cursor}"), "bad_cursor"),
            (format!("/history?limit=2&sort=name&name=a&cursor={cursor}"), "bad_cursor"),
            ("/history?cursor=AAAA".to_owned(), "bad_cursor"),
            ("/history?limit=0".to_owned(), "bad_query"),
            ("/history?limit=201".to_owned(), "bad_query"),
            ("/history?sort=nmae".to_owned(), "bad_query"),
            ("/history?status=done".to_owned(), "bad_query"),
            ("/history?since=yesterday".to_owned(), "bad_query"),
            ("/history?nmae=x".to_owned(), "bad_query"),
        ] {
            let (status, problem) = get(&path);
            assert_eq!((status, &problem["code"]), (400, &json!(code)), "{path}: {problem}");
        }
    });
}

#[test]
fn a_baseline_is_compared_with_and_outlives_trimming() {
    on_each_database(|home| {
        let (shop, maid, all) = with_runs(home, &["a", "a", "a"]);
        let baseline = |id: &str| maid.http.put(format!("{}/api/maid/runs/{id}/baseline", maid.url));
        let (status, none) = answer(maid.get(&format!("/runs/compare?a=baseline&b={}", all[2])));
        assert_eq!((status, &none["code"]), (404, &json!("not_found")), "{none}");
        assert_eq!(answer(baseline(&all[1])).0, 204);
        assert_eq!(answer(baseline(&all[0])).0, 204, "the test has another baseline now");
        assert_eq!(ids(&answer(maid.get("/history?baseline=true")).1), [all[0].as_str()]);
        let (status, compared) = answer(maid.get(&format!("/runs/compare?a=baseline&b={}", all[2])));
        assert_eq!(status, 200, "{compared}");
        let (_, same) = answer(maid.get(&format!("/runs/compare?a={}&b={}", all[0], all[2])));
        assert_eq!(compared, same);
        drop(maid);
        let maid = home.start().with("MAID__HISTORY__MAX_RUNS", 1).start();
        let left = super::wait_for("the history is trimmed", || {
            let (_, page) = answer(maid.get("/history"));
            let left: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
            (left.len() == 2).then_some(left)
        });
        assert_eq!(left, [all[2].clone(), all[0].clone()]);
        drop(shop);
    });
}

#[test]
fn a_run_that_is_over_can_be_deleted() {
    on_each_database(|home| {
        let (shop, maid, all) = with_runs(home, &["a"]);
        let delete = |id: &str| answer(maid.http.delete(format!("{}/api/maid/runs/{id}", maid.url)));
        let active = maid.run(&loadtest(&shop.url(), 1, "10m"));
        let (status, refused) = delete(&active);
        assert_eq!((status, &refused["code"]), (409, &json!("run_unfinished")));
        assert_eq!(delete(&all[0]).0, 204);
        for (status, body) in [delete(&all[0]), answer(maid.get(&format!("/runs/{}", all[0])))] {
            assert_eq!((status, &body["code"]), (404, &json!("not_found")));
        }
        assert_eq!(delete("0").0, 400);
    });
}
