//! What `maid run` is given: a file, `recipe:ID`, a URL, or `-` for stdin.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use url::Url;

use super::error::CliError;

/// Recipes that are part of the binary.
const RECIPES: [(&str, &str); 1] = [("quickstart", include_str!("../../assets/recipes/quickstart.yaml"))];
/// Largest document that is read.
const LARGEST: u64 = 16 << 20;
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

/// The text of a document and what it is called in messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) name: String,
    /// Folder that the document's own files are relative to.
    pub(super) folder: PathBuf,
}

/// The text of the recipe `id`.
pub(super) fn recipe(id: &str) -> Result<Source, CliError> {
    let found = RECIPES.iter().find(|(known, _)| *known == id);
    let (_, text) = found.ok_or_else(|| CliError::UnknownRecipe {
        id: id.to_owned(),
        known: RECIPES.map(|(known, _)| known).join(", "),
    })?;
    Ok(Source { text: (*text).to_owned(), name: format!("recipe:{id}"), folder: PathBuf::new() })
}

/// The text of the document at `path`.
pub(super) fn file(path: &Path) -> Result<Source, CliError> {
    let name = path.display().to_string();
    let text = File::open(path).and_then(limited).map_err(|error| unreadable(&name, error))?;
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(Source { text, name, folder })
}

/// The text of the document on stdin.
pub(super) fn stdin() -> Result<Source, CliError> {
    let text = limited(io::stdin().lock()).map_err(|error| unreadable("stdin", error))?;
    Ok(Source { text, name: "stdin".to_owned(), folder: PathBuf::new() })
}

fn limited(reader: impl Read) -> io::Result<String> {
    let mut text = String::new();
    reader.take(LARGEST + 1).read_to_string(&mut text)?;
    match text.len() as u64 > LARGEST {
        true => Err(io::Error::other("larger than 16 MiB, which no LoadTest needs to be")),
        false => Ok(text),
    }
}

fn unreadable(name: &str, error: io::Error) -> CliError {
    CliError::Unreadable { name: name.to_owned(), error }
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
        assert!(recipe("quickstart").is_ok_and(|source| source.text.contains("thresholds:")));
        assert!(matches!(recipe("nope"), Err(CliError::UnknownRecipe { .. })));
    }
}
