//! Every recipe of the binary is right, and does what it says.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use super::*;
use crate::{
    loadtest::{
        parse::Document,
        valid::{Context, ValidLoadTest},
    },
    recipes::document::{Category, ParameterType, Requires},
};

fn validated(document: Document, built_in: &BuiltIn) -> Result<ValidLoadTest, String> {
    let filled = built_in.checked.preview().map_err(|problems| problems.to_string())?;
    let context = Context { env: filled.env, ..Context::new(".") };
    document.validate(&context).map_err(|problems| problems.to_string())
}

/// The LoadTest with its defaults and examples.
fn shown(built_in: &BuiltIn) -> Document {
    built_in.checked.preview().unwrap_or_else(|problems| panic!("{problems}")).document
}

#[test]
fn the_folder_and_the_binary_hold_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/recipes");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<String> = texts::TEXTS.iter().map(|(id, _)| format!("{id}.yaml")).collect();
    assert_eq!(files, known, "add the file to src/recipes/library/texts.rs");
    assert!(known.len() >= 26);
}

#[test]
fn every_recipe_is_right() {
    for (id, text) in texts::TEXTS {
        if let Err(problems) = Recipe::parse(text, id) {
            panic!("{problems}");
        }
    }
    for built_in in Library::built_in().all().filter(|one| one.checked.recipe().requires.is_none()) {
        let test = validated(shown(built_in), built_in).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!test.thresholds().is_empty(), "{} judges nothing", built_in.id);
    }
}

/// What the engine does not speak yet is checked as far as it can be: as if it were HTTP.
#[test]
fn what_cannot_be_run_yet_is_right_but_for_its_protocol() {
    let library = Library::built_in();
    let later: Vec<&BuiltIn> = library.all().filter(|one| one.checked.recipe().requires.is_some()).collect();
    assert_eq!(later.len(), 4);
    for built_in in later {
        let wanted = match built_in.checked.recipe().requires {
            Some(Requires::Grpc) => "grpc",
            Some(Requires::Sql) => "sql",
            None => continue,
        };
        let document = shown(built_in);
        let refused = validated(document.clone(), built_in).expect_err("no engine speaks it");
        for line in refused.lines() {
            let of_protocol = line.contains(".protocol: is not supported yet");
            assert!(of_protocol || line.contains("`postgres://` is not supported"), "{line}");
        }
        let mut value = document.value().clone();
        let spoken = as_http(&mut value);
        assert!(!spoken.is_empty() && spoken.iter().all(|one| one == wanted), "{}: {spoken:?}", built_in.id);
        value["target"]["hosts"] = serde_json::json!(["http://127.0.0.1:1"]);
        validated(document.with_value(value), built_in).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

/// Takes the protocols out of a LoadTest.
fn as_http(value: &mut Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter_mut().flat_map(as_http).collect(),
        Value::Object(map) => {
            let own = map.shift_remove("protocol").and_then(|spoken| spoken.as_str().map(str::to_owned));
            map.values_mut().flat_map(as_http).chain(own).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn recipes_are_told_apart_and_say_enough() {
    let library = Library::built_in();
    let titles: BTreeSet<&str> = library.all().map(|one| one.checked.recipe().title.as_str()).collect();
    assert_eq!(titles.len(), library.all().len());
    for built_in in library.all() {
        let (id, recipe) = (built_in.id, built_in.checked.recipe());
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{id}");
        assert!(recipe.tags.len() >= 3 && recipe.summary.len() > 60, "{id}");
        assert!(recipe.best_practices.len() >= 2 && recipe.good_result.len() >= 2, "{id}");
        let host = recipe.parameters.iter().find(|one| one.name == "host");
        assert!(host.is_some_and(|host| host.required || id == "quickstart"), "{id}");
        let bounded = |kind| matches!(kind, ParameterType::Integer | ParameterType::Number);
        let free = recipe.parameters.iter().find(|one| bounded(one.kind) && one.min.is_none());
        assert!(free.is_none(), "{id}: {free:?}");
    }
    let of = |category| library.all().filter(|one| one.checked.recipe().category == category).count();
    let counts = [Category::Api, Category::Web, Category::Database, Category::Business, Category::Pattern];
    assert_eq!(counts.map(of), [10, 4, 3, 4, 9]);
}

#[test]
fn an_id_that_is_not_there_has_a_nearest_one() {
    let library = Library::built_in();
    assert_eq!(library.get("smoke").map(|one| one.id), Some("smoke"));
    assert!(library.get("smok").is_none());
    assert_eq!((library.nearest("smok"), library.nearest("rest_crud")), (Some("smoke"), Some("rest-crud")));
    assert_eq!(library.nearest("something else altogether"), None);
}
