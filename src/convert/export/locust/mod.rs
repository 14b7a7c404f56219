//! A file for Locust.

mod load;
mod request;

use super::{
    Exported, File,
    literal::{comment, python},
    names::Names,
    program::{Moment, Program, Scene},
    sentence::{self, heading},
};
use crate::loadtest::types::{HttpVersion, Scheduler, TraceContext};

/// What every file holds.
const RUNTIME: &str = include_str!("../../../../assets/export/locust.py");

/// Largest JSON of rows that stands in the file itself, in bytes.
const MOST_ROWS: usize = 1_000_000;

const IMPORTS: &str = "\
import base64
import itertools
import json
import logging
import operator
import os
import random
import re
import time
import unicodedata
import uuid
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

import gevent
from locust import HttpUser, LoadTestShape, events, task
from locust.exception import StopUser

";

/// The file of a test, and data files beside it where rows do not fit into it.
pub(super) fn write(mut program: Program<'_>, stem: &str) -> Exported {
    not_said(&mut program);
    let mut files = Vec::new();
    let mut out = heading(&program, "#", &format!("locust -f {stem}.py --headless"));
    out.push_str(IMPORTS);
    out.push_str(&load::constants(&mut program));
    out.push_str(RUNTIME);
    out.push_str("\n\n# ---- The test. ----\n\n\n");
    out.push_str(&format!("HOSTS = [{}]\n", request::list(&program.hosts)));
    out.push_str(&data(&program, stem, &mut files));
    let mut names = Names::default();
    let mut notes = Vec::new();
    for scene in &program.scenes {
        out.push_str("\n\n");
        out.push_str(&class(&program, scene, &names.of(&scene.name), &mut notes));
    }
    out.push_str(load::SHAPE);
    program.left_out.extend(notes);
    files.insert(0, File::new(format!("{stem}.py"), "text/x-python", out));
    Exported { files, left_out: program.left_out }
}

fn not_said(program: &mut Program<'_>) {
    let target = program.loadtest().target.clone();
    if program.loadtest().rate_limit > 0.0 {
        program.leave_out("rate_limit", "Locust has no limit over all users");
    }
    if target.sticky_redirects {
        program.leave_out("target.sticky_redirects", "every request goes to the host that it names");
    }
    if target.trace_context != TraceContext::Off {
        program.leave_out("target.trace_context", "the file sends no `traceparent`");
    }
    if target.http_version == HttpVersion::Http2 {
        program.leave_out("target.http_version", "Locust speaks HTTP/1.1 alone");
    }
    for (key, file) in [
        ("ca_file", &target.tls.ca_file),
        ("client_cert", &target.tls.client_cert),
        ("client_key", &target.tls.client_key),
    ] {
        if let Some(file) = file {
            let why = format!("the file reads {} from the folder that it is run in", file.display());
            program.leave_out(format!("target.tls.{key}"), why);
        }
    }
}

fn data(program: &Program<'_>, stem: &str, files: &mut Vec<File>) -> String {
    let mut out = String::new();
    for (index, rows) in program.rows.iter().enumerate() {
        let read = if rows.json.len() > MOST_ROWS || rows.withheld() {
            let file = format!("{stem}.rows{index}.json");
            let read =
                format!("json.loads(Path(__file__).with_name({}).read_text(\"utf-8\"))", python(&file));
            if !rows.withheld() {
                files.push(File::new(file, "application/json", rows.json.clone()));
            }
            read
        } else {
            format!("json.loads({})", python(&rows.json))
        };
        let mode = sentence::mode(rows.mode);
        out.push_str(&format!("DATA_{index} = Feeder({}, \"{mode}\", {read})\n", python(&rows.name)));
    }
    out
}

/// Class of a scenario: `browse_shop` is `BrowseShop`.
fn class_name(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    format!("{}User", name.split('_').map(word).collect::<Vec<_>>().join("_"))
}

fn class(
    program: &Program<'_>,
    scene: &Scene,
    name: &str,
    notes: &mut Vec<crate::convert::LeftOut>,
) -> String {
    let mut out = format!("class {}(Person):\n    # {}\n", class_name(name), comment(&scene.name));
    out.push_str(&format!("    weight = {}\n", scene.weight));
    let hosts = if scene.hosts.is_empty() {
        "HOSTS".to_owned()
    } else {
        format!("[{}]", request::list(&scene.hosts))
    };
    out.push_str(&format!("    hosts = {hosts}\n"));
    if let Some((min, max)) = scene.think {
        out.push_str(&format!("    think = ({min}, {max})\n"));
    }
    let bound = program.rows.iter().zip(&scene.bound).filter(|(_, bound)| **bound);
    let bound: String = bound.map(|(rows, _)| format!("{}, ", python(&rows.name))).collect();
    out.push_str(&format!("    bound = ({bound})\n"));
    let mut names = Names::default();
    let mut acts = Vec::new();
    for act in &scene.acts {
        let act_name = names.of(&act.name);
        let mut functions = String::new();
        out.push_str(&format!("\n    # {}\n", comment(&act.name)));
        for (at, call) in act.calls.iter().enumerate() {
            let function = format!("{act_name}__{at}");
            out.push_str(&request::function(&function, call, notes));
            functions.push_str(&format!("{function}, "));
        }
        acts.push(format!("({functions})"));
    }
    let of = |places: Vec<usize>| places.iter().map(|at| format!("{}, ", acts[*at])).collect::<String>();
    let once = |moment| of(scene.of_moment(moment).map(|(at, _)| at).collect());
    let groups: String = scene
        .pass
        .iter()
        .map(|group| format!("        [{}],\n", of(group.clone()).trim_end_matches(", ")))
        .collect();
    out.push_str(&format!("\n    acts_first = ({})\n", once(Moment::Start)));
    out.push_str(&format!("    acts_of_pass = (\n{groups}    )\n    acts_last = ({})\n", once(Moment::Stop)));
    out
}

/// Whether transactions are shuffled.
fn shuffled(program: &Program<'_>) -> &'static str {
    if program.loadtest().scheduler == Scheduler::Random { "True" } else { "False" }
}
