//! Requests that are sent again because their answer was lost.

use reqwest::blocking::{RequestBuilder, Response};
use serde_json::json;

use super::{answer, loadtest, on_each_database, shop};

fn twice(request: &RequestBuilder, key: &str) -> [Response; 2] {
    let send = || {
        let request = request.try_clone().expect("a body that can be sent twice");
        request.header("idempotency-key", key).send().expect("an answer")
    };
    [send(), send()]
}

fn is_replayed(response: &Response) -> bool {
    response.headers().contains_key("idempotency-replayed")
}

#[test]
fn every_change_is_made_once() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), home.start().start());
        let url = |path: &str| format!("{}/api{path}", maid.url);
        let id = maid.run(&loadtest(&shop.url(), 1, "1s"));
        maid.until_over(&id);
        maid.until_free(&id);

        // Without its key, the second would be refused: the tag is an old one by then.
        let tag = maid.get("/config").send().expect("an answer").headers()["etag"].clone();
        let change = maid.http.put(url("/maid/config")).json(&json!({"load": {"max_users": 7}}));
        let change = change.header("if-match", tag);
        let [first, again] = twice(&change, "change");
        assert_eq!((first.status(), again.status()), (first.status(), first.status()));
        assert!(!is_replayed(&first) && is_replayed(&again));
        assert_eq!(first.headers()["etag"], again.headers()["etag"]);
        assert_eq!(first.text().expect("text"), again.text().expect("text"));
        assert_eq!(answer(maid.get("/config/changes")).1["items"].as_array().expect("a list").len(), 1);

        // Without its key, the second would find nothing.
        let [first, again] = twice(&maid.http.delete(url(&format!("/maid/runs/{id}"))), "delete");
        assert_eq!((first.status().as_u16(), again.status().as_u16()), (204, 204));
        assert!(is_replayed(&again));

        // Without its key, the second would end the run that was started in between.
        let restart = maid.http.post(url("/plugins/maid/restart"));
        let [first, _] = twice(&restart, "restart");
        assert_eq!(first.status(), 200);
        let id = maid.run(&loadtest(&shop.url(), 1, "10m"));
        maid.until_busy(&id);
        let late = restart.header("idempotency-key", "restart").send().expect("an answer");
        assert!(is_replayed(&late));
        assert_eq!(maid.detail(&id)["status"], "running");
    });
}
