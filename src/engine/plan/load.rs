//! How many users start when, and how long the run goes on.

use std::time::Duration;

use crate::{
    engine::{live::Phase, pace::Schedule},
    loadtest::types::{Late, Load, Stage},
};

/// How users start.
#[derive(Clone, Debug, PartialEq)]
pub enum Hatch {
    /// A number of users, so many a second.
    Rate {
        /// Users in all.
        users: u32,
        /// Users started per second.
        per_second: f64,
    },
    /// Stages: how long each takes and how many users there are at its end.
    Stages(Vec<(Duration, u32)>),
}

/// The load of a run.
#[derive(Clone, Debug)]
pub struct LoadPlan {
    /// How users start.
    pub hatch: Hatch,
    /// Passes for each user.
    pub iterations: Option<u32>,
    /// Length of the run from when all users run; for stages, from the start.
    pub run_time: Option<Duration>,
    /// The open model: when slots are due, and what becomes of late ones.
    pub arrival: Option<(Schedule, Late)>,
    /// Most users at once.
    pub users_max: u32,
    /// Phases whose times are known beforehand, as lengths.
    pub phases: Option<Vec<(Phase, Duration)>>,
}

impl LoadPlan {
    /// Works out a valid load; `None` when it is none of the three models.
    #[must_use]
    pub fn of(load: &Load) -> Option<Self> {
        let run_time = load.run_time.map(|span| span.get());
        if let Some(arrival) = &load.arrival {
            let mut stages: Vec<_> = arrival.stages.iter().map(|s| (s.duration.get(), s.target)).collect();
            if stages.is_empty() {
                stages.push((run_time?, arrival.rate));
            }
            let schedule = Schedule::new(arrival.rate, &stages);
            return Some(Self {
                hatch: Hatch::Rate {
                    users: arrival.max_users,
                    per_second: POOL_RATE * f64::from(arrival.max_users),
                },
                iterations: None,
                run_time: Some(run_time.map_or(schedule.duration(), |limit| limit.min(schedule.duration()))),
                arrival: Some((schedule, arrival.late)),
                users_max: arrival.max_users,
                phases: Some(phases(arrival.rate, &stages)),
            });
        }
        if let Some(stages) = &load.stages {
            let total: Duration = stages.iter().map(|stage| stage.duration.get()).sum();
            let steps: Vec<_> = stages.iter().map(|s| (s.duration.get(), s.target)).collect();
            return Some(Self {
                hatch: Hatch::Stages(stages.iter().map(|s| (s.duration.get(), users(s))).collect()),
                iterations: load.iterations,
                run_time: Some(total),
                arrival: None,
                users_max: stages.iter().map(users).max().unwrap_or(0),
                phases: Some(phases(0.0, &steps)),
            });
        }
        let users = load.users?;
        Some(Self {
            hatch: Hatch::Rate { users, per_second: load.hatch_rate.unwrap_or_else(|| f64::from(users)) },
            iterations: load.iterations,
            run_time,
            arrival: None,
            users_max: users,
            phases: None,
        })
    }
}

/// The open model's pool is there within this part of a second: it sends nothing by itself.
const POOL_RATE: f64 = 10.0;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "validated as a whole number in range"
)]
const fn users(stage: &Stage) -> u32 {
    stage.target as u32
}

/// Phases of a load that moves linearly from target to target, neighbours of one kind joined.
fn phases(start: f64, steps: &[(Duration, f64)]) -> Vec<(Phase, Duration)> {
    let mut phases: Vec<(Phase, Duration)> = Vec::new();
    let mut from = start;
    for &(length, to) in steps {
        let phase = match to.total_cmp(&from) {
            std::cmp::Ordering::Greater => Phase::Increase,
            std::cmp::Ordering::Equal => Phase::Maintain,
            std::cmp::Ordering::Less => Phase::Decrease,
        };
        from = to;
        match phases.last_mut() {
            Some((last, total)) if *last == phase => *total += length,
            _ if length.is_zero() => {}
            _ => phases.push((phase, length)),
        }
    }
    phases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loadtest::span::Span;

    #[test]
    fn stages_become_phases() {
        let stage = |s, target| Stage { duration: Span::from_secs(s), target };
        let load = Load {
            stages: Some(vec![stage(5, 10.0), stage(5, 20.0), stage(30, 20.0), stage(10, 0.0)]),
            ..Load::default()
        };
        let plan = LoadPlan::of(&load).expect("a model");
        assert_eq!(plan.users_max, 20);
        assert_eq!(plan.run_time, Some(Duration::from_secs(50)));
        let names: Vec<_> = plan.phases.expect("known").iter().map(|(p, d)| (*p, d.as_secs())).collect();
        assert_eq!(names, [(Phase::Increase, 10), (Phase::Maintain, 30), (Phase::Decrease, 10)]);
    }
}
