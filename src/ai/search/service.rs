//! Searches, and puts together what it finds.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::Serialize;
use tokio::sync::watch;

use super::{
    document::{Document, Kind, Of as Belongs, of_prompt, of_recipe},
    dto::{Hit, Ranks, SearchAnswer},
    error::SearchError,
    fusion::{Fused, fused},
    meaning::{self, Cache, Embedder, Of},
    snippet,
    store::{Looking, Row, Store},
};
use crate::{
    auth::Principal,
    config::Config,
    db::{
        Db, StoreError,
        fulltext::{Asked, is_unseen},
    },
    http::{Limit, List, Page},
    prompts::{self, viewer},
    recipes::library::Library,
};

/// Most that are taken from each of the two lists.
const MOST_FOUND: usize = 200;
/// Longest query, in characters.
const LONGEST_QUERY: usize = 1000;
/// What an answer says that was made without comparing meanings.
const NO_MODEL: &str = "no embedding model";
/// The same where there is one that fails.
const BROKEN_MODEL: &str = "the embedding model does not answer";

/// The search; a clone is the same.
#[derive(Clone)]
pub struct Search(Arc<Shared>);

struct Shared {
    store: Store,
    embedder: Option<Arc<dyn Embedder>>,
    cache: Cache,
    library: [(Kind, Vec<Document>); 2],
    /// Whether all of the library is searched as it is.
    settled: AtomicBool,
    config: watch::Receiver<Arc<Config>>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search").field("embedder", &self.0.embedder).finish_non_exhaustive()
    }
}

/// What a text is looked for as.
pub(super) struct Query {
    /// Its words.
    pub asked: Option<Asked>,
    /// What it means, where that is known.
    pub meaning: Option<Arc<[f32]>>,
    /// Why it is not known.
    pub degraded: Option<&'static str>,
}

impl Search {
    /// The search in `db`. Without an embedder it goes by words alone.
    #[must_use]
    pub fn new(db: Db, config: watch::Receiver<Arc<Config>>, embedder: Option<Arc<dyn Embedder>>) -> Self {
        let (store, cache) = (Store::new(db), Cache::default());
        Self(Arc::new(Shared {
            store,
            embedder,
            cache,
            library: library(),
            settled: AtomicBool::new(false),
            config,
        }))
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn embedder(&self) -> Option<&dyn Embedder> {
        self.0.embedder.as_deref()
    }

    /// What MAID itself comes with.
    pub(super) fn library(&self) -> &[(Kind, Vec<Document>)] {
        &self.0.library
    }

    /// Whether all of that is searched as it is.
    pub(super) fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Relaxed)
    }

    pub(super) fn settle(&self, settled: bool) {
        self.0.settled.store(settled, Ordering::Relaxed);
    }

    /// Most runs of a tenant that are searched, and most vectors of one that are compared.
    pub(super) fn most(&self) -> u64 {
        self.0.config.borrow().history.max_search_documents.into()
    }

    /// A page of what `text` finds, best first.
    ///
    /// # Errors
    /// There is nothing to look for, or the database does not answer.
    pub async fn search(
        &self,
        principal: &Principal,
        text: &str,
        kind: Option<Kind>,
        (skip, limit): (usize, Limit),
    ) -> Result<SearchAnswer, SearchError> {
        let text = asked_for(text)?;
        let looking = Looking { viewer: viewer(principal), kind };
        let (query, found) = self.look(&looking, &text).await?;
        let next = skip.saturating_add(limit.get());
        let rest: Vec<Fused<i64>> = found.into_iter().skip(skip).collect();
        let page = Page::of(rest, limit, &Self::searched(principal, &text, kind), |_| next);
        let items = self.hits(&looking, &page.items, query.asked.as_ref()).await?;
        Ok(SearchAnswer { items, next_cursor: page.next_cursor, degraded: query.degraded.map(str::to_owned) })
    }

    /// What cursors of [`Search::search`] belong to.
    #[must_use]
    pub fn searched(principal: &Principal, text: &str, kind: Option<Kind>) -> List {
        #[derive(Serialize)]
        struct Filters<'a>(&'a str, &'a str, Option<Kind>);
        List::new("search", &text.trim(), &Filters(&principal.tenant_id, &principal.id, kind))
    }

    /// What `text` finds by its words and by what it means, as one list: while the model makes a vector of it, the database looks
    /// for its words.
    pub(super) async fn look(
        &self,
        looking: &Looking,
        text: &str,
    ) -> Result<(Query, Vec<Fused<i64>>), SearchError> {
        let asked = Asked::of(text);
        let ((meaning, degraded), by_words) =
            tokio::join!(self.meaning(text), self.by_words(looking, asked.as_ref()));
        let query = Query { asked, meaning, degraded };
        let found = fused(&[by_words?, self.by_meaning(looking, &query).await?]);
        Ok((query, found))
    }

    /// The documents that a query finds, without `but`.
    pub(super) async fn found(
        &self,
        looking: &Looking,
        query: &Query,
        but: i64,
    ) -> Result<Vec<Fused<i64>>, SearchError> {
        let by_words = self.by_words(looking, query.asked.as_ref()).await?;
        let by_meaning = self.by_meaning(looking, query).await?;
        let lists =
            [by_words, by_meaning].map(|list| list.into_iter().filter(|id| *id != but).collect::<Vec<_>>());
        Ok(fused(&lists))
    }

    /// What `text` is looked for as.
    pub(super) async fn query(&self, text: &str) -> Query {
        let (meaning, degraded) = self.meaning(text).await;
        Query { asked: Asked::of(text), meaning, degraded }
    }

    /// What a text means; where that is not known, why.
    async fn meaning(&self, text: &str) -> (Option<Arc<[f32]>>, Option<&'static str>) {
        let Some(embedder) = self.embedder() else { return (None, Some(NO_MODEL)) };
        match meaning::embed(embedder, vec![text.to_owned()]).await {
            Ok(mut vectors) => (vectors.pop().map(Arc::from), None),
            Err(error) => {
                tracing::warn!(%error, "a search goes by words alone: {error}");
                (None, Some(BROKEN_MODEL))
            }
        }
    }

    async fn by_words(&self, looking: &Looking, asked: Option<&Asked>) -> Result<Vec<i64>, SearchError> {
        match asked {
            Some(asked) => Ok(self.0.store.find(looking, asked, MOST_FOUND).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn by_meaning(&self, looking: &Looking, query: &Query) -> Result<Vec<i64>, SearchError> {
        match (self.embedder(), &query.meaning) {
            (Some(embedder), Some(vector)) => self.near(looking, embedder, vector).await,
            _ => Ok(Vec::new()),
        }
    }

    /// Reads the vectors of a tenant into memory before anybody searches among them.
    pub(super) async fn warm(&self, tenant: &str) -> Result<(), StoreError> {
        let Some(embedder) = self.embedder().filter(|embedder| embedder.dims() > 0) else { return Ok(()) };
        self.0.cache.warm(&self.0.store, self.of(tenant, embedder)).await
    }

    fn of<'a>(&self, tenant: &'a str, embedder: &'a dyn Embedder) -> Of<'a> {
        let most = usize::try_from(self.most()).unwrap_or(usize::MAX);
        Of { tenant, model: embedder.name(), dims: embedder.dims(), most }
    }

    /// The documents whose meaning is nearest to `vector`, of those that may be seen.
    async fn near(
        &self,
        looking: &Looking,
        embedder: &dyn Embedder,
        vector: &Arc<[f32]>,
    ) -> Result<Vec<i64>, SearchError> {
        let of = self.of(&looking.viewer.tenant, embedder);
        let near = self.0.cache.nearest(&self.0.store, of, vector, (looking.kind, MOST_FOUND)).await?;
        let near: Vec<i64> = near.into_iter().map(|(id, _)| id).collect();
        let seen = self.0.store.seen(looking, &near).await?;
        let seen: std::collections::HashSet<i64> = seen.into_iter().collect();
        Ok(near.into_iter().filter(|id| seen.contains(id)).collect())
    }

    /// What is shown of what was found. What was deleted in this moment is left out.
    pub(super) async fn hits(
        &self,
        looking: &Looking,
        found: &[Fused<i64>],
        asked: Option<&Asked>,
    ) -> Result<Vec<Hit>, SearchError> {
        let ids: Vec<i64> = found.iter().map(|one| one.what).collect();
        let rows = self.0.store.get(looking, &ids).await?;
        let mut rows: HashMap<i64, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        let hits = found.iter().filter_map(|one| Some(hit(rows.remove(&one.what)?, one, asked)));
        Ok(hits.collect())
    }
}

fn hit(row: Row, found: &Fused<i64>, asked: Option<&Asked>) -> Hit {
    let rank = |list: usize| found.ranks.get(list).copied().flatten();
    Hit {
        kind: row.kind,
        title: snippet::whole(&row.title, asked),
        snippet: snippet::part(&row.body, asked),
        id: row.ref_id,
        at: row.at,
        ranks: Ranks { text: rank(0), meaning: rank(1) },
        score: found.score,
    }
}

/// What is asked for, without what nobody sees.
pub(super) fn asked_for(text: &str) -> Result<String, SearchError> {
    let wrong = |message: String| SearchError::Query { path: "q", message };
    if text.chars().count() > LONGEST_QUERY {
        return Err(wrong(format!("must be at most {LONGEST_QUERY} characters")));
    }
    let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    match Asked::of(&text) {
        Some(_) => Ok(text.trim().to_owned()),
        None => Err(wrong("must have a word to look for".to_owned())),
    }
}

/// The recipes and prompts that MAID comes with, which every tenant finds.
fn library() -> [(Kind, Vec<Document>); 2] {
    let built_in = |kind, id: &str, (title, body): (String, String)| Document {
        tenant: String::new(),
        kind,
        id: id.to_owned(),
        of: Belongs::BuiltIn,
        place: None,
        at: None,
        source_at: None,
        title,
        body,
    };
    let recipes = Library::built_in();
    let recipes = recipes.all().map(|one| built_in(Kind::Recipe, one.id, of_recipe(one.checked.recipe())));
    let prompts = prompts::library();
    let prompts = prompts.iter().map(|(id, prompt)| built_in(Kind::Prompt, id, of_prompt(prompt)));
    [(Kind::Recipe, recipes.collect()), (Kind::Prompt, prompts.collect())]
}
