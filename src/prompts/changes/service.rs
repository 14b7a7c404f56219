//! Versions of prompts: listed, compared, brought back.

use tokio::task::spawn_blocking;

use super::{changed, unified};
use crate::{
    auth::Principal,
    http::{Limit, List, Page},
    prompts::{
        builtin,
        dto::{Made, PromptDiff, PromptVersionView},
        error::PromptError,
        record::VersionRow,
        service::{Found, Prompts},
    },
};

impl Prompts {
    /// Brings an earlier version back, as the newest one.
    ///
    /// # Errors
    /// There is no such version, the prompt is not theirs, was changed meanwhile, or the database does not
    /// answer.
    pub async fn restore(
        &self,
        principal: &Principal,
        id: &str,
        version: u64,
        meant: impl Fn(u64) -> bool,
    ) -> Result<Made, PromptError> {
        let row = self.own(principal, id).await?;
        let found = self.0.store.version(&principal.tenant_id, row.listed.id, version).await?;
        let (_, prompt) = found.ok_or(PromptError::NotFound("version"))?;
        self.replace(principal, &row, (prompt, Some(version)), meant).await
    }

    /// A page of the versions of a prompt, the newest first.
    ///
    /// # Errors
    /// There is no such prompt, or the database does not answer.
    pub async fn versions(
        &self,
        principal: &Principal,
        id: &str,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Page<VersionRow>, PromptError> {
        let found = match self.find(principal, id).await? {
            Found::BuiltIn(_) => Vec::new(),
            Found::Written(row) => {
                let (tenant, most) = (&principal.tenant_id, limit.get() + 1);
                self.0.store.versions(tenant, row.listed.id, before, most).await?
            }
        };
        Ok(Page::of(found, limit, &Self::versions_list(principal, id), |last| last.version))
    }

    /// What cursors of [`Prompts::versions`] belong to.
    #[must_use]
    pub fn versions_list(principal: &Principal, id: &str) -> List {
        List::new("prompt_versions", &"-version", &(&principal.tenant_id, id))
    }

    /// One version of a prompt.
    ///
    /// # Errors
    /// There is no such prompt or version, or the database does not answer.
    pub async fn version(
        &self,
        principal: &Principal,
        id: &str,
        version: u64,
    ) -> Result<PromptVersionView, PromptError> {
        let (about, prompt) = match self.find(principal, id).await? {
            Found::BuiltIn(one) if version == builtin::VERSION => (None, one.checked.prompt().clone()),
            Found::BuiltIn(_) => return Err(PromptError::NotFound("version")),
            Found::Written(row) => {
                let found = self.0.store.version(&principal.tenant_id, row.listed.id, version).await?;
                let (about, prompt) = found.ok_or(PromptError::NotFound("version"))?;
                (Some(about), prompt)
            }
        };
        Ok(PromptVersionView { about, version, prompt })
    }

    /// What differs between two versions of a prompt.
    ///
    /// # Errors
    /// There is no such prompt or version, or the database does not answer.
    pub async fn diff(
        &self,
        principal: &Principal,
        id: &str,
        from: u64,
        to: Option<u64>,
    ) -> Result<PromptDiff, PromptError> {
        let found = self.find(principal, id).await?;
        let to = to.unwrap_or_else(|| found.version());
        let before = self.written(principal, &found, from).await?;
        let after = self.written(principal, &found, to).await?;
        let parts = changed(&before, &after);
        let diff = spawn_blocking(move || unified((from, &before), (to, &after))).await?;
        Ok(PromptDiff { from, to, changed: parts, diff })
    }
}
