//! A user's pass through its scenario: from its first transaction to the end of its last one, think
//! time between them included.

use std::{ops::Range, time::Instant};

use super::{Shared, State, micros};
use crate::engine::{
    log::Took,
    plan::{Moment, Plan, ScenarioPlan},
    recorder::TransactionSample,
};

/// How far a pass has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    began: Option<Instant>,
    /// Whether totals cover its first transaction, and with it the pass.
    measured: bool,
    steps: u32,
    failed: bool,
}

impl State {
    /// Notes a finished transaction of the loop, and the pass when it was the last one of it.
    pub(super) fn step(
        &mut self,
        shared: &Shared,
        scenario: usize,
        at: Range<Instant>,
        transaction: &TransactionSample,
    ) {
        if self.progress.began.is_none() {
            self.progress.measured = transaction.measured;
        }
        let begun = *self.progress.began.get_or_insert(at.start);
        self.progress.steps += 1;
        self.progress.failed |= transaction.failed;
        if self.progress.steps < self.steps {
            return;
        }
        let Pass { failed, measured, .. } = std::mem::take(&mut self.progress);
        let took_us = micros(at.end - begun);
        shared.recorder.record_transaction(TransactionSample {
            transaction: shared.plan.pass_id(scenario),
            measured,
            failed,
            took_us,
        });
        if let Some(log) = &shared.log {
            log.scenario(Took { place: self.place(shared, begun), pass: self.pass, took_us, failed });
        }
    }

    /// A pass that was not finished does not count.
    pub(super) fn begin_pass(&mut self, pass: usize, bound: &[bool]) {
        self.pass = pass;
        self.progress = Pass::default();
        self.forget_rows(bound);
    }
}

impl Plan {
    /// Where passes of a scenario are measured: behind all transactions.
    pub(in crate::engine) fn pass_id(&self, scenario: usize) -> u32 {
        u32::try_from(self.transactions.len() + scenario).expect("a document has fewer than 2^32 names")
    }
}

impl ScenarioPlan {
    /// Transactions of one pass.
    pub(super) fn steps(&self) -> u32 {
        let looped = self.transactions.iter().filter(|transaction| transaction.moment == Moment::Loop);
        looped.map(|transaction| transaction.weight / self.unit()).sum()
    }
}
