//! From a valid LoadTest to a plan.

use std::{collections::HashMap, sync::Arc};

use super::{
    CheckName, Moment, Plan, PlanError, RequestName, ScenarioPlan, TransactionPlan, gcd, load::LoadPlan,
    request::RequestCompiler,
};
use url::Url;

use crate::engine::recorder::NO_HOST;
use crate::loadtest::{
    types::{Measured, Scenario, Transaction},
    valid::ValidLoadTest,
};

/// Compiles the scenarios named in `selected`, or all when it is empty.
///
/// # Errors
/// When a selected scenario does not exist, or a file has changed since validation.
pub fn compile(valid: &ValidLoadTest, selected: &[String]) -> Result<Plan, PlanError> {
    let test = valid.loadtest();
    let chosen = selection(&test.scenarios, selected)?;
    let load =
        LoadPlan::of(&test.load).ok_or_else(|| PlanError::Invalid("the load has no model".to_owned()))?;
    let mut names = Interner::default();
    let hosts = hosts(valid, &chosen);
    let mut scenarios = Vec::new();
    for index in chosen {
        let of = valid.scenario_hosts(index).iter().map(|host| number_of(host, &hosts)).collect();
        scenarios.push(ScenarioPlan { hosts: of, ..scenario(valid, index, scenarios.len(), &mut names)? });
    }
    Ok(Plan {
        scheduler: test.scheduler,
        load,
        rate_limit: (test.rate_limit > 0.0).then_some(test.rate_limit),
        steady: test.load.measure == Measured::Steady,
        sticky_redirects: test.target.sticky_redirects,
        trace_context: test.target.trace_context,
        abort_on_threshold: test.abort_on_threshold,
        scenarios,
        hosts,
        requests: names.requests,
        transactions: names.transactions,
        checks: names.checks,
        mask: valid.mask().clone(),
        feeders: valid.feeders().to_vec(),
    })
}

/// Hosts that are told apart in what is measured; a test may have more.
const MOST_HOSTS: usize = 32;

/// The hosts that the chosen scenarios send to, where there are several.
fn hosts(valid: &ValidLoadTest, chosen: &[usize]) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for host in chosen.iter().flat_map(|index| valid.scenario_hosts(*index)) {
        let host = valid.mask().text(host.as_str().trim_end_matches('/'));
        if !hosts.contains(&host) && hosts.len() < MOST_HOSTS {
            hosts.push(host);
        }
    }
    if hosts.len() > 1 { hosts } else { Vec::new() }
}

fn number_of(host: &Url, hosts: &[String]) -> u8 {
    let place = hosts.iter().position(|known| known == host.as_str().trim_end_matches('/'));
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(NO_HOST)
}

fn selection(scenarios: &[Scenario], selected: &[String]) -> Result<Vec<usize>, PlanError> {
    if let Some(unknown) = selected.iter().find(|name| scenarios.iter().all(|s| s.name != **name)) {
        let known = scenarios.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(PlanError::NoScenario(unknown.clone(), known));
    }
    let chosen = |s: &Scenario| selected.is_empty() || selected.contains(&s.name);
    Ok(scenarios.iter().enumerate().filter(|(_, s)| chosen(s)).map(|(index, _)| index).collect())
}

/// Gives names their numbers. Requests of one name are measured together, wherever they stand.
#[derive(Debug, Default)]
pub(super) struct Interner {
    requests: Vec<RequestName>,
    by_name: HashMap<String, u32>,
    transactions: Vec<(Arc<str>, Arc<str>)>,
    checks: Vec<CheckName>,
}

impl Interner {
    pub(super) fn request(&mut self, name: &str, method: &str, scenario: usize) -> u32 {
        let next = number(self.requests.len());
        let id = *self.by_name.entry(name.to_owned()).or_insert(next);
        if id == next {
            let (name, method) = (name.to_owned(), method.to_owned());
            self.requests.push(RequestName { name, method, scenarios: Vec::new() });
        }
        let scenarios = &mut self.requests[id as usize].scenarios;
        if !scenarios.contains(&scenario) {
            scenarios.push(scenario);
        }
        id
    }

    pub(super) fn check(&mut self, request: u32, scenario: usize, words: &str) -> usize {
        self.checks.push(CheckName { request, scenario, words: words.to_owned() });
        self.checks.len() - 1
    }

    fn transaction(&mut self, scenario: &Arc<str>, name: &Arc<str>) -> u32 {
        self.transactions.push((Arc::clone(scenario), Arc::clone(name)));
        number(self.transactions.len() - 1)
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a document of 10 MB has fewer names")
}

fn scenario(
    valid: &ValidLoadTest,
    index: usize,
    place: usize,
    names: &mut Interner,
) -> Result<ScenarioPlan, PlanError> {
    let source = &valid.loadtest().scenarios[index];
    let name: Arc<str> = source.name.as_str().into();
    let mut requests = RequestCompiler::new(valid, index, place)?;
    let mut transactions = Vec::new();
    // Goose divides all weights of a scenario by their common divisor, those that run once included.
    let once = source.transactions.iter().map(|t| t.weight).fold(0, gcd).max(1);
    for (moment, group) in [
        (Moment::Start, &source.on_start),
        (Moment::Loop, &source.transactions),
        (Moment::Stop, &source.on_stop),
    ] {
        for (order, transaction) in (1..).zip(group) {
            let (sequence, weight) = match moment {
                Moment::Loop => (transaction.sequence.unwrap_or(0), transaction.weight),
                Moment::Start | Moment::Stop => (order, once),
            };
            let label: Arc<str> = transaction.name.as_str().into();
            transactions.push(TransactionPlan {
                id: names.transaction(&name, &label),
                name: label,
                moment,
                sequence,
                weight,
                requests: compile_requests(transaction, &mut requests, names)?,
            });
        }
    }
    Ok(ScenarioPlan {
        weight: source.weight,
        hosts: Vec::new(),
        think_time: source.think_time.map(|pause| (pause.min.get(), pause.max.get())),
        slots: valid.names(index).slots(),
        bound: (0..valid.feeders().len())
            .map(|feeder| valid.bound_feeders(index).contains(&feeder))
            .collect(),
        requests: requests.compiled(),
        transactions,
        name,
    })
}

fn compile_requests(
    transaction: &Transaction,
    compiler: &mut RequestCompiler<'_>,
    names: &mut Interner,
) -> Result<Vec<super::RequestPlan>, PlanError> {
    transaction.requests.iter().map(|request| compiler.compile(request, names)).collect()
}
