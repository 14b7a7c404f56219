//! Who answers a question: the model inside MAID, or a provider, by the policy.
//!
//! Nothing leaves the machine but by a policy that says so, and then without secrets and personal data. Whoever does not
//! answer is followed by the next; the model inside MAID comes last where it does not come first.

mod breaker;
mod budget;
mod dto;
mod link;
mod pace;
mod plan;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time};

pub use self::dto::{PolicyStatus, ProviderStatus};
use self::{
    budget::Ledger,
    link::Link,
    pace::Pace,
    plan::{Place, Seen, Step, plan},
};
pub use super::remote::Delivery;
use super::{
    AiError,
    chat::{Answer, ChosenBy, Intent, Request, Watch, dollars},
    local::Local,
    mask::{Masked, Masker},
    policy::{Held, Mark, Policy, PolicyFile},
    usage::AiUsage,
};
use crate::loadtest::problem::Problems;

/// How often it is looked whether the policy has changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A question, and who may answer it.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub request: Request,
    /// What the answer is for.
    pub intent: Intent,
    /// Whose model is asked for.
    pub wish: Wish,
    /// Whether the answer is wanted whole, or as it is written.
    pub delivery: Delivery,
}

/// Whose model is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Whatever the policy says.
    #[default]
    Any,
    /// The model inside MAID, and nobody else.
    Local,
    /// This provider, and nobody else.
    Provider(String),
}

/// Chooses who answers; a clone is the same.
#[derive(Clone)]
pub struct Router(Arc<Inner>);

struct Inner {
    file: Option<PolicyFile>,
    first: Option<Mark>,
    now: RwLock<Arc<Now>>,
    here: Arc<Pace>,
    ledger: Ledger,
    most_tokens: u32,
}

/// What holds now.
struct Now {
    held: Held,
    masker: Masker,
    links: Vec<Arc<Link>>,
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("file", &self.0.file).finish_non_exhaustive()
    }
}

impl Router {
    /// By the policy in `file`; answers have at most `most_tokens`, and what they cost is counted by `usage`.
    ///
    /// # Errors
    /// All that is wrong with the policy.
    pub fn open(file: PathBuf, most_tokens: u32, usage: AiUsage) -> Result<Self, Problems> {
        let (file, held) = PolicyFile::open(file)?;
        let now = RwLock::new(Arc::new(Now::new(held, &[])));
        Ok(Self(Arc::new(Inner {
            first: file.mark(),
            file: Some(file),
            now,
            here: Arc::default(),
            ledger: Ledger::new(usage),
            most_tokens,
        })))
    }

    /// Asks whoever is to answer, and the next where they do not.
    ///
    /// # Errors
    /// Nobody answers, or whoever is asked for by name may not be asked.
    pub async fn ask(&self, local: &Local, question: Question) -> Result<Answer, AiError> {
        let now = self.now();
        let policy = &now.held.policy;
        let streamed = question.delivery == Delivery::Parts;
        if question.wish == Wish::Local {
            let why = (ChosenBy::Request, "the request is for the model inside MAID".to_owned());
            return self.here(local, question.request, streamed, why).await;
        }
        let masked = now.masker.mask(&question.request);
        if let Wish::Provider(id) = &question.wish {
            return self.named(&now, id, &masked, question.delivery).await;
        }
        let seen = Seen {
            policy,
            intent: question.intent,
            private: masked.any,
            pace: self.0.here.of(streamed, Instant::now()),
            busy: local.is_busy(),
            providers: now.links.iter().map(|link| link.known(streamed)).collect(),
        };
        let mut failed = Failed::default();
        for Step { place, why } in plan(&seen) {
            let why = failed.why(why);
            let asked = match place {
                Place::Here => self.here(local, question.request.clone(), streamed, why).await,
                Place::There(at) => {
                    let link = &now.links[at];
                    let answer = self.there(policy, link, &masked, question.delivery).await;
                    answer.map(|answer| because(answer, why))
                }
            };
            match asked {
                Ok(answer) => return Ok(answer),
                Err(error) => failed.push(place, error),
            }
        }
        Err(failed.into_error())
    }

    async fn here(
        &self,
        local: &Local,
        request: Request,
        streamed: bool,
        (chosen_by, reason): (ChosenBy, String),
    ) -> Result<Answer, AiError> {
        let pace = Arc::clone(&self.0.here);
        let watch = Watch::new(streamed, move |took| pace.took(streamed, took, Instant::now()));
        let answer = local.ask(request).await?.watched(watch);
        Ok(because(answer, (chosen_by, reason)))
    }

    async fn there(
        &self,
        policy: &Policy,
        link: &Arc<Link>,
        masked: &Masked,
        delivery: Delivery,
    ) -> Result<Answer, AiError> {
        let most = masked.request.max_tokens.min(self.0.most_tokens);
        let reserved = self.0.ledger.reserve(policy.budget, &link.provider, &masked.request, most).await;
        let id = &link.provider.id;
        let reserved =
            reserved.map_err(|why| AiError::Kept { why: (ChosenBy::Budget, format!("`{id}`: {why}")) })?;
        if let (false, Some(why)) = (link.breaker.may(Instant::now()), link.not()) {
            return Err(AiError::Rests { why: why.1 });
        }
        link.ask(masked, most, delivery, reserved).await
    }

    /// Asks the provider that a request names.
    async fn named(
        &self,
        now: &Now,
        id: &str,
        masked: &Masked,
        delivery: Delivery,
    ) -> Result<Answer, AiError> {
        let link = now.links.iter().find(|link| link.provider.id == id);
        let link = link.ok_or_else(|| AiError::Unknown { asked: id.to_owned() })?;
        if let Some(why) = plan::kept(&now.held.policy, masked.any) {
            return Err(AiError::Kept { why });
        }
        let answer = self.there(&now.held.policy, link, masked, delivery).await?;
        Ok(because(answer, (ChosenBy::Request, "the request names it".to_owned())))
    }

    /// Id of the provider whose model `asked` is: the id alone, or `ID/MODEL`.
    #[must_use]
    pub fn provider_of(&self, asked: &str) -> Option<String> {
        let now = self.now();
        let mut ids = now.links.iter().map(|link| &link.provider);
        ids.find(|provider| provider.id == asked || provider.named() == asked)
            .map(|provider| provider.id.clone())
    }

    /// Models of providers that may be asked for by name, and whose they are.
    #[must_use]
    pub fn offered(&self) -> Vec<(String, String)> {
        let now = self.now();
        if plan::kept(&now.held.policy, false).is_some() {
            return Vec::new();
        }
        now.links.iter().map(|link| (link.provider.named(), link.provider.id.clone())).collect()
    }

    /// The policy and how its providers are.
    pub async fn status(&self) -> PolicyStatus {
        let now = self.now();
        let spent = self.0.ledger.spent().await.ok();
        PolicyStatus {
            file: self.0.file.as_ref().map(|file| file.path().display().to_string()),
            problem: now.held.problem.clone(),
            since: now.held.since,
            spent_today: spent.map(dollars),
            providers: now.links.iter().map(|link| ProviderStatus::of(link)).collect(),
            ..PolicyStatus::of(&now.held.policy)
        }
    }

    /// Reads the policy again when it changes, for ever.
    pub async fn upkeep(self) {
        let Some(file) = self.0.file.clone() else { return };
        let mut mark = self.0.first;
        let mut ticks = time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            let (looked, mut last) = (file.clone(), mark);
            let look = spawn_blocking(move || (looked.changed(&mut last), last)).await;
            let Ok((held, last)) = look else { continue };
            mark = last;
            if let Some(held) = held {
                self.hold(held);
            }
        }
    }

    fn hold(&self, held: Held) {
        let now = Now::new(held, &self.now().links);
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
    }

    fn now(&self) -> Arc<Now> {
        Arc::clone(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Now {
    /// What `held` says; of `before` what is known of providers that stay as they are.
    fn new(held: Held, before: &[Arc<Link>]) -> Self {
        let link = |provider: &super::policy::Provider| {
            let same = before.iter().find(|link| link.provider == *provider && link.is_usable());
            same.map_or_else(|| Arc::new(Link::new(provider.clone())), Arc::clone)
        };
        let links = held.policy.providers.iter().map(link).collect();
        Self { masker: Masker::new(&held.policy.mask), links, held }
    }
}

fn because(mut answer: Answer, (chosen_by, reason): (ChosenBy, String)) -> Answer {
    answer.engine = answer.engine.because(chosen_by, reason);
    answer
}

/// Those who have not answered.
#[derive(Default)]
struct Failed {
    /// Of the model inside MAID, whose error says most to whoever asked.
    here: Option<AiError>,
    last: Option<AiError>,
    why: Option<(ChosenBy, String)>,
}

impl Failed {
    /// Why the next is asked.
    fn why(&self, first: (ChosenBy, String)) -> (ChosenBy, String) {
        self.why.clone().unwrap_or(first)
    }

    fn push(&mut self, place: Place, error: AiError) {
        let chosen_by = match &error {
            AiError::Kept { why } => why.0,
            AiError::Rests { .. } => ChosenBy::Breaker,
            _ => ChosenBy::Fallback,
        };
        self.why = Some((chosen_by, error.to_string()));
        match place {
            Place::Here => self.here = Some(error),
            Place::There(_) => self.last = Some(error),
        }
    }

    fn into_error(self) -> AiError {
        // That there is no model here says little where somebody else was meant to answer.
        let here = self.here.filter(|error| !error.is_absent() || self.last.is_none());
        here.or(self.last).unwrap_or(AiError::BrokenOff)
    }
}
