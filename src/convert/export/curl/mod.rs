//! A script for bash: one call of curl for each request, in order, with its checks and extractions.

mod request;

use super::{
    Exported, File,
    literal::{bash, comment},
    names::Names,
    program::{Act, Moment, Program, Scene},
    sentence::heading,
};

/// What every script holds.
const RUNTIME: &str = include_str!("../../../../assets/export/curl.sh");

/// The script of a test.
pub(super) fn write(mut program: Program<'_>, stem: &str) -> Exported {
    not_said(&mut program);
    let mut out = String::from("#!/usr/bin/env bash\n");
    out.push_str(&heading(&program, "#", &format!("bash {stem}.sh")));
    out.push_str("# Every request is sent once, in order. The script ends with 1 when one of them fails. It needs bash 4,\n");
    out.push_str("# curl, jq and, for regular expressions, perl.\nset -u\n\n");
    for name in &program.env {
        out.push_str(&format!(": \"${{{name}:?set it in the environment: this test reads it}}\"\n"));
    }
    out.push_str(RUNTIME);
    let mut taken = Names::default();
    let mut notes = Vec::new();
    let mut calls = String::new();
    for (index, scene) in program.scenes.iter().enumerate() {
        let slots = request::Slots::of(scene, &mut taken);
        out.push_str(&functions(&program, scene, index, &slots, &mut notes));
        let names: Vec<String> = scene.once_each().iter().map(|at| function(scene, index, *at)).collect();
        calls.push_str(&format!(
            "\nprintf '%s\\n' {}\njar=$work/jar{index}\n{}\n",
            bash(&format!("== {}", scene.name)),
            names.join("\n")
        ));
    }
    program.left_out.extend(notes);
    out.push_str(&calls);
    out.push_str("\n((failures == 0)) || { printf '%d failed\\n' \"$failures\" >&2; exit 1; }\n");
    let files = vec![File::new(format!("{stem}.sh"), "text/x-shellscript", out)];
    Exported { files, left_out: program.left_out }
}

/// Name of a transaction's function, which says when MAID runs it.
fn function(scene: &Scene, index: usize, at: usize) -> String {
    let moment = match scene.acts[at].moment {
        Moment::Start => "start",
        Moment::Loop => "act",
        Moment::Stop => "stop",
    };
    format!("{moment}_{index}_{at}")
}

fn functions(
    program: &Program<'_>,
    scene: &Scene,
    index: usize,
    slots: &request::Slots,
    notes: &mut Vec<crate::convert::LeftOut>,
) -> String {
    let mut out = String::new();
    for (at, act) in scene.acts.iter().enumerate() {
        out.push_str(&format!("\n# {}: {}\n", comment(&scene.name), comment(&act.name)));
        let name = function(scene, index, at);
        out.push_str(&format!("{name}() {{\n{}}}\n", body(program, scene, act, slots, notes)));
    }
    out
}

fn body(
    program: &Program<'_>,
    scene: &Scene,
    act: &Act,
    slots: &request::Slots,
    notes: &mut Vec<crate::convert::LeftOut>,
) -> String {
    let mut out = String::new();
    for call in &act.calls {
        out.push_str(&request::written(program, scene, call, slots, notes));
    }
    out
}

fn not_said(program: &mut Program<'_>) {
    program.leave_out_load(
        "the script sends each request once: there is no load",
        "weights are left out: every transaction runs once",
    );
    let loadtest = program.loadtest().clone();
    if loadtest.target.trace_context != crate::loadtest::types::TraceContext::Off {
        program.leave_out("target.trace_context", "the script sends no `traceparent`");
    }
}
