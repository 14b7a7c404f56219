//! Every recipe of the library and a document full of traps, there and back.

use std::fs;

use maid::{
    convert::{
        export::{Form, export},
        import::Format,
    },
    loadtest::{
        parse::{self, Document},
        types::LoadTest,
    },
    recipes::library::Library,
};

use super::{Trip, differences, given, trip, untold};

/// All that is sent on trips, by name.
fn documents() -> Vec<(String, Document)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/convert/export/shop.yaml");
    let shop = fs::read_to_string(folder).expect("text").replace("${env:SHOP_URL}", "http://shop.test");
    let mut documents = vec![("shop".to_owned(), parse::parse(&shop, "shop").expect("a document"))];
    let library = Library::built_in();
    for built_in in library.all().filter(|built_in| built_in.checked.recipe().requires.is_none()) {
        let filled = built_in.checked.preview().expect("its examples fill it in");
        documents.push((built_in.id.to_owned(), filled.document));
    }
    assert!(documents.len() > 24, "the library is there");
    documents
}

fn read(document: &Document) -> LoadTest {
    document.read().expect("a LoadTest")
}

fn nothing_is_lost_in_silence(form: Form, format: Format) {
    let mut wrong = Vec::new();
    for (name, document) in documents() {
        match trip(&document, form, format) {
            Err(why) => wrong.push(format!("{name}: {why}")),
            Ok(Trip { text, after, told }) => {
                let before = read(&document);
                let differences = differences(&before, &after);
                let untold = untold(&differences, &told);
                if !untold.is_empty() {
                    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
                    wrong.push(format!(
                        "{name}:\n  {}\nof which nothing was said:\n  {}\n{text}",
                        untold.join("\n  "),
                        told.join("\n  ")
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} documents:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn yaml_and_json_say_everything() {
    for (name, document) in documents() {
        let before = read(&document);
        for form in [Form::Yaml, Form::Json] {
            let exported = export(document.clone(), form, given()).expect("it is exported");
            let file = &exported.files[0];
            let after = parse::parse(&file.text, &file.name).expect("a document");
            assert_eq!(read(&after), before, "{name} as {form}");
            assert_eq!((exported.left_out, exported.files.len()), (Vec::new(), 1), "{name} as {form}");
            assert!(differences(&before, &read(&after)).is_empty());
        }
    }
}

#[test]
fn a_collection_is_read_again() {
    nothing_is_lost_in_silence(Form::Postman, Format::Postman);
}

#[test]
fn a_script_of_curl_is_read_again() {
    nothing_is_lost_in_silence(Form::Curl, Format::Curl);
}
