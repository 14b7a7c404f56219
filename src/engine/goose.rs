//! Goose schedules: it starts and stops the users, follows hatch rates and stages, weights,
//! sequences and schedulers. Requests and their measurement are MAID's.
//!
//! This file alone knows Goose, and owns three facts about it. Its killswitch is one static, so one
//! run is active at a time in a process, and whoever wants to start one has to [`claim`] it. Every start resets the killswitch where a Ctrl-C handler
//! is already set, so MAID sets its own first (in `main`) and a run is only stopped once Goose has
//! started it. And its main loop looks at the killswitch every 500 ms, so users may be asked for a
//! few more transactions after the end; those return at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use goose::{
    GooseAttack, GooseError, GooseScheduler,
    client::GooseClientBuilder,
    config::{GooseConfiguration, GooseDefault, GooseDefaultType},
    goose::{GooseUser, Scenario, Transaction, TransactionFunction},
};

use super::{
    plan::{Hatch, Moment, ScenarioPlan},
    session::{Shared, Upshot, UserSession},
};
use crate::loadtest::types::Scheduler;

/// Any valid URL: Goose wants one, MAID's transport never asks for it.
const UNUSED_HOST: &str = "http://127.0.0.1/";

/// How long a user that is asked for more after the end is held, so that it does not spin until
/// Goose tells it to go.
const HOLD: Duration = Duration::from_millis(100);

/// How long a user rests that could send nothing. Goose itself never yields between transactions, so
/// that such a user would keep its thread from all others; and failures by the million help nobody.
const PAUSE: Duration = Duration::from_millis(10);

/// Whether Goose's own statics are in use.
static CLAIMED: AtomicBool = AtomicBool::new(false);

/// Goose, as long as this or a clone of it lives.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    _held: Arc<Held>,
}

#[derive(Debug)]
struct Held;

impl Drop for Held {
    fn drop(&mut self) {
        CLAIMED.store(false, Ordering::Release);
    }
}

/// Claims Goose for one run; `None` while another run of this process has it.
pub(super) fn claim() -> Option<Claim> {
    let free = CLAIMED.compare_exchange(false, true, Ordering::AcqRel, Ordering::Relaxed).is_ok();
    free.then(|| Claim { _held: Arc::new(Held) })
}

/// A user's session inside Goose. Goose wants to be able to clone it and never does; a clone is
/// a user that has not begun.
#[derive(Default)]
struct Seat(Option<Box<UserSession>>);

impl Clone for Seat {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// Runs all users of a plan to their end. The claim is kept until then, even where nobody waits any
/// more.
pub(super) async fn attack(shared: Arc<Shared>, _claim: Claim) -> Result<(), GooseError> {
    let load = &shared.plan.load;
    let mut configuration = GooseConfiguration::default();
    configuration.no_metrics = true;
    configuration.no_print_metrics = true;
    configuration.no_telnet = true;
    configuration.quiet = 2;
    if let Some(iterations) = load.iterations {
        configuration.iterations = Some(iterations as usize);
    }
    if let Hatch::Rate { users, per_second } = load.hatch {
        configuration.users = Some(users as usize);
        configuration.increase_rate = Some(per_second.to_string());
    }
    let mut attack = GooseAttack::initialize_with_config(configuration)?
        .set_client_builder_without_cookies(GooseClientBuilder::new().without_cookies())?
        .set_scheduler(match shared.plan.scheduler {
            Scheduler::RoundRobin => GooseScheduler::RoundRobin,
            Scheduler::Serial => GooseScheduler::Serial,
            Scheduler::Random => GooseScheduler::Random,
        });
    attack = *attack.set_default(GooseDefault::Host, UNUSED_HOST)?;
    if let Hatch::Stages(stages) = &load.hatch {
        attack = *attack.set_default(GooseDefault::TestPlan, test_plan(stages).as_str())?;
    }
    for (index, scenario) in shared.plan.scenarios.iter().enumerate() {
        attack = attack.register_scenario(register(&shared, index, scenario)?);
    }
    attack.execute().await.map(|_| ())
}

/// Tells Goose to end the run that it is carrying out. Why is MAID's to tell: Goose would write a
/// reason to its log as it is, secrets and all.
pub(super) fn stop() {
    goose::trigger_killswitch("the run is over");
}

/// Goose's own form of stages, which always ends with nobody left.
fn test_plan(stages: &[(Duration, u32)]) -> String {
    let mut steps: Vec<_> =
        stages.iter().map(|(length, users)| format!("{users},{}", length.as_secs())).collect();
    if stages.last().is_some_and(|(_, users)| *users > 0) {
        steps.push("0,0".to_owned());
    }
    steps.join(";")
}

fn register(shared: &Arc<Shared>, index: usize, plan: &ScenarioPlan) -> Result<Scenario, GooseError> {
    // The number keeps names apart that Goose would shorten to the same machine name.
    let mut scenario = Scenario::new(&format!("{index} {}", plan.name)).set_weight(plan.weight as usize)?;
    if let Some((min, max)) = plan.think_time {
        scenario = scenario.set_wait_time(min, max)?;
    }
    for (place, weight) in registrations(plan, shared.plan.scheduler) {
        let transaction = &plan.transactions[place];
        let mut step = Transaction::new(step(shared, index, place)).set_name(&transaction.name);
        if transaction.sequence > 0 {
            step = step.set_sequence(transaction.sequence as usize);
        }
        step = match transaction.moment {
            Moment::Start => step.set_on_start(),
            Moment::Stop => step.set_on_stop(),
            Moment::Loop => step,
        };
        scenario = scenario.register_transaction(step.set_weight(weight as usize)?);
    }
    Ok(scenario)
}

/// What is registered with Goose: the place of a transaction and its weight.
///
/// Goose 0.19 loses passes of transactions that share a place in the sequence and weigh more than
/// the least, under `round_robin`: it stops dealing after as many as the first of them has. Such a
/// transaction is registered once for each of its passes instead, one of each in turn.
fn registrations(plan: &ScenarioPlan, scheduler: Scheduler) -> Vec<(usize, u32)> {
    let unit = plan.unit();
    let rounds = |place: usize| {
        let transaction = &plan.transactions[place];
        let sequenced = transaction.moment == Moment::Loop && transaction.sequence > 0;
        if sequenced && scheduler == Scheduler::RoundRobin { transaction.weight / unit } else { 1 }
    };
    let most = (0..plan.transactions.len()).map(rounds).max().unwrap_or(0);
    let dealt = (0..most).flat_map(|round| {
        (0..plan.transactions.len()).filter(move |place| rounds(*place) > round).collect::<Vec<_>>()
    });
    dealt
        .map(|place| (place, if rounds(place) > 1 { unit } else { plan.transactions[place].weight }))
        .collect()
}

/// What Goose calls for one pass of a transaction.
fn step(shared: &Arc<Shared>, scenario: usize, place: usize) -> TransactionFunction {
    let shared = Arc::clone(shared);
    Arc::new(move |user: &mut GooseUser| {
        if user.get_session_data::<Seat>().is_none() {
            let session = UserSession::new(Arc::clone(&shared), scenario);
            user.set_session_data(Seat(Some(Box::new(session))));
        }
        let pass = user.get_iterations();
        Box::pin(async move {
            let Some(session) = user.get_session_data_mut::<Seat>().and_then(|seat| seat.0.as_deref_mut())
            else {
                return Ok(());
            };
            match session.transaction(place, pass).await {
                Upshot::Worked => {}
                Upshot::Silent => tokio::time::sleep(PAUSE).await,
                Upshot::Over => tokio::time::sleep(HOLD).await,
            }
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_become_a_test_plan_that_ends() {
        let secs = Duration::from_secs;
        assert_eq!(test_plan(&[(secs(10), 50), (secs(60), 50)]), "50,10;50,60;0,0");
        assert_eq!(test_plan(&[(secs(10), 50), (secs(5), 0)]), "50,10;0,5");
    }
}
