//! Tasks of users: functions and sets of them, with weights.

use std::rc::Rc;

use super::{
    super::script::{
        Machine, Value,
        tree::{At, Class, Expr, Function, Kind},
    },
    class::{Members, Role, role},
};
use crate::convert::import::script::{Pass, whole};

/// Deepest nesting of sets.
const MAX_DEPTH: usize = 8;
/// Largest weight.
const MAX_WEIGHT: u32 = 10_000;

/// A task.
enum Task {
    Function(Rc<Function>),
    Set(Rc<Class>),
}

/// The set that is the only task of a user.
pub(super) fn only_set(machine: &mut Machine<'_>, members: &Members) -> Option<Rc<Class>> {
    match listed(machine, members).as_slice() {
        [(_, Task::Set(set))] => Some(Rc::clone(set)),
        _ => None,
    }
}

/// The weight that a decorator `@task` or `@task(3)` gives; `None` where there is none.
fn marked(machine: &mut Machine<'_>, decorators: &[Expr]) -> Option<u32> {
    decorators.iter().find_map(|mark| match &mark.kind {
        Kind::Call(call) if machine.path_of(&call.callee).rsplit('.').next() == Some("task") => {
            let weight = machine.arg(call, 0, "weight").and_then(|weight| weight.as_f64()).and_then(whole);
            Some(weight.and_then(|weight| u32::try_from(weight).ok()).unwrap_or(1))
        }
        Kind::Call(call) if machine.path_of(&call.callee).rsplit('.').next() == Some("seq_task") => Some(1),
        Kind::Name(_) | Kind::Member(..) if machine.path_of(mark).rsplit('.').next() == Some("task") => {
            Some(1)
        }
        _ => None,
    })
}

/// The tasks of a class with their weights, as they are written.
fn listed(machine: &mut Machine<'_>, members: &Members) -> Vec<(u32, Task)> {
    let mut tasks: Vec<(At, u32, Task)> = Vec::new();
    for function in &members.functions {
        if let Some(weight) = marked(machine, &function.decorators) {
            tasks.push((function.at, weight, Task::Function(Rc::clone(function))));
        }
    }
    for class in &members.classes {
        if let Some(weight) = marked(machine, &class.decorators) {
            tasks.push((class.at, weight, Task::Set(Rc::clone(class))));
        }
    }
    tasks.sort_by_key(|(at, ..)| at.from);
    let mut tasks: Vec<(u32, Task)> = tasks.into_iter().map(|(_, weight, task)| (weight, task)).collect();
    let Some(expr) = members.expr("tasks").cloned() else { return tasks };
    let entries: Vec<(Expr, Option<Expr>)> = match &expr.kind {
        Kind::List(items) => items.iter().map(|item| (item.clone(), None)).collect(),
        Kind::Object(entries) => {
            entries.iter().map(|(key, weight)| (key.clone(), Some(weight.clone()))).collect()
        }
        _ => {
            machine.list_code(expr.at, "names tasks in a way that is not known");
            Vec::new()
        }
    };
    for (task, weight) in entries {
        let weight = weight.and_then(|weight| machine.eval(&weight).as_f64()).and_then(whole);
        let weight = weight.and_then(|weight| u32::try_from(weight).ok()).unwrap_or(1);
        // Functions of the class itself are called by their bare name there.
        let own = match &task.kind {
            Kind::Name(name) => members.function(name),
            _ => None,
        };
        let value = own.map_or_else(|| machine.eval(&task), |function| Value::Function(function, 1));
        match value {
            Value::Function(function, _) => tasks.push((weight, Task::Function(function))),
            Value::Native(path) => {
                let set = path.strip_prefix("class ").unwrap_or(&path);
                match machine.classes.get(set).cloned() {
                    Some(set) => tasks.push((weight, Task::Set(set))),
                    None => machine.list_code(task.at, "is no task that the file defines"),
                }
            }
            _ => machine.list_code(task.at, "is no task that the file defines"),
        }
    }
    tasks
}

/// What all tasks of a class do, with their weights.
pub(super) fn all(
    machine: &mut Machine<'_>,
    members: &Members,
    outer: u32,
    depth: usize,
) -> Vec<(u32, Pass)> {
    let mut found = Vec::new();
    for (weight, task) in listed(machine, members) {
        let weight = weight.saturating_mul(outer).clamp(1, MAX_WEIGHT);
        match task {
            Task::Function(function) => {
                machine.run(&function, 1, vec![Value::Me]);
                let pass = machine.pass(&function.name, function.at);
                if pass.pauses() {
                    let message = format!("`{}` pauses within: users pause after a task", function.name);
                    machine.list(function.at, message);
                }
                if pass.is_empty() && machine.is_idle(&function.body) {
                    // It leaves its set, or writes something down.
                } else if pass.is_empty() {
                    machine.list(
                        function.at,
                        format!("the task `{}` sends nothing that is known", function.name),
                    );
                } else {
                    found.push((weight, pass.joined(&function.name)));
                }
            }
            Task::Set(set) if depth < MAX_DEPTH => found.extend(nested(machine, &set, weight, depth)),
            Task::Set(set) => machine.list(set.at, "sets of tasks are nested too deep"),
        }
    }
    found
}

/// A set within others.
fn nested(machine: &mut Machine<'_>, set: &Rc<Class>, weight: u32, depth: usize) -> Vec<(u32, Pass)> {
    let members = Members::of(machine, set);
    members.give(machine);
    for name in ["on_start", "on_stop"] {
        if let Some(function) = members.function(name) {
            let message = format!(
                "`{name}` of the set `{}`, which users enter again and again, is not carried over",
                set.name
            );
            machine.list(function.at, message);
        }
    }
    let inner = all(machine, &members, 1, depth + 1);
    if role(machine, set, 0) == Some(Role::Sequence) {
        machine.note(
            set.at,
            format!("the tasks of `{}`, which come one after another, are one transaction", set.name),
        );
        let mut joined = Pass::default();
        inner.into_iter().for_each(|(_, pass)| joined.append(pass));
        return if joined.is_empty() { Vec::new() } else { vec![(weight, joined.joined(&set.name))] };
    }
    machine.note(
        set.at,
        format!("the tasks of `{}` stand beside the others: users do not stay within it until it interrupts itself", set.name),
    );
    inner.into_iter().map(|(own, pass)| (own.saturating_mul(weight).clamp(1, MAX_WEIGHT), pass)).collect()
}
