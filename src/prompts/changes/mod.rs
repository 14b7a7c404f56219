//! What differs between two versions of a prompt, line by line.

mod service;

use std::time::Duration;

use similar::TextDiff;

use super::document::Prompt;

/// How long may be looked for the shortest difference; a longer one is as true.
const PATIENCE: Duration = Duration::from_millis(200);
/// Lines around what differs.
const AROUND: usize = 3;

/// The unified diff of two versions, with the names of both; empty where they are the same.
#[must_use]
pub fn unified((from, before): (u64, &Prompt), (to, after): (u64, &Prompt)) -> String {
    let (before, after) = (lines(before), lines(after));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&before, &after);
    diff.unified_diff()
        .context_radius(AROUND)
        .header(&format!("version {from}"), &format!("version {to}"))
        .to_string()
}

/// The parts that differ, by name.
#[must_use]
pub fn changed(before: &Prompt, after: &Prompt) -> Vec<&'static str> {
    [
        ("title", before.title != after.title),
        ("description", before.description != after.description),
        ("category", before.category != after.category),
        ("tags", before.tags != after.tags),
        ("variables", before.variables != after.variables),
        ("text", before.text != after.text),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

/// A prompt as lines: what people read first, then a line for each variable, then the text.
fn lines(prompt: &Prompt) -> String {
    let mut lines = format!(
        "title: {}\ndescription: {}\ncategory: {}\ntags: {}\n",
        prompt.title,
        prompt.description,
        prompt.category.name(),
        prompt.tags.join(" ")
    );
    for variable in &prompt.variables {
        // Texts, numbers and lists: nothing here can fail to be written.
        lines.push_str("variable: ");
        lines.push_str(&serde_json::to_string(variable).unwrap_or_default());
        lines.push('\n');
    }
    lines.push('\n');
    lines.push_str(&prompt.text);
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::prompts::document::PromptCategory;

    fn prompt(text: &str) -> Prompt {
        Prompt {
            title: "T".to_owned(),
            description: String::new(),
            category: PromptCategory::Describe,
            tags: Vec::new(),
            variables: Vec::new(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_differs_is_shown_with_lines_around() {
        let (before, after) = (prompt("one\ntwo\nthree"), prompt("one\n2\nthree"));
        assert_eq!(
            unified((1, &before), (2, &after)),
            "--- version 1\n+++ version 2\n@@ -4,5 +4,5 @@\n tags: \n \n one\n-two\n+2\n three\n"
        );
        assert_eq!(changed(&before, &after), ["text"]);
        assert_eq!(unified((1, &before), (3, &before)), "");
    }

    #[test]
    fn the_worst_texts_do_not_take_for_ever() {
        let one: String = (0..30_000).map(|n| format!("{}\n", n % 7)).collect();
        let other: String = (0..30_000).map(|n| format!("{}\n", n % 11)).collect();
        let since = Instant::now();
        assert!(!unified((1, &prompt(&one)), (2, &prompt(&other))).is_empty());
        assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    }
}
