//! What MAID wrote for Locust.

use std::{collections::HashMap, rc::Rc};

use super::{Act, call, dealt, head, hosts, native, request, scheduler, threshold};
use crate::{
    convert::import::{
        draft::{Draft, Unique, short},
        error::ImportError,
        script::{
            Dialect, Language, Machine, Source, Value, seconds,
            tree::{Class, Expr, Function, Kind, Pattern, Stmt, What},
            whole,
        },
    },
    loadtest::types::{Arrival, Late, Load, Scenario, Scheduler, Stage, ThinkTime, Transaction},
};

const DIALECT: Dialect = Dialect { language: Language::Python, native, call, part: |_, _| None };

/// The value of a constant.
fn constant<'s>(statements: &'s [Stmt], wanted: &str) -> Option<&'s Expr> {
    statements.iter().find_map(|statement| match &statement.what {
        What::Let(pairs) => pairs.iter().find_map(|(pattern, value)| match pattern {
            Pattern::Name(name) if name == wanted => value.as_ref(),
            _ => None,
        }),
        _ => None,
    })
}

fn classes(statements: &[Stmt]) -> impl Iterator<Item = &Rc<Class>> {
    statements.iter().filter_map(|statement| match &statement.what {
        What::Class(class) => Some(class),
        _ => None,
    })
}

/// Whether MAID wrote a file for Locust: its head says so, and its tables are there.
pub(in crate::convert::import) fn is_locust(source: &Source<'_>, statements: &[Stmt]) -> bool {
    let has = |wanted: &str| constant(statements, wanted).is_some();
    head(source.text, "#").is_some()
        && ["USERS", "MAX_USERS", "HATCH_RATE", "THRESHOLDS", "HOSTS"].into_iter().all(has)
        && classes(statements).any(|class| class.name == "Person")
}

/// Reads such a file.
pub(in crate::convert::import) fn locust(
    source: &Source<'_>,
    statements: &[Stmt],
    draft: &mut Draft,
) -> Result<(), ImportError> {
    if let Some((name, description)) = head(source.text, "#") {
        draft.name = short(&name);
        draft.description = description;
    }
    let mut machine = Machine::new(source, draft, &DIALECT);
    let of = |machine: &mut Machine<'_>, name: &str| {
        constant(statements, name).map_or(Value::Nothing, |found| machine.eval(found))
    };
    let base = of(&mut machine, "HOSTS");
    machine.draft.hosts = hosts(&mut machine, &base);
    machine.set("HOSTS", base);
    machine.set("self", Value::Native("self".to_owned()));
    machine.draft.cookies = of(&mut machine, "KEEP_COOKIES").truth() != Some(false);
    machine.draft.insecure = of(&mut machine, "VERIFY").truth() == Some(false);
    let shuffled = of(&mut machine, "SHUFFLE").truth() == Some(true);
    let mut names = Unique::default();
    for class in classes(statements) {
        let is_user =
            class.bases.iter().any(|base| matches!(&base.kind, Kind::Name(name) if name == "Person"));
        if is_user {
            let scenario = scenario(&mut machine, class, shuffled, &mut names);
            let scenario = super::complete(&mut machine, scenario);
            machine.draft.scenarios.push(scenario);
        }
    }
    machine.end()?;
    machine.draft.load = Some(load(&mut machine, statements));
    for rule in of(&mut machine, "THRESHOLDS").items() {
        match rule.items().first().and_then(Value::as_str) {
            Some(rule) => threshold(machine.draft, rule),
            None => machine.draft.leave_out("THRESHOLDS", "one of the rules is not understood"),
        }
    }
    Ok(())
}

/// The arguments of `along(start, stages)` within a function of the time.
fn along(expr: Option<&Expr>) -> Option<&[super::super::script::tree::Arg]> {
    let mut expr = match &expr?.kind {
        Kind::Function(function) => match function.body.first().map(|statement| &statement.what) {
            Some(What::Return(Some(value))) => value,
            _ => return None,
        },
        _ => return None,
    };
    for _ in 0..3 {
        let Kind::Call(call) = &expr.kind else { return None };
        match &call.callee.kind {
            Kind::Name(name) if name == "along" => return Some(&call.args),
            Kind::Name(name) if name == "round" => expr = &call.args.first()?.value,
            Kind::Call(_) => expr = &call.callee,
            _ => return None,
        }
    }
    None
}

fn load(machine: &mut Machine<'_>, statements: &[Stmt]) -> Load {
    let number = |machine: &mut Machine<'_>, name: &str| {
        constant(statements, name).and_then(|found| machine.eval(found).as_f64())
    };
    let users = number(machine, "MAX_USERS").unwrap_or(1.0).clamp(1.0, 1e6);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let count = users.round() as u32;
    let stages = |machine: &mut Machine<'_>, list: &Expr| -> Vec<Stage> {
        let list = machine.eval(list);
        let stage = |one: &Value| match one.items() {
            [length, target] => {
                Some(Stage { duration: seconds(length.as_f64()?), target: target.as_f64()?.clamp(0.0, 1e6) })
            }
            _ => None,
        };
        list.items().iter().filter_map(stage).collect()
    };
    if let Some([start, list]) = along(constant(statements, "PACE")) {
        let rate = machine.eval(&start.value).as_f64().unwrap_or(0.0).clamp(0.0, 1e6);
        let stages = stages(machine, &list.value);
        let constant = matches!(stages.as_slice(), [one] if one.target.to_bits() == rate.to_bits());
        let run_time = stages.first().filter(|_| constant).map(|stage| stage.duration);
        let stages = if constant { Vec::new() } else { stages };
        let arrival = Arrival { rate, max_users: count, late: Late::default(), stages };
        return Load { run_time, arrival: Some(arrival), ..Load::default() };
    }
    if let Some([_, list]) = along(constant(statements, "USERS")) {
        return Load { stages: Some(stages(machine, &list.value)), ..Load::default() };
    }
    let rate = number(machine, "HATCH_RATE").filter(|rate| *rate > 0.0);
    let ramp = rate.map_or(0.0, |rate| users / rate);
    let length = number(machine, "LENGTH").map(|length| length - if ramp > 1.0 { ramp } else { 0.0 });
    let iterations =
        number(machine, "ITERATIONS").and_then(whole).and_then(|passes| u32::try_from(passes).ok());
    Load {
        users: Some(count),
        hatch_rate: rate.filter(|rate| (*rate - users).abs() > 1e-9),
        run_time: length.filter(|_| iterations.is_none()).map(seconds),
        iterations,
        ..Load::default()
    }
}

fn scenario(machine: &mut Machine<'_>, class: &Rc<Class>, shuffled: bool, names: &mut Unique) -> Scenario {
    let title = machine.source.beside(class.at, true);
    let title = title.strip_prefix("# ").unwrap_or(&class.name);
    let name = names.name(&short(title));
    let of = |machine: &mut Machine<'_>, name: &str| {
        constant(&class.body, name).map_or(Value::Nothing, |found| machine.eval(found))
    };
    let mut made = Made { acts: Vec::new(), known: HashMap::new(), names: Unique::default() };
    let functions: HashMap<&str, &Rc<Function>> = class
        .body
        .iter()
        .filter_map(|statement| match &statement.what {
            What::Function(function) => Some((function.name.as_str(), function)),
            _ => None,
        })
        .collect();
    let mut list = |machine: &mut Machine<'_>, value: &Value| -> Vec<usize> {
        value.items().iter().filter_map(|one| made.act(machine, one, &functions)).collect()
    };
    let start = of(machine, "acts_first");
    let start = list(machine, &start);
    let groups = of(machine, "acts_of_pass");
    let groups: Vec<Vec<usize>> = groups.items().iter().map(|group| list(machine, group)).collect();
    let stop = of(machine, "acts_last");
    let stop = list(machine, &stop);
    let mut scenario = Scenario::of(&name, dealt(&made.acts, &groups));
    let once = |acts: &[usize]| -> Vec<Transaction> {
        acts.iter()
            .map(|act| Transaction::of(&made.acts[*act].name, made.acts[*act].requests.clone()))
            .collect()
    };
    scenario.on_start = once(&start);
    scenario.on_stop = once(&stop);
    let weight = of(machine, "weight").as_f64().and_then(whole).and_then(|weight| u32::try_from(weight).ok());
    scenario.weight = weight.unwrap_or(1).clamp(1, 10_000);
    let own = of(machine, "hosts");
    let own = hosts(machine, &own);
    if own != machine.draft.hosts {
        scenario.hosts = own;
    }
    if let [min, max] = of(machine, "think").items()
        && let (Some(min), Some(max)) = (min.as_f64(), max.as_f64())
    {
        scenario.think_time =
            Some(ThinkTime { min: seconds(min / 1000.0), max: seconds(max.max(min) / 1000.0) });
    }
    let order = scheduler(&groups, shuffled);
    if order != Scheduler::RoundRobin {
        machine.draft.scheduler = order;
    }
    scenario
}

/// The transactions of a scenario.
struct Made {
    acts: Vec<Act>,
    known: HashMap<String, usize>,
    names: Unique,
}

impl Made {
    /// The transaction that a tuple of methods is, by its place.
    fn act(
        &mut self,
        machine: &mut Machine<'_>,
        value: &Value,
        functions: &HashMap<&str, &Rc<Function>>,
    ) -> Option<usize> {
        let methods: Vec<&Rc<Function>> = value
            .items()
            .iter()
            .filter_map(|method| match method {
                Value::Native(name) => functions.get(name.as_str()).copied(),
                _ => None,
            })
            .collect();
        let first = methods.first()?;
        if let Some(known) = self.known.get(&first.name) {
            return Some(*known);
        }
        let comment = machine.source.beside(first.at, false);
        let name = comment.strip_prefix("# ").unwrap_or(&first.name);
        let mut requests = Vec::new();
        for method in &methods {
            let described = method.body.first().map(|statement| (&statement.what, statement.at));
            let Some((What::Return(Some(object)), at)) = described else {
                machine.list_code(method.at, "is not what MAID writes: it is not carried over");
                continue;
            };
            let described = machine.eval(object);
            requests.extend(request::request(machine, &described, at, Value::as_f64));
        }
        let name = self.names.name(&short(name));
        self.acts.push(Act { name, at: first.at.from, requests });
        self.known.insert(first.name.clone(), self.acts.len() - 1);
        Some(self.acts.len() - 1)
    }
}
