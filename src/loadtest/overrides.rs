//! What the command line changes in a document before it is validated.

use serde_json::{Map, Value, json};

use super::{parse::Document, place::Path, span::Span, types::Stage};

/// Changes to a document; what is `None` or empty leaves it as it is.
///
/// `users`, `stages` and `arrival_rate` each replace the document's load model. Where the new
/// model needs a run time and none is given, it lasts as long as the old one's stages did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Hosts instead of the target's and the scenarios' own.
    pub hosts: Vec<String>,
    /// Users of the closed model.
    pub users: Option<u32>,
    /// Users started per second.
    pub hatch_rate: Option<f64>,
    /// Run time instead of iterations.
    pub run_time: Option<Span>,
    /// Iterations instead of a run time.
    pub iterations: Option<u32>,
    /// Stages of the closed model.
    pub stages: Vec<Stage>,
    /// Requests per second of the open model.
    pub arrival_rate: Option<f64>,
    /// Most requests per second.
    pub rate_limit: Option<f64>,
    /// Thresholds instead of the document's.
    pub thresholds: Vec<String>,
}

/// Most users of an arrival rate from the command line: enough for answers of ten seconds.
const USERS_FOR_RATE: f64 = 10.0;

impl Document {
    /// Applies changes. What they set no longer has a line in the text.
    pub fn apply(&mut self, overrides: &Overrides) {
        if !overrides.hosts.is_empty() {
            self.set(&["target", "hosts"], json!(overrides.hosts));
            if let Some(Value::Array(scenarios)) = self.value.get_mut("scenarios") {
                for scenario in scenarios.iter_mut().filter_map(Value::as_object_mut) {
                    scenario.shift_remove("hosts");
                }
            }
        }
        if let Some(rate) = overrides.rate_limit {
            self.set(&["rate_limit"], json!(rate));
        }
        if !overrides.thresholds.is_empty() {
            self.set(&["thresholds"], json!(overrides.thresholds));
        }
        self.apply_load(overrides);
    }

    fn apply_load(&mut self, overrides: &Overrides) {
        let mut load = self.value.get("load").and_then(Value::as_object).cloned().unwrap_or_default();
        let before = load.clone();
        change_model(&mut load, overrides);
        change_length(&mut load, overrides);
        if let Some(rate) = overrides.hatch_rate {
            load.insert("hatch_rate".to_owned(), json!(rate));
        }
        for key in before.keys().chain(load.keys()).filter(|key| before.get(*key) != load.get(*key)) {
            self.map.forget(&Path::root().key("load").key(key));
        }
        if before != load {
            self.set_quietly(&["load"], Value::Object(load));
        }
    }

    fn set(&mut self, keys: &[&str], value: Value) {
        let path = keys.iter().fold(Path::root(), |path, key| path.key(key));
        self.map.forget(&path);
        self.set_quietly(keys, value);
    }

    fn set_quietly(&mut self, keys: &[&str], value: Value) {
        let mut place = &mut self.value;
        for key in keys {
            let Value::Object(map) = place else {
                // The document is not even an object here; validation says so.
                return;
            };
            place = map.entry(*key).or_insert_with(|| Value::Object(Map::new()));
        }
        *place = value;
    }
}

fn change_model(load: &mut Map<String, Value>, overrides: &Overrides) {
    let models = [
        ("users", overrides.users.is_some()),
        ("stages", !overrides.stages.is_empty()),
        ("arrival", overrides.arrival_rate.is_some()),
    ];
    if models.iter().all(|(_, chosen)| !chosen) {
        return;
    }
    let length = stages_length(load);
    for (model, _) in models.iter().filter(|(_, chosen)| !chosen) {
        load.shift_remove(*model);
    }
    if let Some(users) = overrides.users {
        load.insert("users".to_owned(), json!(users));
    }
    if !overrides.stages.is_empty() {
        for key in ["run_time", "iterations", "hatch_rate"] {
            load.shift_remove(key);
        }
        load.insert("stages".to_owned(), json!(overrides.stages));
        return;
    }
    if let Some(rate) = overrides.arrival_rate {
        for key in ["iterations", "hatch_rate"] {
            load.shift_remove(key);
        }
        change_arrival(load, rate);
    }
    if let (Some(length), None, None) = (length, load.get("run_time"), load.get("iterations")) {
        load.insert("run_time".to_owned(), json!(length));
    }
}

fn change_arrival(load: &mut Map<String, Value>, rate: f64) {
    let arrival = load.entry("arrival").or_insert_with(|| json!({}));
    if let Value::Object(arrival) = arrival {
        arrival.insert("rate".to_owned(), json!(rate));
        arrival.shift_remove("stages");
        let users = (rate * USERS_FOR_RATE).ceil().clamp(1.0, 10_000.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 10,000")]
        arrival.entry("max_users").or_insert_with(|| json!(users as u32));
    }
}

fn change_length(load: &mut Map<String, Value>, overrides: &Overrides) {
    if overrides.run_time.is_none() && overrides.iterations.is_none() {
        return;
    }
    load.shift_remove("run_time");
    load.shift_remove("iterations");
    if let Some(run_time) = overrides.run_time {
        load.insert("run_time".to_owned(), json!(run_time));
    }
    if let Some(iterations) = overrides.iterations {
        load.insert("iterations".to_owned(), json!(iterations));
    }
}

/// How long the stages of the document's load take together.
fn stages_length(load: &Map<String, Value>) -> Option<Span> {
    let stages = load.get("stages").or_else(|| load.get("arrival")?.get("stages"))?.as_array()?;
    let mut millis = 0;
    for stage in stages {
        let span: Span = stage.get("duration")?.as_str()?.parse().ok()?;
        millis += u64::try_from(span.get().as_millis()).ok()?;
    }
    (millis > 0).then(|| Span::from_millis(millis))
}
