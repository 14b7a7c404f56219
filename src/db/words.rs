//! Finding things by what they say, the same on both databases: each thing leaves the words that it is
//! found by, each with a weight, and a search reads a range of one index for each word of a query.
//!
//! A word of a query matches whatever begins with it, the word itself most. All words of a query must
//! match. Who matters more (a title more than a summary) is up to whoever weighs the words.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{
        Alias, CaseStatement, Expr, ExprTrait, Func, Order, Query as SeaQuery, SelectStatement, UnionType,
    },
};
use uuid::Uuid;

use super::entities::word::{ActiveModel, Column, Entity};

/// Longest word that is kept, in characters.
const LONGEST: usize = 40;
/// Most words of one thing.
const MOST: usize = 500;
/// Most words of a query that count.
const MOST_ASKED: usize = 8;
/// How much more a whole word counts than the beginning of one.
const WHOLE: i64 = 3;
/// Rows that are inserted at a time.
const BATCH: usize = 100;

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Recipes.
    Recipe,
    /// Prompts.
    Prompt,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Recipe => "recipe",
            Self::Prompt => "prompt",
        }
    }
}

/// The words of something, each with what it weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, i64>);

impl Words {
    /// The same, and those of `text`. A word that is there twice weighs what it weighs most.
    #[must_use]
    pub fn and(mut self, text: &str, weight: i64) -> Self {
        for word in words(text) {
            if self.0.len() >= MOST && !self.0.contains_key(&word) {
                break;
            }
            let known = self.0.entry(word).or_default();
            *known = Ord::max(weight, *known);
        }
        self
    }

    /// How well `query` finds it; 0 is not at all. As [`find`] weighs what the database has.
    #[must_use]
    pub fn score(&self, query: &Query) -> i64 {
        let of = |asked: &String| -> i64 {
            let begins = self.0.range(asked.clone()..).take_while(|(word, _)| word.starts_with(asked));
            begins.map(|(word, weight)| if word == asked { weight * WHOLE } else { *weight }).sum()
        };
        let scores: Vec<i64> = query.0.iter().map(of).collect();
        if scores.contains(&0) { 0 } else { scores.iter().sum() }
    }
}

/// The words of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<String>);

impl Query {
    /// The words of `text`; none where it has no word.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut asked = Vec::new();
        for word in words(text) {
            if asked.len() < MOST_ASKED && !asked.contains(&word) {
                asked.push(word);
            }
        }
        (!asked.is_empty()).then_some(Self(asked))
    }
}

/// The words of a text as they are compared: letters and digits, in lower case by the rules of Unicode,
/// which databases know to different degrees.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.to_lowercase().chars().take(LONGEST).collect())
}

/// Makes `words` those that the thing `item` of `tenant` is found by.
pub async fn put(
    on: &impl ConnectionTrait,
    kind: Kind,
    (tenant, item): (&str, Uuid),
    words: &Words,
) -> Result<(), DbErr> {
    remove(on, item).await?;
    let rows: Vec<ActiveModel> = words
        .0
        .iter()
        .map(|(word, weight)| ActiveModel {
            tenant_id: Set(tenant.to_owned()),
            kind: Set(kind.name().to_owned()),
            word: Set(word.clone().into_bytes()),
            item_id: Set(item),
            weight: Set(*weight),
        })
        .collect();
    for some in rows.chunks(BATCH) {
        Entity::insert_many(some.iter().cloned()).exec_without_returning(on).await?;
    }
    Ok(())
}

/// Forgets the words of a thing.
pub async fn remove(on: &impl ConnectionTrait, item: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ItemId.eq(item)).exec(on).await.map(drop)
}

/// The things of `tenant` that `query` finds, best first and of equal ones the newest, with how well;
/// at most `most`.
pub async fn find(
    on: &impl ConnectionTrait,
    kind: Kind,
    tenant: &str,
    query: &Query,
    most: u64,
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    let mut found = query.0.iter().map(|word| each(kind, tenant, word));
    // A query has a word at least.
    let Some(first) = found.next() else { return Ok(Vec::new()) };
    // What one word finds is there once already; to group it again would be half of the work.
    let mut best = if query.0.len() == 1 { first } else { of_all(first, found) };
    best.order_by(Alias::new("score"), Order::Desc).order_by(Alias::new("item_id"), Order::Desc).limit(most);
    let rows = on.query_all(&best).await?;
    rows.iter().map(|row| Ok((row.try_get("", "item_id")?, row.try_get("", "score")?))).collect()
}

/// What all the words find.
fn of_all(mut all: SelectStatement, more: impl Iterator<Item = SelectStatement>) -> SelectStatement {
    let (item, score) = (Alias::new("item_id"), Alias::new("score"));
    let mut words = 1_i64;
    for more in more {
        all.union(UnionType::All, more);
        words += 1;
    }
    SeaQuery::select()
        .column(item.clone())
        .expr_as(sum(Expr::col(("found", score.clone()))), score)
        .from_subquery(all, Alias::new("found"))
        .group_by_col(item.clone())
        .and_having(Func::count(Expr::col(item)).eq(words))
        .take()
}

/// What a word finds, each thing once, with how well: a range of the key, which holds all that is read.
fn each(kind: Kind, tenant: &str, word: &str) -> SelectStatement {
    let weight = Expr::col(Column::Weight);
    let whole = Expr::col(Column::Word).eq(word.as_bytes());
    let score = CaseStatement::new().case(whole, weight.clone().mul(WHOLE)).finally(weight);
    SeaQuery::select()
        .column(Column::ItemId)
        .expr_as(sum(score), Alias::new("score"))
        .from(Entity)
        .cond_where(beginning(word).add(Column::TenantId.eq(tenant)).add(Column::Kind.eq(kind.name())))
        .group_by_col(Column::ItemId)
        .take()
}

/// A sum as a whole number: Postgres makes a decimal of it.
fn sum(of: impl Into<Expr>) -> Expr {
    Expr::expr(Func::cast_as(Func::sum(of), Alias::new("bigint")))
}

/// Words that begin with `word`.
fn beginning(word: &str) -> Condition {
    let first = word.as_bytes();
    // No text in UTF-8 has this byte, and all that begin so come before it.
    let beyond = [first, &[0xFF]].concat();
    Condition::all().add(Column::Word.gte(first)).add(Column::Word.lt(beyond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_begins_with_each_word_of_the_query() {
        let checkout = Words::default().and("Shop checkout", 10).and("Ein Warenkorb, größer als sonst", 1);
        let score = |query: &str| Query::of(query).map(|query| checkout.score(&query));
        assert_eq!(score("check"), Some(10));
        assert_eq!(score("CHECKOUT"), Some(30));
        assert_eq!(score("shop check"), Some(40));
        assert_eq!(score("GRÖSSER"), Some(0));
        assert_eq!(score("GRÖßER"), Some(3));
        assert_eq!(score("checkout spike"), Some(0));
        assert_eq!(score(" -- "), None);
    }

    #[test]
    fn there_are_bounds() {
        let long = "word ".repeat(10)
            + &"x".repeat(10_000)
            + &(0..5000).map(|n| format!(" w{n}")).collect::<String>();
        let words = Words::default().and(&long, 1);
        assert_eq!(words.0.len(), MOST);
        assert!(words.0.keys().all(|word| word.chars().count() <= LONGEST));
        assert_eq!(Query::of(&long).map(|query| query.0.len()), Some(8));
    }
}
