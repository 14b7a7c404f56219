//! Dry runs of what links lead to: none is a run that a link counts.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{made, open, runs, short, start, text, until_over};
use crate::{
    server::{on_each_database, on_one_database, shop},
    support::{
        people::{admin, asking, audited, delete, user},
        server::{Maid, answer, wait_for},
    },
};

/// Walks through what a request means.
fn walk(maid: &Maid, token: &str, asked: &Value) -> (u16, Value) {
    answer(maid.post("/dry-run", asked).bearer_auth(token))
}

/// Status, code and first place of a refusal.
fn refused((status, problem): &(u16, Value)) -> (u16, &str, &str) {
    let code = problem["code"].as_str().unwrap_or_default();
    (*status, code, problem["errors"][0]["path"].as_str().unwrap_or_default())
}

#[test]
fn a_dry_run_spends_no_use_of_a_link() {
    let shop = shop();
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (olga, vera) = (user(&maid, &admin, "olga", "operator"), user(&maid, &admin, "vera", "viewer"));
        let mut test = short(&shop.url());
        test["scenarios"][0]["transactions"][0]["requests"][0]["headers"] =
            json!({"X-Shop": "${env:SHOP_WORD}"});
        let link = made(&maid, &admin, &json!({"loadtest": test, "max_uses": 1}));
        let (url, id) = (text(&link, "url"), text(&link, "id"));
        let env = json!({"SHOP_WORD": "hunter2-hunter2"});
        assert_eq!(refused(&walk(&maid, &vera, &json!({"deeplink": url, "env": env}))).0, 403);

        let (_, seen) = open(&maid, &olga, url);
        for link in [url, id, text(&link, "maid_url")] {
            let asked = json!({"deeplink": link, "seen": seen["digest"], "env": env});
            let (status, walked) = walk(&maid, &olga, &asked);
            assert_eq!((status, &walked["passed"], &walked["requests"]), (200, &json!(true), &json!(1)));
            assert!(!walked.to_string().contains("hunter2"), "{walked}");
        }
        let (_, shown) = answer(maid.get(&format!("/deeplinks/{id}")).bearer_auth(&admin));
        assert_eq!((&shown["uses"], &shown["state"]), (&json!(0), &json!("open")), "{shown}");
        let (_, counted) = answer(maid.get("/deeplinks/analytics?by=link").bearer_auth(&admin));
        let counted = &counted["items"][0];
        assert_eq!((&counted["opens"], &counted["runs"]), (&json!(4), &json!(0)), "{counted}");
        assert_eq!((runs(&maid, &admin), audited(&maid, &admin, "deeplink.use").len()), (0, 0));
        let entries = audited(&maid, &admin, "test.dry_run");
        assert_eq!(entries.len(), 3);
        assert!(entries.iter().all(|entry| entry["detail"]["deeplink"] == *id), "{entries:?}");

        // The one run that may start from it still may, and then nothing more may.
        let (status, run) = start(&maid, &olga, &json!({"deeplink": url, "env": env}));
        assert_eq!(status, 202, "{run}");
        until_over(&maid, &olga, &run);
        let spent = walk(&maid, &olga, &json!({"deeplink": url, "env": env}));
        assert_eq!(refused(&spent), (410, "deeplink_over", ""), "{}", spent.1);
    });
}

#[test]
fn whoever_walks_gives_what_a_link_leaves_open() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let given = json!({"users": 1});
        let link = made(&maid, &admin, &json!({"recipe_id": "auth-basic", "parameters": given}));
        let asked = |parameters: Value| json!({"deeplink": link["url"], "parameters": parameters});
        let missing = walk(&maid, &admin, &asked(json!({})));
        assert_eq!(missing.0, 422, "{}", missing.1);
        let fixed = walk(&maid, &admin, &asked(json!({"host": shop.url(), "users": 2})));
        assert_eq!(fixed.0, 422, "{}", fixed.1);
        assert_eq!(shop.requests().total, 0, "nothing was sent");
        let (status, walked) = walk(&maid, &admin, &asked(json!({"host": shop.url(), "password": "demo"})));
        assert_eq!((status, &walked["passed"]), (200, &json!(true)), "{walked}");
        assert!(shop.requests().total > 0);
        let headers = walked["steps"][0]["sent"]["headers"].as_array().expect("headers").clone();
        let credential = headers.iter().find(|header| header["name"] == "authorization");
        assert_eq!(credential.map(|header| &header["value"]), Some(&json!("***")), "{headers:?}");
    });
}

#[test]
fn what_may_not_be_followed_is_not_walked_either() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let admin = admin(&maid);
        let test = short(&shop.url());
        let link = made(&maid, &admin, &json!({"loadtest": test}));
        let url = text(&link, "url");
        let changed = url.replace("&expires=", "&expires=1");
        for (asked, expected) in [
            (json!({"deeplink": url, "loadtest": test}), (422, "invalid_body", "loadtest")),
            (json!({"deeplink": url, "recipe_id": "smoke"}), (422, "invalid_body", "loadtest")),
            (json!({"loadtest": test, "seen": "x"}), (422, "invalid_body", "seen")),
            (json!({"parameters": {}}), (422, "invalid_body", "parameters")),
            (json!({"deeplink": url, "seen": "something else"}), (412, "changed", "seen")),
            (json!({"deeplink": changed}), (400, "bad_deeplink", "")),
            (json!({"deeplink": "k3Jd92LmQx0a"}), (404, "not_found", "")),
        ] {
            let answered = walk(&maid, &admin, &asked);
            assert_eq!(refused(&answered), expected, "{asked}: {}", answered.1);
        }
        let path = format!("/deeplinks/{}", text(&link, "id"));
        assert_eq!(answer(delete(&maid, &path).bearer_auth(&admin)).0, 204);
        let revoked = walk(&maid, &admin, &json!({"deeplink": url}));
        assert_eq!(refused(&revoked), (410, "deeplink_over", ""));

        let soon = (Timestamp::now() + SignedDuration::from_millis(300)).to_string();
        let link = made(&maid, &admin, &json!({"loadtest": test, "expires_at": soon}));
        wait_for("the link expires", || (open(&maid, &admin, text(&link, "url")).0 != 200).then_some(()));
        let expired = walk(&maid, &admin, &json!({"deeplink": link["url"]}));
        assert_eq!(refused(&expired), (410, "deeplink_over", ""));
        assert!(text(&expired.1, "detail").contains("expired"), "{}", expired.1);
        assert_eq!(shop.requests().total, 0, "nothing was sent");
    });
}
