//! Scripts that MAID wrote itself, for k6 and for Locust: told by their head and their shape, and read back as the test
//! that they were made of. Half of such a script is the same for every test and far too lively to be read; the other
//! half is tables, and those are read.

mod javascript;
mod python;
mod request;

use super::{
    draft::{Draft, plain},
    script::{
        Machine, Piece, Value,
        tree::{At, Call},
    },
};
use crate::loadtest::{
    threshold::Threshold,
    types::{Scenario, Scheduler, Transaction},
};

pub(super) use self::{
    javascript::{is_k6, k6},
    python::{is_locust, locust},
};

/// What the head of a script says that MAID wrote.
const WRITTEN: &str = " Written by MAID ";

/// Name and description of the test, from the head of its script; `None` where MAID did not write it.
fn head(text: &str, mark: &str) -> Option<(String, Option<String>)> {
    let mut lines = text.lines().take(500).take_while(|line| line.starts_with(mark));
    let inner = |line: &str| line[mark.len()..].strip_prefix(' ').unwrap_or(&line[mark.len()..]).to_owned();
    let name = inner(lines.next()?);
    let mut description = Vec::new();
    for line in lines {
        if line[mark.len()..].starts_with(WRITTEN) {
            while description.last().is_some_and(String::is_empty) {
                description.pop();
            }
            let description = description.join("\n");
            return Some((name, Some(plain(&description)).filter(|text| !text.is_empty())));
        }
        description.push(inner(line));
    }
    None
}

/// Base URLs of the test or a scenario.
fn hosts(machine: &mut Machine<'_>, value: &Value) -> Vec<String> {
    let mut hosts = Vec::new();
    for host in value.items() {
        let pieces = machine.pieces(host, At::default());
        if let Some(Piece::Template(template)) = pieces.first() {
            machine.draft.base_urls.insert(template.clone());
        }
        let text = machine.marked(&pieces);
        hosts.push(machine.resolved(&text));
    }
    hosts
}

/// A transaction before it has its weight.
struct Act {
    name: String,
    /// Where it is in the script: the order of the document.
    at: usize,
    requests: Vec<crate::loadtest::types::Request>,
}

/// A pass as transactions with weights: how often each of them is in its group.
fn dealt(acts: &[Act], groups: &[Vec<usize>]) -> Vec<Transaction> {
    let mut transactions: Vec<(usize, Transaction)> = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        let mut seen: Vec<usize> = Vec::new();
        for act in group {
            if seen.contains(act) {
                continue;
            }
            seen.push(*act);
            let Some(Act { name, at, requests }) = acts.get(*act) else { continue };
            let mut transaction = Transaction::of(name, requests.clone());
            let count = group.iter().filter(|other| *other == act).count();
            transaction.weight = u32::try_from(count).unwrap_or(1);
            transaction.sequence = u32::try_from(place + 1).ok().filter(|_| groups.len() > 1);
            transactions.push((*at, transaction));
        }
    }
    transactions.sort_by_key(|(at, _)| *at);
    transactions.into_iter().map(|(_, transaction)| transaction).collect()
}

/// The order in which weights were dealt out: one of each in turn, or all of the first, then all of the second.
fn scheduler(groups: &[Vec<usize>], shuffled: bool) -> Scheduler {
    let serial = |group: &Vec<usize>| {
        let turns = group.chunk_by(|a, b| a == b);
        group.len() > group.iter().collect::<std::collections::BTreeSet<_>>().len() && {
            let mut firsts: Vec<usize> = turns.map(|turn| turn[0]).collect();
            let all = firsts.len();
            firsts.sort_unstable();
            firsts.dedup();
            firsts.len() == all && all > 1
        }
    };
    match shuffled {
        true => Scheduler::Random,
        false if groups.iter().any(serial) => Scheduler::Serial,
        false => Scheduler::RoundRobin,
    }
}

/// Values that requests use and no answer gives, because the script could not say how, are variables of the
/// environment.
fn complete(machine: &mut Machine<'_>, scenario: Scenario) -> Scenario {
    let parts = [&scenario.on_start, &scenario.transactions, &scenario.on_stop];
    let requests = parts.into_iter().flatten().flat_map(|transaction| &transaction.requests);
    let given: Vec<&str> =
        requests.flat_map(|request| &request.extract).map(|extract| extract.name.as_str()).collect();
    let missing: Vec<String> =
        machine.me.keys().filter(|name| !given.contains(&name.as_str())).cloned().collect();
    let Ok(mut text) = serde_json::to_string(&scenario) else { return scenario };
    for name in missing {
        let used = format!("{{{{ {name} }}}}");
        if text.contains(&used) {
            let reference = machine.draft.env(&name, "a value that no answer gives");
            let message = format!("the script takes `{name}` from no answer: {reference} stands for it");
            machine.draft.leave_out(format!("scenario {}", scenario.name), message);
            if text.contains(&format!("\"path\":\"{used}")) {
                machine.draft.base_urls.insert(reference.clone());
            }
            text = text.replace(&used, &reference);
        }
    }
    serde_json::from_str(&text).unwrap_or(scenario)
}

/// Takes a rule over as it was written, where the test still has what it names.
fn threshold(draft: &mut Draft, rule: &str) {
    let scenarios: Vec<String> = draft.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    let requests: Vec<String> = draft.scenarios.iter().flat_map(labels).collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    match Threshold::parse(rule, &requests, &scenarios) {
        Ok(_) => draft.thresholds.push(rule.to_owned()),
        Err(error) => draft.leave_out("thresholds", format!("`{rule}`: {error}")),
    }
}

/// Names of all requests of a scenario.
fn labels(scenario: &Scenario) -> Vec<String> {
    let parts = [&scenario.on_start, &scenario.transactions, &scenario.on_stop];
    let requests = parts.into_iter().flatten().flat_map(|transaction| &transaction.requests);
    requests.map(|request| request.label().into_owned()).collect()
}

/// Passes of requests in a pass of a scenario.
pub(super) fn requests_of_pass(transactions: &[Transaction]) -> f64 {
    const fn gcd(a: u32, b: u32) -> u32 {
        if b == 0 { a } else { gcd(b, a % b) }
    }
    let unit = transactions.iter().fold(0, |unit, transaction| gcd(unit, transaction.weight)).max(1);
    let of = |transaction: &Transaction| {
        let requests = u32::try_from(transaction.requests.len()).unwrap_or(u32::MAX);
        f64::from(transaction.weight / unit) * f64::from(requests)
    };
    transactions.iter().map(of).sum::<f64>().max(1.0)
}

/// What a path stands for that is no function.
fn native(_: &mut Machine<'_>, path: &str, _: At) -> Option<Value> {
    // What paths are put behind; the hosts are read for themselves.
    (path == "self.base").then(|| Value::text(""))
}

/// Functions of the part that is the same in every script, in both languages.
fn call(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "");
    Some(match path {
        "env" => {
            let name = first(machine)?.as_str()?.to_owned();
            Value::template(machine.draft.env(&name, "a variable that the script reads"))
        }
        "asText" | "asJson" | "asPath" | "asQuery" | "asForm" | "asHeader" | "as_text" | "as_json"
        | "as_path" | "as_query" | "as_form" | "as_header" => {
            let value = first(machine)?;
            Value::Text(machine.pieces(&value, at))
        }
        "asJsonValue" | "as_json_value" => {
            let value = first(machine)?;
            let mut pieces = vec![Piece::Fixed("\"".to_owned())];
            pieces.extend(machine.pieces(&value, at));
            pieces.push(Piece::Fixed("\"".to_owned()));
            Value::Text(pieces)
        }
        // A path, or a URL of its own: what it says is told when it is sent.
        "whole" => {
            let to = machine.arg(call, 1, "")?;
            Value::Text(machine.pieces(&to, at))
        }
        "user.slot" | "self.slot" => {
            let name = first(machine)?.as_str()?.to_owned();
            if !request::is_name(&name) {
                return None;
            }
            machine.me.insert(name.clone(), Value::Nothing);
            Value::template(format!("{{{{ {name} }}}}"))
        }
        "user.cell" | "self.cell" => {
            let (feeder, column) = (call.args.first()?, machine.arg(call, 1, "")?);
            let feeder = machine.path_of(&feeder.value);
            let column = column.as_str()?.to_owned();
            let reference =
                machine.draft.env(&column, &format!("the column `{column}` of the data in the script"));
            machine.list(
                at,
                format!(
                    "the rows of {feeder} are in the script: save them as a file and name it under `data`; until then \
                     {reference} stands for the column"
                ),
            );
            Value::template(reference)
        }
        _ => return made_up(machine, path, call, at),
    })
}

/// What such a script makes up, encodes or reads.
fn made_up(machine: &mut Machine<'_>, path: &str, call: &Call, at: At) -> Option<Value> {
    let first = |machine: &mut Machine<'_>| machine.arg(call, 0, "");
    let number = |machine: &mut Machine<'_>, place: usize| {
        machine.arg(call, place, "").and_then(|value| value.as_f64())
    };
    Some(match path {
        "uuid" | "new_uuid" => Value::template("{{ uuid() }}"),
        "now" => Value::template("{{ now() }}"),
        "nowUnix" | "now_unix" => Value::template("{{ now(\"unix\") }}"),
        "nowUnixMs" | "now_unix_ms" => Value::template("{{ now(\"unix_ms\") }}"),
        "randomInt" | "random.randint" => Value::Between(number(machine, 0)?, number(machine, 1)?, true),
        "randomChoice" | "random.choice" => match first(machine)? {
            Value::List(list) => Value::Pick(list),
            _ => return None,
        },
        "user.host" => Value::text(""),
        "encoding.b64encode" | "base64.b64encode" => {
            let value = first(machine)?;
            let mut pieces = vec![Piece::Fixed(request::BASIC.to_owned())];
            pieces.extend(machine.pieces(&value, at));
            Value::Text(pieces)
        }
        "RegExp" => first(machine)?,
        "JSON.parse" | "json.loads" => {
            let text = first(machine)?.as_str()?.to_owned();
            request::of_json(&serde_json::from_str(&text).ok()?)
        }
        "open" | "Path" => Value::Data(at),
        _ => return None,
    })
}
