//! The rules of the house, as `docs/architecture.md` states them: read from the sources, so that
//! nobody has to remember them.

mod rules;
mod source;

use std::{fs, path::Path};

use clap::CommandFactory;

use self::{
    rules::{RULES, odd_slices, shape, unproven_unsafe, upward_uses},
    source::Source,
};

fn sources() -> Vec<Source> {
    ["src", "tests", "benches"].iter().flat_map(|folder| Source::under(folder)).collect()
}

fn assert_none(what: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{} of {what}:\n\n{}\n", breaches.len(), breaches.join("\n"));
}

#[test]
fn sources_keep_the_rules() {
    let sources = sources();
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "the walk found the sources");
    let breaches: Vec<String> =
        RULES.iter().flat_map(|rule| sources.iter().flat_map(|source| rule.breaches(source))).collect();
    assert_none("the house's rules broken", &breaches);
}

#[test]
fn each_rule_can_fail() {
    for rule in RULES {
        let (path, line) = rule.breach;
        let source = Source::new(path, &format!("//! A file.\n\n{line}\n"));
        assert_eq!(rule.breaches(&source).len(), 1, "`{line}` in {path} breaks: {}", rule.name);
    }
}

#[test]
fn rules_are_not_fooled_by_prose_or_tests() {
    let text = "//! Says panic! and .unwrap() in prose.\nconst S: &str = \"x.unwrap()\";\n\
                #[cfg(test)]\nmod tests {\n    fn f() { x.unwrap(); }\n}\n";
    let source = Source::new("src/engine/run.rs", text);
    for rule in RULES {
        assert!(rule.breaches(&source).is_empty(), "{}: {:?}", rule.name, rule.breaches(&source));
    }
}

#[test]
fn layers_use_only_what_lies_below() {
    let breaches: Vec<String> = sources().iter().flat_map(upward_uses).collect();
    assert_none("uses of a higher layer", &breaches);
    for line in ["use crate::cli::run;", "use crate::{engine::{live, plan}, reports};", "maid::cli::f();"] {
        let source = Source::new("src/engine/run.rs", &format!("//! A file.\n\n{line}\n"));
        assert_eq!(upward_uses(&source).len(), 1, "`{line}` uses a higher layer");
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let breaches: Vec<String> = sources().iter().flat_map(shape).collect();
    assert_none("files out of shape", &breaches);
}

#[test]
fn unsafe_is_proven() {
    let breaches: Vec<String> = sources().iter().flat_map(unproven_unsafe).collect();
    assert_none("unsafe blocks without proof", &breaches);
    let bare = Source::new("src/engine/run.rs", "//! A file.\nlet x = unsafe { f() };\n");
    assert_eq!(unproven_unsafe(&bare).len(), 1);
}

#[test]
fn modules_are_sliced_alike() {
    assert_none("files in a sliced module", &odd_slices(&sources()));
    let odd = ["src/runs/routes.rs", "src/runs/store.rs", "src/runs/queue.rs"]
        .map(|path| Source::new(path, "//! A file.\n"));
    assert_eq!(odd_slices(&odd).len(), 1);
}

/// A new version of Goose brings new flags: each has its line in the table, or the table lies.
#[test]
fn every_flag_of_goose_is_in_the_parity_table() {
    let table = read("docs/goose-parity.md");
    let missing: Vec<String> = goose::config::GooseConfiguration::command()
        .get_arguments()
        .filter_map(|flag| flag.get_long())
        .filter(|long| !["help"].contains(long))
        .map(|long| format!("--{long}"))
        .filter(|flag| !table.contains(&format!("`{flag}`")))
        .collect();
    assert_none("Goose's flags missing from docs/goose-parity.md", &missing);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let link = regex::Regex::new(r"\]\(([^)#\s]+)(?:#[^)]*)?\)").expect("the pattern is valid");
    let pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|page| root.join(page));
    let docs = fs::read_dir(root.join("docs")).expect("docs/ is there").filter_map(Result::ok);
    let mut broken = Vec::new();
    for page in pages.into_iter().chain(docs.map(|entry| entry.path())) {
        if page.extension().is_none_or(|end| end != "md") {
            continue;
        }
        let text = fs::read_to_string(&page).expect("a page is readable UTF-8");
        let folder = page.parent().expect("a page lies in a folder");
        broken.extend(
            link.captures_iter(&text)
                .map(|found| found[1].to_owned())
                .filter(|to| !to.contains("://") && !folder.join(to).exists())
                .map(|to| format!("{}: {to}", page.display())),
        );
    }
    assert_none("links that lead nowhere", &broken);
}

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
