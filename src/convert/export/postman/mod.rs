//! A Postman collection, version 2.1: a folder for each scenario, one in it for each transaction.

mod request;
mod script;

pub use self::script::is_of_every_script;

use serde_json::{Value, json};

use super::{
    Exported, File,
    program::{Moment, Program, Scene},
};
use crate::loadtest::types::{HttpVersion, TraceContext};

/// The schema that the collection is of.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// Says that MAID has written a collection, where Postman writes whose export it is.
pub const EXPORTER: &str = "maid";
/// What a folder says that MAID runs once, before the first pass.
pub const ON_START: &str = "Once, before all else: on_start.";
/// What a folder says that MAID runs once, at the end.
pub const ON_STOP: &str = "Once, at the end: on_stop.";

/// The collection of a test.
pub(super) fn write(mut program: Program<'_>, stem: &str) -> Exported {
    not_said(&mut program);
    let mut notes = Vec::new();
    let folders: Vec<Value> =
        program.scenes.iter().map(|scene| folder(&program, scene, &mut notes)).collect();
    let loadtest = program.loadtest();
    let mut collection = json!({
        "info": { "name": loadtest.name, "schema": SCHEMA, "_exporter_id": EXPORTER },
        "item": folders,
        "variable": variables(&program),
        "protocolProfileBehavior": request::behaviour(loadtest.target.redirects),
    });
    if let Some(description) = &loadtest.description {
        collection["info"]["description"] = Value::from(description.as_str());
    }
    program.left_out.extend(notes);
    let text =
        serde_json::to_string_pretty(&collection).expect("a value has text keys and finite numbers") + "\n";
    let files = vec![File::new(format!("{stem}.postman_collection.json"), "application/json", text)];
    Exported { files, left_out: program.left_out }
}

/// Hosts are variables, so that a collection can be pointed elsewhere in one place.
fn variables(program: &Program<'_>) -> Vec<Value> {
    let mut variables = Vec::new();
    for (index, scene) in program.scenes.iter().enumerate() {
        let own = scene.hosts.first().map(|host| (format!("host_{index}"), host));
        let hosts = own.or_else(|| program.hosts.first().map(|host| ("host".to_owned(), host)));
        if let Some((key, host)) = hosts
            && !variables.iter().any(|known: &Value| known["key"] == *key)
        {
            let (value, _) = request::text(program, host);
            variables.push(json!({ "key": key, "value": value }));
        }
    }
    variables
}

fn folder(program: &Program<'_>, scene: &Scene, notes: &mut Vec<crate::convert::LeftOut>) -> Value {
    let mut items = Vec::new();
    for at in scene.once_each() {
        let act = &scene.acts[at];
        let requests: Vec<Value> =
            act.calls.iter().map(|call| request::item(program, scene, call, notes)).collect();
        let mut item = json!({ "name": act.name, "item": requests });
        match act.moment {
            Moment::Start => item["description"] = Value::from(ON_START),
            Moment::Loop => {}
            Moment::Stop => item["description"] = Value::from(ON_STOP),
        }
        items.push(item);
    }
    json!({ "name": scene.name, "item": items })
}

fn not_said(program: &mut Program<'_>) {
    program.leave_out_load(
        "a collection sends each request once in a run: there is no load",
        "weights are left out: every transaction is there once",
    );
    let loadtest = program.loadtest().clone();
    for name in program.env.clone() {
        program.leave_out(
            format!("${{env:{name}}}"),
            format!("becomes the variable {{{{{name}}}}}: give it a value in an environment"),
        );
    }
    if loadtest.target.http_version != HttpVersion::Auto {
        program.leave_out("target.http_version", "a collection does not say it: set it in Postman");
    }
    if loadtest.target.tls != crate::loadtest::types::Tls::default() {
        program.leave_out("target.tls", "a collection does not say it: set certificates in Postman");
    }
    if loadtest.target.trace_context != TraceContext::Off {
        program.leave_out("target.trace_context", "a collection sends no `traceparent`");
    }
    if program.calls().any(|call| call.timeout_ms != 30_000)
        || program.loadtest().target.timeout != crate::loadtest::span::Span::from_secs(30)
    {
        program.leave_out("target.timeout", "a collection has no timeouts: set one in Postman");
    }
}
