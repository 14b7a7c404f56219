//! A tenant never sees, counts or guesses what belongs to another.

use serde_json::json;

use super::{PASSWORD, admin, answer, asking, command, delete, key, patch, token};
use crate::{
    server::{Home, loadtest, on_each_database, shop},
    support::server::{Maid, wait_for},
};

/// The admin of another tenant.
fn stranger(home: &Home, maid: &Maid) -> String {
    let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
    let (code, _, said) = command(home, &create, PASSWORD);
    assert_eq!(code, 0, "{said}");
    token(maid, "acme/sam", PASSWORD)
}

#[test]
fn what_belongs_to_another_tenant_is_not_there() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let (admin, sam) = (admin(&maid), stranger(home, &maid));
        let (key_id, _) = key(&maid, &admin, &json!({"name": "k", "scopes": ["maid.read"]}));
        let test = json!({"loadtest": loadtest(&shop.url(), 1, "1s")});
        let (_, run) = answer(maid.post("/run", &test).bearer_auth(&admin));
        let run = run["run_id"].as_str().expect("an id").to_owned();
        wait_for("it is over", || {
            let (_, body) = answer(maid.get(&format!("/runs/{run}")).bearer_auth(&admin));
            (body["status"] == "completed").then_some(())
        });
        let (_, me) = answer(maid.get("/auth/me").bearer_auth(&admin));
        let user = me["id"].as_str().expect("an id");
        for path in [
            format!("/runs/{run}"),
            format!("/runs/{run}/logs"),
            format!("/runs/{run}/report.json"),
            format!("/runs/compare?a={run}&b={run}"),
            format!("/keys/{key_id}"),
            format!("/users/{user}"),
        ] {
            assert_eq!(answer(maid.get(&path).bearer_auth(&sam)).0, 404, "{path}");
            assert_eq!(answer(maid.get(&path).bearer_auth(&admin)).0, 200, "{path}");
        }
        for path in [format!("/runs/{run}"), format!("/keys/{key_id}"), format!("/runs/{run}/baseline")] {
            assert_eq!(answer(delete(&maid, &path).bearer_auth(&sam)).0, 404, "{path}");
        }
        let change = patch(&maid, &format!("/users/{user}"), &json!({"status": "disabled"}));
        assert_eq!(answer(change.bearer_auth(&sam)).0, 404);
        for path in ["/history", "/keys", &format!("/users/names?ids={user}")] {
            assert_eq!(answer(maid.get(path).bearer_auth(&sam)).1["items"], json!([]), "{path}");
        }
        let (_, users) = answer(maid.get("/users").bearer_auth(&sam));
        assert_eq!(
            (users["items"].as_array().map(Vec::len), &users["items"][0]["username"]),
            (Some(1), &json!("sam"))
        );
        let (_, log) = answer(maid.get("/audit").bearer_auth(&sam));
        assert!(!log.to_string().contains(user), "{log}");
        let asked = answer(maid.post("/auth/introspect", &json!({"token": admin})).bearer_auth(&sam));
        assert_eq!(asked.1, json!({"active": false}));
        // What all tenants share is not one tenant's to change.
        let stop = maid.http.post(format!("{}/api/plugins/maid/drain", maid.url)).bearer_auth(&sam);
        assert_eq!(answer(stop).0, 403);
    });
}

#[test]
fn the_active_run_of_another_tenant_is_not_shown() {
    on_each_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let (admin, sam) = (admin(&maid), stranger(home, &maid));
        let test = json!({"loadtest": loadtest(&shop.url(), 2, "10m")});
        let (_, run) = answer(maid.post("/run", &test).bearer_auth(&admin));
        let run = run["run_id"].as_str().expect("an id").to_owned();
        wait_for("it sends", || {
            let (_, status) = answer(maid.get("/status").bearer_auth(&admin));
            (status["requests"].as_u64() > Some(0)).then_some(())
        });
        let (_, status) = answer(maid.get("/status").bearer_auth(&sam));
        assert_eq!(
            (&status["run_id"], &status["name"], &status["requests"]),
            (&json!(null), &json!(null), &json!(0))
        );
        let (code, busy) = answer(maid.post("/run", &test).bearer_auth(&sam));
        assert_eq!((code, &busy["code"]), (409, &json!("run_active")));
        assert!(!busy.to_string().contains(&run), "{busy}");
        assert_eq!(answer(maid.post("/stop", &json!({})).bearer_auth(&sam)).0, 409);
        assert_eq!(answer(maid.post("/stop", &json!({"run_id": run})).bearer_auth(&sam)).0, 404);
        assert_eq!(answer(maid.post("/stop", &json!({"run_id": run})).bearer_auth(&admin)).0, 202);
    });
}
