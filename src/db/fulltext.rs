//! The full text of documents: FTS5 on SQLite, `tsvector` on Postgres, one set of words on both.
//!
//! Texts are taken apart here and not by the databases, which know different alphabets, so that a word of a
//! query finds the same documents everywhere. How they rank is each database's own: BM25 on SQLite, `ts_rank`
//! on Postgres, the title before the rest on both. What a query says reaches neither as anything but words.

use std::{fmt::Write, ops::Range};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr,
    sea_query::{
        Alias, BinOper, Condition, Expr, ExprTrait, Func, IntoIden, Order, Query, SelectStatement, SimpleExpr,
    },
};

use super::entities::document::{Column, Entity};

/// Longest word that is kept, in characters.
const LONGEST: usize = 40;
/// Most words of a document.
const MOST: usize = 4000;
/// Most words of a query that count.
const MOST_ASKED: usize = 12;
/// Shortest word of a query, in characters, that finds what only begins with it.
const SHORTEST_BEGINNING: usize = 3;
/// Documents that are ranked where more match: the newest ones. What all documents say tells none apart.
const MOST_RANKED: u64 = 2000;
/// What the words of a title weigh, those of the rest being 1.
const TITLE: &str = "5.0";
/// The same for Postgres, by its classes D to A: 0.2 and five times as much.
const WEIGHTS: &str = "{0.2, 0.2, 0.2, 1.0}";

/// The words of a query, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(Vec<String>);

/// How many of the words of a query must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// All of them.
    All,
    /// One of them.
    Any,
}

/// A word of a text, and where it stands in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word as it is compared.
    pub word: String,
    /// Where it stands.
    pub at: Range<usize>,
}

impl Asked {
    /// The words of `text` that say something, at most 12; all of them where none does. None where it has no
    /// word.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut asked: Vec<String> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        for Token { word, .. } in tokens(text) {
            let list = if STOP_WORDS.binary_search(&word.as_str()).is_ok() { &mut said } else { &mut asked };
            if list.len() < MOST_ASKED && !list.contains(&word) {
                list.push(word);
            }
        }
        let words = if asked.is_empty() { said } else { asked };
        (!words.is_empty()).then_some(Self(words))
    }

    /// How many words there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether a word of a text is one that is asked for.
    #[must_use]
    pub fn takes(&self, word: &str) -> bool {
        self.0
            .iter()
            .any(|asked| word == asked || beginning(asked).is_some_and(|part| word.starts_with(part)))
    }

    /// As FTS5 takes it: words in quotes, which hold nothing but letters and digits.
    fn for_sqlite(&self, need: Need) -> String {
        let one = |word: &String| match beginning(word) {
            Some(part) => format!("(\"{word}\" OR \"{part}\" *)"),
            None => format!("\"{word}\""),
        };
        let all: Vec<String> = self.0.iter().map(one).collect();
        all.join(if need == Need::All { " AND " } else { " OR " })
    }

    /// As `tsquery` takes it.
    fn for_postgres(&self, need: Need) -> String {
        let one = |word: &String| match beginning(word) {
            Some(part) => format!("('{word}' | '{part}':*)"),
            None => format!("'{word}'"),
        };
        let all: Vec<String> = self.0.iter().map(one).collect();
        all.join(if need == Need::All { " & " } else { " | " })
    }
}

/// What a word that is found by `asked` begins with, where that is long enough. A plural finds its singular.
fn beginning(asked: &str) -> Option<&str> {
    let part = asked.strip_suffix('s').unwrap_or(asked);
    (part.chars().count() >= SHORTEST_BEGINNING).then_some(part)
}

/// The words of a text: letters and digits, in lower case by the rules of Unicode. Signs that stand for a
/// word or a syllable by themselves are words by themselves; what nobody sees does not cut a word in two.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = rest.next()?;
            if !first.is_alphanumeric() {
                continue;
            }
            let mut word: String = first.to_lowercase().collect();
            let mut end = start + first.len_utf8();
            while !stands_alone(first)
                && let Some((at, c)) = rest.next_if(|(_, c)| belongs(*c))
            {
                if !is_unseen(c) {
                    word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
                    end = at + c.len_utf8();
                }
            }
            word.retain(char::is_alphanumeric);
            if let Some((cut, _)) = word.char_indices().nth(LONGEST) {
                word.truncate(cut);
            }
            if !word.is_empty() {
                return Some(Token { word, at: start..end });
            }
        }
    })
}

fn belongs(c: char) -> bool {
    is_unseen(c) || (c.is_alphanumeric() && !stands_alone(c))
}

/// Whether a sign is a word by itself: kana and Chinese characters are written without spaces.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}')
}

/// Whether a character leaves no mark on the page: joiners, marks of direction, soft hyphens, tags.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Makes the words of the document `id`, which has none yet, those of `title` and `body`.
pub async fn put(on: &impl ConnectionTrait, id: i64, (title, body): (&str, &str)) -> Result<(), DbErr> {
    let words = Alias::new("maid_document_words");
    let mut insert = Query::insert().into_table(words).take();
    match on.get_database_backend() {
        DbBackend::Sqlite => {
            let row = [Expr::val(id), Expr::val(joined(title)), Expr::val(joined(body))];
            insert.columns(["rowid", "title", "body"].map(Alias::new)).values_panic(row);
        }
        _ => {
            let terms = Func::cast_as(Expr::val(vector(title, body)), Alias::new("tsvector"));
            let row = [Expr::val(id), Expr::expr(terms)];
            insert.columns(["document_id", "terms"].map(Alias::new)).values_panic(row);
        }
    }
    on.execute(&insert).await.map(drop)
}

/// The documents that `asked` finds among those that are `wanted`, best first: at most `most` ids.
pub async fn find(
    on: &impl ConnectionTrait,
    asked: &Asked,
    need: Need,
    wanted: Condition,
    most: u64,
) -> Result<Vec<i64>, DbErr> {
    let mut best = match on.get_database_backend() {
        DbBackend::Sqlite => on_sqlite(asked, need, wanted),
        _ => on_postgres(asked, need, wanted),
    };
    best.order_by(Alias::new("score"), Order::Asc).order_by(Alias::new("id"), Order::Desc).limit(most);
    let rows = on.query_all(&best).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

fn on_sqlite(asked: &Asked, need: Need, wanted: Condition) -> SelectStatement {
    let words = Alias::new("maid_document_words");
    let matched = Expr::col((words.clone(), words.clone()))
        .binary(BinOper::Custom("MATCH"), Expr::val(asked.for_sqlite(need)));
    let rank = Expr::cust(format!("bm25(maid_document_words, {TITLE}, 1.0)"));
    let newest = Query::select()
        .column((Entity, Column::Id))
        .expr_as(rank, Alias::new("score"))
        .from(words.clone())
        // In this order: SQLite would rather begin with the documents, and look into the index for each.
        .cross_join(Entity)
        .and_where(same_document((words.clone(), Alias::new("rowid"))))
        .and_where(matched)
        .cond_where(wanted)
        .order_by((words, Alias::new("rowid")), Order::Desc)
        .limit(MOST_RANKED)
        .take();
    Query::select().column(Alias::new("id")).from_subquery(newest, Alias::new("newest")).take()
}

fn on_postgres(asked: &Asked, need: Need, wanted: Condition) -> SelectStatement {
    let (words, terms) = (Alias::new("maid_document_words"), Alias::new("terms"));
    let query = || {
        let text = Expr::val(asked.for_postgres(need));
        Expr::expr(Func::cast_as(text, Alias::new("tsquery")))
    };
    let matched = Expr::col((words.clone(), terms.clone())).binary(BinOper::Custom("@@"), query());
    let newest = Query::select()
        .column((Entity, Column::Id))
        .column((words.clone(), terms.clone()))
        .from(words.clone())
        .inner_join(Entity, same_document((words, Alias::new("document_id"))))
        .and_where(matched)
        .cond_where(wanted)
        .order_by((Entity, Column::Id), Order::Desc)
        .limit(MOST_RANKED)
        .take();
    let weights = Func::cast_as(Expr::val(WEIGHTS), Alias::new("real[]"));
    let rank = Func::cust(Alias::new("ts_rank")).args([Expr::expr(weights), Expr::col(terms), query()]);
    let score =
        Expr::val(0.0_f64).sub(Expr::expr(Func::cast_as(Expr::expr(rank), Alias::new("double precision"))));
    Query::select()
        .column(Alias::new("id"))
        .expr_as(score, Alias::new("score"))
        .from_subquery(newest, Alias::new("newest"))
        .take()
}

fn same_document(words: (Alias, Alias)) -> SimpleExpr {
    let (table, column) = words;
    Expr::col((Entity, Column::Id)).eq(Expr::col((table.into_iden(), column.into_iden())))
}

/// The words of a text with a space between each two.
fn joined(text: &str) -> String {
    let words: Vec<String> = tokens(text).take(MOST).map(|token| token.word).collect();
    words.join(" ")
}

/// The words of a title and a body as a `tsvector` is written, with the places where they stand.
fn vector(title: &str, body: &str) -> String {
    let mut written = String::new();
    let all = tokens(title).map(|token| (token, 'A')).chain(tokens(body).map(|token| (token, 'D')));
    for (place, (Token { word, .. }, class)) in (1..).zip(all.take(MOST)) {
        // Writing into memory does not fail.
        let _ = write!(written, "'{word}':{place}{class} ");
    }
    written
}

/// Words of English and German that say nothing by themselves, sorted.
const STOP_WORDS: [&str; 75] = [
    "a", "am", "an", "and", "are", "as", "at", "auf", "aus", "be", "bei", "by", "das", "dass", "dem", "den",
    "der", "des", "die", "do", "does", "ein", "eine", "einem", "einen", "einer", "er", "es", "for", "from",
    "für", "has", "have", "ich", "ihr", "im", "in", "is", "ist", "it", "its", "me", "mein", "meine",
    "meinem", "meinen", "mich", "mir", "mit", "my", "of", "on", "or", "our", "s", "sich", "sie", "sind",
    "so", "that", "the", "their", "this", "to", "um", "und", "von", "was", "we", "wie", "wir", "with", "zu",
    "zum", "zur",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.word).collect()
    }

    #[test]
    fn words_are_letters_and_digits_of_any_script() {
        assert_eq!(words("GET /cart?id=7, GRÖSSE p95"), ["get", "cart", "id", "7", "grösse", "p95"]);
        assert_eq!(words("check\u{200b}out \u{202e}shop\u{ad}ping"), ["checkout", "shopping"]);
        assert_eq!(words("負荷テスト"), ["負", "荷", "テ", "ス", "ト"]);
        assert_eq!(words("корзина \"NEAR(a b)\" *-^"), ["корзина", "near", "a", "b"]);
        assert_eq!(words(" \u{200b} -- "), [""; 0]);
        let text = "Ein Größtes";
        let second = tokens(text).nth(1).expect("two words");
        assert_eq!(&text[second.at], "Größtes");
    }

    #[test]
    fn stop_words_count_where_nothing_else_is_asked() {
        assert!(STOP_WORDS.is_sorted(), "they are looked up by halves");
        assert_eq!(
            Asked::of("the checkout of the shop"),
            Some(Asked(vec!["checkout".into(), "shop".into()]))
        );
        assert_eq!(Asked::of("the of"), Some(Asked(vec!["the".into(), "of".into()])));
        assert_eq!(Asked::of("\"*\" -"), None);
        assert_eq!(
            Asked::of(&(0..100).map(|n| format!("w{n} ")).collect::<String>()).map(|a| a.count()),
            Some(12)
        );
    }

    #[test]
    fn a_word_finds_what_begins_with_it_and_a_plural_its_singular() {
        let asked = Asked::of("orders id").expect("words");
        assert!(asked.takes("order") && asked.takes("orders") && asked.takes("ordering"));
        assert!(asked.takes("id") && !asked.takes("idle"), "too short for a beginning");
        assert_eq!(asked.for_sqlite(Need::All), "(\"orders\" OR \"order\" *) AND \"id\"");
        assert_eq!(asked.for_postgres(Need::Any), "('orders' | 'order':*) | 'id'");
    }

    proptest! {
        #[test]
        fn whatever_is_asked_is_words_and_their_places_are_in_the_text(text in "\\PC{0,200}") {
            for token in tokens(&text) {
                prop_assert!(!token.word.is_empty() && token.word.chars().all(char::is_alphanumeric), "{token:?}");
                prop_assert!(token.word.chars().count() <= LONGEST);
                prop_assert!(text.get(token.at.clone()).is_some_and(|part| !part.is_empty()), "{token:?}");
            }
        }
    }
}
