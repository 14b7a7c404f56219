//! A draft must be a test that can be run: what keeps it from being one is taken out and listed.

use crate::{
    ai::generator::draft::{Draft, rules},
    loadtest::{parse::Document, problem::Problems, stand_in::EnvUses, types::LoadTest, valid::Context},
};

/// Stands for a host that nobody has named yet, while the rest is checked. It cannot be reached.
const NOWHERE: &str = "http://host.invalid";
/// How often it is looked again.
const ROUNDS: usize = 20;

/// Everything that is wrong with a test beside that it has no host.
///
/// # Errors
/// What is wrong.
fn check(test: &LoadTest) -> Result<(), Problems> {
    let mut test = test.clone();
    if test.target.hosts.is_empty() {
        test.target.hosts.push(NOWHERE.to_owned());
    }
    let document = Document::from_loadtest(&test, "generated");
    let env = EnvUses::of(&document).environment(&document, &std::collections::BTreeMap::new());
    document.validate(&Context { env, ..Context::default() }).map(drop)
}

/// Takes out what is wrong, and says so.
pub(super) fn repair(draft: &mut Draft) {
    for _ in 0..ROUNDS {
        let Err(problems) = check(&draft.loadtest) else { return };
        let Some(problem) = problems.list().first() else { return };
        let rule = problem
            .path
            .strip_prefix("thresholds[")
            .and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
        let told = format!("{}: {}", problem.path, problem.message);
        match rule.and_then(|at| draft.loadtest.thresholds.get(at).cloned()) {
            Some(text) => {
                rules::remove(draft, &[text]);
                draft.notes.push(format!("a rule was left out, since {told}"));
            }
            None => {
                draft.ask(
                    "test",
                    format!("This would not run as it is: {told}. What is meant instead?"),
                    Vec::new(),
                );
                return;
            }
        }
    }
}
