//! From what the user names to a test that can be run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::{
    error::CliError,
    linked::Linked,
    run::TestFlags,
    what::{self, What},
};
use crate::{
    config::Config,
    loadtest::{
        overrides::Overrides,
        parse::{self, Document},
        secret::Secret,
        types::LoadTest,
        valid::{FileAccess, ValidLoadTest},
    },
    recipes::{
        document::{Checked, Recipe},
        library::Library,
    },
    reports::{number::plural, words},
    runs::launch::{self, Origin, Unfit},
};

/// A test as it is written, changed as the flags say.
pub(super) struct Written {
    pub(super) document: Document,
    /// Files that it may name.
    pub(super) files: FileAccess,
    /// Values that it may read as `${env:NAME}`.
    pub(super) env: BTreeMap<String, Secret>,
    /// The link that led to it.
    pub(super) link: Option<Linked>,
}

/// The parameter of a recipe that `-H` stands for as well.
const HOST: &str = "host";

/// Reads `what`, changes it as the flags say, and checks it.
pub(super) fn valid(what: &What, flags: &TestFlags, config: &Config) -> Result<ValidLoadTest, CliError> {
    checked(written(what, flags)?, what, config).map(|(test, _)| test)
}

/// Checks what was read from `what`. The link that led to it comes along.
pub(super) fn checked(
    written: Written,
    what: &What,
    config: &Config,
) -> Result<(ValidLoadTest, Option<Linked>), CliError> {
    let Written { document, files, env, link } = written;
    let origin = Origin { folder: folder(what), files, env };
    let test = launch::valid(document, origin, &config.load).map_err(|unfit| match unfit {
        Unfit::Document(problems) => CliError::from(problems),
        Unfit::Ignore(error) => error.into(),
    })?;
    Ok((test, link))
}

/// Reads `what`, fills it in where it is a recipe, and changes it as the flags say.
pub(super) fn written(what: &What, flags: &TestFlags) -> Result<Written, CliError> {
    let mut env: BTreeMap<_, _> =
        flags.env.iter().map(|one| (one.name.clone(), Secret::new(one.value.clone()))).collect();
    let mut link = None;
    if !matches!(what, What::Deeplink(_)) {
        flags.link.unused()?;
    }
    let (mut document, files) = match what {
        What::File(path) => (given(read(path)?, flags, &mut env)?, FileAccess::Anywhere),
        What::Stdin => {
            let document = parse::read_from(std::io::stdin().lock(), "stdin")?;
            (given(document, flags, &mut env)?, FileAccess::Anywhere)
        }
        What::Recipe(id) => {
            let library = Library::built_in();
            let unknown = || CliError::UnknownRecipe { id: id.clone(), meant: library.nearest(id) };
            let recipe = library.get(id).ok_or_else(unknown)?;
            (filled(&recipe.checked, flags, &mut env)?, FileAccess::Inside)
        }
        What::Url(url) => {
            let test = LoadTest::for_url(url.as_str())?;
            let document = Document::from_loadtest(&test, url.as_str());
            (given(document, flags, &mut env)?, FileAccess::Inside)
        }
        What::Deeplink(text) => {
            let linked = Linked::follow(text, &flags.link)?;
            let document = linked.document(flags, &mut env)?;
            link = Some(linked);
            (document, FileAccess::Inside)
        }
    };
    document.apply(&overrides(flags));
    Ok(Written { document, files, env, link })
}

/// A document that may be a recipe. Only recipes have parameters.
fn given(
    document: Document,
    flags: &TestFlags,
    env: &mut BTreeMap<String, Secret>,
) -> Result<Document, CliError> {
    if Recipe::is_one(&document) {
        let checked = Recipe::of(&document).map_err(CliError::Recipe)?;
        return filled(&checked, flags, env);
    }
    match flags.param.first() {
        Some(param) => Err(CliError::NoParameters { name: param.name.clone() }),
        None => Ok(document),
    }
}

/// A recipe with the values of the flags. Its secrets go where those of `-e` go.
fn filled(
    checked: &Checked,
    flags: &TestFlags,
    env: &mut BTreeMap<String, Secret>,
) -> Result<Document, CliError> {
    filled_with(checked, Map::new(), flags, env)
}

/// The same, where `values` are given already.
pub(super) fn filled_with(
    checked: &Checked,
    mut values: Map<String, Value>,
    flags: &TestFlags,
    env: &mut BTreeMap<String, Secret>,
) -> Result<Document, CliError> {
    let recipe = checked.recipe();
    if let Some(requires) = recipe.requires {
        return Err(CliError::NotRunnable { title: recipe.title.clone(), requires });
    }
    if let Some(host) = flags.host.first().filter(|_| recipe.parameters.iter().any(|one| one.name == HOST)) {
        values.insert(HOST.to_owned(), Value::from(host.as_str()));
    }
    values.extend(flags.param.iter().map(|one| (one.name.clone(), Value::from(one.value.as_str()))));
    let filled = checked.fill(&values).map_err(CliError::Parameters)?;
    env.extend(filled.env);
    Ok(filled.document)
}

fn read(path: &Path) -> Result<Document, CliError> {
    // A name that leads nowhere is not a mistake in a document, and has another way out.
    path.metadata().map_err(|error| {
        let name = path.display().to_string();
        match what::meant_url(&name) {
            Some(meant) => CliError::NotUrl { name, meant },
            None => CliError::Unreadable { name, error },
        }
    })?;
    Ok(parse::read(path)?)
}

/// Folder that the document's own files are relative to.
pub(super) fn folder(what: &What) -> PathBuf {
    match what {
        What::File(path) => path.parent().filter(|folder| *folder != Path::new("")),
        _ => None,
    }
    .unwrap_or(Path::new("."))
    .to_owned()
}

fn overrides(flags: &TestFlags) -> Overrides {
    Overrides {
        hosts: flags.host.clone(),
        users: flags.users,
        hatch_rate: flags.hatch_rate,
        run_time: flags.run_time,
        iterations: flags.iterations,
        stages: flags.stage.clone(),
        arrival_rate: flags.arrival_rate,
        rate_limit: flags.rate_limit,
        thresholds: flags.threshold.clone(),
    }
}

/// The scenarios that names and patterns such as `anon*` choose. Refuses one that chooses none.
pub(super) fn scenarios(test: &ValidLoadTest, selected: &[String]) -> Result<Vec<String>, CliError> {
    let names: Vec<&str> = test.loadtest().scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let none = |pattern: &&String| !names.iter().any(|name| chooses(pattern, name));
    if let Some(name) = selected.iter().find(none) {
        return Err(CliError::UnknownScenario { name: name.clone(), known: names.join(", ") });
    }
    let chosen = names.iter().filter(|name| selected.iter().any(|pattern| chooses(pattern, name)));
    Ok(chosen.map(|name| (*name).to_owned()).collect())
}

/// Whether a pattern chooses a name; `*` stands for any text.
fn chooses(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(end)
}

/// What a test holds, in a few lines. Texts are shown as written: one of them may be filled in with
/// a secret.
pub(super) fn described(test: &ValidLoadTest) -> String {
    let (loadtest, frozen) = (test.loadtest(), test.frozen());
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut lines = vec![
        format!("{}: the document is right", frozen["name"].as_str().unwrap_or_default()),
        format!("  target     {}", texts(&frozen["target"]["hosts"]).join(", ")),
        format!("  load       {}", words::load(loadtest)),
    ];
    for (scenario, written) in
        loadtest.scenarios.iter().zip(frozen["scenarios"].as_array().into_iter().flatten())
    {
        let requests: usize =
            scenario.transactions.iter().map(|transaction| transaction.requests.len()).sum();
        lines.push(format!(
            "  scenario   {} (weight {}, {}, {})",
            written["name"].as_str().unwrap_or_default(),
            scenario.weight,
            plural(scenario.transactions.len() as u64, "transaction", "transactions"),
            plural(requests as u64, "request", "requests")
        ));
    }
    lines.extend(texts(&frozen["thresholds"]).iter().map(|rule| format!("  threshold  {rule}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name) in
            [("anon*", "anonymous"), ("*", ""), ("*mous", "anonymous"), ("a*y*s", "anonymous"), ("a**", "a")]
        {
            assert!(chooses(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("anon", "anonymous"), ("anon*", "an"), ("a*b*a", "aba b"), ("ab*ba", "aba"), ("*x", "xa")]
        {
            assert!(!chooses(pattern, name), "{pattern} {name}");
        }
    }
}
