//! The page about recipes names those that there are.

use std::{fs, path::Path};

use maid::recipes::library::Library;
use serde_json::json;

/// The lines of the table in docs/recipes.md.
fn table() -> String {
    let library = Library::built_in();
    let mut all: Vec<_> = library.all().collect();
    all.sort_by_key(|one| one.checked.recipe().category);
    let mut lines = String::from("| recipe | title | category | parameters |\n|---|---|---|---|\n");
    for built_in in all {
        let recipe = built_in.checked.recipe();
        let parameters: Vec<String> = recipe.parameters.iter().map(|one| format!("`{}`", one.name)).collect();
        let needs = recipe.requires.map(|requires| format!(" (needs {requires})")).unwrap_or_default();
        let category = json!(recipe.category);
        lines += &format!(
            "| `{}` | {}{needs} | {} | {} |\n",
            built_in.id,
            recipe.title,
            category.as_str().unwrap_or_default(),
            parameters.join(", ")
        );
    }
    lines
}

#[test]
fn the_page_lists_every_recipe() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/recipes.md");
    let text = fs::read_to_string(page).expect("the page is there");
    assert!(text.contains(&table()), "put this into docs/recipes.md:\n\n{}", table());
}
