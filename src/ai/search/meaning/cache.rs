//! The vectors of a tenant, kept in memory between searches.
//!
//! A document that changes is written anew under a larger id, so that only what is new is read. What was deleted
//! stays until the next whole reading: it is found by nobody, because hits are looked up before they are shown. Whole readings
//! are for the [upkeep](crate::ai::search), since hundreds of milliseconds are no business of a search.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError},
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
}

/// The vectors of a tenant while searches read them: whoever adds to them makes the others wait for what is new, and for
/// nothing else.
type Slot = Arc<Mutex<Arc<Vectors>>>;

/// The vectors that are kept, with when each was used.
#[derive(Debug, Default)]
pub struct Cache(StdMutex<HashMap<String, (Slot, Instant)>>);

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
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// Reads what searches are going to compare, so that none has to wait for it: what is new, and from time to time all of it,
    /// beside what is there meanwhile. A tenant whose vectors are not kept pushes nobody out.
    pub async fn warm(&self, store: &Store, of: Of<'_>) -> Result<(), StoreError> {
        let has_room = {
            let kept = self.kept();
            kept.contains_key(&of.key()) || kept.len() < MOST_TENANTS
        };
        if !has_room {
            return Ok(());
        }
        let slot = self.slot(of);
        let is_whole = {
            let vectors = slot.lock().await;
            vectors.newest > 0 && vectors.read_at.elapsed() < WHOLE_EVERY
        };
        if is_whole {
            return self.vectors(store, of).await.map(drop);
        }
        let mut fresh = Vectors::none();
        fresh.read_all(store, of, store.newest(of.tenant).await?).await?;
        *slot.lock().await = Arc::new(fresh);
        Ok(())
    }

    async fn vectors(&self, store: &Store, of: Of<'_>) -> Result<Arc<Vectors>, StoreError> {
        let newest = store.newest(of.tenant).await?;
        let slot = self.slot(of);
        let mut kept = slot.lock().await;
        if kept.newest < newest {
            Arc::make_mut(&mut kept).read_all(store, of, newest).await?;
        }
        Ok(Arc::clone(&kept))
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, (Slot, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vectors of a tenant; those that nobody has used for longest make room.
    fn slot(&self, of: Of<'_>) -> Slot {
        let (mut kept, key) = (self.kept(), of.key());
        if !kept.contains_key(&key)
            && kept.len() >= MOST_TENANTS
            && let Some(oldest) = kept.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone())
        {
            kept.remove(&oldest);
        }
        let none = || (Arc::new(Mutex::new(Arc::new(Vectors::none()))), Instant::now());
        let (slot, used) = kept.entry(key).or_insert_with(none);
        *used = Instant::now();
        Arc::clone(slot)
    }
}

impl Of<'_> {
    fn key(&self) -> String {
        format!("{}\u{0}{}", self.model, self.tenant)
    }
}

impl Vectors {
    fn none() -> Self {
        Self { ids: Vec::new(), kinds: Vec::new(), values: Vec::new(), newest: 0, read_at: Instant::now() }
    }

    /// Reads on until the document `newest`.
    async fn read_all(&mut self, store: &Store, of: Of<'_>, newest: i64) -> Result<(), StoreError> {
        if self.ids.is_empty() {
            self.newest = store.behind(of.tenant, of.model, of.most as u64).await?;
        }
        while self.newest < newest && self.read(store, of).await? {}
        self.newest = self.newest.max(newest);
        self.keep(of);
        Ok(())
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
