//! Runs like a run, and recipes for a target.

use maid::{http::Limit, runs::store::Store};

use super::{search, somebody, stored};
use crate::support::databases::TestDatabase;

#[tokio::test]
async fn runs_like_a_run_and_recipes_for_a_target() {
    for database in TestDatabase::each().await {
        let db = database.ready().await;
        let store = Store::new(db.clone());
        let checkout =
            stored(&store, 1, ("Shop checkout", "http://shop.test", "/checkout"), Some("checkout")).await;
        let again =
            stored(&store, 2, ("Checkout nightly", "http://shop.test:80/", "/checkout"), Some("checkout"))
                .await;
        let spike = stored(&store, 3, ("Shop spike", "http://shop.test", "/products"), Some("spike")).await;
        let bank = stored(&store, 4, ("Bank transfer", "http://bank.test", "/transfer"), None).await;
        let search = search(&db);
        search.catch_up(|_| {}).await.expect("it catches up");

        let like = search
            .similar(&somebody(), checkout.parse().expect("an id"), Limit::default())
            .await
            .expect("found");
        let ids: Vec<&str> = like.items.iter().map(|hit| hit.id.as_str()).collect();
        assert!(!ids.contains(&checkout.as_str()), "not the run itself");
        assert_eq!(ids[0], again, "{ids:?}");
        let place = |id: &str| ids.iter().position(|one| *one == id).unwrap_or(usize::MAX);
        assert!(place(&spike) <= place(&bank), "{ids:?}");
        let nowhere = search.similar(&somebody(), crate::storage::id(99), Limit::default()).await;
        assert!(nowhere.expect_err("no such run").to_string().contains("there is no run"));

        let recipes = search
            .recommend(&somebody(), "HTTP://shop.test/cart?x=1", Limit::default())
            .await
            .expect("found");
        assert_eq!((recipes.target.as_str(), recipes.runs), ("http://shop.test", 3));
        let first = &recipes.items[0];
        assert_eq!(first.recipe_id, "checkout");
        assert!(
            first.because[0].starts_with("2 runs of it against this target, 2 of them passed"),
            "{first:?}"
        );
        assert!(recipes.items.iter().any(|one| one.recipe_id == "spike"), "{recipes:?}");
        let unknown =
            search.recommend(&somebody(), "https://new.test/search", Limit::default()).await.expect("found");
        assert_eq!(unknown.runs, 0);
        assert!(unknown.items.iter().any(|one| one.recipe_id == "search"), "by its words: {unknown:?}");
        for wrong in ["", "shop.test", "mailto:a@b", "file:///etc/passwd", "http://"] {
            let error = search.recommend(&somebody(), wrong, Limit::default()).await.expect_err("no target");
            assert!(error.to_string().contains("must be a URL"), "{wrong}: {error}");
        }
    }
}
