//! One question, from when it is asked until it is over: written down and counted once, however it ends.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{AiUsage, store::UsageRow};
use crate::{
    ai::{
        AiError,
        chat::{Answer, End, Engine, Held, Intent, Part, Prices, Tokens},
    },
    audit::{Action, Audit, Event, Outcome},
    auth::Principal,
    db::time::day,
};

/// One question. Nothing of what is said is kept.
#[derive(Debug)]
pub struct Asking {
    audit: Audit,
    usage: AiUsage,
    /// None once it is over.
    event: Option<Event>,
    row: UsageRow,
    begun: Instant,
    /// Who answers, once somebody does.
    engine: Option<Engine>,
    held: Held,
    prices: Prices,
    /// What is asked for.
    purpose: Value,
}

impl Asking {
    /// `principal` asks `model`.
    #[must_use]
    pub fn begin(counted: (&Audit, &AiUsage), principal: &Principal, model: &str, intent: Intent) -> Self {
        Self::begin_for(counted, principal, model, json!(intent))
    }

    /// `principal` asks `model`, which is inside MAID, for something else than text.
    #[must_use]
    pub fn of_media(counted: (&Audit, &AiUsage), principal: &Principal, model: &str, what: &str) -> Self {
        let mut asking = Self::begin_for(counted, principal, model, json!(what));
        asking.engine = Some(Engine::local(model));
        asking
    }

    fn begin_for(
        (audit, usage): (&Audit, &AiUsage),
        principal: &Principal,
        model: &str,
        purpose: Value,
    ) -> Self {
        let row = UsageRow {
            tenant: principal.tenant_id.clone(),
            day: day(Timestamp::now()),
            principal: principal.actor(),
            model: model.to_owned(),
            prompt_tokens: 0,
            answer_tokens: 0,
            busy_ms: 0,
            cost_millionths: 0,
        };
        let event = Some(Event::of(principal, Action::AiComplete).on(model));
        Self {
            audit: audit.clone(),
            usage: usage.clone(),
            event,
            row,
            begun: Instant::now(),
            engine: None,
            held: None,
            prices: Prices::default(),
            purpose,
        }
    }

    /// Somebody answers.
    pub fn answered(&mut self, answer: &mut Answer) {
        self.row.prompt_tokens = answer.prompt_tokens.into();
        self.row.model = answer.engine.named();
        self.event = self.event.take().map(|event| event.on(&self.row.model));
        self.engine = Some(answer.engine.clone());
        self.held = answer.held.take();
        self.prices = answer.prices;
    }

    /// A part came: of an answer that is broken off, each is about a token.
    pub fn came(&mut self, part: &Part) {
        if matches!(part, Part::Text(_)) {
            self.row.answer_tokens += 1;
        }
    }

    /// It is over.
    pub fn over(mut self, end: Result<End, &AiError>) {
        match end {
            Ok(End { tokens: Tokens { prompt, answer, .. }, cost, .. }) => {
                (self.row.prompt_tokens, self.row.answer_tokens) = (prompt.into(), answer.into());
                self.row.cost_millionths = i64::try_from(cost).unwrap_or(i64::MAX);
                self.note(Outcome::Done, None);
            }
            Err(error) => {
                self.cost_so_far();
                self.note(Outcome::Failed, Some(error.to_string()));
            }
        }
    }

    /// What a provider takes for an answer that nobody has heard the end of, as far as it was written.
    fn cost_so_far(&mut self) {
        let count = |tokens: i64| u32::try_from(tokens).unwrap_or(u32::MAX);
        let (prompt, answer) = (count(self.row.prompt_tokens), count(self.row.answer_tokens));
        let cost = self.prices.of(Tokens { prompt, answer, estimated: true });
        self.row.cost_millionths = i64::try_from(cost).unwrap_or(i64::MAX);
    }

    fn note(&mut self, outcome: Outcome, why: Option<String>) {
        let Some(event) = self.event.take() else { return };
        self.row.busy_ms = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let UsageRow { prompt_tokens, answer_tokens, .. } = self.row;
        let detail = json!({
            "intent": self.purpose, "prompt_tokens": prompt_tokens, "answer_tokens": answer_tokens, "why": why,
            "route": self.engine.as_ref().map(|engine| engine.route),
            "chosen_by": self.engine.as_ref().map(|engine| engine.chosen_by),
        });
        self.audit.note(event.with(detail).ended(outcome));
        self.usage.add(self.row.clone(), self.held.take());
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // Only where it was not over: whoever asked has left.
        if self.event.is_some() {
            self.cost_so_far();
        }
        self.note(Outcome::Done, Some("whoever asked left before the end".to_owned()));
    }
}
