
// ---- What follows is the same in every program that MAID writes with Goose. ----

/// A value that a template needs and no answer gave.
struct Missing(&'static str);

/// A request, ready to be sent.
struct Request {
    name: &'static str,
    method: GooseMethod,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    timeout_ms: u64,
    checks: Vec<Check>,
    extracts: Vec<Extract>,
}

/// A function that puts a request together.
type Made = fn(&mut Memory) -> Result<Request, Missing>;

/// What an answer must be.
#[allow(dead_code)]
enum Check {
    Status(&'static [u16]),
    Json(&'static [Key], &'static str, &'static str),
    Header(&'static str, &'static str, &'static str),
    Contains(&'static str),
    Matches(&'static LazyLock<Regex>),
    Time(&'static str, f64),
}

/// A value to take from an answer: its name, where it is, and what it is where nothing is found.
struct Extract(&'static str, From, Option<&'static str>);

/// Where a value is.
#[allow(dead_code)]
enum From {
    Json(&'static [Key]),
    Regex(&'static LazyLock<Regex>),
    Header(&'static str),
    Cookie(&'static str),
    Status,
}

/// A step of a path into JSON.
#[allow(dead_code)]
enum Key {
    Name(&'static str),
    Place(i64),
    Any,
}

/// Rows of a data file.
#[allow(dead_code)]
struct Feeder {
    mode: &'static str,
    json: &'static str,
    rows: LazyLock<Vec<Value>>,
    taken: AtomicUsize,
    /// Scenarios whose users keep one row for life.
    bound: &'static [usize],
}

/// What a user remembers.
#[derive(Clone, Default)]
struct Memory {
    number: usize,
    pass: usize,
    slots: HashMap<&'static str, Value>,
    rows: HashMap<usize, usize>,
}

#[allow(dead_code)]
impl Memory {
    fn host(&self, hosts: &[String]) -> String {
        hosts[self.number % hosts.len()].clone()
    }

    fn slot(&self, name: &'static str) -> Result<Value, Missing> {
        self.slots.get(name).cloned().ok_or(Missing(name))
    }

    fn cell(&mut self, place: usize, column: &str) -> Result<Value, Missing> {
        let feeder = FEEDERS[place];
        let row = match self.rows.get(&place) {
            Some(row) => *row,
            None => {
                let count = feeder.rows.len();
                let row = match feeder.mode {
                    "random" => (random() % count as u64) as usize,
                    mode => {
                        let taken = feeder.taken.fetch_add(1, Ordering::Relaxed);
                        if mode == "unique" && taken >= count {
                            return Err(Missing("a row that was not used before"));
                        }
                        taken % count
                    }
                };
                self.rows.insert(place, row);
                row
            }
        };
        Ok(feeder.rows[row][column].clone())
    }
}

/// The user's memory, in which a new pass has forgotten the rows of the last one.
fn memory(user: &mut GooseUser, scenario: usize) -> &mut Memory {
    let (number, pass) = (user.weighted_users_index, user.get_iterations());
    if user.get_session_data::<Memory>().is_none() {
        user.set_session_data(Memory { number, ..Memory::default() });
    }
    let memory = user.get_session_data_unchecked_mut::<Memory>();
    if memory.pass != pass {
        memory.pass = pass;
        memory.rows.retain(|place, _| FEEDERS[*place].bound.contains(&scenario));
    }
    memory
}

/// Sends the requests of a transaction, until one fails.
async fn transaction(user: &mut GooseUser, scenario: usize, requests: &[Made]) -> TransactionResult {
    for make in requests {
        match make(memory(user, scenario)) {
            Ok(request) => {
                if !send(user, scenario, request).await? {
                    break;
                }
            }
            Err(Missing(name)) => {
                eprintln!("{name} has no value yet: no earlier answer to this user gave one");
                break;
            }
        }
    }
    Ok(())
}

/// Sends a request and judges its answer. Whether it passed.
async fn send(user: &mut GooseUser, scenario: usize, request: Request) -> Result<bool, Box<TransactionError>> {
    let mut builder = user.get_request_builder(&request.method, &request.url)?;
    builder = builder.timeout(Duration::from_millis(request.timeout_ms));
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    if let Some(body) = request.body {
        builder = builder.body(body);
    }
    let goose_request = GooseRequest::builder()
        .method(request.method)
        .path(request.url.as_str())
        .name(request.name)
        .set_request_builder(builder)
        .build();
    let began = Instant::now();
    let mut goose = user.request(goose_request).await?;
    let response = match goose.response {
        Ok(response) => response,
        Err(error) => return fail(user, &mut goose.request, &error.to_string()),
    };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap_or_default();
    let answer = Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        text,
        took_ms: began.elapsed().as_secs_f64() * 1000.0,
    };
    let mut wrong = None;
    if status >= 400 && !request.checks.iter().any(|check| matches!(check, Check::Status(_))) {
        wrong = Some(format!("status {status}"));
    }
    if wrong.is_none() && !request.checks.iter().all(|check| answer.holds(check)) {
        wrong = Some("a check failed".to_owned());
    }
    let memory = memory(user, scenario);
    for Extract(name, from, otherwise) in &request.extracts {
        memory.slots.remove(name);
        match answer.find(from).or_else(|| otherwise.map(Value::from)) {
            Some(value) => {
                memory.slots.insert(name, value);
            }
            None => wrong = wrong.or_else(|| Some(format!("nothing to extract for {name}"))),
        }
    }
    match wrong {
        Some(wrong) => fail(user, &mut goose.request, &wrong),
        None => {
            user.set_success(&mut goose.request)?;
            Ok(true)
        }
    }
}

/// Counts a request as failed, once.
fn fail(user: &mut GooseUser, request: &mut GooseRequestMetric, why: &str) -> Result<bool, Box<TransactionError>> {
    // Goose answers with an error that ends the transaction; that is done anyway.
    let _ = user.set_failure(why, request, None, None);
    Ok(false)
}

/// An answer as checks and extractions read it.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
    took_ms: f64,
}

impl Answer {
    fn json(&self, path: &[Key]) -> Option<Value> {
        found(&serde_json::from_str(&self.text).ok()?, path).cloned()
    }

    fn header(&self, name: &str) -> Option<Value> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| Value::from(value.as_str()))
    }

    fn holds(&self, check: &Check) -> bool {
        match check {
            Check::Status(codes) => codes.contains(&self.status),
            Check::Json(path, op, wanted) => compare(self.json(path).as_ref(), op, wanted),
            Check::Header(name, op, wanted) => compare(self.header(name).as_ref(), op, wanted),
            Check::Contains(text) => self.text.contains(text),
            Check::Matches(pattern) => pattern.is_match(&self.text),
            Check::Time(op, ms) => self.took_ms.partial_cmp(ms).is_some_and(|order| ordered(order, op)),
        }
    }

    fn find(&self, from: &From) -> Option<Value> {
        match from {
            From::Json(path) => self.json(path),
            From::Regex(pattern) => {
                let found = pattern.captures(&self.text)?;
                found.get(1).or(found.get(0)).map(|found| Value::from(found.as_str()))
            }
            From::Header(name) => self.header(name),
            From::Cookie(name) => self.headers.iter().find_map(|(header, value)| {
                let (cookie, rest) = value.split_once('=')?;
                let value = rest.split(';').next().unwrap_or_default();
                (header == "set-cookie" && cookie.trim() == *name).then(|| Value::from(value))
            }),
            From::Status => Some(Value::from(self.status)),
        }
    }
}

fn found<'a>(value: &'a Value, path: &[Key]) -> Option<&'a Value> {
    let Some((key, rest)) = path.split_first() else { return Some(value) };
    match (key, value) {
        (Key::Name(name), Value::Object(map)) => found(map.get(*name)?, rest),
        (Key::Place(place), Value::Array(list)) => {
            let from_end = if *place < 0 { list.len() as i64 } else { 0 };
            found(list.get(usize::try_from(place + from_end).ok()?)?, rest)
        }
        (Key::Any, Value::Array(list)) => list.iter().find_map(|one| found(one, rest)),
        (Key::Any, Value::Object(map)) => map.values().find_map(|one| found(one, rest)),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn equal(value: &Value, wanted: &Value) -> bool {
    value == wanted || (wanted.is_number() && number(value).is_some() && number(value) == wanted.as_f64())
}

fn ordered(order: std::cmp::Ordering, op: &str) -> bool {
    match op {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "!=" => order.is_ne(),
        _ => order.is_eq(),
    }
}

fn compare(value: Option<&Value>, op: &str, wanted: &str) -> bool {
    let Some(value) = value else { return op == "!=" };
    let wanted: Value = serde_json::from_str(wanted).unwrap_or_default();
    match (op, value) {
        ("exists", _) => true,
        ("==", _) => equal(value, &wanted),
        ("!=", _) => !equal(value, &wanted),
        ("contains", Value::String(text)) => text.contains(&as_text(&wanted)),
        ("contains", Value::Array(list)) => list.iter().any(|one| equal(one, &wanted)),
        ("contains", Value::Object(map)) => wanted.as_str().is_some_and(|key| map.contains_key(key)),
        ("contains", _) => false,
        _ => {
            let order = match (number(value), number(&wanted)) {
                (Some(a), Some(b)) => a.partial_cmp(&b),
                _ => value.as_str().zip(wanted.as_str()).map(|(a, b)| a.cmp(b)),
            };
            order.is_some_and(|order| ordered(order, op))
        }
    }
}

// Escapes for the places that text goes to.

#[allow(dead_code)]
fn env(name: &str) -> Value {
    match std::env::var(name) {
        Ok(value) => Value::from(value),
        Err(_) => {
            eprintln!("set {name} in the environment: this test reads it");
            std::process::exit(2)
        }
    }
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[allow(dead_code)]
fn as_json(value: &Value) -> String {
    let quoted = Value::from(as_text(value)).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[allow(dead_code)]
fn as_json_value(value: &Value) -> String {
    value.to_string()
}

fn percent(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[allow(dead_code)]
fn as_path(value: &Value) -> String {
    let mut out = String::new();
    for (at, part) in as_text(value).split('%').enumerate() {
        let escape = part.len() >= 2 && part.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
        out.push_str(if at == 0 { "" } else if escape { "%" } else { "%25" });
        out.push_str(&percent(part, "!$&'()*+,-./:;=?@[]_~"));
    }
    out
}

/// A path is one of the host, and a whole URL is not.
#[allow(dead_code)]
fn whole(host: String, to: String) -> String {
    if to.starts_with('/') { host + &to } else { to }
}

#[allow(dead_code)]
fn as_query(value: &Value) -> String {
    percent(&as_text(value), "-._~")
}

#[allow(dead_code)]
fn as_form(value: &Value) -> String {
    as_query(value).replace("%20", "+")
}

#[allow(dead_code)]
fn as_header(value: &Value) -> String {
    as_text(value).chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

#[allow(dead_code)]
fn basic(user: &str, password: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("Basic ");
    for three in format!("{user}:{password}").as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// 64 random bits.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}

#[allow(dead_code)]
fn random_int(low: i64, high: i64) -> Value {
    let width = (i128::from(high) - i128::from(low) + 1).unsigned_abs();
    Value::from((i128::from(low) + (u128::from(random()) % width) as i128) as i64)
}

#[allow(dead_code)]
fn random_choice(values: &[&str]) -> Value {
    let chosen = values[(random() % values.len() as u64) as usize];
    serde_json::from_str(chosen).unwrap_or_default()
}

#[allow(dead_code)]
fn uuid() -> Value {
    let (a, b) = (random(), random());
    Value::from(format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        8 + (b >> 62),
        b >> 48 & 0xFFF,
        b & 0xFFFF_FFFF_FFFF
    ))
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[allow(dead_code)]
fn now_unix() -> Value {
    Value::from(since_1970().as_secs())
}

#[allow(dead_code)]
fn now_unix_ms() -> Value {
    Value::from(since_1970().as_millis() as u64)
}

#[allow(dead_code)]
fn now() -> Value {
    let time = since_1970();
    let (days, seconds) = ((time.as_secs() / 86_400) as i64, time.as_secs() % 86_400);
    // Days since the first of March of year 0, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (date, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    Value::from(format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}.{:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        time.subsec_millis()
    ))
}
