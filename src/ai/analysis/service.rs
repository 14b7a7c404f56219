//! Analyses that are asked for: of a run of the history, or of a report that is sent.

use std::{fmt, sync::Arc, time::Instant};

use tokio::{sync::Semaphore, task};
use uuid::Uuid;

use super::dto::{AnalysisAnswer, Engine, Usage};
use crate::{
    ai::desk::Desk,
    analyst::{self, Language, Told, Wording},
    auth::Principal,
    engine::outcome::{Analysis, FORMAT, Outcome},
    runs::{RunError, Runs},
};

/// Reports that are worked on at once: one takes milliseconds, and a core.
const AT_ONCE: usize = 2;

/// Whoever is asked what a run shows; a clone is the same.
#[derive(Clone)]
pub struct Analyst {
    desk: Option<Desk>,
    turns: Arc<Semaphore>,
}

impl fmt::Debug for Analyst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analyst").field("words", &self.desk.is_some()).finish()
    }
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Language of the text.
    pub language: Language,
    /// Whether a model may word it.
    pub words: bool,
}

impl Analyst {
    /// With a model that words what was found, or without one.
    #[must_use]
    pub fn new(desk: Option<Desk>) -> Self {
        Self { desk, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// What a run of the history shows.
    ///
    /// # Errors
    /// There is no such run, it goes on, or it left nothing behind.
    pub async fn of_run(
        &self,
        runs: &Runs,
        principal: &Principal,
        id: Uuid,
        wish: Wish,
    ) -> Result<AnalysisAnswer, RunError> {
        let began = Instant::now();
        let run = runs.get(principal, id).await?;
        let analysis = runs.analysis(principal, &run).await?;
        Ok(self.answer(principal, id.to_string(), (analysis, wish), began).await)
    }

    /// What a JSON report shows, by itself. The error says what is wrong with it.
    ///
    /// # Errors
    /// It is no report, or one of another version.
    pub async fn of_report(
        &self,
        principal: &Principal,
        report: Box<str>,
        wish: Wish,
    ) -> Result<AnalysisAnswer, String> {
        let began = Instant::now();
        let turn = self.turns.acquire().await;
        let read = task::spawn_blocking(move || {
            let outcome: Outcome = serde_json::from_str(&report).map_err(|error| error.to_string())?;
            if outcome.format != FORMAT {
                return Err(format!(
                    "it is of version {}, and {FORMAT} is what this MAID reads",
                    outcome.format
                ));
            }
            // What the report says was found may have been written by anybody.
            Ok((outcome.summary.run_id.clone(), analyst::analyse(&outcome, &[])))
        });
        let (id, analysis) = read.await.unwrap_or_else(|_| Err("reading it broke off".to_owned()))?;
        drop(turn);
        Ok(self.answer(principal, id, (analysis, wish), began).await)
    }

    async fn answer(
        &self,
        principal: &Principal,
        run_id: String,
        (analysis, wish): (Analysis, Wish),
        began: Instant,
    ) -> AnalysisAnswer {
        let asker = self.desk.as_ref().filter(|_| wish.words).map(|desk| desk.asker(principal));
        let wording = asker.as_ref().map(|asker| asker as &dyn Wording);
        let told = analyst::tell(&analysis, wording, wish.language).await;
        let engine = engine(&told, wish, wording.is_some());
        let usage = Usage {
            latency_ms: (began.elapsed().as_secs_f64() * 1e6).round() / 1e3,
            tokens: told.tokens,
            cost: told.cost,
        };
        AnalysisAnswer { run_id, analysis, text: told.text, degraded: told.degraded, engine, usage }
    }
}

/// What has worded it, and why.
fn engine(told: &Told, wish: Wish, asked: bool) -> Engine {
    let (route, chosen_by, reason) = match (&told.by, &told.degraded) {
        (Some(by), _) => (by.route.as_str(), by.chosen_by.as_str(), by.reason.as_str()),
        (None, Some(why)) if asked => ("deterministic", "check", why.as_str()),
        (None, _) if !wish.words => ("deterministic", "request", "no words of a model were asked for"),
        (None, _) if asked => ("deterministic", "check", "there was nothing to word"),
        (None, _) => ("deterministic", "default", "there is no model to word it with"),
    };
    let model = told.by.as_ref().map(|by| by.model.clone());
    Engine { route: route.to_owned(), model, chosen_by: chosen_by.to_owned(), reason: reason.to_owned() }
}
