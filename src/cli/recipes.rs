//! `maid recipes`: the load tests that are there already.

use clap::Args;
use serde_json::{Value, json};

use super::{error::CliError, exit::Exit, screen::Screen};
use crate::{
    recipes::{
        document::{Parameter, ParameterType, Recipe},
        library::{BuiltIn, Library},
    },
    reports::{
        table::{Cell, Ink, Table},
        text::wrap,
    },
};

/// Show the recipes: load tests that are there already and only want a few values.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  maid recipes                       all of them
  maid recipes spike                 what it does, what it takes, how to read its result
  maid recipes spike --json | jq .loadtest
  maid run recipe:spike -H http://127.0.0.1:8080 -p path=/ -p peak=500")]
pub(super) struct Recipes {
    /// The one to show, instead of a list of all
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Print JSON and nothing else
    #[arg(long)]
    json: bool,
}

impl Recipes {
    pub(super) fn execute(&self, screen: &Screen) -> Result<Exit, CliError> {
        let library = Library::built_in();
        match &self.id {
            None if self.json => screen.result(&Value::from_iter(library.all().map(listed)).to_string())?,
            None => screen.result(&table(&library).lines(0, screen.width(), screen.colour).join("\n"))?,
            Some(id) => {
                let id = id.strip_prefix("recipe:").unwrap_or(id);
                let unknown = || CliError::UnknownRecipe { id: id.to_owned(), meant: library.nearest(id) };
                let found = library.get(id).ok_or_else(unknown)?;
                match self.json {
                    true => screen.result(&whole(found).to_string())?,
                    false => screen.result(&Details { found, screen }.text())?,
                }
            }
        }
        Ok(Exit::Passed)
    }
}

fn listed(built_in: &BuiltIn) -> Value {
    let Recipe { title, summary, category, tags, requires, .. } = built_in.checked.recipe();
    json!({
        "id": built_in.id, "title": title, "summary": summary, "category": category, "tags": tags,
        "requires": requires,
    })
}

fn whole(built_in: &BuiltIn) -> Value {
    let mut value = json!({ "id": built_in.id });
    if let (Value::Object(all), Value::Object(recipe)) = (&mut value, json!(built_in.checked.recipe())) {
        all.extend(recipe);
    }
    value
}

/// A word as the document writes it.
fn word(value: impl serde::Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

fn table(library: &Library) -> Table {
    let mut table = Table::new(&["title", "recipe", "category", "needs"]).left(&[1, 2, 3]).spare(&[2]);
    let mut all: Vec<&BuiltIn> = library.all().collect();
    all.sort_by_key(|one| one.checked.recipe().category);
    for built_in in all {
        let recipe = built_in.checked.recipe();
        let needs = recipe.requires.map(|requires| format!("{requires} (not yet)")).unwrap_or_default();
        table.row(vec![
            Cell::new(&recipe.title, Ink::Plain),
            Cell::new(built_in.id, Ink::Bold),
            Cell::new(word(recipe.category), Ink::Dim),
            Cell::new(needs, Ink::Care),
        ]);
    }
    table
}

/// What people want to know about one recipe.
struct Details<'a> {
    found: &'a BuiltIn,
    screen: &'a Screen,
}

impl Details<'_> {
    fn text(&self) -> String {
        let recipe = self.found.checked.recipe();
        let mut lines = vec![self.bold(&recipe.title)];
        lines.extend(self.wrapped("", &recipe.summary));
        lines.push(format!("{}: {}", word(recipe.category), recipe.tags.join(", ")));
        self.section(&mut lines, "What it takes");
        for parameter in &recipe.parameters {
            let ink = if parameter.required { Ink::Care } else { Ink::Plain };
            let name = ink.paint(&parameter.name, self.screen.colour);
            lines.push(format!("  {name}  {}", described(parameter)));
            lines.extend(self.wrapped("      ", &parameter.help));
        }
        for (title, advice) in [
            ("How to run it well", &recipe.best_practices),
            ("What a good result looks like", &recipe.good_result),
        ] {
            self.section(&mut lines, title);
            for line in advice {
                let mut wrapped = self.wrapped("    ", line);
                if let Some(first) = wrapped.first_mut() {
                    first.replace_range(..4, "  - ");
                }
                lines.extend(wrapped);
            }
        }
        match recipe.requires {
            Some(requires) => {
                lines.extend([String::new(), format!("It cannot be run yet: it sends {requires}.")]);
            }
            None => {
                self.section(&mut lines, "Run it");
                lines.push(format!("  {}", command(self.found)));
            }
        }
        lines.join("\n")
    }

    fn bold(&self, text: &str) -> String {
        Ink::Bold.paint(text, self.screen.colour)
    }

    fn section(&self, lines: &mut Vec<String>, title: &str) {
        lines.extend([String::new(), self.bold(title)]);
    }

    fn wrapped(&self, indent: &str, text: &str) -> Vec<String> {
        let width = self.screen.width().saturating_sub(indent.len()).max(20);
        wrap(text, width).into_iter().map(|line| format!("{indent}{line}")).collect()
    }
}

/// Type, bounds and default of a parameter. The default of a secret is nobody's secret, but it is no
/// example to follow either.
fn described(parameter: &Parameter) -> String {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut parts = vec![word(parameter.kind)];
    if !parameter.choices.is_empty() {
        parts.push(parameter.choices.join(" | "));
    }
    let bounds = match (&parameter.min, &parameter.max) {
        (Some(min), Some(max)) => format!("{} to {}", shown(min), shown(max)),
        (Some(min), None) => format!("{} or more", shown(min)),
        (None, Some(max)) => format!("{} or less", shown(max)),
        (None, None) => String::new(),
    };
    let unit = parameter.unit.as_deref().unwrap_or_default();
    parts.extend(Some(format!("{bounds} {unit}").trim().to_owned()).filter(|text| !text.is_empty()));
    match (&parameter.default, &parameter.example) {
        _ if parameter.kind == ParameterType::Secret && !parameter.required => {
            parts.push("has a default".to_owned())
        }
        (Some(default), _) => parts.push(format!("default {}", shown(default))),
        (None, Some(example)) => parts.push(format!("required, such as {}", shown(example))),
        (None, None) => parts.push("required".to_owned()),
    }
    parts.join(", ")
}

/// The shortest command that runs it: what is required, with its example.
fn command(built_in: &BuiltIn) -> String {
    let mut command = format!("maid run recipe:{}", built_in.id);
    for one in built_in.checked.recipe().parameters.iter().filter(|one| one.required) {
        let example = one.example.as_ref().and_then(Value::as_str).unwrap_or("VALUE");
        command += &match one.name.as_str() {
            "host" => format!(" -H {example}"),
            name => format!(" -p {name}={example}"),
        };
    }
    command
}
