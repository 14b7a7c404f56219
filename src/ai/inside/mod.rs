//! What a server has of all this: made once, at its start.

use std::sync::Arc;

use tokio::{runtime::Handle, sync::watch};

use super::{
    Ai, Meanings, analysis::Analyst, generator::Generator, pictures::Pictures, search::Search, usage::AiUsage,
};
use crate::{audit::Audit, bus::Bus, config::Config, db::Db, recipes::Recipes};

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
        let generator = Generator::new(recipes.clone(), bus.clone(), audit.clone(), later.clone());
        Self {
            usage: AiUsage::new(db.clone(), Handle::current()),
            generator: generator.with_models(&models),
            analyst: Analyst::new(Some(Arc::new(models.clone()))),
            search: Search::new(db.clone(), later, Some(Arc::new(Meanings(models.clone())))),
            pictures: Pictures::default(),
            models,
        }
    }
}
