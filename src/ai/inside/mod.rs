//! What a server has of all this: made once, at its start.

use std::sync::Arc;

use tokio::{runtime::Handle, sync::watch};

use super::{
    Ai, Meanings,
    analysis::Analyst,
    generator::Generator,
    pictures::Pictures,
    search::{Embedder, Search},
    usage::AiUsage,
};
use crate::{analyst::Wording, audit::Audit, bus::Bus, config::Config, db::Db, recipes::Recipes};

/// The models of a server, and what asks them; a clone is the same.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The models.
    pub models: Ai,
    /// What they are asked.
    pub usage: AiUsage,
    /// Tests of what people say.
    pub generator: Generator,
    /// Whoever is asked what a run shows.
    pub analyst: Analyst,
    /// The search.
    pub search: Search,
    /// Pictures of runs.
    pub pictures: Pictures,
}

impl Inside {
    /// All of it, by the configuration `now` and as it will be.
    #[must_use]
    pub fn new(
        (now, later): (&Config, watch::Receiver<Arc<Config>>),
        db: &Db,
        recipes: &Recipes,
        (bus, audit): (&Bus, &Audit),
    ) -> Self {
        let models = Ai::new(&now.ai);
        // Switched off, nothing is even tried; a model that is missing may come while the server runs.
        let asked = now.ai.enabled.then(|| Arc::new(models.clone()));
        let meanings = asked.as_deref().map(|asked| Arc::new(Meanings(asked.clone())) as Arc<dyn Embedder>);
        let generator = Generator::new(recipes.clone(), bus.clone(), audit.clone(), later.clone());
        Self {
            usage: AiUsage::new(db.clone(), Handle::current()),
            generator: if now.ai.enabled { generator.with_models(&models) } else { generator },
            analyst: Analyst::new(asked.map(|asked| asked as Arc<dyn Wording>)),
            search: Search::new(db.clone(), later, meanings),
            pictures: Pictures::default(),
            models,
        }
    }
}
