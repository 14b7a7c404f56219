//! What was made and cannot run is left out, request by request, so that one of them does not cost all the others.

use std::collections::BTreeMap;

use super::Draft;
use crate::{
    convert::import::error::ImportError,
    loadtest::{
        parse::Document,
        secret::Secret,
        types::{LoadTest, Scenario, Transaction},
        valid::Context,
    },
};

/// How often it is looked again: a request that goes may have given a value that others send.
const ROUNDS: usize = 10;

/// A part of a test that it can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A request: of which scenario, in which of its lists, of which transaction.
    Request { scenario: usize, list: usize, transaction: usize, request: usize },
    /// A rule of when it passes.
    Threshold(usize),
}

/// The lists of transactions of a scenario.
const LISTS: [&str; 3] = ["on_start", "transactions", "on_stop"];

impl Part {
    /// The part that a path of the document leads into.
    fn of(path: &str) -> Option<Self> {
        if let Some(rest) = path.strip_prefix("thresholds") {
            return Some(Self::Threshold(index(rest)?.0));
        }
        let (scenario, rest) = index(path.strip_prefix("scenarios")?)?;
        let rest = rest.strip_prefix('.')?;
        let list = LISTS.iter().position(|list| rest.starts_with(list))?;
        let (transaction, rest) = index(&rest[LISTS[list].len()..])?;
        let (request, _) = index(rest.strip_prefix(".requests")?)?;
        Some(Self::Request { scenario, list, transaction, request })
    }
}

/// The place in a list that a path goes on with, and how it goes on.
fn index(path: &str) -> Option<(usize, &str)> {
    let (number, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

impl Draft {
    /// The test without what cannot run, which is listed.
    ///
    /// # Errors
    /// What is wrong does not lie in a request, or nothing is left.
    pub(super) fn sound(
        &mut self,
        mut loadtest: LoadTest,
        name: &str,
        env: &BTreeMap<String, Secret>,
    ) -> Result<LoadTest, ImportError> {
        for _ in 0..ROUNDS {
            let context = Context { env: env.clone(), ..Context::default() };
            let Err(problems) = Document::from_loadtest(&loadtest, name).validate(&context) else {
                return Ok(loadtest);
            };
            let mut broken = BTreeMap::new();
            for problem in problems.list() {
                let Some(part) = Part::of(&problem.path) else { return Err(problems.into()) };
                broken.entry(part).or_insert_with(|| problem.message.clone());
            }
            // From the last one on, so that the others keep their places.
            for (part, message) in broken.into_iter().rev() {
                self.drop_part(&mut loadtest, part, &message);
            }
            loadtest.scenarios.iter_mut().for_each(without_empty);
            loadtest.scenarios.retain(|scenario| !scenario.transactions.is_empty());
            if loadtest.scenarios.is_empty() {
                return Err(self.nothing_left());
            }
        }
        Err(self.refuse("makes a test that cannot run, and nothing that could be left out mends it"))
    }

    fn drop_part(&mut self, loadtest: &mut LoadTest, part: Part, message: &str) {
        match part {
            Part::Threshold(at) if at < loadtest.thresholds.len() => {
                let rule = loadtest.thresholds.remove(at);
                self.leave_out("thresholds", format!("`{rule}`: {message}"));
            }
            Part::Threshold(_) => {}
            Part::Request { scenario, list, transaction, request } => {
                let scenario = &mut loadtest.scenarios[scenario];
                let lists = [&mut scenario.on_start, &mut scenario.transactions, &mut scenario.on_stop];
                let of = lists.into_iter().nth(list).and_then(|list| list.get_mut(transaction));
                if let Some(of) = of.filter(|of| request < of.requests.len()) {
                    let gone = of.requests.remove(request);
                    self.leave_out(
                        gone.label().into_owned(),
                        format!("the whole request, which cannot be sent: {message}"),
                    );
                }
            }
        }
    }
}

fn without_empty(scenario: &mut Scenario) {
    let full = |transaction: &Transaction| !transaction.requests.is_empty();
    for list in [&mut scenario.on_start, &mut scenario.transactions, &mut scenario.on_stop] {
        list.retain(full);
    }
}
