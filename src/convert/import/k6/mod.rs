//! Scripts for k6, by reading them: none is run, and no file or module that one names is opened.

mod calls;
pub(super) mod load;
pub(super) mod threshold;

use std::rc::Rc;

use super::{
    draft::{Draft, Unique, short},
    error::ImportError,
    own,
    script::{
        Dialect, Language, Machine, Source, Value, in_order, on_own_stack,
        tree::{At, DEFAULT, Function, Stmt, What},
    },
};
use crate::loadtest::types::Scenario;

const DIALECT: Dialect =
    Dialect { language: Language::JavaScript, native: calls::native, call: calls::call, part: calls::part };

/// Reads a script and takes over what it sends.
pub(super) fn import(text: &str, draft: &mut Draft) -> Result<(), ImportError> {
    let name = draft.source.clone();
    on_own_stack(&name, || read(&Source::new(&name, text), draft))
}

fn read(source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
    let statements = source.read(Language::JavaScript)?;
    if own::is_k6(source, &statements) {
        return own::k6(source, &statements, draft);
    }
    draft.name = source.title("k6 script");
    let mut machine = Machine::new(source, draft, &DIALECT);
    machine.begin(&statements);
    let options = machine.get("options").cloned().unwrap_or(Value::Nothing);
    let main = main(&mut machine, &statements);
    for name in ["setup", "teardown", "handleSummary"] {
        if let Some(Value::Function(function, _)) = machine.get(name).cloned() {
            let why = match name {
                "setup" => {
                    "runs once before the test, which no LoadTest does: what it gives to users is not carried over"
                }
                "teardown" => "runs once after the test, which no LoadTest does: it is not carried over",
                _ => continue,
            };
            machine.list(function.at, format!("`{name}` {why}"));
        }
    }
    let mut plan = load::plan(&mut machine, &options);
    let mut names = Unique::default();
    for part in &mut plan {
        let function = match machine.get(&part.exec).cloned() {
            Some(Value::Function(function, _)) if part.exec != DEFAULT => Some(function),
            _ if part.exec == DEFAULT => main.clone(),
            _ => None,
        };
        let Some(function) = function else {
            machine
                .list(At::default(), format!("the script has no function `{}` that is exported", part.exec));
            continue;
        };
        let scenario = scenario(&mut machine, &function, part, &mut names);
        part.requests =
            scenario.as_ref().map_or(1.0, |scenario| own::requests_of_pass(&scenario.transactions));
        machine.draft.scenarios.extend(scenario);
    }
    machine.end()?;
    load::give(&mut machine, &plan, false);
    threshold::give(&mut machine, &options);
    Ok(())
}

/// What `export default` names.
fn main(machine: &mut Machine<'_>, statements: &[Stmt]) -> Option<Rc<Function>> {
    if let Some(Value::Function(function, _)) = machine.get(DEFAULT) {
        return Some(Rc::clone(function));
    }
    let value = statements.iter().find_map(|statement| match &statement.what {
        What::Default(value) => Some(value.clone()),
        _ => None,
    })?;
    match machine.eval(&value) {
        Value::Function(function, _) => Some(function),
        _ => None,
    }
}

fn scenario(
    machine: &mut Machine<'_>,
    function: &Rc<Function>,
    part: &load::Part,
    names: &mut Unique,
) -> Option<Scenario> {
    let data = Value::Unknown(function.at);
    machine.run(function, 1, vec![data]);
    let title =
        if function.name.is_empty() || function.name == DEFAULT { "requests" } else { &function.name };
    let pass = machine.pass(title, function.at);
    if pass.is_empty() {
        machine.list(function.at, format!("`{}` sends nothing that is known", part.name));
        return None;
    }
    let think_time = pass.think_time(machine);
    let mut transactions = pass.transactions(machine, &mut Unique::default());
    in_order(&mut transactions);
    let mut scenario = Scenario::of(&names.name(&short(&part.name)), transactions);
    scenario.think_time = think_time;
    scenario.weight = part.weight.max(1);
    Some(scenario)
}
