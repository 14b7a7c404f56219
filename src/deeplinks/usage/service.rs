//! Counts what happens to links, and tells it.

use jiff::Timestamp;
use ring::hmac;

use super::{
    dto::{By, UsageGroup, UsageQuery},
    store::{EventKind, EventRow, Totals, UsageStore, VISITOR},
};
use crate::{
    auth::Principal,
    db::time::{date, day},
    deeplinks::{
        error::DeeplinkError,
        link::is_id,
        record::Line,
        service::{Deeplinks, now},
    },
    http::{Days, List, Page},
};

/// How long events are kept, in days.
const KEPT: i64 = Days::largest().count();

impl Deeplinks {
    /// Counts that something happened to a link. It happens whatever becomes of the database.
    pub(in crate::deeplinks) async fn note(&self, principal: &Principal, link: &str, kind: EventKind) {
        let at = now();
        let event = EventRow {
            tenant: principal.tenant_id.clone(),
            link: link.to_owned(),
            kind,
            day: day(at),
            visitor: self.visitor(principal, day(at)),
            at,
        };
        if let Err(error) = self.0.usage.count(&event).await {
            tracing::debug!(%error, "a use of deeplink {link} is not counted: {error}");
        }
    }

    /// Counts that somebody looked at what a link leads to, and ran nothing that counts.
    pub async fn looked_at(&self, principal: &Principal, line: &Line) {
        self.note(principal, &line.id, EventKind::Open).await;
    }

    /// What stands for the address of `principal` on one day.
    fn visitor(&self, principal: &Principal, day: i64) -> [u8; VISITOR] {
        let address = principal.address.map_or_else(String::new, |address| address.to_string());
        let hash = hmac::sign(&self.0.visitors, format!("{day} {address}").as_bytes());
        let mut visitor = [0; VISITOR];
        visitor.copy_from_slice(&hash.as_ref()[..VISITOR]);
        visitor
    }

    /// A page of what was counted.
    ///
    /// # Errors
    /// The query will not do, or the database does not answer.
    pub(in crate::deeplinks) async fn analytics(
        &self,
        principal: &Principal,
        query: &UsageQuery,
        skip: u64,
    ) -> Result<Page<UsageGroup>, DeeplinkError> {
        if query.link.as_deref().is_some_and(|link| !is_id(link)) {
            let message = "must be the id of a link: 12 letters and digits".to_owned();
            return Err(DeeplinkError::Query { path: "link", message });
        }
        let since = query.days.since(day(now()));
        let wanted = UsageStore::wanted(&principal.tenant_id, since, query.link.as_deref());
        let page = (skip, query.limit.get() + 1);
        let found: Vec<UsageGroup> = match query.by {
            By::Day => {
                let found = self.0.usage.by_day(wanted, page).await?;
                found
                    .into_iter()
                    .map(|(day, totals)| UsageGroup { day: date(day), ..group(totals) })
                    .collect()
            }
            By::Link => {
                let found = self.0.usage.by_link(wanted, page).await?;
                let ids: Vec<String> = found.iter().map(|(id, _)| id.clone()).collect();
                let mut titles = self.0.usage.titles(&principal.tenant_id, &ids).await?;
                let named = |(id, totals)| {
                    let title = titles.remove(&id);
                    UsageGroup { link: Some(id), title, ..group(totals) }
                };
                found.into_iter().map(named).collect()
            }
        };
        let next = skip + query.limit.get() as u64;
        Ok(Page::of(found, query.limit, &Self::counted(principal, query), |_| next))
    }

    /// What cursors of [`Deeplinks::analytics`] belong to.
    pub(in crate::deeplinks) fn counted(principal: &Principal, query: &UsageQuery) -> List {
        List::new("deeplink_usage", &query.by, &(&principal.tenant_id, &query.link, query.days))
    }
}

/// The first day of which anything is kept at `now`.
#[must_use]
pub fn first_kept(now: Timestamp) -> i64 {
    day(now) - KEPT
}

fn group(totals: Totals) -> UsageGroup {
    let Totals { opens, visitors, runs, refused, last } = totals;
    UsageGroup { day: None, link: None, title: None, opens, visitors, runs, refused, last_at: last }
}
