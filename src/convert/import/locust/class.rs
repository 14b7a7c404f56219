//! Classes of a file: what they are, and what they and those that they are made of hold.

use std::rc::Rc;

use super::super::script::{
    Machine, Value,
    tree::{At, Class, Expr, Function, Pattern, What},
};

/// Most classes that are made of each other.
const MAX_CHAIN: usize = 10;

/// What a class is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Tasks,
    Sequence,
    Shape,
}

/// What a class is for, by what it is made of.
pub(super) fn role(machine: &Machine<'_>, class: &Class, depth: usize) -> Option<Role> {
    if depth > MAX_CHAIN {
        return None;
    }
    class.bases.iter().find_map(|base| {
        let path = machine.path_of(base);
        if let Some(known) = path.strip_prefix("class ").and_then(|name| machine.classes.get(name)) {
            return role(machine, known, depth + 1);
        }
        match path.rsplit('.').next().unwrap_or_default() {
            "HttpUser" | "FastHttpUser" | "User" | "HttpLocust" | "FastHttpLocust" => Some(Role::User),
            "TaskSet" => Some(Role::Tasks),
            "SequentialTaskSet" | "TaskSequence" => Some(Role::Sequence),
            "LoadTestShape" => Some(Role::Shape),
            _ => None,
        }
    })
}

/// What a class holds, that of its parents first.
#[derive(Clone, Default)]
pub(super) struct Members {
    pub(super) at: At,
    pub(super) sequential: bool,
    pub(super) attributes: Vec<(String, Expr)>,
    pub(super) functions: Vec<Rc<Function>>,
    pub(super) classes: Vec<Rc<Class>>,
}

impl Members {
    pub(super) fn of(machine: &mut Machine<'_>, class: &Rc<Class>) -> Self {
        let sequential = role(machine, class, 0) == Some(Role::Sequence);
        let mut members = Self { at: class.at, sequential, ..Self::default() };
        members.add(machine, class, 0);
        members
    }

    fn add(&mut self, machine: &mut Machine<'_>, class: &Rc<Class>, depth: usize) {
        if depth > MAX_CHAIN {
            return;
        }
        for base in &class.bases {
            let path = machine.path_of(base);
            let known = path.strip_prefix("class ").and_then(|name| machine.classes.get(name)).cloned();
            if let Some(known) = known {
                self.add(machine, &known, depth + 1);
            }
        }
        for statement in &class.body {
            match &statement.what {
                What::Let(pairs) => {
                    for (pattern, value) in pairs {
                        if let (Pattern::Name(name), Some(value)) = (pattern, value) {
                            self.attributes.retain(|(known, _)| known != name);
                            self.attributes.push((name.clone(), value.clone()));
                        }
                    }
                }
                What::Function(function) => {
                    self.functions.retain(|known| known.name != function.name);
                    self.functions.push(Rc::clone(function));
                }
                What::Class(class) => {
                    machine.classes.insert(class.name.clone(), Rc::clone(class));
                    self.classes.retain(|known| known.name != class.name);
                    self.classes.push(Rc::clone(class));
                }
                _ => {}
            }
        }
    }

    /// What holds for a set within these: its own, and the rest of what these have.
    pub(super) fn within(self, inner: Self) -> Self {
        let mut attributes = self.attributes;
        attributes
            .retain(|(name, _)| name != "tasks" && inner.attributes.iter().all(|(known, _)| known != name));
        attributes.extend(inner.attributes);
        let mut functions = self.functions;
        functions.retain(|function| inner.functions.iter().all(|known| known.name != function.name));
        functions.extend(inner.functions);
        Self { at: self.at, sequential: inner.sequential, attributes, functions, classes: inner.classes }
    }

    pub(super) fn expr(&self, name: &str) -> Option<&Expr> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, expr)| expr)
    }

    pub(super) fn value(&self, machine: &mut Machine<'_>, name: &str) -> Option<Value> {
        let expr = self.expr(name)?.clone();
        Some(machine.eval(&expr))
    }

    pub(super) fn function(&self, name: &str) -> Option<Rc<Function>> {
        self.functions.iter().find(|function| function.name == name).cloned()
    }

    /// Makes everything known as a member of `self`.
    pub(super) fn give(&self, machine: &mut Machine<'_>) {
        for (name, expr) in &self.attributes {
            if !matches!(name.as_str(), "wait_time" | "tasks") {
                let value = machine.eval(expr);
                machine.me.insert(name.clone(), value);
            }
        }
        for function in &self.functions {
            machine.me.insert(function.name.clone(), Value::Function(Rc::clone(function), 1));
        }
    }
}
