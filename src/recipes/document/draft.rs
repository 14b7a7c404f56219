//! A recipe as somebody gives it: made by a program, or written in a file.

use saphyr_parser::{Event, Parser, Span};

use super::{Checked, Recipe};
use crate::loadtest::problem::Problems;

/// A recipe that is to be checked and stored.
#[derive(Clone, Debug)]
pub enum Draft {
    /// What it says, and nothing of how it was written.
    Made(Box<Recipe>),
    /// Its text, YAML or JSON, which is kept with its comments.
    Written(String),
}

impl Draft {
    /// Checks it.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once; in a text with lines.
    pub fn check(&self, name: &str) -> Result<Checked, Problems> {
        match self {
            Self::Made(recipe) => recipe.check(name),
            Self::Written(text) => Recipe::parse(text, name),
        }
    }

    /// Its text, where it has one.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Made(_) => None,
            Self::Written(text) => Some(text),
        }
    }

    /// The recipe `of`, which is written as `text`, under another title. What cannot be changed in the text
    /// without changing more goes on without it.
    #[must_use]
    pub fn retitled(of: &Recipe, text: Option<&str>, title: String) -> Self {
        let meant = Recipe { title, ..of.clone() };
        let read = |text: &String| Recipe::parse(text, "").is_ok_and(|read| *read.recipe() == meant);
        match text.and_then(|text| with_title(text, &meant.title)).filter(read) {
            Some(text) => Self::Written(text),
            None => Self::Made(Box::new(meant)),
        }
    }
}

/// The text with another value for the key `title` of the outermost mapping.
fn with_title(text: &str, title: &str) -> Option<String> {
    let Span { start, end } = title_in(text)?;
    let offset = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(offset, _)| offset);
    let (start, end) = (offset(start.index()), offset(end.index()));
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    // What is a text in JSON is the same text in YAML.
    Some(format!("{before}{}{after}", serde_json::Value::from(title)))
}

/// Where the value of `title` stands.
fn title_in(text: &str) -> Option<Span> {
    let (mut depth, mut is_key, mut found) = (0_usize, true, false);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        match &event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth -= 1,
            Event::Scalar(key, ..) if depth == 1 && is_key => found = key == "title",
            Event::Scalar(..) | Event::Alias(_) if depth == 1 && found => return Some(span),
            Event::Scalar(..) | Event::Alias(_) => {}
            _ => continue,
        }
        // Keys and values take turns; a collection counts once, where it ends.
        if depth == 1 && !matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            is_key = !is_key;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "summary: Somebody looks.\ncategory: web\n";
    const TEST: &str = "parameters: [{name: title, type: string, help: Not this one., default: x}]\nloadtest:\n  name: \
                        ${param:title} # mine\n  title: nor this\n";

    fn copied(text: &str) -> Option<String> {
        let recipe = Recipe::parse(text, "recipe").expect("a recipe").into_recipe();
        Draft::retitled(&recipe, Some(text), "B: \"b\" # c".to_owned()).into_text()
    }

    #[test]
    fn another_title_changes_nothing_else() {
        for (before, after) in [
            ("title: A # why", "title: \"B: \\\"b\\\" # c\" # why"),
            ("\"title\": 'A ü'", "\"title\": \"B: \\\"b\\\" # c\""),
            ("tags: [title, x]\ntitle: A", "tags: [title, x]\ntitle: \"B: \\\"b\\\" # c\""),
            ("title: A\n  and more", "title: \"B: \\\"b\\\" # c\""),
            ("# Über\r\ntitle: A\r", "# Über\r\ntitle: \"B: \\\"b\\\" # c\"\r"),
        ] {
            assert_eq!(
                copied(&format!("{before}\n{HEAD}{TEST}")).as_deref(),
                Some(&*format!("{after}\n{HEAD}{TEST}"))
            );
            assert_eq!(
                copied(&format!("{HEAD}{TEST}{before}\n")).as_deref(),
                Some(&*format!("{HEAD}{TEST}{after}\n"))
            );
        }
    }

    #[test]
    fn what_cannot_be_changed_goes_on_without_its_text() {
        // A block of text is told apart from its head by its indent alone.
        assert_eq!(copied(&format!("title: |-\n  A\n{HEAD}{TEST}")), None);
        // The title stands within what is merged.
        let text = format!("<<: {{title: A}}\n{HEAD}{TEST}");
        assert_eq!(copied(&text), None);
        let recipe = Recipe::parse(&text, "recipe").expect("a recipe").into_recipe();
        let Draft::Made(made) = Draft::retitled(&recipe, Some(&text), "B".to_owned()) else {
            panic!("it has a text");
        };
        assert_eq!(made.title, "B");
        assert_eq!(made.loadtest, recipe.loadtest);
    }
}
