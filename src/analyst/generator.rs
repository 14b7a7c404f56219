//! The generator itself as the bottleneck: then nothing else says much about the target.

use serde_json::{Value, json};

use super::{facts::Facts, finding::Draft};
use crate::engine::outcome::{Finding, Kind, Severity, Unit};

/// As the engine judged it: its threads were busy, what was due waited for one, or files or ports ran
/// out.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    let summary = &facts.outcome.summary;
    let generator = &summary.generator;
    if !generator.limited {
        return None;
    }
    let mut draft = Draft::new(Kind::GeneratorSaturated, Severity::Critical, 0.95);
    let cpu = draft.figure("CPU of one core", generator.cpu_percent / 100.0, Unit::Share);
    let lag = draft.figure("dispatch lag p99", generator.dispatch_lag_ms.p99, Unit::Ms);
    let mut explanation = format!(
        "The machine that sent the load was the bottleneck, not the target: MAID used {cpu} of one core, and \
         requests that were due waited {lag} at p99 before they were sent."
    );
    let exhausted: u64 = summary
        .errors
        .iter()
        .filter(|group| group.kind == "exhausted")
        .map(|group| group.count)
        .fold(0, u64::saturating_add);
    if exhausted > 0 {
        let count = draft.figure("requests without a free port or file", exhausted as f64, Unit::Count);
        explanation.push_str(&format!(" For {count} of them it had no free port or file."));
    }
    explanation.push_str(
        " Response times and rates of this run say more about the generator than about the target.",
    );
    Some(
        draft
            .next(
                "Run it again with half the users or from a machine with more free cores, until the generator is \
                 no longer the bottleneck; only then judge the target.",
                halved(facts),
            )
            .told("The load generator was the bottleneck", explanation),
    )
}

fn halved(facts: &Facts<'_>) -> Option<Value> {
    let mut load = facts.outcome.config.get("load")?.clone();
    let users = facts.load.as_ref()?.users?;
    load["users"] = json!((users / 2).max(1));
    Some(load)
}
