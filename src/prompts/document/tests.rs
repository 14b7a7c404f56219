//! Places and variables match, and what is filled in stays what it is.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn prompt(change: impl FnOnce(&mut Value)) -> Result<Checked, Vec<FieldError>> {
    let mut value = json!({
        "title": "Checkout under load",
        "description": "For the shop.",
        "category": "describe",
        "tags": ["shop"],
        "variables": [
            {"name": "goal", "type": "string", "help": "What for.", "required": true, "example": "the sale"},
            {"name": "users", "type": "integer", "help": "How many.", "default": 20, "min": 1, "max": 100},
            {"name": "length", "type": "duration", "help": "How long.", "default": "5m", "max": "1h"},
            {"name": "model", "type": "choice", "help": "Which.", "default": "open", "choices": ["open", "closed"]},
            {"name": "strict", "type": "boolean", "help": "Whether.", "default": false},
            {"name": "note", "type": "string", "help": "More.", "default": ""}
        ],
        "text": "{{goal}}: {{ users }} users, {{ length }}, {{ model }}, {{ strict }}; \\{{ sku }} and {{ users }}{{ note }}"
    });
    change(&mut value);
    serde_json::from_value::<Prompt>(value).expect("it has the shape").check()
}

fn right() -> Checked {
    prompt(|_| {}).expect("it is right")
}

fn given(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn told(wrong: Vec<FieldError>) -> Vec<String> {
    wrong.into_iter().map(|error| format!("{}: {}", error.path, error.message)).collect()
}

#[test]
fn values_take_their_places() {
    let filled =
        right().fill(&given(&json!({"goal": "line one\r\nline two", "users": "7", "strict": true})), false);
    assert_eq!(filled.expect("it fills"), "line one\nline two: 7 users, 5m, open, true; {{ sku }} and 7");
    assert_eq!(
        right().fill(&Map::new(), true).expect("it fills"),
        "the sale: 20 users, 5m, open, false; {{ sku }} and 20"
    );
}

#[test]
fn every_value_that_will_not_do_is_told_at_once() {
    let wrong = right().fill(
        &given(&json!({
            "users": 101, "length": "2h", "model": "half", "strict": "perhaps", "nots": 1, "note": "\u{0}"
        })),
        false,
    );
    insta::assert_snapshot!(told(wrong.expect_err("it is wrong")).join("\n"), @r#"
    values.nots: no such variable; did you mean `note`?
    values.goal: is missing: What for.
    values.users: must be 100 or less
    values.length: must be 1h or less
    values.model: must be one of `open`, `closed`
    values.strict: must be true or false
    values.note: must not contain control characters
    "#);
}

#[test]
fn what_is_wrong_with_a_prompt_is_told_at_once() {
    let wrong = prompt(|value| {
        value["title"] = json!(" ");
        value["tags"] = json!(["Shop", "a", "a"]);
        value["variables"] = json!([
            {"name": "Goal", "type": "string", "help": "x", "default": ""},
            {"name": "a", "type": "secret", "help": "x", "default": "hunter2"},
            {"name": "b", "type": "integer", "help": "", "min": "low"},
            {"name": "b", "type": "choice", "help": "x", "default": "x"},
            {"name": "c", "type": "string", "help": "x", "required": true, "default": "x", "max": 3}
        ]);
        value["text"] = json!("{{ a }} {{ b }}\n {{ d }}");
    });
    insta::assert_snapshot!(told(wrong.expect_err("it is wrong")).join("\n"), @r#"
    title: must be 1 to 200 characters
    tags[0]: must be 1 to 40 small letters, digits and `-`, and begin with a letter or digit
    tags[2]: `a` is there twice
    variables[0].name: must be 1 to 40 small letters, digits and `_`, and begin with a letter
    variables[1].type: a prompt takes no secrets: it is shared, shown and handed to a model; let the test read them by `${env:NAME}`
    variables[2].help: must be 1 to 500 characters
    variables[2].min: must be a number
    variables[2]: must have a `default`, or be `required`
    variables[3].name: `b` is declared twice
    variables[3].choices: a choice needs 1 to 100 choices
    variables[4].max: only numbers and durations have bounds
    variables[4].default: what is required has no default: leave out one of the two
    variables[4]: what is required needs an `example`, so that the prompt can be shown
    variables[4].name: nothing uses it: write `{{ c }}` in the text, or leave the variable out
    text: `{{ d }}` is used and not declared: add it to `variables`
    "#);
    let wrong = prompt(|value| value["text"] = json!("{{ goal }\n}} and {{ Users }} {{}} {{"));
    insta::assert_snapshot!(told(wrong.expect_err("it is wrong")).join("\n"), @r#"
    text: line 1, column 1: `{{` begins no place: write `{{ name }}` with a name of small letters, digits and `_`, or `\{{` for the two characters themselves
    text: line 2, column 8: `{{` begins no place: write `{{ name }}` with a name of small letters, digits and `_`, or `\{{` for the two characters themselves
    text: line 2, column 20: `{{` begins no place: write `{{ name }}` with a name of small letters, digits and `_`, or `\{{` for the two characters themselves
    text: line 2, column 25: `{{` begins no place: write `{{ name }}` with a name of small letters, digits and `_`, or `\{{` for the two characters themselves
    "#);
}

#[test]
fn there_are_bounds() {
    assert!(prompt(|value| value["text"] = json!("x".repeat((64 << 10) + 1))).is_err());
    let many: Vec<Value> = (0..51)
        .map(|n| json!({"name": format!("v{n}"), "type": "string", "help": "x", "default": ""}))
        .collect();
    let text: String = (0..51).map(|n| format!("{{{{ v{n} }}}}")).collect();
    let wrong = prompt(|value| (value["variables"], value["text"]) = (json!(many), json!(text)));
    assert_eq!(told(wrong.expect_err("too many"))[0], "variables: must be at most 50 variables");
    // A short text that says a long value thousands of times.
    let prompt = prompt(|value| {
        value["variables"] = json!([{"name": "v", "type": "string", "help": "x", "default": ""}]);
        value["text"] = json!("{{v}}".repeat(10_000));
    });
    let wrong = prompt.expect("it is right").fill(&given(&json!({"v": "x".repeat(32 << 10)})), false);
    assert!(told(wrong.expect_err("too long"))[0].starts_with("values: make the text longer than"));
}

proptest! {
    #[test]
    fn no_value_becomes_a_place(goal in "\\PC{1,60}", note in "(\\{\\{ ?(users|goal|x) ?\\}\\}|\\\\|\\$\\{|[a-z ]){0,8}") {
        prop_assume!(!goal.trim().is_empty());
        let filled = right().fill(&given(&json!({"goal": goal, "note": note})), false).expect("it fills");
        prop_assert_eq!(filled, format!("{goal}: 20 users, 5m, open, false; {{{{ sku }}}} and 20{note}"));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "([{}\\\\ a-zü\n]|\\{\\{|\\}\\}){0,60}") {
        let Ok(template) = Template::parse(&text) else { return Ok(()) };
        let values = template.names().map(|name| (name.to_owned(), format!("{{{{{name}}}}}"))).collect();
        let filled = template.fill(&values).expect("it is short");
        // Places that are filled in with themselves give the text back, but for blanks and backslashes.
        let bare = |text: &str| text.replace([' ', '\\'], "");
        prop_assert_eq!(bare(&filled), bare(&text));
    }
}
