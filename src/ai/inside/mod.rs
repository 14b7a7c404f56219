//! What a server has of all this: made once, at its start.

use std::sync::Arc;

use tokio::{runtime::Handle, sync::watch};

use super::{
    Ai, Meanings,
    analysis::Analyst,
    desk::Desk,
    generator::Generator,
    pictures::Pictures,
    search::{Embedder, Search},
    usage::AiUsage,
};
use crate::{audit::Audit, bus::Bus, config::Config, db::Db, loadtest::problem::Problems, recipes::Recipes};

/// The models of a server, and what asks them; a clone is the same.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The models.
    pub models: Ai,
    /// Where they are asked.
    pub desk: Desk,
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
    ///
    /// # Errors
    /// All that is wrong with the AI policy.
    pub fn new(
        (now, later): (&Config, watch::Receiver<Arc<Config>>),
        db: &Db,
        recipes: &Recipes,
        (bus, audit): (&Bus, &Audit),
    ) -> Result<Self, Problems> {
        let usage = AiUsage::new(db.clone(), Handle::current());
        let models = Ai::with_policy(&now.ai, &usage)?;
        let desk = Desk::new(models.clone(), audit.clone(), usage.clone());
        // Switched off, nothing is even tried; a model that is missing may come while the server runs.
        let asked = now.ai.enabled.then(|| desk.clone());
        let meanings = asked.as_ref().map(|_| Arc::new(Meanings(models.clone())) as Arc<dyn Embedder>);
        let generator = Generator::new(recipes.clone(), bus.clone(), audit.clone(), later.clone());
        Ok(Self {
            generator: match &asked {
                Some(desk) => generator.with_models(desk),
                None => generator,
            },
            analyst: Analyst::new(asked),
            search: Search::new(db.clone(), later, meanings),
            pictures: Pictures::default(),
            models,
            desk,
            usage,
        })
    }
}
