//! What a document may ask for, and what the machine can give.

use std::{collections::HashSet, time::Duration};

use crate::engine::{
    health,
    plan::{LoadPlan, Plan, RequestPlan, ScenarioPlan, To},
    transport::{MAX_OPEN, Origin},
};

/// Files that a process needs besides those of its users.
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
        /// The place of what asks for it.
        path: &'static str,
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
        "{users} users need about {needed} open files, at up to {each} for each of them, and the system gives \
         this process {limit}: run with at most {fit} users, or raise the limit with `ulimit -n {needed}` \
         (see docs/tuning.md)"
    )]
    Files {
        /// Users that the document asks for.
        users: u32,
        /// Most connections that one of them keeps.
        each: u64,
        /// Open files that they need.
        needed: u64,
        /// Open files that the process may have.
        limit: u64,
        /// Users that would fit.
        fit: u64,
    },
}

impl GuardError {
    /// The place in the document of what asks for too much.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        match self {
            Self::Rate { path, .. } => path,
            Self::Users { .. } | Self::RunTime { .. } | Self::Files { .. } => "load",
        }
    }
}

impl Caps {
    /// Everything that a load asks for beyond them.
    pub fn exceeded(
        &self,
        load: &LoadPlan,
        rate_limit: Option<f64>,
    ) -> impl Iterator<Item = GuardError> + use<> {
        let (users, run_time) = (load.users_max, load.run_time);
        let too_many = (self.max_users > 0 && users > self.max_users)
            .then_some(GuardError::Users { asked: users, allowed: self.max_users });
        let arrival = load.arrival.as_ref().map(|(schedule, _)| schedule.peak());
        let allowed = self.max_rps;
        let too_fast = [("load.arrival", arrival), ("rate_limit", rate_limit)].into_iter().filter_map(
            move |(path, asked)| {
                let asked = asked.filter(|asked| allowed > 0.0 && *asked > allowed)?;
                Some(GuardError::Rate { path, asked, allowed })
            },
        );
        let allowed = self.max_run_time;
        let too_long = run_time.filter(|asked| !allowed.is_zero() && *asked > allowed);
        let too_long = too_long.map(|asked| GuardError::RunTime { asked, allowed });
        too_many.into_iter().chain(too_fast).chain(too_long)
    }
}

/// Checks the caps and raises the limit of open files; returns that limit.
pub(super) fn check(plan: &Plan, caps: &Caps) -> Result<u64, GuardError> {
    if let Some(error) = caps.exceeded(&plan.load, plan.rate_limit).next() {
        return Err(error);
    }
    let limit = health::raise_file_limit();
    files(plan.load.users_max, connections(plan), limit).map(|()| limit)
}

fn files(users: u32, each: u64, limit: u64) -> Result<(), GuardError> {
    let needed = u64::from(users) * each + SPARE_FILES;
    if limit == 0 || needed <= limit {
        return Ok(());
    }
    Err(GuardError::Files { users, each, needed, limit, fit: limit.saturating_sub(SPARE_FILES) / each })
}

/// Most connections that a user of any scenario keeps open.
fn connections(plan: &Plan) -> u64 {
    plan.scenarios.iter().map(origins).max().unwrap_or(0).clamp(1, MAX_OPEN) as u64
}

/// Most origins that one user of a scenario sends to: its own host, and those of whole URLs. Where
/// URLs are made while the run is on, they count as one more.
fn origins(scenario: &ScenarioPlan) -> usize {
    let requests = || scenario.transactions.iter().flat_map(|transaction| &transaction.requests);
    let hosts = requests().map(|request| request.to.places().len()).max().unwrap_or(0);
    let of_user =
        |user: usize| requests().filter_map(move |request| at_user(request, user)).collect::<HashSet<_>>();
    let fixed = (0..hosts).map(|user| of_user(user).len()).max().unwrap_or(0);
    fixed + usize::from(requests().any(|request| matches!(request.to, To::Rendered { .. })))
}

/// Where a user, which goes by its number to one of the hosts, sends a request.
fn at_user(request: &RequestPlan, user: usize) -> Option<(&str, u16, bool)> {
    let places = request.to.places();
    let origin: &Origin = &places.get(user % places.len().max(1))?.origin;
    Some((&origin.host, origin.port, origin.tls))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::plan,
        loadtest::{parse::parse, valid::Context},
    };

    fn each(hosts: &str, requests: &str) -> u64 {
        let text = format!(
            "version: 1\nname: n\ntarget: {{ hosts: [{hosts}] }}\nload: {{ users: 1, iterations: 1 }}\n\
             scenarios: [{{ name: s, transactions: [{{ name: t, requests: [{requests}] }}] }}]\n"
        );
        let document = parse(&text, "test.yaml").expect("a document");
        let test = document.validate(&Context::new(".")).unwrap_or_else(|problems| panic!("{problems}"));
        connections(&plan::compile(&test, &[]).expect("a plan"))
    }

    #[test]
    fn a_user_keeps_a_connection_for_each_origin_that_it_reaches() {
        let home = "'http://a.test'";
        assert_eq!(each(home, "{ path: /x }, { path: /y }"), 1);
        assert_eq!(each("'http://a.test', 'http://b.test'", "{ path: /x }"), 1, "a user has one of them");
        assert_eq!(each(home, "{ path: /x }, { path: 'http://b.test/' }, { path: 'http://a.test/' }"), 2);
        assert_eq!(each(home, "{ path: /x }, { path: 'http://a.test:81/' }, { path: 'https://a.test/' }"), 3);
        let many: Vec<String> = (0..9).map(|n| format!("{{ path: 'http://h{n}.test/' }}")).collect();
        assert_eq!(each(home, &many.join(",")), 4);
        let linked =
            "{ path: /x, extract: [{ name: next, from: json, path: $.next }] }, { path: '{{ next }}' }";
        assert_eq!(each(home, linked), 2);
    }

    #[test]
    fn too_few_files_says_how_many_users_fit() {
        let error = files(10_000, 1, 1024).expect_err("too few").to_string();
        assert!(error.contains("at most 960 users") && error.contains("ulimit -n 10064"), "{error}");
        assert!(error.contains("up to 1 for each"), "{error}");
        assert_eq!(files(960, 1, 1024), Ok(()));
        let error = files(480, 4, 1024).expect_err("too few").to_string();
        assert!(error.contains("at most 240 users") && error.contains("ulimit -n 1984"), "{error}");
        assert!(error.contains("up to 4 for each"), "{error}");
    }
}
