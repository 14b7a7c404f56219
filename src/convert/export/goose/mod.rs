//! A program with Goose: its source, and the manifest that cargo needs beside it.

mod load;
mod request;

use super::{
    Exported, File,
    literal::{comment, rust},
    names::Names,
    program::{Act, Moment, Program, Scene},
    sentence::{self, heading},
};
use crate::{
    convert::LeftOut,
    loadtest::types::{HttpVersion, Scheduler, TraceContext},
};

/// What every program holds.
const RUNTIME: &str = include_str!("../../../../assets/export/goose.rs");

const USES: &str = "\
use std::{
    collections::HashMap,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use goose::{client::GooseClientBuilder, goose::GooseMethod, metrics::GooseRequestMetric, prelude::*};
use regex::Regex;
use serde_json::Value;

";

/// The program of a test.
pub(super) fn write(mut program: Program<'_>, stem: &str) -> Exported {
    not_said(&mut program);
    let mut out = heading(&program, "//", "cargo run --release");
    out.push_str("#![allow(unused_imports, unused_variables, non_upper_case_globals)]\n\n");
    out.push_str(USES);
    out.push_str(&format!(
        "static HOSTS: LazyLock<Vec<String>> = LazyLock::new(|| vec![{}]);\n",
        request::list(&program.hosts)
    ));
    let mut files = Vec::new();
    out.push_str(&data(&program, stem, &mut files));
    let mut names = Names::default();
    let mut notes = Vec::new();
    let mut scenarios = String::new();
    for (index, scene) in program.scenes.iter().enumerate() {
        let key = names.of(&scene.name);
        out.push_str(&functions(scene, (index, &key), &mut notes));
        scenarios.push_str(&registered(&program, scene, &key));
    }
    let main = main(&mut program, &scenarios);
    out.push_str(&main);
    out.push_str(RUNTIME);
    program.left_out.extend(notes);
    let package = Names::default().of(stem);
    files.insert(0, File::new(format!("{stem}.rs"), "text/x-rust", out));
    files.insert(1, File::new("Cargo.toml".to_owned(), "application/toml", manifest(&package, stem)));
    Exported { files, left_out: program.left_out }
}

fn manifest(package: &str, stem: &str) -> String {
    format!(
        "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [[bin]]\nname = \"{package}\"\npath = {}\n\n\
         [dependencies]\ngoose = \"0.19\"\nregex = \"1\"\nserde_json = {{ version = \"1\", features = [\"preserve_order\"] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n[workspace]\n",
        // JSON and TOML write plain strings alike.
        serde_json::Value::from(format!("{stem}.rs")),
    )
}

fn not_said(program: &mut Program<'_>) {
    let target = program.loadtest().target.clone();
    for index in 0..program.loadtest().thresholds.len() {
        let rule = program.loadtest().thresholds[index].clone();
        program.leave_out(
            format!("thresholds[{index}]"),
            format!("`{rule}`: the program judges nothing; read its report"),
        );
    }
    if target.sticky_redirects {
        program.leave_out("target.sticky_redirects", "every request goes to the host that it names");
    }
    if target.trace_context != TraceContext::Off {
        program.leave_out("target.trace_context", "the program sends no `traceparent`");
    }
    if target.http_version != HttpVersion::Auto {
        program.leave_out("target.http_version", "Goose negotiates it");
    }
    for (key, given) in [("ca_file", &target.tls.ca_file), ("client_cert", &target.tls.client_cert)] {
        if given.is_some() {
            program.leave_out(format!("target.tls.{key}"), "Goose takes no certificates of its own");
        }
    }
    let other = program.calls().find(|call| call.redirects != 10);
    if let Some(place) = other.map(|call| call.place.as_str().to_owned()) {
        program.leave_out(place, "Goose follows up to 10 redirects of every request");
    }
}

fn data(program: &Program<'_>, stem: &str, files: &mut Vec<File>) -> String {
    let mut out = String::new();
    for (index, rows) in program.rows.iter().enumerate() {
        let file = format!("{stem}.rows{index}.json");
        let bound: Vec<String> = program
            .scenes
            .iter()
            .enumerate()
            .filter(|(_, scene)| scene.bound.get(index) == Some(&true))
            .map(|(at, _)| at.to_string())
            .collect();
        out.push_str(&format!(
            "static DATA_{index}: Feeder = Feeder {{\n    mode: \"{}\",\n    json: include_str!({}),\n    rows: LazyLock::new(|| \
             serde_json::from_str(DATA_{index}.json).expect(\"rows of {}\")),\n    taken: AtomicUsize::new(0),\n    bound: \
             &[{}],\n}};\n",
            sentence::mode(rows.mode),
            rust(&file),
            comment(&rows.name).replace(['"', '\\', '{', '}'], " "),
            bound.join(", "),
        ));
        if !rows.withheld() {
            files.push(File::new(file, "application/json", rows.json.clone()));
        }
    }
    let all: Vec<String> = (0..program.rows.len()).map(|index| format!("&DATA_{index}")).collect();
    out.push_str(&format!("static FEEDERS: &[&Feeder] = &[{}];\n", all.join(", ")));
    out
}

/// The functions of a scenario's requests and transactions.
fn functions(scene: &Scene, (index, key): (usize, &str), notes: &mut Vec<LeftOut>) -> String {
    let hosts = if scene.hosts.is_empty() {
        "HOSTS".to_owned()
    } else {
        format!("[{}]", request::list(&scene.hosts))
    };
    let mut out = String::new();
    for (at, act) in scene.acts.iter().enumerate() {
        out.push_str(&format!("\n// {}: {}\n", comment(&scene.name), comment(&act.name)));
        let mut made = Vec::new();
        for (number, call) in act.calls.iter().enumerate() {
            let name = format!("{key}_{at}_{number}");
            if let Some(function) = request::function(&name, call, &hosts, notes) {
                out.push_str(&function);
                made.push(name);
            }
        }
        out.push_str(&format!(
            "async fn {key}_{at}(user: &mut GooseUser) -> TransactionResult {{\n    transaction(user, {index}, &[{}]).await\n}}\n",
            made.join(", ")
        ));
    }
    out
}

/// A scenario as it is registered.
fn registered(program: &Program<'_>, scene: &Scene, key: &str) -> String {
    let mut out = format!(
        "        .register_scenario(\n            Scenario::new({})\n                .set_weight({})?\n",
        rust(&scene.name),
        scene.weight
    );
    if let Some((min, max)) = scene.think {
        out.push_str(&format!(
            "                .set_wait_time(Duration::from_millis({min}), Duration::from_millis({max}))?\n"
        ));
    }
    let unit = scene.unit();
    let one = |at: usize, act: &Act, more: &str| {
        format!(
            "                .register_transaction(transaction!({key}_{at}).set_name({}){more})\n",
            rust(&act.name)
        )
    };
    for (order, (at, act)) in scene.of_moment(Moment::Start).enumerate() {
        out.push_str(&one(
            at,
            act,
            &format!(".set_on_start().set_sequence({}).set_weight({unit})?", order + 1),
        ));
    }
    // Goose loses passes of transactions that share a place in the sequence and weigh more than another.
    let uneven = scene.of_moment(Moment::Loop).any(|(_, act)| act.sequence > 0 && act.weight > unit);
    if uneven && program.loadtest().scheduler == Scheduler::RoundRobin {
        for (order, at) in scene.pass.iter().flatten().enumerate() {
            out.push_str(&one(
                *at,
                &scene.acts[*at],
                &format!(".set_sequence({}).set_weight({unit})?", order + 1),
            ));
        }
    } else {
        for (at, act) in scene.of_moment(Moment::Loop) {
            let sequence =
                if act.sequence > 0 { format!(".set_sequence({})", act.sequence) } else { String::new() };
            out.push_str(&one(at, act, &format!("{sequence}.set_weight({})?", act.weight)));
        }
    }
    for (order, (at, act)) in scene.of_moment(Moment::Stop).enumerate() {
        out.push_str(&one(
            at,
            act,
            &format!(".set_on_stop().set_sequence({}).set_weight({unit})?", order + 1),
        ));
    }
    out.push_str("        )\n");
    out
}

fn main(program: &mut Program<'_>, scenarios: &str) -> String {
    let scheduler = match program.loadtest().scheduler {
        Scheduler::RoundRobin => "RoundRobin",
        Scheduler::Serial => "Serial",
        Scheduler::Random => "Random",
    };
    let mut out = String::from("\n#[tokio::main]\nasync fn main() -> Result<(), GooseError> {\n");
    out.push_str("    let mut attack = GooseAttack::initialize()?\n");
    out.push_str(&format!("        .set_scheduler(GooseScheduler::{scheduler})\n"));
    out.push_str(scenarios.trim_end());
    out.push_str(";\n");
    if !program.loadtest().target.cookies {
        out.push_str(
            "    attack = attack.set_client_builder_without_cookies(GooseClientBuilder::new().without_cookies())?;\n",
        );
    }
    out.push_str(&load::defaults(program));
    out.push_str("    attack.execute().await?;\n    Ok(())\n}\n");
    out
}
