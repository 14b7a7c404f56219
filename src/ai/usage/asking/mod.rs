//! One question, from when it is asked until it is over: written down and counted once, however it ends.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;

use super::{AiUsage, store::UsageRow};
use crate::{
    ai::{
        AiError,
        chat::{End, Part, Tokens},
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
}

impl Asking {
    /// `principal` asks `model`.
    #[must_use]
    pub fn begin((audit, usage): (&Audit, &AiUsage), principal: &Principal, model: &str) -> Self {
        let row = UsageRow {
            tenant: principal.tenant_id.clone(),
            day: day(Timestamp::now()),
            principal: principal.actor(),
            model: model.to_owned(),
            prompt_tokens: 0,
            answer_tokens: 0,
            busy_ms: 0,
        };
        let event = Some(Event::of(principal, Action::AiComplete).on(model));
        Self { audit: audit.clone(), usage: usage.clone(), event, row, begun: Instant::now() }
    }

    /// The prompt was taken.
    pub fn taken(&mut self, prompt_tokens: u32) {
        self.row.prompt_tokens = prompt_tokens.into();
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
            Ok(End { tokens: Tokens { prompt, answer }, .. }) => {
                (self.row.prompt_tokens, self.row.answer_tokens) = (prompt.into(), answer.into());
                self.note(Outcome::Done, None);
            }
            Err(error) => self.note(Outcome::Failed, Some(error.to_string())),
        }
    }

    fn note(&mut self, outcome: Outcome, why: Option<String>) {
        let Some(event) = self.event.take() else { return };
        self.row.busy_ms = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let UsageRow { prompt_tokens, answer_tokens, .. } = self.row;
        let detail = json!({ "prompt_tokens": prompt_tokens, "answer_tokens": answer_tokens, "why": why });
        self.audit.note(event.with(detail).ended(outcome));
        self.usage.add(self.row.clone());
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // Only where it was not over: whoever asked has left.
        self.note(Outcome::Done, Some("whoever asked left before the end".to_owned()));
    }
}
