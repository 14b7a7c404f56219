//! What MAID wrote for k6.

use std::{collections::HashMap, rc::Rc};

use super::{Act, call, dealt, head, hosts, labels, native, request, requests_of_pass, scheduler};
use crate::{
    convert::import::{
        draft::{Draft, Unique, short},
        error::ImportError,
        k6::{load, threshold},
        script::{
            Dialect, Language, Machine, Source, Value, seconds,
            tree::{Expr, Function, Kind, Pattern, Stmt, What},
        },
    },
    loadtest::types::{Scenario, Scheduler, ThinkTime, Transaction},
};

const DIALECT: Dialect = Dialect { language: Language::JavaScript, native, call, part: |_, _| None };

/// Whether MAID wrote a script for k6: its head says so, and its tables are there.
pub(in crate::convert::import) fn is_k6(source: &Source<'_>, statements: &[Stmt]) -> bool {
    let has = |wanted: &str| {
        statements.iter().any(|statement| match &statement.what {
            What::Function(function) => function.name == wanted,
            _ => constant(statement, wanted).is_some(),
        })
    };
    head(source.text, "//").is_some() && ["SCENES", "HOSTS", "options", "send", "pass"].into_iter().all(has)
}

/// The value of a constant.
fn constant<'s>(statement: &'s Stmt, wanted: &str) -> Option<&'s Expr> {
    let What::Let(pairs) = &statement.what else { return None };
    pairs.iter().find_map(|(pattern, value)| match pattern {
        Pattern::Name(name) if name == wanted => value.as_ref(),
        _ => None,
    })
}

/// Reads such a script.
pub(in crate::convert::import) fn k6(
    source: &Source<'_>,
    statements: &[Stmt],
    draft: &mut Draft,
) -> Result<(), ImportError> {
    if let Some((name, description)) = head(source.text, "//") {
        draft.name = short(&name);
        draft.description = description;
    }
    let mut machine = Machine::new(source, draft, &DIALECT);
    let value = |machine: &mut Machine<'_>, name: &str| {
        let found = statements.iter().find_map(|statement| constant(statement, name));
        found.map_or(Value::Nothing, |found| machine.eval(found))
    };
    let options = value(&mut machine, "options");
    let base = value(&mut machine, "HOSTS");
    machine.draft.hosts = hosts(&mut machine, &base);
    machine.set("HOSTS", base);
    machine.draft.cookies = value(&mut machine, "KEEP_COOKIES").truth() != Some(false);
    let scenes = value(&mut machine, "SCENES");
    let functions: HashMap<&str, &Rc<Function>> = statements
        .iter()
        .filter_map(|statement| match &statement.what {
            What::Function(function) => Some((function.name.as_str(), function)),
            _ => None,
        })
        .collect();
    let mut plan = load::plan(&mut machine, &options);
    let mut names = Unique::default();
    let mut by_key: HashMap<String, String> = HashMap::new();
    for part in &mut plan {
        let key = part.exec.strip_prefix("run_").unwrap_or(&part.exec).to_owned();
        let Some(scene @ Value::Object(_)) = scenes.get(&key).cloned() else { continue };
        let scenario = self::scenario(&mut machine, &key, &scene, &functions, &mut names);
        let scenario = super::complete(&mut machine, scenario);
        part.requests = requests_of_pass(&scenario.transactions);
        by_key.insert(part.name.clone(), scenario.name.clone());
        let weight =
            scene.get("weight").and_then(Value::as_f64).and_then(crate::convert::import::script::whole);
        let weight = weight.and_then(|weight| u32::try_from(weight).ok()).unwrap_or(part.weight).max(1);
        machine.draft.scenarios.push(Scenario { weight, ..scenario });
    }
    machine.end()?;
    load::give(&mut machine, &plan, true);
    hatching(&scenes, &mut machine);
    for name in machine.draft.scenarios.iter().flat_map(labels).collect::<Vec<_>>() {
        by_key.insert(crate::convert::export::id(&name), name);
    }
    if let Some(Value::Object(metrics)) = options.get("thresholds") {
        for (metric, rules) in metrics.as_ref() {
            threshold::rules_of(&mut machine, metric, rules, &|value| by_key.get(value).cloned());
        }
    }
    Ok(())
}

/// Users that start slowly and count their passes wait for their turn in the script itself.
fn hatching(scenes: &Value, machine: &mut Machine<'_>) {
    let Value::Object(scenes) = scenes else { return };
    let hatch = scenes.values().find_map(|scene| scene.get("hatch").and_then(Value::as_f64));
    if let (Some(hatch), Some(load)) = (hatch.filter(|hatch| *hatch > 0.0), &mut machine.draft.load) {
        load.hatch_rate = Some((1e6 / hatch).round() / 1e6).filter(|_| load.iterations.is_some());
    }
}

fn scenario(
    machine: &mut Machine<'_>,
    key: &str,
    scene: &Value,
    functions: &HashMap<&str, &Rc<Function>>,
    names: &mut Unique,
) -> Scenario {
    let written = scene.get("name").and_then(Value::as_str).unwrap_or(key);
    let name = names.name(&short(written));
    let mut made: Made = Made {
        title: written.to_owned(),
        acts: Vec::new(),
        known: HashMap::new(),
        names: Unique::default(),
        hosts: Vec::new(),
    };
    let mut list = |machine: &mut Machine<'_>, value: &Value| -> Vec<usize> {
        value.items().iter().filter_map(|one| made.act(machine, one, functions)).collect()
    };
    let of = |key: &str| scene.get(key).cloned().unwrap_or(Value::Nothing);
    let start = list(machine, &of("start"));
    let groups: Vec<Vec<usize>> = of("pass").items().iter().map(|group| list(machine, group)).collect();
    let stop = list(machine, &of("stop"));
    let mut scenario = Scenario::of(&name, dealt(&made.acts, &groups));
    let once = |acts: &[usize]| -> Vec<Transaction> {
        acts.iter()
            .map(|act| Transaction::of(&made.acts[*act].name, made.acts[*act].requests.clone()))
            .collect()
    };
    scenario.on_start = once(&start);
    scenario.on_stop = once(&stop);
    if made.hosts != machine.draft.hosts {
        scenario.hosts = made.hosts;
    }
    if let [min, max] = of("think").items()
        && let (Some(min), Some(max)) = (min.as_f64(), max.as_f64())
    {
        scenario.think_time =
            Some(ThinkTime { min: seconds(min / 1000.0), max: seconds(max.max(min) / 1000.0) });
    }
    let order = scheduler(&groups, of("shuffle").truth() == Some(true));
    if order != Scheduler::RoundRobin {
        machine.draft.scheduler = order;
    }
    scenario
}

/// The transactions of a scenario.
struct Made {
    /// Name of the scenario, as comments write it.
    title: String,
    acts: Vec<Act>,
    known: HashMap<String, usize>,
    names: Unique,
    hosts: Vec<String>,
}

impl Made {
    /// The transaction that a function is, by its place.
    fn act(
        &mut self,
        machine: &mut Machine<'_>,
        value: &Value,
        functions: &HashMap<&str, &Rc<Function>>,
    ) -> Option<usize> {
        let Value::Native(key) = value else { return None };
        if let Some(known) = self.known.get(key) {
            return Some(*known);
        }
        let function = functions.get(key.as_str())?;
        let comment = machine.source.beside(function.at, false);
        let comment = comment.strip_prefix("// ").unwrap_or(key);
        let name = comment.strip_prefix(&format!("{}: ", self.title)).unwrap_or(comment);
        let mut requests = Vec::new();
        for statement in &function.body {
            let Some(object) = sent(statement) else {
                machine.list_code(statement.at, "is not what MAID writes: it is not carried over");
                continue;
            };
            if let Kind::Object(entries) = &object.kind
                && self.hosts.is_empty()
            {
                self.hosts = own_hosts(machine, entries);
            }
            let described = machine.eval(object);
            let timeout = |value: &Value| load::duration(value).map(|span| span.get().as_secs_f64());
            requests.extend(request::request(machine, &described, object.at, timeout));
        }
        let name = self.names.name(&short(name));
        self.acts.push(Act { name, at: function.at.from, requests });
        self.known.insert(key.clone(), self.acts.len() - 1);
        Some(self.acts.len() - 1)
    }
}

/// The object that `send({...})` and `if (!send({...})) return` are given.
fn sent(statement: &Stmt) -> Option<&Expr> {
    let call = match &statement.what {
        What::Expr(expr) => expr,
        What::If(Expr { kind: Kind::Not(inner), .. }, _, _) => inner,
        _ => return None,
    };
    let Kind::Call(call) = &call.kind else { return None };
    let is_send = matches!(&call.callee.kind, Kind::Name(name) if name == "send");
    call.args.first().filter(|_| is_send).map(|arg| &arg.value)
}

/// The hosts that a request's URL is put behind.
fn own_hosts(machine: &mut Machine<'_>, entries: &[(Expr, Expr)]) -> Vec<String> {
    let url = entries.iter().find(|(key, _)| matches!(&key.kind, Kind::Text(text) if text == "url"));
    let first = match url.map(|(_, url)| &url.kind) {
        Some(Kind::Sum(operands)) => operands.first(),
        _ => None,
    };
    let Some(Kind::Call(call)) = first.map(|first| &first.kind) else { return Vec::new() };
    if machine.path_of(&call.callee) != "user.host" {
        return Vec::new();
    }
    let list = call.args.first().map_or(Value::Nothing, |arg| machine.eval(&arg.value));
    hosts(machine, &list)
}
