use super::*;
use crate::{
    ai::generator::{built_in, reader::read},
    recipes::library::Library,
};

#[test]
fn phrases_are_of_recipes_that_are_there() {
    let known = built_in(&Library::built_in());
    for (id, phrases) in PHRASES.iter() {
        let one = known.iter().find(|one| one.id == *id).unwrap_or_else(|| panic!("there is no recipe {id}"));
        assert!(one.checked.recipe().requires.is_none(), "{id} cannot be built on");
        assert!((1..=15).contains(&phrases.len()), "{id} has {} phrases", phrases.len());
    }
    let all = known.iter().flat_map(about).count();
    assert!(all <= crate::ai::embed::MOST_TEXTS, "{all} are too many to be computed at once");
}

#[test]
fn what_was_understood_is_not_compared() {
    let text = "Kunden tippen Begriffe in das Suchfeld auf http://127.0.0.1:8080, 20 Nutzer, 3 Minuten, p95 unter 200 ms";
    assert_eq!(said(text, &read(text)), "Kunden tippen Begriffe in das Suchfeld auf , , ,".replace(" ,", ""));
    assert_eq!(said("http://a.test 20 users", &read("http://a.test 20 users")), "");
}

#[test]
fn only_a_clear_one_is_meant() {
    let known = built_in(&Library::built_in());
    let named = |id: &str| known.iter().find(|one| one.id == id).expect("a recipe");
    let (search, smoke) = (named("search"), named("smoke"));
    let id = |scores: &[(&'static str, f32)]| {
        best(scores.iter().map(|(id, score)| (named(id), *score))).map(|found| found.known.id.clone())
    };
    assert_eq!(id(&[("search", 0.3), ("search", 0.8), ("smoke", 0.5)]), Some("search".to_owned()));
    assert_eq!(id(&[("search", 0.80), ("smoke", 0.79)]), None, "neither of two");
    assert_eq!(id(&[("search", 0.2), ("smoke", 0.1)]), None, "neither is near");
    assert_eq!(
        best([(search, f32::NAN), (smoke, 0.1)].into_iter()).map(|found| found.known.id.as_str()),
        None
    );
}
