//! A script for k6, version 1.

mod load;
mod request;
mod threshold;

use super::{
    Exported, File,
    literal::{comment, javascript},
    names::Names,
    program::{Moment, Payload, Program, Scene},
    sentence::heading,
};
use crate::loadtest::types::{HttpVersion, Scheduler, TraceContext};

/// What every script holds.
const RUNTIME: &str = include_str!("../../../../assets/export/k6.js");

/// Largest JSON of rows that stands in the script itself, in bytes.
const MOST_ROWS: usize = 1_000_000;

/// The script of a test, and data files beside it where rows do not fit into it.
pub(super) fn write(mut program: Program<'_>, stem: &str) -> Exported {
    let mut names = Names::default();
    let keys: Vec<String> = program.scenes.iter().map(|scene| names.of(&scene.name)).collect();
    not_said(&mut program);
    let mut out = heading(&program, "//", &format!("k6 run {stem}.js"));
    out.push_str(IMPORTS);
    let mut files = Vec::new();
    out.push_str("export const options = ");
    out.push_str(&options(&mut program, &keys));
    out.push_str(&constants(&mut program));
    out.push_str(&data(&program, stem, &mut files));
    let mut scenes = String::from("const SCENES = {\n");
    for (index, key) in keys.iter().enumerate() {
        let (acts, scene) = scene(&mut program, index, key);
        out.push_str(&acts);
        scenes.push_str(&scene);
    }
    scenes.push_str("};\n\n");
    out.push_str(&scenes);
    for key in &keys {
        out.push_str(&format!("export function run_{key}() {{\n  pass(SCENES.{key});\n}}\n\n"));
    }
    out.push_str(RUNTIME);
    files.insert(0, File::new(format!("{stem}.js"), "text/javascript", out));
    Exported { files, left_out: program.left_out }
}

const IMPORTS: &str = "import http from 'k6/http';
import exec from 'k6/execution';
import encoding from 'k6/encoding';
import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import { Counter, Rate } from 'k6/metrics';

";

/// What k6 has no word for, whatever the test sends.
fn not_said(program: &mut Program<'_>) {
    let target = program.loadtest().target.clone();
    if target.sticky_redirects {
        program.leave_out("target.sticky_redirects", "k6 sends every request to the host that it names");
    }
    if target.trace_context != TraceContext::Off {
        program.leave_out("target.trace_context", "the script sends no `traceparent`");
    }
    if target.http_version != HttpVersion::Auto {
        program.leave_out(
            "target.http_version",
            "k6 negotiates it; run it with GODEBUG=http2client=0 for HTTP/1.1 alone",
        );
    }
    if target.tls.ca_file.is_some() {
        program.leave_out(
            "target.tls.ca_file",
            "k6 trusts what the system does: run it with SSL_CERT_FILE=FILE",
        );
    }
}

fn options(program: &mut Program<'_>, keys: &[String]) -> String {
    let mut out = String::from("{\n");
    out.push_str(&load::scenarios(program, keys));
    let loadtest = program.loadtest();
    // The counter is per VU and second; k6 takes whole numbers.
    if loadtest.rate_limit >= 1.0 {
        out.push_str(&format!("  rps: {:.0},\n", loadtest.rate_limit.floor()));
    }
    let (limit, whole) = (loadtest.rate_limit, loadtest.rate_limit.floor());
    if loadtest.target.cookies {
        out.push_str("  // A user keeps its cookies from one pass to the next.\n  noCookiesReset: true,\n");
    }
    let tls = loadtest.target.tls.clone();
    if !tls.verify {
        out.push_str("  insecureSkipTLSVerify: true,\n");
    }
    if let (Some(cert), Some(key)) = (&tls.client_cert, &tls.client_key) {
        let (cert, key) = (cert.display().to_string(), key.display().to_string());
        out.push_str(&format!(
            "  tlsAuth: [{{ cert: open({}), key: open({}) }}],\n",
            javascript(&cert),
            javascript(&key)
        ));
        program.leave_out(
            "target.tls.client_cert",
            format!("the script reads {cert} and {key}: put them beside it"),
        );
    }
    if limit > 0.0 && (limit - whole).abs() > f64::EPSILON {
        program.leave_out("rate_limit", format!("k6 takes whole numbers: it is {whole} instead of {limit}"));
    }
    out.push_str(&threshold::thresholds(program, keys));
    out.push_str("};\n\n");
    out
}

fn constants(program: &mut Program<'_>) -> String {
    let mut out = format!("const KEEP_COOKIES = {};\n", program.loadtest().target.cookies);
    out.push_str(&format!("const HOSTS = [{}];\n", request::list(&program.hosts)));
    let mut files: Vec<(String, String)> = Vec::new();
    for call in program.calls() {
        if let Some(Payload::File(name)) = &call.body
            && !files.iter().any(|(_, known)| known == name)
        {
            files.push((call.place.key("body").key("file").as_str().to_owned(), name.clone()));
        }
    }
    if !files.is_empty() {
        out.push_str("const FILES = {\n");
        for (place, name) in files {
            let literal = javascript(&name);
            out.push_str(&format!("  {literal}: open({literal}, 'b'),\n"));
            program.leave_out(place, format!("the script reads {name}: put it beside the script"));
        }
        out.push_str("};\n");
    }
    out.push('\n');
    out
}

fn data(program: &Program<'_>, stem: &str, files: &mut Vec<File>) -> String {
    let mut out = String::new();
    for (index, rows) in program.rows.iter().enumerate() {
        let name = javascript(&rows.name);
        let rows_of = if rows.json.len() > MOST_ROWS || rows.withheld() {
            let file = format!("{stem}.rows{index}.json");
            let read = format!("JSON.parse(open({}))", javascript(&format!("./{file}")));
            if !rows.withheld() {
                files.push(File::new(file, "application/json", rows.json.clone()));
            }
            read
        } else {
            request::json(&rows.json)
        };
        out.push_str(&format!(
            "const DATA_{index} = {{\n  name: {name},\n  mode: '{}',\n  rows: new SharedArray({name}, () => {rows_of}),\n}};\n\n",
            super::sentence::mode(rows.mode),
        ));
    }
    out
}

/// The functions of a scenario's transactions, and its entry in the table of scenarios.
fn scene(program: &mut Program<'_>, index: usize, key: &str) -> (String, String) {
    let mut notes = Vec::new();
    let scene = &program.scenes[index];
    let mut names = Names::default();
    let functions: Vec<String> =
        scene.acts.iter().map(|act| format!("{key}_{}", names.of(&act.name))).collect();
    let hosts = if scene.hosts.is_empty() {
        "HOSTS".to_owned()
    } else {
        format!("[{}]", request::list(&scene.hosts))
    };
    let mut out = String::new();
    for (act, function) in scene.acts.iter().zip(&functions) {
        out.push_str(&format!(
            "// {}: {}\nfunction {function}() {{\n",
            comment(&scene.name),
            comment(&act.name)
        ));
        for (at, call) in act.calls.iter().enumerate() {
            let sent = request::send(call, &hosts, &mut notes);
            let last = at + 1 == act.calls.len();
            out.push_str(&if last { format!("  {sent};\n") } else { format!("  if (!{sent}) return;\n") });
        }
        out.push_str("}\n\n");
    }
    let entry = entry(program, scene, (index, key), &functions);
    program.left_out.extend(notes);
    (out, entry)
}

fn entry(program: &Program<'_>, scene: &Scene, (index, key): (usize, &str), functions: &[String]) -> String {
    let once = |moment| {
        let names: Vec<&str> = scene.of_moment(moment).map(|(at, _)| functions[at].as_str()).collect();
        names.join(", ")
    };
    let groups: Vec<String> = scene
        .pass
        .iter()
        .map(|group| {
            format!("[{}]", group.iter().map(|at| functions[*at].as_str()).collect::<Vec<_>>().join(", "))
        })
        .collect();
    let bound: Vec<String> = program
        .rows
        .iter()
        .zip(&scene.bound)
        .filter(|(_, bound)| **bound)
        .map(|(rows, _)| javascript(&rows.name))
        .collect();
    // Its name and share are for whoever reads the script.
    let mut out =
        format!("  {key}: {{\n    name: {},\n    weight: {},\n", javascript(&scene.name), scene.weight);
    out.push_str(&format!("    start: [{}],\n", once(Moment::Start)));
    out.push_str(&format!("    pass: [{}],\n", groups.join(", ")));
    if program.loadtest().scheduler == Scheduler::Random {
        out.push_str("    shuffle: true,\n");
    }
    out.push_str(&format!("    stop: [{}],\n    bound: [{}],\n", once(Moment::Stop), bound.join(", ")));
    if let Some((min, max)) = scene.think {
        out.push_str(&format!("    think: [{min}, {max}],\n"));
    }
    out.push_str(&load::of_scene(program, index));
    out.push_str("  },\n");
    out
}
