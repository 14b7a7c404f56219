//! What `maid run` is given: a file, `recipe:ID`, a URL, or `-` for stdin.

use std::{
    io::{self, Read},
    path::PathBuf,
    str::FromStr,
};

use url::Url;

use super::error::CliError;
use crate::loadtest::parse::MAX_DOCUMENT;

/// Recipes that are part of the binary.
const RECIPES: [(&str, &str); 1] = [("quickstart", include_str!("../../assets/recipes/quickstart.yaml"))];
/// Query keys of a deeplink, `/maid/run?...`.
const DEEPLINK: [&str; 3] = ["config", "recipe", "preset"];

/// A test, or where to find one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    File(PathBuf),
    Stdin,
    Recipe(String),
    Url(Url),
    Deeplink,
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(id) = text.strip_prefix("recipe:") {
            return Ok(Self::Recipe(id.to_owned()));
        }
        if text.starts_with("maid://") || text.starts_with("deeplink:") {
            return Ok(Self::Deeplink);
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            let url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
            let shared = url.query_pairs().any(|(key, _)| DEEPLINK.contains(&key.as_ref()));
            return Ok(if url.path() == "/maid/run" && shared { Self::Deeplink } else { Self::Url(url) });
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}

/// The text of the recipe `id`.
pub(super) fn recipe(id: &str) -> Result<&'static str, CliError> {
    let found = RECIPES.iter().find(|(known, _)| *known == id).map(|(_, text)| *text);
    found.ok_or_else(|| CliError::UnknownRecipe {
        id: id.to_owned(),
        known: RECIPES.map(|(known, _)| known).join(", "),
    })
}

/// The text on stdin, or as much of it as shows that it is too much.
pub(super) fn stdin() -> Result<String, CliError> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(MAX_DOCUMENT as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| CliError::Unreadable { name: "stdin".to_owned(), error })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_apart() {
        assert_eq!("-".parse(), Ok(What::Stdin));
        assert_eq!("recipe:x".parse(), Ok(What::Recipe("x".into())));
        assert_eq!("http://h/maid/run?recipe=a".parse(), Ok(What::Deeplink));
        assert!(matches!("http://h/maid/run".parse(), Ok(What::Url(_))));
        assert_eq!("shop.yaml".parse(), Ok(What::File("shop.yaml".into())));
        assert!("http://".parse::<What>().is_err());
    }

    #[test]
    fn recipes_are_embedded() {
        assert!(recipe("quickstart").is_ok_and(|text| text.contains("thresholds:")));
        assert!(matches!(recipe("nope"), Err(CliError::UnknownRecipe { .. })));
    }
}
