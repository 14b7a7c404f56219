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

/// The flags that change something under `load`, with its key.
const LOAD_FLAGS: [(&str, &str); 6] = [
    ("users", "-u/--users"),
    ("hatch_rate", "-r/--hatch-rate"),
    ("run_time", "-t/--run-time"),
    ("iterations", "-i/--iterations"),
    ("stages", "-s/--stage"),
    ("arrival", "--arrival-rate"),
];

/// Most users of an arrival rate from the command line: enough for answers of ten seconds.
const USERS_FOR_RATE: f64 = 10.0;

impl Overrides {
    /// Whether they set a key under `load`.
    fn gives(&self, key: &str) -> bool {
        match key {
            "users" => self.users.is_some(),
            "hatch_rate" => self.hatch_rate.is_some(),
            "run_time" => self.run_time.is_some(),
            "iterations" => self.iterations.is_some(),
            "stages" => !self.stages.is_empty(),
            "arrival" => self.arrival_rate.is_some(),
            _ => false,
        }
    }
}

impl Document {
    /// Applies changes. What they set has a flag instead of a line in the text.
    pub fn apply(&mut self, overrides: &Overrides) {
        if !overrides.hosts.is_empty() {
            self.set(&["target", "hosts"], json!(overrides.hosts), "-H/--host");
            if let Some(Value::Array(scenarios)) = self.value.get_mut("scenarios") {
                for scenario in scenarios.iter_mut().filter_map(Value::as_object_mut) {
                    scenario.shift_remove("hosts");
                }
            }
        }
        if let Some(rate) = overrides.rate_limit {
            self.set(&["rate_limit"], json!(rate), "--rate-limit");
        }
        if !overrides.thresholds.is_empty() {
            self.set(&["thresholds"], json!(overrides.thresholds), "--threshold");
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
        let path = Path::root().key("load");
        for key in before.keys().chain(load.keys()).filter(|key| before.get(*key) != load.get(*key)) {
            self.map.forget(&path.key(key));
        }
        let given: Vec<&(&str, &str)> = LOAD_FLAGS.iter().filter(|(key, _)| overrides.gives(key)).collect();
        for (key, flag) in &given {
            // Of an arrival, the rest is the document's.
            let path = if *key == "arrival" { path.key(key).key("rate") } else { path.key(key) };
            self.map.come_from(path, *flag);
        }
        let several = |keys: &[&str]| {
            let flags = given.iter().filter(|(key, _)| keys.contains(key)).map(|(_, flag)| *flag);
            Some(flags.collect::<Vec<_>>()).filter(|flags| flags.len() > 1)
        };
        let clash = several(&["users", "stages", "arrival"]).or_else(|| several(&["run_time", "iterations"]));
        if let Some(flags) = clash {
            self.map.blame(path, flags.join(" and "));
        }
        if before != load {
            self.set_quietly(&["load"], Value::Object(load));
        }
    }

    fn set(&mut self, keys: &[&str], value: Value, flag: &str) {
        let path = keys.iter().fold(Path::root(), |path, key| path.key(key));
        self.map.come_from(path, flag);
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
