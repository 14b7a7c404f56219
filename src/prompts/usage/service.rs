//! Notes uses of prompts, counts them, and forgets them after a year.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time;
use uuid::Uuid;

use super::{
    dto::{By, NewUse, UsageGroup, UsageQuery, UseView},
    store::{Counted, Group, Totals, UseRow},
};
use crate::{
    auth::Principal,
    db::{
        StoreError,
        time::{date, day},
    },
    http::{Days, FieldError, List, Page},
    prompts::{
        error::PromptError,
        service::{Prompts, viewer},
    },
};

/// How long a use is kept, in days.
const KEPT: i64 = Days::largest().count();
/// How often old uses are looked for.
const EVERY: Duration = Duration::from_secs(3600);
/// Uses that are forgotten at once, so that nobody waits for it.
const BATCH: u64 = 500;

impl Prompts {
    /// Notes that `principal` has used a prompt.
    ///
    /// # Errors
    /// There is no such prompt, version or run, or the database does not answer.
    pub async fn note_use(
        &self,
        principal: &Principal,
        prompt: &str,
        id: Uuid,
        new: NewUse,
    ) -> Result<UseView, PromptError> {
        let found = self.find(principal, prompt).await?;
        let version = new.version.unwrap_or_else(|| found.version());
        if version == 0 || version > found.version() {
            let message = format!("is no version of this prompt: it has 1 to {}", found.version());
            return Err(PromptError::Invalid(vec![FieldError { path: "version".to_owned(), message }]));
        }
        let at = Timestamp::now();
        let row = UseRow { id, prompt: found.key(), version, at, run: new.run_id };
        if !self.0.usage.insert(&viewer(principal), &row).await? {
            let message = "is no run of yours that is stored".to_owned();
            return Err(PromptError::Invalid(vec![FieldError { path: "run_id".to_owned(), message }]));
        }
        Ok(UseView { id, prompt: found.id(), version, run_id: new.run_id, at })
    }

    /// A page of what is counted of the uses that `principal` may know of.
    ///
    /// # Errors
    /// The query will not do, there is no such prompt, or the database does not answer.
    pub async fn analytics(
        &self,
        principal: &Principal,
        query: &UsageQuery,
        skip: u64,
    ) -> Result<Page<UsageGroup>, PromptError> {
        if query.by == Some(By::Version) && query.prompt.is_none() {
            let message = "say `prompt` as well: versions are numbers of one prompt".to_owned();
            return Err(PromptError::Query { path: "by", message });
        }
        let only = match &query.prompt {
            Some(id) => Some(self.find(principal, id).await?),
            None => None,
        };
        let counted = Counted {
            since: query.days.since(day(Timestamp::now())),
            prompt: only.as_ref().map(|found| found.key()),
            built_in: self.0.built_in.keys(),
        };
        let named = only.as_ref().map(|found| (found.id(), found.prompt().title.clone()));
        let found = self.groups(principal, query, &counted, skip, named).await?;
        let next = skip + query.limit.get() as u64;
        Ok(Page::of(found, query.limit, &Self::counted(principal, query), |_| next))
    }

    /// What cursors of [`Prompts::analytics`] belong to.
    #[must_use]
    pub fn counted(principal: &Principal, query: &UsageQuery) -> List {
        let filters = (&principal.tenant_id, &principal.id, &query.prompt, query.days);
        List::new("prompt_usage", &query.by, &filters)
    }

    async fn groups(
        &self,
        principal: &Principal,
        query: &UsageQuery,
        counted: &Counted,
        skip: u64,
        named: Option<(String, String)>,
    ) -> Result<Vec<UsageGroup>, StoreError> {
        let (viewer, page) = (viewer(principal), (skip, query.limit.get() + 1));
        let store = &self.0.usage;
        match query.by.unwrap_or(By::Prompt) {
            By::Prompt => {
                let found = store.groups::<Uuid>(&viewer, counted, Group::Prompt, page).await?;
                let keys: Vec<Uuid> = found.iter().map(|(key, _)| *key).collect();
                let mut titles = store.titles(&viewer.tenant, &keys).await?;
                let of = |(key, totals)| {
                    let (id, title) = match self.0.built_in.by_key(key) {
                        Some(one) => (one.id.to_owned(), Some(one.checked.prompt().title.clone())),
                        None => (key.to_string(), titles.remove(&key)),
                    };
                    UsageGroup { prompt: Some(id), title, ..group(totals) }
                };
                Ok(found.into_iter().map(of).collect())
            }
            By::Version => {
                let (prompt, title) = named.unzip();
                let found = store.groups::<i64>(&viewer, counted, Group::Version, page).await?;
                let of = |(version, totals): (i64, Totals)| UsageGroup {
                    prompt: prompt.clone(),
                    title: title.clone(),
                    version: Some(version.cast_unsigned()),
                    ..group(totals)
                };
                Ok(found.into_iter().map(of).collect())
            }
            By::User => {
                let found = store.groups::<String>(&viewer, counted, Group::User, page).await?;
                let of = |(user, totals)| UsageGroup { user: Some(user), ..group(totals) };
                Ok(found.into_iter().map(of).collect())
            }
            By::Day => {
                let found = store.groups::<i64>(&viewer, counted, Group::Day, page).await?;
                let of = |(day, totals)| UsageGroup { day: date(day), ..group(totals) };
                Ok(found.into_iter().map(of).collect())
            }
        }
    }

    /// Forgets old uses, for ever.
    pub async fn upkeep(self) {
        loop {
            match self.forget(day(Timestamp::now()) - KEPT).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(gone, "{gone} uses of prompts are a year old and forgotten"),
                Err(error) => tracing::debug!(%error, "old uses cannot be forgotten for now: {error}"),
            }
            time::sleep(EVERY).await;
        }
    }

    /// Forgets the uses of before the day `before`, in days since 1970.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget(&self, before: i64) -> Result<u64, StoreError> {
        let mut gone = 0;
        loop {
            match self.0.usage.forget(before, BATCH).await? {
                0 => return Ok(gone),
                more => gone += more,
            }
        }
    }
}

fn group(totals: Totals) -> UsageGroup {
    UsageGroup {
        prompt: None,
        title: None,
        version: None,
        user: None,
        day: None,
        uses: totals.uses,
        users: totals.users,
        last_used_at: totals.last,
        runs: totals.runs,
        passed: totals.passed,
        failed: totals.failed,
    }
}
