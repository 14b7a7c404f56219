//! What is told of the policy and its providers.

use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{breaker::Standing, link::Link};
use crate::ai::policy::{Policy, Preference, Privacy};

/// The AI policy that holds, and how the providers are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiPolicyStatus)]
pub struct PolicyStatus {
    /// Its file; null where there is none, and everything is answered by the model inside MAID.
    #[schema(example = "/etc/maid/ai-policy.yaml")]
    pub file: Option<String>,
    /// Why the file is not what holds. Nothing leaves the machine until it is mended.
    pub problem: Option<String>,
    /// When it was read.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// What may leave the machine.
    #[schema(value_type = String, example = "local-only")]
    pub privacy: Privacy,
    /// Who is asked first for conversations.
    #[schema(value_type = String, example = "hybrid")]
    pub chat: Preference,
    /// Who is asked first for load tests that are made of words.
    #[schema(value_type = String, example = "hybrid")]
    pub generate: Preference,
    /// Who is asked first for results that are put into words.
    #[schema(value_type = String, example = "hybrid")]
    pub explain: Preference,
    /// How long an answer should take at most, in seconds.
    pub latency_target_s: Option<f64>,
    /// US dollars that may be spent a day.
    pub budget_per_day: Option<f64>,
    /// US dollars that were spent today, in UTC; null where that is not known.
    pub spent_today: Option<f64>,
    /// The providers.
    pub providers: Vec<ProviderStatus>,
}

/// How a provider is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiProviderStatus)]
pub struct ProviderStatus {
    /// Its name.
    #[schema(example = "ollama")]
    pub id: String,
    /// Where it is.
    #[schema(example = "http://127.0.0.1:11434/v1")]
    pub url: String,
    /// Its model.
    #[schema(example = "llama3.2")]
    pub model: String,
    /// Whether it may be asked: `closed`; `open` while it is let alone; `half_open` when one question may try it.
    #[schema(example = "closed")]
    pub breaker: &'static str,
    /// Why it cannot be asked now.
    pub why: Option<String>,
    /// How long its answers took of late, in seconds; null where nobody has asked.
    pub answers_after_s: Option<f64>,
}

impl ProviderStatus {
    pub(super) fn of(link: &Link) -> Self {
        let now = Instant::now();
        Self {
            id: link.provider.id.clone(),
            url: link.provider.url.clone(),
            model: link.provider.model.clone(),
            breaker: match link.breaker.standing(now) {
                Standing::Closed => "closed",
                Standing::Open(_) => "open",
                Standing::HalfOpen | Standing::Tried => "half_open",
            },
            why: link.not().map(|(_, why)| why),
            answers_after_s: link
                .pace
                .of(false, now)
                .or(link.pace.of(true, now))
                .map(|pace| pace.as_secs_f64()),
        }
    }
}

impl PolicyStatus {
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            file: None,
            problem: None,
            since: Timestamp::now(),
            privacy: policy.privacy,
            chat: policy.intents.chat,
            generate: policy.intents.generate,
            explain: policy.intents.explain,
            latency_target_s: policy.latency_target.map(|target| target.get().as_secs_f64()),
            budget_per_day: policy.budget.per_day,
            spent_today: None,
            providers: Vec::new(),
        }
    }
}
