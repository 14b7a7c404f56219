//! What would keep a test that is right from being started is told before anybody tries.

use serde_json::{Value, json};

use super::{answer, loadtest, on_one_database, shop};
use crate::support::{
    people::{admin, asking, key},
    server::Maid,
};

/// What stands in the way of `test`: place, words, and whether it is certain.
fn obstacles(maid: &Maid, test: &Value) -> Vec<(String, String, bool)> {
    let (status, checked) = answer(maid.post("/validate", &json!({"loadtest": test})));
    assert_eq!((status, &checked["valid"]), (200, &json!(true)), "{checked}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let told = checked["obstacles"].as_array().expect("a list").iter();
    told.map(|one| (text(&one["path"]), text(&one["message"]), one["certain"] == true)).collect()
}

fn request(index: u8) -> String {
    format!("scenarios[0].transactions[0].requests[{index}].path")
}

#[test]
fn a_check_tells_what_the_start_would_refuse_with_its_place() {
    on_one_database(|home| {
        let start = home.start().with("MAID__LOAD__MAX_USERS", "100").with("MAID__LOAD__MAX_RPS", "50");
        let start = start.with("MAID__LOAD__MAX_RUN_TIME", "10s");
        let (shop, maid) = (shop(), start.with("MAID__LOAD__TARGETS__ALLOW", "shop.example.com").start());
        assert_eq!(obstacles(&maid, &loadtest(&shop.url(), 100, "1s")), []);
        assert_eq!(obstacles(&maid, &loadtest(&"http://shop.example.com", 1, "1s")), [], "wherever that is");

        let mut test = loadtest(&"http://192.0.2.1", 101, "11s");
        test["rate_limit"] = json!(51);
        test["scenarios"][0]["transactions"][0]["requests"] =
            json!([{"path": "/"}, {"path": "http://other.example.com/"}, {"path": format!("{}/", maid.url)}]);
        let told = obstacles(&maid, &test);
        for (place, words, certain) in [
            ("load", "101 users", true),
            ("rate_limit", "51 requests", true),
            ("load", "longer than", true),
            ("target.hosts[0]", "192.0.2.1 is not", true),
            (&request(1), "other.example.com is sent load only if it leads to this machine", false),
            (&request(2), "own listener", true),
        ] {
            let found = told.iter().find(|(path, message, _)| path == place && message.contains(words));
            assert_eq!(found.map(|found| found.2), Some(certain), "{place}: {words}: {told:?}");
        }
        assert_eq!(told.len(), 6, "{told:?}");
        // What is told first is what the start says.
        let (status, refused) = answer(maid.post("/run", &json!({"loadtest": test})));
        let first = json!({"path": told[0].0, "message": told[0].1});
        assert_eq!((status, &refused["errors"]), (422, &json!([first])), "{refused}");
        assert_eq!(shop.requests().total, 0);
    });
}

#[test]
fn only_hosts_that_are_sent_to_stand_in_the_way_whoever_names_them() {
    on_one_database(|home| {
        let start = home.start().with("MAID__LOAD__ENV_ALLOW", "INTERNAL").with("INTERNAL", "192.0.2.7");
        let (shop, maid) = (shop(), start.start());
        let with = |change: &dyn Fn(&mut Value)| {
            let mut test = loadtest(&"http://192.0.2.1", 1, "1s");
            change(&mut test);
            obstacles(&maid, &test).into_iter().map(|(path, ..)| path).collect::<Vec<_>>()
        };
        let nobody = |test: &mut Value| test["scenarios"][0]["hosts"] = json!([shop.url()]);
        assert_eq!(with(&nobody), [""; 0], "no scenario goes there");
        let elsewhere = |test: &mut Value| {
            test["variables"] = json!({"base": "http://192.0.2.2"});
            test["scenarios"][0]["transactions"][0]["requests"] = json!([
                {"path": format!("{}/products", shop.url()), "extract": [{"name": "id", "from": "status"}]},
                {"path": "http://192.0.2.3/{{ id }}"},
                {"path": "{{ base }}/x"},
            ]);
        };
        assert_eq!(with(&elsewhere), [request(2)], "what is made while it runs is judged then");

        let test = loadtest(&"http://${env:INTERNAL}", 1, "1s");
        let told = obstacles(&maid, &test);
        assert_eq!((told.len(), told[0].0.as_str()), (1, "target.hosts[0]"));
        assert!(told[0].1.contains("${env:INTERNAL}") && !told[0].1.contains("192.0.2.7"), "{told:?}");
    });
}

#[test]
fn a_key_is_told_what_is_beyond_its_own_bounds() {
    on_one_database(|home| {
        let (shop, maid) = (shop(), asking(home).start());
        let limits = json!({"max_users": 2, "targets": ["staging.example.com"]});
        let new = json!({"name": "ci", "scopes": ["maid.read", "maid.write"], "metadata": limits});
        let (_, key) = key(&maid, &admin(&maid), &new);
        let told = |host: &String| {
            let body = json!({"loadtest": loadtest(host, 3, "1s")});
            let (_, checked) = answer(maid.post("/validate", &body).bearer_auth(&key));
            checked["obstacles"].clone()
        };
        for host in [shop.url(), "http://other.example.com".to_owned()] {
            let told = told(&host);
            assert_eq!(told.as_array().map(Vec::len), Some(2), "{told}");
            for (index, place, whose) in [
                (0, "load", "this API key may start"),
                (1, "target.hosts[0]", "that this API key may send load to"),
            ] {
                let message = told[index]["message"].as_str().expect("words");
                assert_eq!((&told[index]["path"], &told[index]["certain"]), (&json!(place), &json!(true)));
                assert!(message.contains(whose), "{message}");
            }
        }
    });
}
