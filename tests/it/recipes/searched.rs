//! Recipes that are listed and found.

use serde_json::{Value, json};

use super::recipe;
use crate::{server::on_each_database, support::server::answer};

fn titles(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["title"].as_str().expect("text"))
        .collect()
}

#[test]
fn what_fits_best_comes_first() {
    on_each_database(|home| {
        let maid = home.start().start();
        let make = |title: &str, summary: &str, tags: &[&str]| {
            let mut new = recipe(title);
            (new["summary"], new["tags"]) = (json!(summary), json!(tags));
            let (status, body) = answer(maid.post("/recipes", &new));
            assert_eq!(status, 201, "{body}");
            body["id"].as_str().expect("an id").to_owned()
        };
        make("Zollamt Formular", "Ein Antrag geht durch.", &["zollamt"]);
        make("Formular", "Geht auch zum Zollamt.", &["behoerde"]);
        let zoll = make("Zoll", "Größere Mengen.", &["zollamt"]);
        let find = |query: &str| {
            let (status, page) = answer(maid.get(&format!("/recipes/search?built_in=false&{query}")));
            assert_eq!(status, 200, "{page}");
            page
        };
        assert_eq!(titles(&find("q=zollamt")), ["Zollamt Formular", "Zoll", "Formular"]);
        assert_eq!(titles(&find("q=ZOLL")), ["Zoll", "Zollamt Formular", "Formular"]);
        assert_eq!(titles(&find("q=zoll%20form")), ["Zollamt Formular", "Formular"]);
        assert_eq!(titles(&find("q=gr%C3%B6%C3%9Fer")), ["Zoll"]);
        assert_eq!(titles(&find("q=zollamt&tag=behoerde")), ["Formular"]);
        assert_eq!(titles(&find("q=zollamt&limit=1")), ["Zollamt Formular"]);
        assert_eq!(titles(&find("q=zollamt&category=api")), [""; 0]);
        let mut renamed = recipe("Hafen");
        renamed["tags"] = json!([]);
        assert_eq!(answer(super::put(&maid, &format!("/recipes/{zoll}"), &renamed)).0, 200);
        assert_eq!(titles(&find("q=zoll")), ["Zollamt Formular", "Formular"], "old words are forgotten");
        for wrong in ["q=", "q=--", "q=%25", "q=a&tag=A%20B", "q=a&limit=0", "category=api"] {
            let (status, problem) = answer(maid.get(&format!("/recipes/search?{wrong}")));
            assert_eq!((status, &problem["code"]), (400, &json!("bad_query")), "{wrong}: {problem}");
        }
    });
}

#[test]
fn all_pages_together_are_the_whole_library() {
    on_each_database(|home| {
        let maid = home.start().start();
        for number in 0..7 {
            assert_eq!(answer(maid.post("/recipes", &recipe(&format!("Mine {number}")))).0, 201);
        }
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, page) = answer(maid.get(&format!("/recipes?limit=5{cursor}")));
            assert_eq!(status, 200, "{page}");
            all.extend(titles(&page).into_iter().map(str::to_owned));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let (_, at_once) = answer(maid.get("/recipes?limit=200"));
        assert_eq!(all, titles(&at_once));
        assert_eq!(all[0], "Mine 6", "what is one's own comes first");
        let written: Vec<_> = all.iter().filter(|title| title.starts_with("Mine")).collect();
        assert_eq!(written, ["Mine 6", "Mine 5", "Mine 4", "Mine 3", "Mine 2", "Mine 1", "Mine 0"]);
        let (_, web) = answer(maid.get("/recipes?built_in=false&category=web&tag=read-only&limit=200"));
        assert_eq!(titles(&web).len(), 7);
    });
}
