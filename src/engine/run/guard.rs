//! What a document may ask for, and what the machine can give.

use std::time::Duration;

use crate::engine::{health, plan::Plan};

/// Files that a process needs besides one a user.
const SPARE_FILES: u64 = 64;

/// Limits on what a document may ask for; 0 is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caps {
    /// Most users at once.
    pub max_users: u32,
    /// Highest arrival rate.
    pub max_rps: f64,
    /// Longest run.
    pub max_run_time: Duration,
}

/// Why a run is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GuardError {
    /// Too many users.
    #[error("{asked} users are more than the {allowed} that load.max_users allows")]
    Users {
        /// Users that the document asks for.
        asked: u32,
        /// Users that are allowed.
        allowed: u32,
    },
    /// Too high a rate.
    #[error("{asked} requests per second are more than the {allowed} that load.max_rps allows")]
    Rate {
        /// Rate that the document asks for.
        asked: f64,
        /// Rate that is allowed.
        allowed: f64,
    },
    /// Too long a run.
    #[error("a run of {asked:?} is longer than the {allowed:?} that load.max_run_time allows")]
    RunTime {
        /// Time that the document asks for.
        asked: Duration,
        /// Time that is allowed.
        allowed: Duration,
    },
    /// Too few file descriptors.
    #[error(
        "{users} users need about {needed} open files, and the system gives this process {limit}: run \
         with at most {fit} users, or raise the limit with `ulimit -n {needed}` (see docs/tuning.md)"
    )]
    Files {
        /// Users that the document asks for.
        users: u32,
        /// Open files that they need.
        needed: u64,
        /// Open files that the process may have.
        limit: u64,
        /// Users that would fit.
        fit: u64,
    },
}

/// Checks the caps and raises the limit of open files; returns that limit.
pub(super) fn check(plan: &Plan, caps: &Caps) -> Result<u64, GuardError> {
    let users = plan.load.users_max;
    if caps.max_users > 0 && users > caps.max_users {
        return Err(GuardError::Users { asked: users, allowed: caps.max_users });
    }
    let asked = plan.load.arrival.as_ref().map_or(0.0, |(schedule, _)| schedule.peak());
    let asked = asked.max(plan.rate_limit.unwrap_or(0.0));
    if caps.max_rps > 0.0 && asked > caps.max_rps {
        return Err(GuardError::Rate { asked, allowed: caps.max_rps });
    }
    if let Some(asked) = plan.load.run_time.filter(|t| !caps.max_run_time.is_zero() && *t > caps.max_run_time)
    {
        return Err(GuardError::RunTime { asked, allowed: caps.max_run_time });
    }
    let limit = health::raise_file_limit();
    files(users, limit).map(|()| limit)
}

fn files(users: u32, limit: u64) -> Result<(), GuardError> {
    let needed = u64::from(users) + SPARE_FILES;
    if limit == 0 || needed <= limit {
        return Ok(());
    }
    Err(GuardError::Files { users, needed, limit, fit: limit.saturating_sub(SPARE_FILES) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_files_says_how_many_users_fit() {
        let error = files(10_000, 1024).expect_err("too few").to_string();
        assert!(error.contains("at most 960 users") && error.contains("ulimit -n 10064"), "{error}");
        assert_eq!(files(960, 1024), Ok(()));
    }
}
