//! What answers cost, and may.
//!
//! What is spent is in the database, so that a restart forgets nothing. What is still being answered is held at the most
//! that it can cost, until what it did cost is written down.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Mutex;

use crate::ai::{
    chat::{Request, Tokens, dollars},
    policy::{Budget, Provider},
    usage::AiUsage,
};

/// Knows what is spent.
#[derive(Debug)]
pub struct Ledger {
    usage: AiUsage,
    /// Of answers that are on their way, in millionths of a US dollar.
    held: Arc<AtomicU64>,
    /// Held while it is looked whether something may be spent: one after the other.
    turn: Mutex<()>,
}

/// What an answer may cost, until it is written down what it did.
pub struct Reservation {
    held: Arc<AtomicU64>,
    most: u64,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.held.fetch_sub(self.most, Ordering::Relaxed);
    }
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reservation").field(&self.most).finish()
    }
}

impl Ledger {
    /// Of what `usage` counts.
    pub fn new(usage: AiUsage) -> Self {
        Self { usage, held: Arc::default(), turn: Mutex::default() }
    }

    /// Sets aside the most that an answer of `provider` can cost. The error says why not.
    pub async fn reserve(
        &self,
        budget: Budget,
        provider: &Provider,
        request: &Request,
        most_tokens: u32,
    ) -> Result<Reservation, String> {
        let most =
            provider.prices().of(Tokens { prompt: request.about(), answer: most_tokens, estimated: true });
        if let Some(bound) = budget.per_answer.filter(|bound| dollars(most) > *bound) {
            return Err(format!(
                "its answer could cost {} US dollars, and {bound} are allowed (`budget.per_answer`)",
                dollars(most)
            ));
        }
        let turn = self.turn.lock().await;
        if let Some(bound) = budget.per_day {
            // What is not known is not spent.
            let spent =
                self.spent().await.map_err(|error| format!("it is not known what is spent: {error}"))?;
            let held = self.held.load(Ordering::Relaxed);
            if dollars(spent.saturating_add(held).saturating_add(most)) > bound {
                return Err(format!(
                    "{} of the {bound} US dollars of the day are spent, and the answer could cost {} (`budget.per_day`)",
                    dollars(spent.saturating_add(held)),
                    dollars(most)
                ));
            }
        }
        self.held.fetch_add(most, Ordering::Relaxed);
        drop(turn);
        Ok(Reservation { held: Arc::clone(&self.held), most })
    }

    /// What is spent today, in millionths of a US dollar.
    pub async fn spent(&self) -> Result<u64, String> {
        self.usage.spent_today().await.map_err(|error| error.to_string())
    }
}
