//! A provider, and how it was of late.

use std::{sync::Arc, time::Instant};

use tokio::sync::mpsc;

use super::{
    breaker::{Breaker, Standing},
    budget::Reservation,
    pace::Pace,
    plan::{Known, Why},
};
use crate::ai::{
    AiError,
    chat::{Answer, ChosenBy, Engine, Part, Route, Shape, Watch},
    mask::Masked,
    policy::Provider,
    remote::{Delivery, Remote, RemoteError, Reply},
};

/// Parts of an answer that wait for a slow reader.
const PARTS_AHEAD: usize = 64;

/// A provider, and how it was of late.
#[derive(Debug)]
pub struct Link {
    pub provider: Provider,
    pub breaker: Breaker,
    pub pace: Pace,
    /// What asks it, or why it cannot be asked.
    remote: Result<Remote, String>,
}

impl Link {
    pub fn new(provider: Provider) -> Self {
        let remote = Remote::new(provider.clone());
        if let Err(why) = &remote {
            tracing::error!(provider = provider.id, "the provider `{}` cannot be asked: {why}", provider.id);
        }
        Self { breaker: Breaker::new(provider.breaker), pace: Pace::default(), remote, provider }
    }

    /// Whether it has its key and its certificates.
    pub const fn is_usable(&self) -> bool {
        self.remote.is_ok()
    }

    /// What is known of it.
    pub fn known(&self, streamed: bool) -> Known {
        Known { not: self.not(), pace: self.pace.of(streamed, Instant::now()) }
    }

    /// Why it cannot be asked now.
    pub fn not(&self) -> Option<Why> {
        let id = &self.provider.id;
        if let Err(why) = &self.remote {
            return Some((ChosenBy::Fallback, format!("`{id}` cannot be asked: {why}")));
        }
        let why = match self.breaker.standing(Instant::now()) {
            Standing::Closed | Standing::HalfOpen => return None,
            Standing::Open(rests) => {
                format!("`{id}` has not answered of late, and is let alone for {} s", rests.as_secs() + 1)
            }
            Standing::Tried => format!("`{id}` has not answered of late, and one question tries it"),
        };
        Some((ChosenBy::Breaker, why))
    }

    /// Asks it. Its breaker has let this question pass.
    pub async fn ask(
        self: &Arc<Self>,
        masked: &Masked,
        most: u32,
        delivery: Delivery,
        reserved: Reservation,
    ) -> Result<Answer, AiError> {
        let failed = |error: RemoteError| AiError::Remote { provider: self.provider.id.clone(), error };
        let remote = match &self.remote {
            Ok(remote) => remote,
            Err(why) => return Err(failed(RemoteError::Unreached(why.clone()))),
        };
        let streamed = delivery == Delivery::Parts;
        // However the question ends, somebody else may try the provider then.
        let tries = Tries(Arc::clone(self));
        let told = Arc::clone(self);
        let watch = Watch::new(streamed, move |took| told.pace.took(streamed, took, Instant::now()));
        let this = Arc::clone(self);
        let reply = remote.ask(&masked.request, most, delivery).await;
        let reply = reply.inspect_err(|error| this.failed(error)).map_err(failed)?;
        let (to, parts) = mpsc::channel(PARTS_AHEAD);
        let engine = Engine {
            route: Route::Remote,
            provider: Some(self.provider.id.clone()),
            model: self.provider.model.clone(),
            chosen_by: ChosenBy::Default,
            reason: String::new(),
        };
        let (about, masked) = (masked.request.about(), masked.clone());
        tokio::spawn(async move {
            if let Err(error) = this.pass_on(reply, masked, &to).await {
                this.failed(&error);
                to.send(Err(AiError::Remote { provider: this.provider.id.clone(), error })).await.ok();
            }
            drop(tries);
        });
        let mut answer = Answer::new(parts, about, engine).watched(watch);
        answer.held = Some(Box::new(reserved));
        answer.prices = self.provider.prices();
        Ok(answer)
    }

    fn failed(&self, error: &RemoteError) {
        let id = &self.provider.id;
        tracing::warn!(provider = id, "the provider `{id}` does not answer: {error}");
        if error.counts() {
            self.breaker.failed(Instant::now());
        }
    }

    /// Passes an answer on, with what was hidden put back, until it ends or whoever asked has left.
    async fn pass_on(
        &self,
        mut reply: Reply,
        mut masked: Masked,
        to: &mpsc::Sender<Result<Part, AiError>>,
    ) -> Result<(), RemoteError> {
        let is_text = matches!(masked.request.shape, Shape::Free);
        loop {
            let part = tokio::select! {
                biased;
                () = to.closed() => return Ok(()),
                part = reply.next() => part?.ok_or(RemoteError::BrokenOff)?,
            };
            let restorer = &mut masked.restorer;
            match part {
                Part::Text(text) => {
                    let text = if is_text { restorer.push(&text) } else { restorer.document(&text) };
                    if !text.is_empty() && to.send(Ok(Part::Text(text))).await.is_err() {
                        return Ok(());
                    }
                }
                Part::End(mut end) => {
                    let rest = restorer.rest();
                    if !rest.is_empty() {
                        to.send(Ok(Part::Text(rest))).await.ok();
                    }
                    end.cost = self.provider.prices().of(end.tokens);
                    self.breaker.answered();
                    to.send(Ok(Part::End(end))).await.ok();
                    return Ok(());
                }
            }
        }
    }
}

/// A question that may be the one that tries a provider.
struct Tries(Arc<Link>);

impl Drop for Tries {
    fn drop(&mut self) {
        self.0.breaker.let_go();
    }
}
