//! Fetches models from a hub that speaks Hugging Face's protocol, by its own client.
//!
//! `HF_ENDPOINT` names another hub than the public one, and the client's token file is honoured, as by every tool
//! of that ecosystem.

use std::{fs, path::PathBuf, str::FromStr, sync::Arc};

use hf_hub::{
    Repo, RepoType,
    api::tokio::{ApiBuilder, ApiError, Progress},
};
use uuid::Uuid;

use super::{Catalogue, EMBEDDING_FILES, Model, ModelError, checked, import};

/// Longest part of an address.
const LONGEST_PART: usize = 200;

/// Where a model is: `hf:OWNER/REPOSITORY/FILE.gguf`, or `hf:OWNER/REPOSITORY` for one that makes embeddings; `@`
/// and a revision may follow the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    repository: String,
    revision: String,
    file: Option<String>,
}

impl FromStr for Address {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let wrong = || ModelError::Address(text.chars().take(LONGEST_PART).collect());
        let rest = text.strip_prefix("hf:").ok_or_else(wrong)?;
        let fine = |part: &&str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
            (1..=LONGEST_PART).contains(&part.len()) && !part.starts_with('.') && part.chars().all(known)
        };
        let parts: Vec<&str> = rest.split('/').collect();
        if parts.len() < 2 || !parts.iter().all(fine) {
            return Err(wrong());
        }
        let (name, revision) = parts[1].split_once('@').unwrap_or((parts[1], "main"));
        let file = (parts.len() > 2).then(|| parts[2..].join("/"));
        if name.is_empty()
            || revision.is_empty()
            || file.as_ref().is_some_and(|file| !file.ends_with(".gguf"))
        {
            return Err(wrong());
        }
        Ok(Self { repository: format!("{}/{name}", parts[0]), revision: revision.to_owned(), file })
    }
}

impl Address {
    fn files(&self) -> Vec<String> {
        match &self.file {
            Some(file) => vec![file.clone()],
            None => EMBEDDING_FILES.map(str::to_owned).to_vec(),
        }
    }

    /// What the model is called where nobody says.
    fn name(&self) -> String {
        let of_file =
            self.file.as_deref().and_then(|file| file.rsplit('/').next()).map(|file| &file[..file.len() - 5]);
        let name = of_file.or_else(|| self.repository.rsplit('/').next()).unwrap_or_default();
        name.to_lowercase().replace('@', "-")
    }
}

/// Told how far it is: the file, bytes so far, and all of them.
pub type Told = Arc<dyn Fn(&str, usize, usize) + Send + Sync>;

/// How a file comes.
#[derive(Clone)]
pub struct Pulling {
    told: Told,
    file: String,
    came: usize,
    all: usize,
}

impl Pulling {
    /// Tells `told`.
    #[must_use]
    pub fn new(told: Told) -> Self {
        Self { told, file: String::new(), came: 0, all: 0 }
    }
}

impl Progress for Pulling {
    async fn init(&mut self, size: usize, file: &str) {
        (self.file, self.came, self.all) = (file.to_owned(), 0, size);
        (self.told)(&self.file, 0, size);
    }

    async fn update(&mut self, size: usize) {
        self.came += size;
        (self.told)(&self.file, self.came, self.all);
    }

    async fn finish(&mut self) {
        (self.told)(&self.file, self.all, self.all);
    }
}

/// Fetches the model at `address` and puts it into `catalogue`.
///
/// # Errors
/// When the hub does not give it, or what it gives cannot be loaded.
pub async fn pull(
    catalogue: &Catalogue,
    address: &Address,
    name: Option<&str>,
    pulling: Pulling,
) -> Result<Model, ModelError> {
    let made = address.name();
    let name = checked(name.unwrap_or(&made))?.to_owned();
    if catalogue.folder().join(&name).exists() {
        return Err(ModelError::Taken(name));
    }
    let landing = Landing(catalogue.folder().join(format!(".{name}.{}", Uuid::now_v7())));
    fs::create_dir_all(&landing.0).map_err(|error| ModelError::file(&landing.0, error))?;
    let hub = |what: &str| {
        let what = what.to_owned();
        move |error: ApiError| ModelError::Hub { what, cause: error.to_string() }
    };
    let api = ApiBuilder::from_env().with_progress(false).with_cache_dir(landing.0.clone());
    let api = api.build().map_err(hub(&address.repository))?;
    let repository =
        Repo::with_revision(address.repository.clone(), RepoType::Model, address.revision.clone());
    let repository = api.repo(repository);
    let mut from = PathBuf::new();
    for file in address.files() {
        let what = format!("{}/{file}", address.repository);
        from = repository.download_with_progress(&file, pulling.clone()).await.map_err(hub(&what))?;
    }
    if address.file.is_none() {
        from.pop();
    }
    let catalogue = catalogue.clone();
    let imported = tokio::task::spawn_blocking(move || {
        let imported = import(&catalogue, &from, Some(&name));
        drop(landing);
        imported
    });
    imported
        .await
        .map_err(|error| ModelError::Hub { what: address.repository.clone(), cause: error.to_string() })?
}

/// Where files land; gone with it.
struct Landing(PathBuf);

impl Drop for Landing {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_repository_and_perhaps_a_file() {
        let file: Address =
            "hf:Qwen/Qwen3-0.6B-GGUF@v1/sub/Qwen3-0.6B-Q8_0.gguf".parse().expect("an address");
        assert_eq!((file.repository.as_str(), file.revision.as_str()), ("Qwen/Qwen3-0.6B-GGUF", "v1"));
        assert_eq!((file.name().as_str(), file.files().len()), ("qwen3-0.6b-q8_0", 1));
        let whole: Address = "hf:sentence-transformers/all-MiniLM-L6-v2".parse().expect("an address");
        assert_eq!((whole.name().as_str(), whole.revision.as_str()), ("all-minilm-l6-v2", "main"));
        for wrong in
            ["", "hf:", "hf:a", "a/b", "hf:a/../b.gguf", "hf:a/b/c.bin", "hf:a/b@/c.gguf", "hf:a b/c"]
        {
            let error = wrong.parse::<Address>().expect_err(wrong);
            assert!(error.to_string().contains("hf:OWNER/REPOSITORY"), "{error}");
        }
    }
}
