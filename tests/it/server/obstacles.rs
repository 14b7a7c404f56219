//! What would keep a test that is right from being started is told before anybody tries.

use serde_json::{Value, json};

use super::{answer, loadtest, on_one_database, shop};
use crate::support::people::{admin, asking, key};

#[test]
fn a_check_tells_what_the_start_would_refuse_with_its_place() {
    on_one_database(|home| {
        let start = home.start().with("MAID__LOAD__MAX_USERS", "100").with("MAID__LOAD__MAX_RPS", "50");
        let (shop, maid) = (shop(), start.with("MAID__LOAD__TARGETS__ALLOW", "shop.example.com").start());
        let check = |test: &Value| {
            let (status, checked) = answer(maid.post("/validate", &json!({"loadtest": test})));
            assert_eq!((status, &checked["valid"]), (200, &json!(true)), "{checked}");
            checked["obstacles"].clone()
        };
        assert_eq!(check(&loadtest(&shop.url(), 100, "1s")), json!([]));
        assert_eq!(
            check(&loadtest(&"http://shop.example.com", 1, "1s")),
            json!([]),
            "whether it is there or not"
        );

        let mut test = loadtest(&"http://192.0.2.1", 101, "1s");
        test["rate_limit"] = json!(51);
        test["scenarios"][0]["transactions"][0]["requests"] =
            json!([{"path": "/"}, {"path": "http://other.example.com/"}, {"path": format!("{}/", maid.url)}]);
        let told = check(&test);
        let places: Vec<_> = told.as_array().expect("a list").iter().map(|one| one["path"].clone()).collect();
        let request = |index: u8| json!(format!("scenarios[0].transactions[0].requests[{index}].path"));
        assert_eq!(places, [json!("load"), json!("target.hosts[0]"), request(1), request(2)], "{told}");
        for (index, words) in
            ["101 users", "192.0.2.1 is not", "other.example.com is not", "own listener"].iter().enumerate()
        {
            let message = told[index]["message"].as_str().expect("words");
            assert!(message.contains(words), "{message}");
        }
        // What is told first is what the start says, of the rate as well once the users are fewer.
        let (status, refused) = answer(maid.post("/run", &json!({"loadtest": test})));
        assert_eq!((status, &refused["errors"][0]), (422, &told[0]), "{refused}");
        test["load"]["users"] = json!(1);
        assert_eq!(check(&test)[0]["path"], "rate_limit");
        assert_eq!(shop.requests().total, 0);
    });
}

#[test]
fn a_key_is_told_what_is_beyond_its_own_bounds() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let limits = json!({"max_users": 2, "targets": ["staging.example.com"]});
        let new = json!({"name": "ci", "scopes": ["maid.read", "maid.write"], "metadata": limits});
        let (_, key) = key(&maid, &admin(&maid), &new);
        let body = json!({"loadtest": loadtest(&shop.url(), 3, "1s")});
        let (_, checked) = answer(maid.post("/validate", &body).bearer_auth(&key));
        let places: Vec<_> =
            checked["obstacles"].as_array().expect("a list").iter().map(|one| &one["path"]).collect();
        assert_eq!(places, ["load", "target.hosts[0]"], "{checked}");
        for (index, whose) in
            ["this API key may start", "that this API key may send load to"].iter().enumerate()
        {
            let message = checked["obstacles"][index]["message"].as_str().expect("words");
            assert!(message.contains(whose), "{message}");
        }
    });
}
