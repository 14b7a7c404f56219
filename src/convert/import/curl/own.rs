//! The scripts that MAID itself writes, read back: what their functions mean.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::Value;

use super::{
    flags::{self, Line},
    make,
    shell::{self, Command, Piece, Word},
};
use crate::{
    convert::{
        export::original,
        import::{
            draft::{Bit, Draft, Unique, choice, short, step},
            error::ImportError,
        },
    },
    loadtest::types::{Check, CheckOp, Extract, ExtractFrom, Request, Scenario, StatusSet, Transaction},
};

/// Most lines of a heading.
const MAX_HEADING: usize = 500;
/// Most requests of a script.
const MAX_REQUESTS: usize = 10_000;

/// Where the functions of a script begin, behind what is the same in all of them.
static BEGINNING: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"(?m)^#[^\n]*\n(?:start|act|stop)_0_\d+\(\) \{$"));
/// The name of a transaction's function.
static FUNCTION: LazyLock<Regex> = LazyLock::new(|| fixed(r"^(start|act|stop)_(\d{1,4})_(\d{1,4})(\(\))?$"));
/// A step of a path, as jq takes it.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r#"^ \| (?:select\(type == "object" and has\(("(?:[^"\\]|\\.)*")\)\) \| \.\["(?:[^"\\]|\\.)*"\]|select\(type == "array" and length >=? \d+\) \| \.\[(-?\d{1,18})\]|\.\[\]\?)"#,
    )
});

fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern that the tests compile")
}

/// The part of a script that holds its requests, and the line that it begins on; `None` for one that MAID has not
/// written.
pub(super) fn requests(text: &str) -> Option<(Heading<'_>, &str, usize)> {
    let heading = |(index, line): (usize, &str)| line.starts_with("# Written by MAID ").then_some(index);
    let end = text.lines().take(MAX_HEADING).enumerate().find_map(heading)?;
    let heading: Vec<&str> =
        text.lines().take(end).skip(1).map(|line| line.trim_start_matches('#').trim_start()).collect();
    let beginning = BEGINNING.find(text)?.start();
    Some((Heading(heading), &text[beginning..], text[..beginning].lines().count() + 1))
}

/// What a script says before anything else: the name of the test, and what it is for.
pub(super) struct Heading<'t>(Vec<&'t str>);

/// Takes over a script that MAID has written.
pub(super) fn import(
    Heading(heading): &Heading<'_>,
    (text, line): (&str, usize),
    draft: &mut Draft,
) -> Result<(), ImportError> {
    draft.name = short(heading.first().copied().unwrap_or("curl"));
    let description = heading.get(1..).unwrap_or_default().join("\n");
    draft.description = Some(description.trim().to_owned()).filter(|text| !text.is_empty());
    let source = draft.source.clone();
    let commands = shell::own_commands(text, line)
        .map_err(|wrong| ImportError::on_line(&source, wrong.line, wrong.column, wrong.message))?;
    let mut script =
        Script { draft, acts: Vec::new(), titles: Vec::new(), order: Vec::new(), values: HashSet::new() };
    script.values = commands.iter().filter_map(value_name).collect();
    for command in commands {
        script.command(command);
    }
    if script.draft.found > MAX_REQUESTS {
        let message = format!("holds more than {MAX_REQUESTS} requests, which is the most: split the script");
        return Err(script.draft.refuse(message));
    }
    script.finish();
    Ok(())
}

/// The name that a command takes a value under.
fn value_name(command: &Command) -> Option<String> {
    let first = command.words.first()?.plain();
    let name = command.words.get(1).filter(|_| first.starts_with("take_"))?.plain();
    name.strip_prefix("v_").map(str::to_owned)
}

/// A transaction, by the name of its function.
struct Act {
    function: String,
    comment: String,
    requests: Vec<Request>,
}

struct Script<'d> {
    draft: &'d mut Draft,
    acts: Vec<Act>,
    /// Names of the scenarios.
    titles: Vec<String>,
    /// Functions in the order in which they are called.
    order: Vec<String>,
    /// Names of values that are taken from answers.
    values: HashSet<String>,
}

impl Script<'_> {
    fn command(&mut self, command: Command) {
        let place = format!("line {}", command.line);
        let Some(first) = command.words.first().map(Word::plain) else { return };
        let second = || command.words.get(1).map(Word::plain).unwrap_or_default();
        match first.as_str() {
            "request" => self.request(&command, &place),
            // What holds requests together.
            "passes" | "local" | "needs" | "return" | "{" | "}" | "((failures" | "exit" => {}
            "printf" => {
                let title = command.words.get(2).map(Word::plain).unwrap_or_default();
                self.titles.extend(title.strip_prefix("== ").map(str::to_owned));
            }
            name if name.starts_with("jar=") => {}
            name if FUNCTION.is_match(name) => match name.strip_suffix("()") {
                Some(function) => self.acts.push(Act {
                    function: function.to_owned(),
                    comment: command.comment.clone().unwrap_or_default(),
                    requests: Vec::new(),
                }),
                None => self.order.push(name.to_owned()),
            },
            name => {
                let known = self.after(name, &command.words);
                if known.is_none() {
                    let message = format!("`{name} {}` is nothing that a script of MAID does", second());
                    self.draft.leave_out(place, message);
                }
            }
        }
    }

    fn request(&mut self, command: &Command, place: &str) {
        self.draft.found += 1;
        if self.draft.found > MAX_REQUESTS {
            return;
        }
        let name = command.words.get(1).map(Word::plain).unwrap_or_default();
        let place = format!("{place}, {name}");
        if let Some(why) = &command.refused {
            return self.draft.leave_out(place, why.clone());
        }
        let mut words = command.words.get(2..).unwrap_or_default().to_vec();
        words.iter_mut().for_each(|word| self.slots(word));
        as_flag(&mut words);
        let lines = flags::lines(&words, &place, self.draft);
        let Some(line) = lines.into_iter().next() else { return };
        let line = without_empty(line);
        let Some(mut request) = make::request(&line, self.draft) else { return };
        request.name = Some(short(&name));
        if !line.follow {
            request.redirects = Some(0);
        }
        if let Some(act) = self.acts.last_mut() {
            act.requests.push(request);
        }
    }

    /// Variables of the shell that hold values of answers, as templates.
    fn slots(&self, word: &mut Word) {
        for piece in &mut word.0 {
            match piece {
                Piece::Env(name) => {
                    if let Some((name, typed)) = self.slot(name) {
                        *piece = Piece::Filled(Bit::Moving { template: format!("{{{{ {name} }}}}"), typed });
                    } else if let Some(lost) = name.strip_prefix("v_") {
                        *piece = nowhere(lost);
                    }
                }
                Piece::Pair(word) => self.slots(word),
                Piece::Filled(Bit::Moving { template, typed }) => {
                    // `filled` has left the variable as it is written.
                    let name = template.strip_prefix('$').unwrap_or_default();
                    if let Some((slot, _)) = self.slot(name) {
                        *template = format!("{{{{ {slot} }}}}");
                    } else if let Some(lost) = name.strip_prefix("v_") {
                        *piece = nowhere(lost);
                    } else if !name.is_empty() {
                        *piece = match *typed {
                            true => Piece::Filled(Bit::Moving {
                                template: format!("${{env:{name}}}"),
                                typed: true,
                            }),
                            false => Piece::Env(name.to_owned()),
                        };
                    }
                }
                _ => {}
            }
        }
    }

    /// The name of the value that a variable holds, and whether it is its JSON.
    fn slot<'n>(&self, variable: &'n str) -> Option<(&'n str, bool)> {
        let name = variable.strip_prefix("v_")?;
        let known = |name: &str| self.values.contains(name);
        match name.strip_suffix("_json") {
            Some(of) if !known(name) && known(of) => Some((of, true)),
            _ => known(name).then_some((name, false)),
        }
    }

    /// A check or extraction of the last request.
    fn after(&mut self, name: &str, words: &[Word]) -> Option<()> {
        let words: Vec<String> = words.iter().skip(1).map(Word::plain).collect();
        let request = self.acts.last_mut()?.requests.last_mut();
        // The request itself may have been left out, and was listed then.
        let Some(request) = request else { return Some(()) };
        if name.starts_with("take_") {
            request.extract.push(extract(name, &words)?);
        } else {
            request.check.push(check(name, &words)?);
        }
        Some(())
    }

    fn finish(self) {
        let Self { draft, acts, titles, order, .. } = self;
        let mut unique = Unique::default();
        let mut scenarios: Vec<Scenario> =
            titles.iter().map(|title| Scenario::of(&unique.name(title), Vec::new())).collect();
        let mut names: Vec<Unique> = titles.iter().map(|_| Unique::default()).collect();
        let acts: HashMap<&str, &Act> = acts.iter().map(|act| (act.function.as_str(), act)).collect();
        for function in order.iter().take(MAX_REQUESTS) {
            let Some(act) = acts.get(function.as_str()) else { continue };
            let Some(parts) = FUNCTION.captures(function) else { continue };
            let index = parts[2].parse::<usize>().unwrap_or_default();
            let (Some(scenario), Some(names)) = (scenarios.get_mut(index), names.get_mut(index)) else {
                continue;
            };
            if act.requests.is_empty() {
                continue;
            }
            let title = act.comment.strip_prefix(&format!("{}: ", titles[index])).unwrap_or(&act.comment);
            let transaction = Transaction::of(&names.name(title), act.requests.clone());
            match &parts[1] {
                "start" => scenario.on_start.push(transaction),
                "stop" => scenario.on_stop.push(transaction),
                _ => scenario.transactions.push(transaction),
            }
        }
        draft.scenarios.extend(scenarios);
    }
}

/// A value that is taken from no answer: whoever runs the test gives it.
fn nowhere(name: &str) -> Piece {
    let template = format!("${{env:{}}}", name.to_ascii_uppercase());
    Piece::Filled(Bit::Moving { template, typed: false })
}

/// `--data-raw ''` and no type: a method that would have a body, without one.
fn without_empty(mut line: Line) -> Line {
    let untyped = line.headers.iter().any(|word| word.plain().eq_ignore_ascii_case("content-type:"));
    if untyped && line.data.iter().all(|data| data.word.plain().is_empty()) && !line.data.is_empty() {
        line.data.clear();
        line.method.get_or_insert_with(|| "POST".to_owned());
    }
    line
}

/// The header of Basic credentials, as the flag that it stands for.
fn as_flag(words: &mut [Word]) {
    for at in 1..words.len() {
        if let [Piece::Text(start), Piece::Pair(pair)] = words[at].0.as_slice()
            && start == "Authorization: Basic "
            && words[at - 1].plain() == "--header"
        {
            let pair = pair.clone();
            words[at - 1] = Word(vec![Piece::Text("--user".to_owned())]);
            words[at] = pair;
        }
    }
}

/// What a function of MAID's scripts gives.
pub(super) fn filled(commands: &[Command]) -> Option<Vec<Piece>> {
    let (command, rest) = commands.split_first()?;
    let mut words = command.words.iter();
    let name = words.next()?.plain();
    let plain = |words: std::slice::Iter<'_, Word>| words.map(Word::plain).collect::<Vec<_>>();
    let made = |template: &str, typed| {
        let template = template.to_owned();
        Some(vec![Piece::Filled(Bit::Moving { template, typed })])
    };
    match (name.as_str(), rest) {
        ("as_json" | "as_path" | "as_query" | "as_form" | "as_header", []) => inside(words.next()?, false),
        ("as_json_value", []) => inside(words.next()?, true),
        ("whole", []) => Some(words.nth(1)?.0.clone()),
        ("uuid", []) => made("{{ uuid() }}", false),
        ("now", []) => made("{{ now() }}", false),
        ("now_unix", []) => made("{{ now(\"unix\") }}", true),
        ("now_unix_ms", []) => made("{{ now(\"unix_ms\") }}", true),
        ("random_int", []) => {
            let bound = |word: &Word| word.plain().parse::<i64>().ok();
            let (low, high) = (bound(words.next()?)?, bound(words.next()?)?);
            made(&format!("{{{{ random_int({low}, {high}) }}}}"), true)
        }
        ("choose", []) => {
            let items: Vec<Value> = plain(words).into_iter().map(Value::from).collect();
            made(&choice(&items), false)
        }
        ("choose_json", []) => {
            let items: Result<Vec<Value>, _> =
                plain(words).iter().map(|item| serde_json::from_str(item)).collect();
            let items =
                items.ok().filter(|items| items.iter().all(|item| item.is_string() || item.is_number()))?;
            made(&choice(&items), true)
        }
        ("printf", [base64]) if base64.words.first()?.plain() == "base64" => {
            Some(vec![Piece::Pair(words.nth(1)?.clone())])
        }
        _ => None,
    }
}

/// What is escaped: a variable, or what another function gives.
fn inside(word: &Word, typed: bool) -> Option<Vec<Piece>> {
    let piece = |piece: &Piece| match piece {
        // Whether it is a value of an answer is known only by whoever has read all.
        Piece::Env(name) => Some(Piece::Filled(Bit::Moving { template: format!("${name}"), typed })),
        Piece::Filled(Bit::Moving { template, .. }) => {
            Some(Piece::Filled(Bit::Moving { template: template.clone(), typed }))
        }
        _ => None,
    };
    word.0.iter().map(piece).collect()
}

fn check(name: &str, words: &[String]) -> Option<Check> {
    let none = Check::default();
    let compared = |op: &str, json: &str| {
        let op: CheckOp = serde_json::from_value(Value::from(op)).ok()?;
        let value = serde_json::from_str::<Value>(json).ok()?;
        Some((Some(op), Some(value).filter(|_| op != CheckOp::Exists)))
    };
    Some(match (name, words) {
        ("status_in", codes) => {
            let codes: Option<Vec<u16>> = codes.iter().map(|code| code.parse().ok()).collect();
            let status = match codes?.as_slice() {
                [one] => StatusSet::One(*one),
                many => StatusSet::Many(many.to_vec()),
            };
            Check { status: Some(status), ..none }
        }
        ("json_is", [steps, op, json]) => {
            let (op, value) = compared(op, json)?;
            Check { json: Some(path(steps)?), op, value, ..none }
        }
        ("header_is", [name, op, json]) => {
            let (op, value) = compared(op, json)?;
            Check { header: Some(name.clone()), op, value, ..none }
        }
        ("contains", [text]) => Check { body_contains: Some(text.clone()), ..none },
        ("matches", [pattern]) => Check { body_matches: Some(original(pattern)), ..none },
        ("in_time", [op, ms]) => Check { time: Some(format!("{op} {ms}ms")), ..none },
        ("in_size", [op, bytes]) => Check { size: Some(format!("{op} {bytes}b")), ..none },
        _ => return None,
    })
}

fn extract(name: &str, words: &[String]) -> Option<Extract> {
    let (variable, rest) = words.split_first()?;
    let of = |from| Extract {
        name: variable.trim_start_matches("v_").to_owned(),
        from,
        path: None,
        pattern: None,
        key: None,
        default: None,
    };
    let default = rest.get(1).cloned();
    Some(match (name, rest) {
        ("take_json", [steps, ..]) => Extract { path: Some(path(steps)?), default, ..of(ExtractFrom::Json) },
        ("take_regex", [pattern, ..]) => {
            Extract { pattern: Some(original(pattern)), default, ..of(ExtractFrom::Regex) }
        }
        ("take_header", [key, ..]) => Extract { key: Some(key.clone()), default, ..of(ExtractFrom::Header) },
        ("take_cookie", [key, ..]) => Extract { key: Some(key.clone()), default, ..of(ExtractFrom::Cookie) },
        ("take_status", []) => of(ExtractFrom::Status),
        _ => return None,
    })
}

/// The JSONPath of steps of jq.
fn path(steps: &str) -> Option<String> {
    let mut path = String::from("$");
    let mut rest = steps;
    while !rest.is_empty() {
        let found = STEP.captures(rest)?;
        let key: Value = match (found.get(1), found.get(2)) {
            (Some(name), _) => serde_json::from_str(name.as_str()).ok()?,
            (None, Some(place)) => Value::from(place.as_str().parse::<i64>().ok()?),
            (None, None) => Value::Null,
        };
        path.push_str(&step(&key)?);
        rest = &rest[found.get(0)?.end()..];
    }
    Some(path)
}
