//! A LoadTest as every programming language can say it: templates taken apart, headers and bodies put
//! together, weights dealt out.
//!
//! What MAID works out before a run is worked out here in the same way, so that an exported program sends the
//! same bytes to the same paths as often as MAID does.

mod answer;
mod call;
mod deal;
mod keys;
mod pattern;
mod rows;
mod text;

use crate::{
    convert::LeftOut,
    loadtest::{
        place::Path,
        types::{LoadTest, Scenario, Scheduler, Transaction},
        valid::ValidLoadTest,
    },
};

pub use self::{
    answer::{Check, Compare, Extract, Found},
    call::{Call, Leads, Payload},
    deal::users,
    keys::{Key, keys},
    pattern::{Dialect, original, portable},
    rows::Rows,
    text::{Escaped, Part, Source, Text, fixed},
};

/// A LoadTest, worked out.
#[derive(Debug)]
pub struct Program<'a> {
    /// The test itself.
    pub valid: &'a ValidLoadTest,
    /// Base URLs of the target, without a slash at the end.
    pub hosts: Vec<Text>,
    /// Data files.
    pub rows: Vec<Rows>,
    /// What users do.
    pub scenes: Vec<Scene>,
    /// Variables of the environment that it reads, sorted.
    pub env: Vec<String>,
    /// What could not be worked out.
    pub left_out: Vec<LeftOut>,
}

/// One scenario.
#[derive(Debug)]
pub struct Scene {
    /// Name.
    pub name: String,
    /// Share of users.
    pub weight: u32,
    /// Base URLs, where it has its own.
    pub hosts: Vec<Text>,
    /// Shortest and longest pause after a transaction, in milliseconds.
    pub think: Option<(u64, u64)>,
    /// Its transactions: those of `on_start`, of the loop, of `on_stop`.
    pub acts: Vec<Act>,
    /// A pass: groups of places in `acts`, in order. Within a group, `scheduler: random` shuffles.
    pub pass: Vec<Vec<usize>>,
    /// Whether a feeder's row belongs to a user for life, one a feeder.
    pub bound: Vec<bool>,
}

/// One transaction.
#[derive(Debug)]
pub struct Act {
    /// Name.
    pub name: String,
    /// When it runs.
    pub moment: Moment,
    /// Passes of it in a pass of the scenario, relative to the others.
    pub weight: u32,
    /// Place in the pass, 0 for none.
    pub sequence: u32,
    /// What it sends.
    pub calls: Vec<Call>,
}

/// When a transaction runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Once, before the first pass.
    Start,
    /// In every pass.
    Loop,
    /// Once, at the end.
    Stop,
}

impl<'a> Program<'a> {
    /// Works a test out. `written` is the document before the environment was filled in.
    #[must_use]
    pub fn of(valid: &'a ValidLoadTest, written: &serde_json::Value) -> Self {
        let loadtest = valid.loadtest();
        let mut left_out = Vec::new();
        let hosts = hosts(&written["target"]["hosts"], &loadtest.target.hosts);
        let scenes = loadtest.scenarios.iter().enumerate().map(|(index, scenario)| {
            let own = hosts_of_scenario(&written["scenarios"][index]["hosts"], scenario);
            scene(valid, index, own, &mut left_out)
        });
        let scenes = scenes.collect();
        let rows = valid.feeders().iter().map(|feeder| Rows::of(feeder)).collect();
        let env = text::env_of(written);
        Self { valid, hosts, rows, scenes, env, left_out }
    }

    /// The test.
    #[must_use]
    pub const fn loadtest(&self) -> &LoadTest {
        self.valid.loadtest()
    }

    /// Hosts of a scene: its own, else the target's.
    #[must_use]
    pub fn hosts_of<'s>(&'s self, scene: &'s Scene) -> &'s [Text] {
        if scene.hosts.is_empty() { &self.hosts } else { &scene.hosts }
    }

    /// All requests.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.scenes.iter().flat_map(|scene| &scene.acts).flat_map(|act| &act.calls)
    }

    /// Notes something that cannot be said.
    pub fn leave_out(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.left_out.push(LeftOut::new(place, message));
    }

    /// Notes what is lost where each request is sent once: `load` and `weights` say so of what is written.
    pub fn leave_out_load(&mut self, load: &str, weights: &str) {
        let loadtest = self.loadtest().clone();
        self.leave_out("load", load);
        if self.scenes.iter().any(|scene| scene.think.is_some()) {
            self.leave_out("scenarios", "think times are left out");
        }
        let weighs =
            |scene: &Scene| scene.weight > 1 || scene.of_moment(Moment::Loop).any(|(_, act)| act.weight > 1);
        if self.scenes.iter().any(weighs) {
            self.leave_out("scenarios", weights);
        }
        for (index, rule) in loadtest.thresholds.iter().enumerate() {
            self.leave_out(
                format!("thresholds[{index}]"),
                format!("`{rule}` judges a load, and there is none"),
            );
        }
        if self.hosts.len() > 1 {
            self.leave_out("target.hosts", "the first host is sent everything");
        }
        for index in 0..self.rows.len() {
            self.leave_out(format!("data[{index}]"), "the first row is used for everything");
        }
        let once = "every request comes once, in the order of a pass";
        if loadtest.scheduler != Scheduler::RoundRobin {
            self.leave_out("scheduler", once);
        }
        if loadtest.rate_limit > 0.0 {
            self.leave_out("rate_limit", once);
        }
        if loadtest.abort_on_threshold {
            self.leave_out("abort_on_threshold", "there is no load that it could end");
        }
        if !loadtest.target.cookies {
            self.leave_out("target.cookies", "cookies are kept here");
        }
        if loadtest.target.sticky_redirects {
            self.leave_out("target.sticky_redirects", "every request goes to its own host");
        }
    }
}

impl Scene {
    /// Its transactions of a moment, with their places.
    pub fn of_moment(&self, moment: Moment) -> impl Iterator<Item = (usize, &Act)> {
        self.acts.iter().enumerate().filter(move |(_, act)| act.moment == moment)
    }

    /// Each transaction once: those of `on_start`, those of a pass in their order, those of `on_stop`.
    #[must_use]
    pub fn once_each(&self) -> Vec<usize> {
        let mut looped: Vec<usize> = Vec::new();
        for at in self.pass.iter().flatten() {
            if !looped.contains(at) {
                looped.push(*at);
            }
        }
        let of = |moment| self.of_moment(moment).map(|(at, _)| at);
        of(Moment::Start).chain(looped).chain(of(Moment::Stop)).collect()
    }

    /// Requests of one pass.
    #[must_use]
    pub fn requests_of_pass(&self) -> usize {
        self.pass.iter().flatten().map(|act| self.acts[*act].calls.len()).sum()
    }

    /// The common divisor of the loop's weights.
    #[must_use]
    pub fn unit(&self) -> u32 {
        deal::unit(self.of_moment(Moment::Loop).map(|(_, act)| act.weight))
    }
}

fn hosts_of_scenario(written: &serde_json::Value, scenario: &Scenario) -> Vec<Text> {
    hosts(written, &scenario.hosts)
}

/// Hosts as they are written, so that those of the environment stay there.
fn hosts(written: &serde_json::Value, filled: &[String]) -> Vec<Text> {
    let raw = |index: usize| written[index].as_str().filter(|text| text.contains("${env:"));
    let host = |(index, filled): (usize, &String)| match raw(index).and_then(text::host) {
        Some(text) => text,
        None => fixed(filled.trim_end_matches('/')),
    };
    filled.iter().enumerate().map(host).collect()
}

fn scene(valid: &ValidLoadTest, index: usize, hosts: Vec<Text>, left_out: &mut Vec<LeftOut>) -> Scene {
    let scenario = &valid.loadtest().scenarios[index];
    let place = Path::root().key("scenarios").index(index);
    let mut acts = Vec::new();
    for (moment, key, list) in [
        (Moment::Start, "on_start", &scenario.on_start),
        (Moment::Loop, "transactions", &scenario.transactions),
        (Moment::Stop, "on_stop", &scenario.on_stop),
    ] {
        for (at, transaction) in list.iter().enumerate() {
            let place = place.key(key).index(at).key("requests");
            acts.push(act(valid, (index, moment), transaction, &place, left_out));
        }
    }
    let looped: Vec<usize> = (0..acts.len()).filter(|at| acts[*at].moment == Moment::Loop).collect();
    let weights: Vec<_> = looped.iter().map(|at| (*at, acts[*at].weight, acts[*at].sequence)).collect();
    Scene {
        name: scenario.name.clone(),
        weight: scenario.weight,
        hosts,
        think: scenario.think_time.map(|pause| (millis(pause.min.get()), millis(pause.max.get()))),
        pass: deal::pass(&weights, valid.loadtest().scheduler == Scheduler::RoundRobin),
        bound: (0..valid.feeders().len())
            .map(|feeder| valid.bound_feeders(index).contains(&feeder))
            .collect(),
        acts,
    }
}

fn act(
    valid: &ValidLoadTest,
    (scenario, moment): (usize, Moment),
    transaction: &Transaction,
    place: &Path,
    left_out: &mut Vec<LeftOut>,
) -> Act {
    let call = |(at, request)| call::call(valid, scenario, request, place.index(at), left_out);
    Act {
        name: transaction.name.clone(),
        moment,
        weight: transaction.weight,
        sequence: transaction.sequence.unwrap_or(0),
        calls: transaction.requests.iter().enumerate().map(call).collect(),
    }
}

/// Milliseconds of a duration, of which the longest is 30 days.
#[must_use]
pub fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
