//! Who answers, and why they.

use serde::Serialize;
use utoipa::ToSchema;

use super::Tokens;

/// Who answers, and why they.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AiEngine)]
pub struct Engine {
    /// Where the answer is written.
    pub route: Route,
    /// The provider, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ollama")]
    pub provider: Option<String>,
    /// The model.
    #[schema(example = "smollm2-135m-instruct")]
    pub model: String,
    /// What decided it.
    pub chosen_by: ChosenBy,
    /// Why.
    #[schema(example = "the model inside MAID answers")]
    pub reason: String,
}

/// Where an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AiRoute)]
pub enum Route {
    /// By the model inside MAID: nothing has left the machine.
    Local,
    /// By a provider.
    Remote,
}

impl Route {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// What decides who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AiChosenBy)]
pub enum ChosenBy {
    /// Nothing: there is only the model inside MAID.
    Default,
    /// The request, which names a model.
    Request,
    /// What the answer is for, by the policy.
    Intent,
    /// What may leave the machine, by the policy.
    Privacy,
    /// What answers may cost, by the policy.
    Budget,
    /// How long answers took of late, by the policy.
    Latency,
    /// That others wait for the model inside MAID.
    Load,
    /// That a provider has failed of late.
    Breaker,
    /// That whoever was asked before has not answered.
    Fallback,
}

impl ChosenBy {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Request => "request",
            Self::Intent => "intent",
            Self::Privacy => "privacy",
            Self::Budget => "budget",
            Self::Latency => "latency",
            Self::Load => "load",
            Self::Breaker => "breaker",
            Self::Fallback => "fallback",
        }
    }
}

impl Engine {
    /// The model inside MAID.
    #[must_use]
    pub fn local(model: &str) -> Self {
        Self {
            route: Route::Local,
            provider: None,
            model: model.to_owned(),
            chosen_by: ChosenBy::Default,
            reason: "the model inside MAID answers".to_owned(),
        }
    }

    /// The same, for another reason.
    #[must_use]
    pub fn because(self, chosen_by: ChosenBy, reason: impl Into<String>) -> Self {
        Self { chosen_by, reason: reason.into(), ..self }
    }

    /// The model, and whose it is.
    #[must_use]
    pub fn named(&self) -> String {
        match &self.provider {
            Some(provider) => format!("{provider}/{}", self.model),
            None => self.model.clone(),
        }
    }
}

/// US dollars for a million tokens that are read, and for a million that are written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prices {
    /// Read.
    pub input: f64,
    /// Written.
    pub output: f64,
}

impl Prices {
    /// What tokens cost, in millionths of a US dollar, rounded up.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices are from 0 to a million"
    )]
    pub fn of(self, tokens: Tokens) -> u64 {
        (f64::from(tokens.prompt) * self.input + f64::from(tokens.answer) * self.output).ceil() as u64
    }
}

/// US dollars of millionths of them.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "exact up to nine billion dollars")]
pub fn dollars(millionths: u64) -> f64 {
    millionths as f64 / 1e6
}
