//! Keeps what is searched like what it is of.
//!
//! What was changed is found by comparing: each document knows when what it is of was last changed. So nothing is
//! lost by a message that was missed, a server that was killed, or another server of the same database; the messages
//! only say when to look. What is deleted takes its document along, by the database itself.

mod store;

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, task, time};
use uuid::Uuid;

pub use self::store::Source;
use self::store::Stale;
use super::{
    document::{Document, Kind, Of, of_findings, of_prompt, of_recipe, of_run},
    meaning::{self, Embedder},
    service::Search,
};
use crate::{
    bus::{Bus, Topic},
    db::StoreError,
    prompts, recipes, runs,
};

/// How often everything is looked at without a reason.
const EVERY: Duration = Duration::from_secs(300);
/// How long to wait for more of what has just begun to change.
const SETTLE: Duration = Duration::from_millis(100);
/// Things that are read, and given to the embedder, at once.
const BATCH: u64 = 32;

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Of what kind of things.
    pub kind: Kind,
    /// Things that were looked at and are searched as they are now.
    pub done: u64,
    /// Things of this kind that there are, with those that need no work.
    pub of: u64,
}

/// What says that recipes, or prompts, have changed.
#[derive(Clone, Debug)]
pub struct Changes(pub [Arc<Notify>; 2]);

impl Search {
    /// Keeps up with what changes, for ever.
    pub async fn upkeep(self, bus: Bus, Changes([recipes, prompts]): Changes) {
        let mut ended = bus.subscribe(Topic::TestCompleted);
        let mut failing = false;
        loop {
            let done = self.catch_up(|_| {}).await;
            if let Err(error) = &done
                && !failing
            {
                tracing::warn!(%error, "what is searched cannot be kept up for now: {error}");
            }
            failing = done.is_err();
            tokio::select! {
                () = time::sleep(EVERY) => {}
                () = recipes.notified() => {}
                () = prompts.notified() => {}
                // What was missed is found all the same.
                received = ended.next() => if received.is_none() { return },
            }
            time::sleep(SETTLE).await;
            while ended.try_next().is_some() {}
        }
    }

    /// Makes everything that is searched anew, and says how far it is. How many there are.
    ///
    /// # Errors
    /// The database does not answer; another time goes on from there.
    pub async fn reindex(&self, told: impl FnMut(Progress)) -> Result<u64, StoreError> {
        self.store().clear().await?;
        self.settle(false);
        self.catch_up(told).await
    }

    /// Brings everything up to date that is not, and says how far it is.
    ///
    /// # Errors
    /// The database does not answer; what was done until then is done.
    pub async fn catch_up(&self, mut told: impl FnMut(Progress)) -> Result<u64, StoreError> {
        let mut done = self.built_in().await?;
        for source in Source::ALL {
            let mut tenant = None;
            while let Some(next) = self.store().tenant_after(source, tenant.as_deref()).await? {
                done += self.of_tenant(source, &next, &mut told).await?;
                tenant = Some(next);
            }
        }
        Ok(done)
    }

    /// What MAID itself comes with.
    async fn built_in(&self) -> Result<u64, StoreError> {
        if self.is_settled() {
            return Ok(0);
        }
        let mut done = 0;
        for (kind, documents) in self.library() {
            let ids = documents.iter().map(|document| document.id.clone()).collect();
            self.store().keep_built_in(*kind, ids).await?;
            for some in documents.chunks(BATCH as usize) {
                done += self.write(some.to_vec()).await?;
            }
        }
        self.warm("").await?;
        // What the embedder failed at is written again, until it does not.
        self.settle(done == 0);
        Ok(done)
    }

    async fn of_tenant(
        &self,
        source: Source,
        tenant: &str,
        told: &mut impl FnMut(Progress),
    ) -> Result<u64, StoreError> {
        let beyond = match source.kind {
            Kind::Run => self.store().first_beyond(source, tenant, self.most()).await?,
            _ => None,
        };
        if let Some(last) = beyond {
            self.store().forget_runs(tenant, last).await?;
        }
        let (mut done, mut before, mut of) = (0, None, None);
        loop {
            let model = self.embedder().map(Embedder::name);
            let stale = self.store().stale(source, tenant, (beyond, before), model, BATCH).await?;
            let Some(last) = stale.last() else {
                self.warm(tenant).await?;
                return Ok(done);
            };
            before = Some(last.id);
            let of = match of {
                Some(of) => of,
                None => *of.insert(self.store().count(source, tenant, beyond).await?),
            };
            let mut documents = Vec::new();
            for one in &stale {
                documents.extend(self.read(source.kind, tenant, *one).await?);
            }
            self.write(documents).await?;
            done += stale.len() as u64;
            told(Progress { kind: source.kind, done, of });
            // Whoever asks something comes first.
            task::yield_now().await;
        }
    }

    /// What is searched of a thing; nothing where it is gone, or cannot be read.
    async fn read(&self, kind: Kind, tenant: &str, of: Stale) -> Result<Vec<Document>, StoreError> {
        let read = match kind {
            Kind::Run => self.run(tenant, of.id).await,
            Kind::Recipe => self.recipe(tenant, of).await.map(Vec::from_iter),
            Kind::Prompt => self.prompt(tenant, of).await.map(Vec::from_iter),
            // They come with their run.
            Kind::Finding => Ok(Vec::new()),
        };
        match read {
            // One that is damaged must not keep all others from being found.
            Err(StoreError::Damaged { what }) => {
                tracing::debug!("{what} cannot be read, and is not searched");
                Ok(Vec::new())
            }
            read => {
                let dated = |document| Document { source_at: Some(of.changed_at), ..document };
                Ok(read?.into_iter().map(dated).collect())
            }
        }
    }

    /// A run that is over, and what was found in it.
    async fn run(&self, tenant: &str, id: Uuid) -> Result<Vec<Document>, StoreError> {
        let run = runs::store::Store::new(self.store().db().clone()).get(tenant, id).await?;
        let Some(run) = run.filter(|run| run.row.status.is_over()) else { return Ok(Vec::new()) };
        // The run is written last: as long as it is not, it is not searched as it is now.
        let mut documents = of_findings(tenant, &run);
        documents.push(of_run(tenant, &run));
        Ok(documents)
    }

    async fn recipe(&self, tenant: &str, of: Stale) -> Result<Option<Document>, StoreError> {
        let recipe = recipes::stored(self.store().db().clone(), tenant, of.id).await?;
        Ok(recipe.map(|recipe| written(tenant, Kind::Recipe, Of::Recipe(of.id), of, of_recipe(&recipe))))
    }

    async fn prompt(&self, tenant: &str, of: Stale) -> Result<Option<Document>, StoreError> {
        let prompt = prompts::stored(self.store().db().clone(), tenant, of.id).await?;
        Ok(prompt.map(|prompt| written(tenant, Kind::Prompt, Of::Prompt(of.id), of, of_prompt(&prompt))))
    }

    /// Writes documents that are new or say something else by now. Those that the embedder fails at are found
    /// by their words until it does not.
    async fn write(&self, documents: Vec<Document>) -> Result<u64, StoreError> {
        let model = self.embedder().map(Embedder::name);
        let mut changed = Vec::new();
        for document in documents {
            let known = self.store().known(&document).await?;
            let says_the_same = |(hash, by): &(Vec<u8>, Option<String>)| {
                hash == document.hash().as_bytes() && (model.is_none() || model == by.as_deref())
            };
            match known.filter(says_the_same) {
                Some(_) if document.source_at.is_none() => {}
                Some(_) => self.store().touch(&document).await?,
                None => changed.push(document),
            }
        }
        let vectors = self.vectors_of(&changed).await;
        for (at, document) in changed.iter().enumerate() {
            let vector = model.zip(vectors.get(at).map(Vec::as_slice));
            self.store().put(document, vector).await?;
        }
        Ok(changed.len() as u64)
    }

    async fn vectors_of(&self, documents: &[Document]) -> Vec<Vec<f32>> {
        let Some(embedder) = self.embedder().filter(|_| !documents.is_empty()) else { return Vec::new() };
        let texts = documents.iter().map(Document::meaning).collect();
        meaning::embed(embedder, texts).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "{} texts have no vectors for now: {error}", documents.len());
            Vec::new()
        })
    }
}

/// Something that people write, of which its id says when it was made.
fn written(tenant: &str, kind: Kind, what: Of, of: Stale, (title, body): (String, String)) -> Document {
    Document {
        tenant: tenant.to_owned(),
        kind,
        id: of.id.to_string(),
        of: what,
        place: None,
        at: Some(of.changed_at),
        source_at: Some(of.changed_at),
        title,
        body,
    }
}
