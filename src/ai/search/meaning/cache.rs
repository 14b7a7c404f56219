//! The vectors of a tenant, kept in memory between searches.
//!
//! A document that changes is written anew under a larger id, so that only what is new is read. What was deleted
//! stays until the next whole reading: it is found by nobody, because hits are looked up before they are shown.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{LEAST, dot, from_bytes};
use crate::{
    ai::search::{document::Kind, store::Store},
    db::StoreError,
};

/// Tenants whose vectors are kept at once.
const MOST_TENANTS: usize = 8;
/// Vectors that are read at a time.
const PAGE: u64 = 1000;
/// How long vectors are added to before all are read anew.
const WHOLE_EVERY: Duration = Duration::from_secs(300);

/// The vectors of one tenant, by one model.
#[derive(Clone, Debug)]
struct Vectors {
    ids: Vec<i64>,
    kinds: Vec<Kind>,
    /// All vectors, one after the other.
    values: Vec<f32>,
    /// The largest id that was looked at.
    newest: i64,
    read_at: Instant,
    used_at: Instant,
}

/// The vectors that are kept.
#[derive(Debug, Default)]
pub struct Cache(Mutex<HashMap<String, Arc<Vectors>>>);

/// Which vectors.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Whose; empty for everybody's.
    pub tenant: &'a str,
    /// By which model.
    pub model: &'a str,
    /// How many numbers each has.
    pub dims: usize,
    /// Most that are kept.
    pub most: usize,
}

impl Cache {
    /// The documents that mean what `vector` does, the nearest first, at most `most`; only those of `kind`
    /// where one is given.
    pub async fn nearest(
        &self,
        store: &Store,
        of: Of<'_>,
        vector: &Arc<[f32]>,
        (kind, most): (Option<Kind>, usize),
    ) -> Result<Vec<(i64, f32)>, StoreError> {
        let mut all = Vec::new();
        for tenant in [of.tenant, ""] {
            all.push(self.vectors(store, Of { tenant, ..of }).await?);
        }
        let vector = Arc::clone(vector);
        // Millions of multiplications: not on a thread that serves others meanwhile.
        let compared = tokio::task::spawn_blocking(move || {
            let mut near: Vec<(i64, f32)> = all.iter().flat_map(|all| all.near(&vector, kind)).collect();
            near.sort_by(|(a_id, a), (b_id, b)| b.total_cmp(a).then(b_id.cmp(a_id)));
            near.truncate(most);
            near
        });
        Ok(compared.await.unwrap_or_default())
    }

    /// Forgets all, so that it is read anew.
    pub async fn clear(&self) {
        self.0.lock().await.clear();
    }

    async fn vectors(&self, store: &Store, of: Of<'_>) -> Result<Arc<Vectors>, StoreError> {
        let newest = store.newest(of.tenant).await?;
        let mut kept = self.0.lock().await;
        let key = format!("{}\u{0}{}", of.model, of.tenant);
        let known = kept.remove(&key).filter(|known| known.read_at.elapsed() < WHOLE_EVERY);
        let mut known = known.unwrap_or_else(|| Arc::new(Vectors::none()));
        if known.newest < newest {
            let vectors = Arc::make_mut(&mut known);
            if vectors.ids.is_empty() {
                vectors.newest = store.behind(of.tenant, of.model, of.most as u64).await?;
            }
            while vectors.newest < newest && vectors.read(store, of).await? {}
            vectors.newest = Ord::max(vectors.newest, newest);
            vectors.keep(of);
        }
        Arc::make_mut(&mut known).used_at = Instant::now();
        if kept.len() >= MOST_TENANTS
            && let Some(oldest) =
                kept.iter().min_by_key(|(_, vectors)| vectors.used_at).map(|(key, _)| key.clone())
        {
            kept.remove(&oldest);
        }
        kept.insert(key, Arc::clone(&known));
        Ok(known)
    }
}

impl Vectors {
    fn none() -> Self {
        let now = Instant::now();
        Self { ids: Vec::new(), kinds: Vec::new(), values: Vec::new(), newest: 0, read_at: now, used_at: now }
    }

    /// Reads on behind the last one. False when there was no more.
    async fn read(&mut self, store: &Store, of: Of<'_>) -> Result<bool, StoreError> {
        let page = store.vectors(of.tenant, of.model, self.newest, PAGE).await?;
        for placed in &page {
            self.newest = placed.id;
            let vector = placed.vector.as_deref().and_then(|bytes| from_bytes(bytes, of.dims));
            if let Some((vector, kind)) = vector.zip(Kind::from_name(&placed.kind)) {
                self.ids.push(placed.id);
                self.kinds.push(kind);
                self.values.extend(vector);
            }
        }
        Ok(!page.is_empty())
    }

    /// Lets go of the oldest that are too many.
    fn keep(&mut self, of: Of<'_>) {
        let gone = self.ids.len().saturating_sub(of.most);
        self.ids.drain(..gone);
        self.kinds.drain(..gone);
        self.values.drain(..gone * of.dims);
    }

    /// Those near enough to `vector`.
    fn near<'a>(&'a self, vector: &'a [f32], kind: Option<Kind>) -> impl Iterator<Item = (i64, f32)> + 'a {
        let all = self.ids.iter().zip(&self.kinds).zip(self.values.chunks_exact(vector.len().max(1)));
        let wanted = all.filter(move |((_, of), _)| kind.is_none_or(|kind| kind == **of));
        wanted
            .map(move |((id, _), other)| (*id, dot(vector, other)))
            .filter(|(_, likeness)| *likeness >= LEAST)
    }
}
