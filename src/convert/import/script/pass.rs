//! What a script does in a pass, as transactions with pauses between them.

use super::{
    machine::{Act, Machine},
    tree::At,
};
use crate::{
    convert::import::{
        draft::{Unique, short},
        error::ImportError,
    },
    loadtest::{
        span::Span,
        types::{ThinkTime, Transaction},
    },
};

/// Longest pause, in seconds: that of a LoadTest.
const LONGEST: f64 = 30.0 * 24.0 * 3600.0;
/// Stack that a script is gone through on: its nesting is bounded, and this holds it with room to spare.
const STACK: usize = 128 << 20;

/// What is done in a pass: requests by their number, in groups.
#[derive(Debug, Default)]
pub(in crate::convert::import) struct Pass {
    groups: Vec<Group>,
    at: At,
}

#[derive(Debug, Default)]
struct Group {
    name: String,
    requests: Vec<usize>,
    /// Shortest and longest pause behind it, in seconds.
    pause: (f64, f64),
}

impl Pass {
    /// Whether nothing is sent.
    pub(in crate::convert::import) fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.requests.is_empty())
    }

    /// Whether there is a pause between its requests or behind them.
    pub(in crate::convert::import) fn pauses(&self) -> bool {
        self.groups.iter().any(|group| group.pause.1 > 0.0)
    }

    /// Adds what another does, behind this.
    pub(in crate::convert::import) fn append(&mut self, other: Self) {
        self.groups.extend(other.groups);
    }

    /// Everything as one group.
    pub(in crate::convert::import) fn joined(mut self, name: &str) -> Self {
        let requests = self.groups.iter_mut().flat_map(|group| std::mem::take(&mut group.requests)).collect();
        let pause =
            self.groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.pause.0, sum.1 + group.pause.1));
        Self { groups: vec![Group { name: name.to_owned(), requests, pause }], at: self.at }
    }

    /// The pause that stands behind each of its groups.
    pub(in crate::convert::import) fn think_time(&self, machine: &mut Machine<'_>) -> Option<ThinkTime> {
        let pauses: Vec<(f64, f64)> = self.groups.iter().map(|group| group.pause).collect();
        let first = *pauses.first()?;
        let count = u32::try_from(pauses.len()).unwrap_or(u32::MAX);
        let sum = pauses.iter().fold((0.0, 0.0), |sum, pause| (sum.0 + pause.0, sum.1 + pause.1));
        if sum.1 <= 0.0 {
            return None;
        }
        let same = pauses
            .iter()
            .all(|pause| pause.0.to_bits() == first.0.to_bits() && pause.1.to_bits() == first.1.to_bits());
        let pause = if same { first } else { (sum.0 / f64::from(count), sum.1 / f64::from(count)) };
        if !same {
            machine.note(
                self.at,
                format!(
                    "its pauses of {} in all are spread evenly behind its {count} transactions",
                    range(sum.0, sum.1)
                ),
            );
        }
        Some(ThinkTime { min: seconds(pause.0), max: seconds(pause.1) })
    }

    /// The transactions, in order.
    pub(in crate::convert::import) fn transactions(
        &self,
        machine: &Machine<'_>,
        names: &mut Unique,
    ) -> Vec<Transaction> {
        let mut transactions = Vec::new();
        for group in &self.groups {
            let mut requests = Vec::new();
            for index in &group.requests {
                requests.push(machine.sent[*index].request.clone());
            }
            if !requests.is_empty() {
                transactions.push(Transaction::of(&names.name(&short(&group.name)), requests));
            }
        }
        transactions
    }
}

/// Numbers transactions that come one after another.
pub(in crate::convert::import) fn in_order(transactions: &mut [Transaction]) {
    if transactions.len() > 1 {
        for (index, transaction) in transactions.iter_mut().enumerate() {
            transaction.sequence = u32::try_from(index + 1).ok();
        }
    }
}

impl Machine<'_> {
    /// Takes what was done since the last time. What stands in no group is named `title`.
    pub(in crate::convert::import) fn pass(&mut self, title: &str, at: At) -> Pass {
        let mut pass = Pass { groups: Vec::new(), at };
        let (mut open, mut names, mut early) = (false, Vec::<String>::new(), (0.0, 0.0));
        for act in std::mem::take(&mut self.acts) {
            match act {
                Act::Send(index) => {
                    if !open {
                        let name = if names.is_empty() { title.to_owned() } else { names.join(" / ") };
                        pass.groups.push(Group { name, ..Group::default() });
                        open = true;
                    }
                    if let Some(group) = pass.groups.last_mut() {
                        group.requests.push(index);
                    }
                }
                Act::Pause(min, max) => {
                    let pause = pass.groups.last_mut().map_or(&mut early, |group| &mut group.pause);
                    *pause = (pause.0 + min, pause.1 + max);
                    open = open && !names.is_empty();
                }
                Act::Group(name) => {
                    names.push(name);
                    open = false;
                }
                Act::EndGroup => {
                    names.pop();
                    open = false;
                }
            }
        }
        // A pass follows the next one: a pause before the first request is one behind the last.
        if let Some(last) = pass.groups.last_mut() {
            last.pause = (last.pause.0 + early.0, last.pause.1 + early.1);
        }
        pass
    }
}

/// A span of seconds.
pub(in crate::convert::import) fn seconds(seconds: f64) -> Span {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    Span::from_millis((seconds.clamp(0.0, LONGEST) * 1000.0).round() as u64)
}

fn range(min: f64, max: f64) -> String {
    let (min, max) = (seconds(min), seconds(max));
    if min == max { min.to_string() } else { format!("{min} to {max}") }
}

/// Goes through a script on a thread with a stack of its own.
///
/// # Errors
/// Those of what is done.
pub(in crate::convert::import) fn on_own_stack(
    name: &str,
    go: impl FnOnce() -> Result<(), ImportError> + Send,
) -> Result<(), ImportError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("import".to_owned()).stack_size(STACK);
        let thread = thread.spawn_scoped(scope, go).map_err(|error| {
            ImportError::whole(name, format!("cannot be read now: no thread could be started ({error})"))
        })?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
