//! Recipes that people write: stored, changed, kept as they were, copied, deleted; each their own.

use serde_json::{Value, json};

use super::{put, recipe, stored};
use crate::{
    server::on_each_database,
    support::{
        people::{PASSWORD, admin, asking, command, delete, token, user},
        server::answer,
    },
};

#[test]
fn a_recipe_is_written_changed_and_put_back() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let erin = user(&maid, &admin, "erin", "editor");
        let id = stored(&maid, &erin, &recipe("Search"));
        let place = format!("/recipes/{id}");
        let shown = || maid.get(&place).bearer_auth(&erin).send().expect("an answer");
        let first = shown();
        assert_eq!(first.headers()["etag"], "\"1\"");
        let first: Value = first.json().expect("JSON");
        assert_eq!((&first["recipe"], &first["built_in"]), (&recipe("Search"), &json!(false)));
        assert_eq!(first["usage"], json!({"runs": 0, "passed": 0, "last_run_at": null}));

        let change = |title: &str, tag: &str| {
            answer(put(&maid, &place, &recipe(title)).bearer_auth(&erin).header("if-match", tag))
        };
        assert_eq!(change("Search more", "\"1\""), (200, json!({"id": id, "version": 2})));
        let (status, problem) = change("Search other", "\"1\"");
        assert_eq!((status, &problem["code"]), (412, &json!("changed")), "{problem}");
        assert!(problem["detail"].as_str().expect("text").contains("version 2"), "{problem}");
        assert_eq!(shown().json::<Value>().expect("JSON")["title"], "Search more");

        let (_, versions) = answer(maid.get(&format!("{place}/versions?limit=1")).bearer_auth(&erin));
        assert_eq!(versions["items"][0]["version"], 2);
        let next = versions["next_cursor"].as_str().expect("there is one more");
        let (_, versions) =
            answer(maid.get(&format!("{place}/versions?limit=1&cursor={next}")).bearer_auth(&erin));
        assert_eq!((&versions["items"][0]["version"], &versions["next_cursor"]), (&json!(1), &Value::Null));
        let (_, was) = answer(maid.get(&format!("{place}/versions/1")).bearer_auth(&erin));
        assert_eq!(was["recipe"], recipe("Search"));
        assert_eq!(answer(maid.get(&format!("{place}/versions/9")).bearer_auth(&erin)).0, 404);
        assert_eq!(answer(put(&maid, &place, &was["recipe"]).bearer_auth(&erin)).1["version"], 3);

        assert_eq!(answer(delete(&maid, &place).bearer_auth(&erin)).0, 204);
        for gone in [place.clone(), format!("{place}/versions"), format!("{place}/versions/1")] {
            assert_eq!(answer(maid.get(&gone).bearer_auth(&erin)).0, 404, "{gone}");
        }
        let (_, log) = answer(maid.get("/audit?limit=200").bearer_auth(&admin));
        let count = |action: &str| {
            let of = log["items"].as_array().expect("a list").iter();
            of.filter(|entry| entry["action"] == action && entry["target"] == json!(id)).count()
        };
        assert_eq!([count("recipe.create"), count("recipe.change"), count("recipe.delete")], [1, 2, 1]);
    });
}

#[test]
fn each_changes_their_own_and_copies_what_they_see() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let (erin, otto) = (user(&maid, &admin, "erin", "editor"), user(&maid, &admin, "otto", "operator"));
        let emil = user(&maid, &admin, "emil", "editor");
        let id = stored(&maid, &erin, &recipe("Search"));
        let place = format!("/recipes/{id}");
        assert_eq!(answer(maid.get(&place).bearer_auth(&otto)).0, 200, "the tenant sees it");
        assert_eq!(answer(maid.post("/recipes", &recipe("x")).bearer_auth(&otto)).0, 403);
        for (status, code, request) in [
            (403, json!("forbidden"), put(&maid, &place, &recipe("x"))),
            (403, json!("forbidden"), delete(&maid, &place)),
        ] {
            let (is, problem) = answer(request.bearer_auth(&emil));
            assert_eq!((is, &problem["code"]), (status, &code), "{problem}");
        }
        let (status, copy) = answer(maid.post(&format!("{place}/clone"), &json!({})).bearer_auth(&emil));
        assert_eq!(status, 201, "{copy}");
        let (_, copy) =
            answer(maid.get(&format!("/recipes/{}", copy["id"].as_str().expect("id"))).bearer_auth(&emil));
        assert_eq!((&copy["title"], &copy["cloned_from"]), (&json!("Search (copy)"), &json!(id)));
        assert_eq!(answer(put(&maid, &place, &recipe("by the admin")).bearer_auth(&admin)).0, 200);

        let create = ["user", "create", "sam", "--role", "admin", "--tenant", "acme", "--password-stdin"];
        assert_eq!(command(home, &create, PASSWORD).0, 0);
        let sam = token(&maid, "acme/sam", PASSWORD);
        for path in ["", "/versions", "/versions/1", "/results"] {
            assert_eq!(answer(maid.get(&format!("{place}{path}")).bearer_auth(&sam)).0, 404, "{path}");
        }
        assert_eq!(answer(delete(&maid, &place).bearer_auth(&sam)).0, 404);
        assert_eq!(answer(maid.post(&format!("{place}/run"), &json!({})).bearer_auth(&sam)).0, 404);
        let (_, own) = answer(maid.get("/recipes?built_in=false").bearer_auth(&sam));
        assert_eq!(own["items"], json!([]));
    });
}

#[test]
fn a_key_makes_as_many_as_it_may() {
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let new = json!({"name": "k", "scopes": ["maid.recipes"], "metadata": {"recipe_limit": 2}});
        let (_, key) = answer(maid.post("/keys", &new).bearer_auth(&admin));
        let key = key["key"].as_str().expect("a key");
        let make = || answer(maid.post("/recipes", &recipe("One")).bearer_auth(key));
        let (first, second, (status, third)) = (make(), make(), make());
        assert_eq!((first.0, second.0, status), (201, 201, 422), "{third}");
        assert_eq!(third["code"], "beyond_limits");
        let id = first.1["id"].as_str().expect("an id");
        assert_eq!(answer(delete(&maid, &format!("/recipes/{id}")).bearer_auth(key)).0, 204);
        assert_eq!(make().0, 201);
    });
}

#[test]
fn what_a_recipe_reads_from_the_environment_is_given_by_whoever_runs_it() {
    on_each_database(|home| {
        let maid = home.start().start();
        let mut new = recipe("With a token");
        new["loadtest"]["target"]["headers"] = json!({"Authorization": "Bearer ${env:SHOP_TOKEN}"});
        let (status, stored) = answer(maid.post("/recipes", &new));
        assert_eq!(status, 201, "{stored}");
        let id = stored["id"].as_str().expect("an id");
        let (status, problem) = answer(
            maid.post(&format!("/recipes/{id}/run"), &json!({"parameters": {"host": "http://127.0.0.1:1"}})),
        );
        assert_eq!(status, 422, "{problem}");
        assert!(problem["errors"].to_string().contains("SHOP_TOKEN"), "{problem}");
        // Nothing can stand for what decides how much is sent.
        new["loadtest"]["rate_limit"] = json!("${env:RATE}");
        let (status, problem) = answer(maid.post("/recipes", &new));
        assert_eq!(status, 422, "{problem}");
        assert!(problem["errors"].to_string().contains("${env:RATE}"), "{problem}");
    });
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_not_stored() {
    on_each_database(|home| {
        let maid = home.start().with("MAID__HISTORY__MAX_RECIPES", 1).start();
        let without = |change: &dyn Fn(&mut Value)| {
            let mut wrong = recipe("Wrong");
            change(&mut wrong);
            let (status, problem) = answer(maid.post("/recipes", &wrong));
            assert_eq!(status, 422, "{problem}");
            problem["errors"].to_string()
        };
        for (change, told) in [
            (&(|r: &mut Value| r["title"] = json!(" ")) as &dyn Fn(&mut Value), "\"title\""),
            (&|r| r["parameters"][1]["default"] = json!(99), "\"parameters[1].default\""),
            (&|r| r["parameters"][3]["name"] = json!("words"), "nothing uses it"),
            (&|r| r["loadtest"]["load"]["hatch_rate"] = json!(0), "\"loadtest.load.hatch_rate\""),
            (&|r| r["loadtest"]["thresholds"] = json!(["p95"]), "\"loadtest.thresholds[0]\""),
            (
                &|r| r["loadtest"]["data"] = json!([{"name": "d", "file": "../../etc/passwd"}]),
                "\"loadtest.data[0]",
            ),
            (&|r| r["loadtest"]["variables"] = json!({"word": 1}), "rename one"),
            (&|r| r["colour"] = json!("red"), "colour"),
        ] {
            let errors = without(change);
            assert!(errors.contains(told), "{told}\n{errors}");
        }
        let (_, none) = answer(maid.get("/recipes?built_in=false"));
        assert_eq!(none["items"], json!([]));
        assert_eq!(answer(maid.post("/recipes", &recipe("One"))).0, 201);
        let (status, full) = answer(maid.post("/recipes", &recipe("Two")));
        assert_eq!((status, &full["code"]), (429, &json!("full")), "{full}");
    });
}
