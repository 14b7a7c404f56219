//! Whether a prompt is right: what people read is there, and its places and variables match.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Prompt,
    template::{Template, is_name},
    variable,
};
use crate::{
    http::FieldError,
    recipes::document::{Parameter, ParameterType},
};

/// Most variables, and most tags.
const MOST: (usize, usize) = (50, 20);
/// Most choices of a variable.
const MOST_CHOICES: usize = 100;
/// Longest title, description and help, in characters.
const LONGEST: (usize, usize, usize) = (200, 2000, 500);
/// Longest choice, and longest unit, in characters.
const LONGEST_WORDS: (usize, usize) = (200, 20);
/// Longest text, in bytes.
const LONGEST_TEXT: usize = 64 << 10;

/// Checks everything at once; the places of the text are what comes of it.
pub(super) fn check(prompt: &Prompt) -> Result<Template, Vec<FieldError>> {
    let mut findings = Findings(Vec::new());
    findings.words(prompt);
    findings.variables(&prompt.variables);
    let template = findings.text(&prompt.text);
    if let Some(template) = &template {
        findings.places(prompt, template);
    }
    match template {
        Some(template) if findings.0.is_empty() => Ok(template),
        _ => Err(findings.0),
    }
}

/// Whether `text` can be a tag.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

struct Findings(Vec<FieldError>);

impl Findings {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { path: path.into(), message: message.into() });
    }

    fn words(&mut self, prompt: &Prompt) {
        let (title, description, _) = LONGEST;
        self.line("title", &prompt.title, 1, title);
        self.line("description", &prompt.description, 0, description);
        if prompt.tags.len() > MOST.1 {
            self.add("tags", format!("must be at most {} tags", MOST.1));
        }
        let mut known = BTreeSet::new();
        for (index, tag) in prompt.tags.iter().enumerate().take(MOST.1) {
            let path = format!("tags[{index}]");
            if !is_tag(tag) {
                let message =
                    "must be 1 to 40 small letters, digits and `-`, and begin with a letter or digit";
                self.add(path, message);
            } else if !known.insert(tag) {
                self.add(path, format!("`{tag}` is there twice"));
            }
        }
    }

    fn line(&mut self, path: impl Into<String>, text: &str, least: usize, most: usize) {
        if text.trim().chars().count() < least || text.chars().count() > most {
            self.add(path, format!("must be {least} to {most} characters"));
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            self.add(path, "must not contain control characters");
        }
    }

    fn text(&mut self, text: &str) -> Option<Template> {
        if text.trim().is_empty() || text.len() > LONGEST_TEXT {
            self.add("text", format!("must be 1 to {LONGEST_TEXT} bytes"));
            return None;
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add("text", "must not contain control characters");
        }
        match Template::parse(text) {
            Ok(template) => Some(template),
            Err(wrong) => {
                wrong.into_iter().for_each(|message| self.add("text", message));
                None
            }
        }
    }

    fn variables(&mut self, variables: &[Parameter]) {
        if variables.len() > MOST.0 {
            self.add("variables", format!("must be at most {} variables", MOST.0));
        }
        let mut names = BTreeSet::new();
        for (index, one) in variables.iter().enumerate().take(MOST.0) {
            let path = format!("variables[{index}]");
            if !is_name(&one.name) {
                let message = "must be 1 to 40 small letters, digits and `_`, and begin with a letter";
                self.add(format!("{path}.name"), message);
            } else if !names.insert(one.name.as_str()) {
                self.add(format!("{path}.name"), format!("`{}` is declared twice", one.name));
            }
            self.line(format!("{path}.help"), &one.help, 1, LONGEST.2);
            if one.kind == ParameterType::Secret {
                let message = "a prompt takes no secrets: it is shared, shown and handed to a model; \
                               let the test read them by `${env:NAME}`";
                self.add(format!("{path}.type"), message);
            } else {
                self.bounds(&path, one);
                self.values(&path, one);
            }
        }
    }

    /// What a variable says about its values fits its kind.
    fn bounds(&mut self, path: &str, one: &Parameter) {
        let is_choice = one.kind == ParameterType::Choice;
        if is_choice && !(1..=MOST_CHOICES).contains(&one.choices.len()) {
            self.add(format!("{path}.choices"), format!("a choice needs 1 to {MOST_CHOICES} choices"));
        }
        if !is_choice && !one.choices.is_empty() {
            self.add(format!("{path}.choices"), "only a choice has choices");
        }
        for (index, choice) in one.choices.iter().enumerate().take(MOST_CHOICES) {
            self.line(format!("{path}.choices[{index}]"), choice, 1, LONGEST_WORDS.0);
        }
        if let Some(unit) = &one.unit {
            self.line(format!("{path}.unit"), unit, 1, LONGEST_WORDS.1);
        }
        let free = Parameter { min: None, max: None, ..one.clone() };
        for (key, bound) in [("min", &one.min), ("max", &one.max)] {
            let Some(bound) = bound else { continue };
            let wrong = match one.kind {
                ParameterType::Integer | ParameterType::Number => {
                    (!bound.is_number()).then(|| "must be a number".to_owned())
                }
                ParameterType::Duration => variable::take(&free, bound).err(),
                _ => Some("only numbers and durations have bounds".to_owned()),
            };
            if let Some(message) = wrong {
                self.add(format!("{path}.{key}"), message);
            }
        }
    }

    /// A default or an example is there, and would be taken.
    fn values(&mut self, path: &str, one: &Parameter) {
        if one.required && one.default.is_some() {
            let message = "what is required has no default: leave out one of the two";
            self.add(format!("{path}.default"), message);
        }
        if one.required && one.example.is_none() {
            self.add(path, "what is required needs an `example`, so that the prompt can be shown");
        }
        if !one.required && one.default.is_none() {
            self.add(path, "must have a `default`, or be `required`");
        }
        // What has no choices yet takes none, which is told already.
        if one.kind == ParameterType::Choice && one.choices.is_empty() {
            return;
        }
        for (key, value) in [("default", &one.default), ("example", &one.example)] {
            let taken = value.as_ref().map(|value: &Value| variable::take(one, value));
            if let Some(Err(message)) = taken {
                self.add(format!("{path}.{key}"), message);
            }
        }
    }

    /// Each variable is used, and each place is declared.
    fn places(&mut self, prompt: &Prompt, template: &Template) {
        let used: BTreeSet<&str> = template.names().collect();
        let declared: BTreeSet<&str> = prompt.variables.iter().map(|one| one.name.as_str()).collect();
        for (index, one) in prompt.variables.iter().enumerate().take(MOST.0) {
            if is_name(&one.name) && !used.contains(one.name.as_str()) {
                let message = format!(
                    "nothing uses it: write `{{{{ {} }}}}` in the text, or leave the variable out",
                    one.name
                );
                self.add(format!("variables[{index}].name"), message);
            }
        }
        for name in used.difference(&declared).take(MOST.0) {
            let message = format!("`{{{{ {name} }}}}` is used and not declared: add it to `variables`");
            self.add("text", message);
        }
    }
}
