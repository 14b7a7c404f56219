//! A deeplink on its way to a test: looked at, asked about, and only then run.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    document::filled_with,
    error::CliError,
    remote::Followed,
    run::{LinkFlags, TestFlags},
    screen::Screen,
};
use crate::{
    deeplinks::link::{Content, Link, LinkError},
    loadtest::{parse::Document, secret::Secret},
    recipes::{document::Checked, library::Library},
    reports::number::plural,
};

/// Why what a link leads to is not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkedError {
    #[error("{0}")]
    NoLink(#[from] LinkError),
    #[error("the link has expired")]
    Expired,
    #[error("the link holds no more than an id or a name: only its server knows what it leads to")]
    Empty,
    #[error("nothing was sent: a link leads to somebody else's test, and nobody has said yes")]
    Unconfirmed,
    #[error("-p {0}: the link gives a value for it, and is signed with that")]
    Fixed(String),
    #[error("{0} is for deeplinks and --server, and this is neither")]
    OnlyLinks(&'static str),
}

impl LinkedError {
    /// What to do about it.
    pub(super) const fn way_out(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoLink(_) => return None,
            Self::Expired => "ask whoever made it for a new one",
            Self::Empty => "leave --offline out",
            Self::Unconfirmed => {
                "look at it with `maid validate LINK`; `maid run LINK --yes` runs it without asking"
            }
            Self::Fixed(_) => "leave it out; the flags -H, -u and -t change any test",
            Self::OnlyLinks(_) => "leave it out",
        })
    }
}

/// What a link leads to.
pub(super) struct Linked {
    test: Test,
    /// Its server, which counts the run; none where nobody was asked.
    server: Option<Followed>,
}

enum Test {
    LoadTest(Document),
    Recipe { recipe: Box<Checked>, parameters: Map<String, Value> },
}

impl Linked {
    /// Looks at where `link` leads to: by its server, or as it says itself.
    pub(super) fn follow(link: &str, flags: &LinkFlags) -> Result<Self, CliError> {
        if flags.offline {
            return Ok(Self { test: as_it_says(link)?, server: None });
        }
        let followed = Followed::ask(link, flags.ca_file.as_deref())?;
        let test = match &followed.opened.recipe {
            Some(recipe) => Test::Recipe {
                recipe: Box::new(recipe.check("recipe").map_err(CliError::Recipe)?),
                parameters: followed.opened.parameters.clone(),
            },
            None => Test::LoadTest(Document::from_value(followed.opened.loadtest.clone(), "loadtest")),
        };
        Ok(Self { test, server: Some(followed) })
    }

    /// The test, with the values of the flags for what the link leaves open.
    pub(super) fn document(
        &self,
        flags: &TestFlags,
        env: &mut BTreeMap<String, Secret>,
    ) -> Result<Document, CliError> {
        match &self.test {
            Test::LoadTest(document) => match flags.param.first() {
                Some(param) => Err(CliError::NoParameters { name: param.name.clone() }),
                None => Ok(document.clone()),
            },
            Test::Recipe { recipe, parameters } => {
                if let Some(fixed) = flags.param.iter().find(|one| parameters.contains_key(&one.name)) {
                    return Err(LinkedError::Fixed(fixed.name.clone()).into());
                }
                filled_with(recipe, parameters.clone(), flags, env)
            }
        }
    }

    /// Asks whoever sits here whether that is to be run.
    pub(super) fn confirm(&self, described: &str, yes: bool, screen: &Screen) -> Result<(), CliError> {
        match &self.server {
            Some(followed) => {
                let opened = &followed.opened;
                let left = opened.uses_left.map(|left| format!(", {} left", plural(left, "run", "runs")));
                let left = left.unwrap_or_default();
                screen.note(&format!("link \"{}\", until {}{left}", opened.title, opened.expires_at));
            }
            None => screen.say("link: its server was not asked, so nobody has checked what it says"),
        }
        screen.note(described);
        if !yes && !asked()? {
            return Err(LinkedError::Unconfirmed.into());
        }
        Ok(())
    }

    /// Tells the link's server that it is run, which counts.
    pub(super) fn redeem(&self) -> Result<(), CliError> {
        self.server.as_ref().map_or(Ok(()), Followed::redeem)
    }
}

/// Whether somebody says yes. Where nobody can be asked, nobody does.
fn asked() -> Result<bool, CliError> {
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return Ok(false);
    }
    write!(stderr, "Run this? [y/N] ")?;
    stderr.flush()?;
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// What a link says itself that it leads to.
fn as_it_says(text: &str) -> Result<Test, CliError> {
    let link = Link::parse(text).map_err(LinkedError::from)?;
    if link.expires.is_some_and(|at| at <= Timestamp::now().as_second()) {
        return Err(LinkedError::Expired.into());
    }
    match link.content().map_err(LinkedError::from)?.ok_or(LinkedError::Empty)? {
        Content::Loadtest(value) => Ok(Test::LoadTest(Document::from_value(value, "loadtest"))),
        Content::Recipe { id, parameters } => {
            let library = Library::built_in();
            let unknown = || CliError::UnknownRecipe { id: id.clone(), meant: library.nearest(&id) };
            let recipe = Box::new(library.get(&id).ok_or_else(unknown)?.checked.clone());
            Ok(Test::Recipe { recipe, parameters })
        }
        Content::Preset(_) => Err(LinkedError::Empty.into()),
    }
}
