//! Lists prompts, searches them, and keeps what people have marked for themselves.

use super::{Filters, Position};
use crate::{
    auth::Principal,
    db::words::Query,
    http::{Limit, List, Page},
    prompts::{
        document::is_tag,
        dto::PromptSummary,
        error::PromptError,
        service::{Prompts, built_in, viewer},
    },
};

/// Most prompts that one user may mark.
const MOST_MARKED: u64 = 1000;
/// Longest query, in characters.
const LONGEST_QUERY: usize = 1000;

impl Prompts {
    /// A page of the prompts that `principal` may read: those that people have written, the newest first,
    /// then those that MAID comes with.
    ///
    /// # Errors
    /// A filter will not do, or the database does not answer.
    pub async fn list(
        &self,
        principal: &Principal,
        filters: &Filters,
        limit: Limit,
        after: Option<Position>,
    ) -> Result<Page<PromptSummary>, PromptError> {
        check(filters)?;
        let viewer = viewer(principal);
        let marked = self.0.finding.favourites(&viewer).await?;
        let wanted = limit.get() + 1;
        let mut found = Vec::new();
        if !matches!(after, Some(Position::BuiltIn(_))) && !filters.built_in_alone() {
            let after = match after {
                Some(Position::Written(id)) => Some(id),
                _ => None,
            };
            let rows = self.0.finding.list(&viewer, filters, after, wanted).await?;
            found.extend(rows.into_iter().map(|row| {
                let (position, is_marked) = (Position::Written(row.id), marked.contains(&row.id));
                (position, self.summary(row, is_marked))
            }));
        }
        let seen = match &after {
            Some(Position::BuiltIn(id)) => self.0.built_in.all().iter().position(|one| one.id == id),
            _ => None,
        };
        let rest = self.0.built_in.all().iter().skip(seen.map_or(0, |seen| seen + 1));
        let rest = rest.filter(|one| filters.take(one, marked.contains(&one.key)));
        found.extend(
            rest.take(wanted.saturating_sub(found.len()))
                .map(|one| (Position::BuiltIn(one.id.to_owned()), built_in(one, marked.contains(&one.key)))),
        );
        let list = Self::listed(principal, filters);
        Ok(Page::of(found, limit, &list, |(position, _)| position.clone()).map(|(_, summary)| summary))
    }

    /// What cursors of [`Prompts::list`] belong to.
    #[must_use]
    pub fn listed(principal: &Principal, filters: &Filters) -> List {
        List::new("prompts", &"-id", &(&principal.tenant_id, &principal.id, filters))
    }

    /// A page of the prompts that `principal` may read and the words of `text` find, best first.
    ///
    /// # Errors
    /// There is no word to look for, a filter will not do, or the database does not answer.
    pub async fn search(
        &self,
        principal: &Principal,
        text: &str,
        filters: &Filters,
        (skip, limit): (usize, Limit),
    ) -> Result<Page<PromptSummary>, PromptError> {
        check(filters)?;
        let wordless =
            || PromptError::Query { path: "q", message: "must have a word to look for".to_owned() };
        if text.chars().count() > LONGEST_QUERY {
            let message = format!("must be at most {LONGEST_QUERY} characters");
            return Err(PromptError::Query { path: "q", message });
        }
        let query = Query::of(text).ok_or_else(wordless)?;
        let viewer = viewer(principal);
        let marked = self.0.finding.favourites(&viewer).await?;
        let mut found = Vec::new();
        if !filters.built_in_alone() {
            let rows = self.0.finding.search(&viewer, filters, &query).await?;
            found.extend(rows.into_iter().map(|(row, score)| {
                let is_marked = marked.contains(&row.id);
                (score, self.summary(row, is_marked))
            }));
        }
        // Of equal ones the newest comes first, and those that people have written before the others.
        found.sort_by(|(_, one), (_, other)| other.id.cmp(&one.id));
        let all = self.0.built_in.all().iter();
        found.extend(all.filter(|one| filters.take(one, marked.contains(&one.key))).filter_map(|one| {
            let score = one.words.score(&query);
            (score > 0).then(|| (score, built_in(one, marked.contains(&one.key))))
        }));
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let rest: Vec<_> = found.into_iter().map(|(_, summary)| summary).skip(skip).collect();
        let next = skip + limit.get();
        Ok(Page::of(rest, limit, &Self::searched(principal, text, filters), |_| next))
    }

    /// What cursors of [`Prompts::search`] belong to.
    #[must_use]
    pub fn searched(principal: &Principal, text: &str, filters: &Filters) -> List {
        List::new("prompt_search", &text, &(&principal.tenant_id, &principal.id, filters))
    }

    /// Marks a prompt for `principal` alone, or takes the mark off.
    ///
    /// # Errors
    /// There is no such prompt, there are too many marks, or the database does not answer.
    pub async fn mark(&self, principal: &Principal, id: &str, marked: bool) -> Result<(), PromptError> {
        let prompt = self.find(principal, id).await?.key();
        let viewer = viewer(principal);
        if !marked {
            return Ok(self.0.finding.unmark(&viewer, prompt).await?);
        }
        let full = || PromptError::Full(format!("{MOST_MARKED} prompts are marked already; take a mark off"));
        self.0.finding.mark(&viewer, prompt, MOST_MARKED).await?.then_some(()).ok_or_else(full)
    }
}

fn check(filters: &Filters) -> Result<(), PromptError> {
    match &filters.tag {
        Some(tag) if !is_tag(tag) => {
            let message = "must be a tag: 1 to 40 small letters, digits and `-`".to_owned();
            Err(PromptError::Query { path: "tag", message })
        }
        _ => Ok(()),
    }
}
