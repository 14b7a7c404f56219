//! Files for Locust, by reading them: none is run, and nothing that one names is opened.

mod calls;
mod class;
mod shape;
mod tasks;

use std::{collections::HashMap, rc::Rc};

use super::{
    draft::{Draft, Unique, short},
    error::ImportError,
    own,
    script::{
        Dialect, Language, Machine, Pass, Source, Value, in_order, on_own_stack, seconds, tree::Class, whole,
    },
};
use crate::loadtest::types::{Scenario, Scheduler, ThinkTime};

use self::class::{Members, Role, role};

const DIALECT: Dialect =
    Dialect { language: Language::Python, native: calls::native, call: calls::call, part: calls::part };

/// Reads a file and takes over what its users send.
pub(super) fn import(text: &str, draft: &mut Draft) -> Result<(), ImportError> {
    let name = draft.source.clone();
    on_own_stack(&name, || read(&Source::new(&name, text), draft))
}

fn read(source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
    let statements = source.read(Language::Python)?;
    if own::is_locust(source, &statements) {
        return own::locust(source, &statements, draft);
    }
    draft.name = source.title("Locust file");
    let mut machine = Machine::new(source, draft, &DIALECT);
    machine.begin(&statements);
    for function in machine.functions.clone() {
        let listens = function.decorators.iter().any(|mark| {
            let path = match &mark.kind {
                super::script::tree::Kind::Call(call) => machine.path_of(&call.callee),
                _ => machine.path_of(mark),
            };
            path.contains("events.")
        });
        if listens {
            machine.list(
                function.at,
                format!("`{}` listens to events of Locust: it is not carried over", function.name),
            );
        }
    }
    let mut names = Unique::default();
    let mut shuffled = false;
    for class in machine.ordered_classes() {
        match role(&machine, &class, 0) {
            Some(Role::User) => user(&mut machine, &class, &mut names, &mut shuffled),
            Some(Role::Shape) => shape::give(&mut machine, &class),
            _ => {}
        }
    }
    machine.end()?;
    if shuffled {
        // Locust picks a task by its weight each time.
        machine.draft.scheduler = Scheduler::Random;
    }
    Ok(())
}

/// A class of users becomes a scenario.
fn user(machine: &mut Machine<'_>, class: &Rc<Class>, names: &mut Unique, shuffled: &mut bool) {
    let mut members = Members::of(machine, class);
    if members.value(machine, "abstract").is_some_and(|value| value.truth() == Some(true)) {
        return;
    }
    machine.me = HashMap::new();
    machine.usual_headers = match members.value(machine, "default_headers") {
        Some(Value::Object(headers)) => {
            headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
        }
        _ => Vec::new(),
    };
    machine.acts = Vec::new();
    members.give(machine);
    let host = members.value(machine, "host");
    machine.base = match host {
        Some(Value::Text(pieces)) if !pieces.is_empty() => Some(trimmed(pieces)),
        _ => None,
    };
    // A user whose only task is a set does what the set says.
    while let Some(set) = tasks::only_set(machine, &members) {
        let inner = Members::of(machine, &set);
        inner.give(machine);
        members = members.within(inner);
    }
    let mut scenario = Scenario::of(&names.name(&short(&class.name)), Vec::new());
    let mut unique = Unique::default();
    let start = once(machine, &members, "on_start");
    let sequential = members.sequential;
    let found = tasks::all(machine, &members, 1, 0);
    let stop = once(machine, &members, "on_stop");
    // What is taken from an answer is known when everything was gone through that may use it.
    scenario.on_start = start.transactions(machine, &mut unique);
    for (weight, pass) in &found {
        let mut made = pass.transactions(machine, &mut unique);
        made.iter_mut().for_each(|transaction| transaction.weight = *weight);
        scenario.transactions.extend(made);
    }
    scenario.on_stop = stop.transactions(machine, &mut unique);
    if scenario.transactions.is_empty() {
        return machine.list(class.at, format!("`{}` sends nothing that is known", class.name));
    }
    if sequential {
        in_order(&mut scenario.transactions);
    } else {
        *shuffled |= scenario.transactions.len() > 1;
    }
    scenario.think_time = think_time(machine, &members);
    share(machine, &members, &mut scenario);
    machine.draft.scenarios.push(scenario);
}

/// What a user does once, at its start or end.
fn once(machine: &mut Machine<'_>, members: &Members, name: &str) -> Pass {
    let Some(function) = members.function(name) else { return Pass::default() };
    machine.run(&function, 1, vec![Value::Me]);
    let pass = machine.pass(name, function.at);
    if pass.is_empty() { pass } else { pass.joined(name) }
}

/// A base URL without a slash at its end.
fn trimmed(mut pieces: Vec<super::script::Piece>) -> Vec<super::script::Piece> {
    if let Some(super::script::Piece::Fixed(text)) = pieces.last_mut() {
        *text = text.trim_end_matches('/').to_owned();
    }
    pieces
}

/// How many of the users are of this class.
fn share(machine: &mut Machine<'_>, members: &Members, scenario: &mut Scenario) {
    let number = |value: Option<Value>| {
        value.and_then(|value| value.as_f64()).and_then(whole).and_then(|number| u32::try_from(number).ok())
    };
    if let Some(weight) = number(members.value(machine, "weight")) {
        scenario.weight = weight.clamp(1, 10_000);
    }
    if let Some(count) = number(members.value(machine, "fixed_count")).filter(|count| *count > 0) {
        let message = format!(
            "`fixed_count` wants {count} users of this class whatever there are in all: scenarios have a share of the \
             users, which is {} here",
            scenario.weight
        );
        machine.list(members.at, message);
    }
}

/// The pause after a task.
fn think_time(machine: &mut Machine<'_>, members: &Members) -> Option<ThinkTime> {
    let pause = |min: f64, max: f64| {
        (0.0 <= min && min <= max).then(|| ThinkTime { min: seconds(min), max: seconds(max) })
    };
    if let Some(waits) = members.function("wait_time") {
        machine.list(
            waits.at,
            "`wait_time` is a function: pauses are of random length between two that are fixed",
        );
        return None;
    }
    if let (Some(min), Some(max)) = (members.value(machine, "min_wait"), members.value(machine, "max_wait")) {
        return pause(min.as_f64()? / 1000.0, max.as_f64()? / 1000.0);
    }
    let expr = members.expr("wait_time")?.clone();
    let super::script::tree::Kind::Call(call) = &expr.kind else {
        machine.list_code(expr.at, "says how long users pause in a way that is not known");
        return None;
    };
    let number = |machine: &mut Machine<'_>, place: usize, name: &str| {
        machine.arg(call, place, name).and_then(|value| value.as_f64())
    };
    let path = machine.path_of(&call.callee);
    match path.rsplit('.').next().unwrap_or_default() {
        "between" => pause(number(machine, 0, "min_wait")?, number(machine, 1, "max_wait")?),
        "constant" => {
            let length = number(machine, 0, "wait_time")?;
            pause(length, length)
        }
        kind @ ("constant_pacing" | "constant_throughput") => {
            let given =
                number(machine, 0, "wait_time").or_else(|| number(machine, 0, "task_runs_per_second"))?;
            let length = if kind == "constant_pacing" { given } else { 1.0 / given };
            machine.list_code(
                expr.at,
                "keeps a rate, and a pause comes after the answer here: for a rate, use `load.arrival`",
            );
            pause(length, length)
        }
        _ => {
            machine.list_code(expr.at, "says how long users pause in a way that is not known");
            None
        }
    }
}
