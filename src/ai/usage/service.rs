//! Counts what models are asked, and tells it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::{runtime::Handle, time};

use super::{
    dto::{By, UsageGroup, UsageQuery},
    store::{Counted, UsageRow, UsageStore},
};
use crate::{
    ai::{
        AiError,
        chat::{Held, dollars},
    },
    auth::{Principal, Scope},
    db::{
        Db,
        entities::ai_usage::Column,
        time::{date, day},
    },
    http::{Days, List, Page},
};

/// Days that are kept.
const KEPT: i64 = Days::largest().count();
/// How often old ones are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(6 * 3600);

/// What models are asked; a clone is the same.
#[derive(Clone, Debug)]
pub struct AiUsage {
    store: UsageStore,
    runtime: Handle,
}

impl AiUsage {
    /// Counts in `db`, on `runtime`.
    #[must_use]
    pub fn new(db: Db, runtime: Handle) -> Self {
        Self { store: UsageStore::new(db), runtime }
    }

    /// Adds what was asked; nobody waits for it. `held` is let go of when it is written down.
    pub(super) fn add(&self, row: UsageRow, held: Held) {
        let store = self.store.clone();
        self.runtime.spawn(async move {
            if let Err(error) = store.add(row).await {
                tracing::warn!(%error, "what a model was asked is not counted: {error}");
            }
            drop(held);
        });
    }

    /// What everybody has spent today, in UTC, in millionths of a US dollar.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn spent_today(&self) -> Result<u64, AiError> {
        Ok(self.store.spent(day(Timestamp::now())).await?.max(0).cast_unsigned())
    }

    /// The list that a page is of.
    pub(super) fn listed(principal: &Principal, query: &UsageQuery) -> List {
        List::new("ai-usage", &(query.by, query.days), &principal.tenant_id)
    }

    /// A page of what was asked: of everybody for admins, of themselves for others.
    pub(super) async fn told(
        &self,
        principal: &Principal,
        query: &UsageQuery,
        skip: u64,
    ) -> Result<Page<UsageGroup>, AiError> {
        let since = query.days.since(day(Timestamp::now()));
        let actor = principal.actor();
        let whose = (!principal.may(Scope::Admin)).then_some(actor.as_str());
        let group = match query.by {
            By::Day => Column::Day,
            By::Principal => Column::Principal,
            By::Model => Column::Model,
        };
        let tenant = principal.tenant_id.as_str();
        let found = self.store.counted((tenant, whose), since, group, (skip, query.limit.get() + 1)).await?;
        let list = Self::listed(principal, query);
        let page = Page::of(found, query.limit, &list, |_| skip + query.limit.get() as u64);
        Ok(page.map(|counted| told(query.by, counted)))
    }

    /// Forgets what is old, for ever.
    pub async fn upkeep(self) {
        loop {
            if let Err(error) = self.store.forget(day(Timestamp::now()) - KEPT).await {
                tracing::debug!(%error, "what models were asked long ago cannot be forgotten for now: {error}");
            }
            time::sleep(FORGET_EVERY).await;
        }
    }
}

fn told(by: By, counted: Counted) -> UsageGroup {
    let name = |wanted| if by == wanted { counted.name.clone() } else { None };
    UsageGroup {
        day: counted.day.and_then(date),
        principal: name(By::Principal),
        model: name(By::Model),
        requests: counted.requests.cast_unsigned(),
        prompt_tokens: counted.prompt_tokens.cast_unsigned(),
        answer_tokens: counted.answer_tokens.cast_unsigned(),
        busy_ms: counted.busy_ms.cast_unsigned(),
        cost: dollars(counted.cost_millionths.cast_unsigned()),
    }
}
