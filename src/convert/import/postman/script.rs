//! Scripts: what is a check or takes a value from the answer is recognised, line by line; all else is listed.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{
    own::{self, After},
    text::Variables,
};
use crate::{
    convert::{export::is_of_every_script, import::draft::Draft},
    loadtest::{
        limit,
        types::{Check, CheckOp, Extract, ExtractFrom, Request, StatusSet},
    },
};

/// Most lines of one script.
const MAX_LINES: usize = 2000;
/// Most checks of a request.
const MAX_CHECKS: usize = 100;

/// A declaration that keeps the answer's JSON.
static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"^(?:var|let|const)\s+([A-Za-z_$][\w$]*)\s*=\s*(?:pm\.response\.json\(\)|JSON\.parse\(\s*responseBody\s*\))$",
    )
});
/// A variable that is set.
static SET: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r#"^(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\(\s*["']([^"']+)["']\s*,\s*(.+)\)$"#,
    )
});
static FROM_HEADER: LazyLock<Regex> =
    LazyLock::new(|| fixed(r#"^pm\.response\.headers\.get\(\s*["']([\w-]+)["']\s*\)$"#));
/// What follows the name of the answer's JSON.
static MEMBERS: LazyLock<Regex> =
    LazyLock::new(|| fixed(r#"^(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"\]\\]+"\]|\['[^'\]\\]+'\])*$"#));
/// The ways to want a status.
static STATUS: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        r"^pm\.response\.to\.have\.status\(\s*(\d{3})\s*\)$",
        r"^pm\.expect\(\s*pm\.response\.code\s*\)\.to\.(?:be\.)?(?:eql|equal|equals|eq)\(\s*(\d{3})\s*\)$",
        r"^pm\.response\.code\s*===?\s*(\d{3})\)?$",
        r"^tests\[.+\]\s*=\s*responseCode\.code\s*===?\s*(\d{3})$",
        r"^pm\.expect\(\s*pm\.response\.code\s*\)\.to\.be\.oneOf\(\s*\[([\d,\s]+)\]\s*\)$",
    ]
    .map(fixed)
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"^pm\.expect\(\s*pm\.response\.responseTime\s*\)\.to\.be\.(?:below|lessThan|at\.most)\(\s*(\d{1,9})\s*\)$",
    )
});
static TEXT: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r#"^pm\.expect\(\s*pm\.response\.text\(\)\s*\)\.to\.(?:include|contain)\(\s*(?:"([^"\\]+)"|'([^'\\]+)')\s*\)$"#,
    )
});
static HEADER: LazyLock<Regex> = LazyLock::new(|| {
    fixed(r#"^pm\.response\.to\.have\.header\(\s*["']([\w-]+)["']\s*(?:,\s*["']([^"'\\]*)["']\s*)?\)$"#)
});
static JSON: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"^pm\.expect\(\s*([^()]+(?:\(\))?[^()]*)\)\.to\.(?:be\.)?(eql|equal|equals|eq|deep\.equal|exist|above|below|include)(?:\((.*)\))?$",
    )
});

fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern that the tests compile")
}

/// What the scripts of a request and of the folders around it say.
#[derive(Clone, Default)]
pub(super) struct Scripts {
    checks: Vec<Check>,
    extracts: Vec<Extract>,
}

impl Scripts {
    /// Reads the scripts of a collection, folder or request.
    pub(super) fn add(&mut self, events: &Value, place: &str, variables: &mut Variables, draft: &mut Draft) {
        for event in events.as_array().into_iter().flatten().filter(|event| event["disabled"] != true) {
            let listens = event["listen"].as_str().unwrap_or("test");
            let exec = &event["script"]["exec"];
            let lines: Vec<&str> = match exec {
                Value::String(text) => text.lines().collect(),
                other => other
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .flat_map(str::lines)
                    .collect(),
            };
            let mut reader = Reader { scripts: self, json: Vec::new() };
            for (index, line) in lines.iter().take(MAX_LINES).enumerate() {
                if is_of_every_script(line) || reader.own(line, listens, variables, draft) == Some(()) {
                    continue;
                }
                let place = format!("{place}, {listens} script, line {}", index + 1);
                for statement in statements(line) {
                    let known = is_frame(statement)
                        || listens == "test" && reader.take(statement, variables, draft) == Some(());
                    if !known {
                        let shown: String = statement.chars().take(80).collect();
                        draft.leave_out(place.clone(), format!("`{shown}` is not run"));
                    }
                }
            }
            if lines.len() > MAX_LINES {
                draft.leave_out(place, format!("its {listens} script is longer than {MAX_LINES} lines"));
            }
        }
    }

    /// Gives a request its checks and extracts.
    pub(super) fn give(&self, request: &mut Request) {
        request.check = self.checks.clone();
        request.extract = self.extracts.clone();
    }
}

/// The statements of a line, without the frame of a test around them.
fn statements(line: &str) -> Vec<&str> {
    let mut line = line.trim();
    for start in ["pm.test(", "postman.test("] {
        if let Some(rest) = line.strip_prefix(start) {
            // The name of the test may hold anything but its own quote.
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            let Some(quote) = quote else { return vec![line] };
            let Some((_, after)) = rest[1..].split_once(quote) else { return vec![line] };
            line = match after.split_once('{') {
                Some((_, inside)) => inside,
                None => after.split_once("=>").map_or("", |(_, inside)| inside),
            };
        }
    }
    cut(line)
}

/// Cuts at semicolons that stand in no quotes.
fn cut(line: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, ';') => {
                parts.push(line[start..at].trim());
                start = at + 1;
            }
            (None, '/') if line[at..].starts_with("//") => {
                parts.push(line[start..at].trim());
                return parts;
            }
            _ => {}
        }
    }
    parts.push(line[start..].trim());
    parts
}

/// What only holds other statements together.
fn is_frame(statement: &str) -> bool {
    let bare = statement.trim_end_matches([';', ' ']);
    bare.chars().all(|c| matches!(c, '}' | ')' | '{' | '('))
        || bare.starts_with("/*")
        || bare.starts_with('*')
        || bare.starts_with("console.")
        || matches!(bare, "'use strict'" | "\"use strict\"")
}

struct Reader<'s> {
    scripts: &'s mut Scripts,
    /// Names that hold the answer's JSON.
    json: Vec<String>,
}

/// The groups of a pattern in a statement.
fn groups(pattern: &Regex, statement: &str) -> Option<Vec<String>> {
    let found = pattern.captures(statement)?;
    Some(
        found
            .iter()
            .skip(1)
            .map(|group| group.map(|of| of.as_str().to_owned()).unwrap_or_default())
            .collect(),
    )
}

impl Reader<'_> {
    /// Takes a statement; `None` where it is not known.
    fn take(&mut self, statement: &str, variables: &mut Variables, draft: &mut Draft) -> Option<()> {
        // The end of a frame that is written on the same line.
        let statement = statement.trim_end_matches([';', ' ']).trim_end_matches("})").trim();
        if let Some(name) = groups(&DECLARED, statement) {
            self.json.extend(name);
            return Some(());
        }
        self.extract(statement, variables, draft).or_else(|| self.check(statement))
    }

    /// Takes a line that MAID has written; `None` where it is none.
    fn own(&mut self, line: &str, listens: &str, variables: &mut Variables, draft: &mut Draft) -> Option<()> {
        if listens == "prerequest" {
            let (name, value) = own::before(line)?;
            variables.set_before(name, value);
            return Some(());
        }
        match own::after(line)? {
            After::Nothing => Some(()),
            // A request of ours may want several things of its status.
            After::Check(check) => self.add(check),
            After::Extract(extract) => {
                let name = variables.extracted(&extract.name, draft);
                self.keep_value(Extract { name, ..extract })
            }
        }
    }

    fn extract(&mut self, statement: &str, variables: &mut Variables, draft: &mut Draft) -> Option<()> {
        let found = groups(&SET, statement)?;
        let header = groups(&FROM_HEADER, &found[1]);
        let path = if header.is_some() { None } else { Some(self.path(found[1].trim())?) };
        let name = variables.extracted(&found[0], draft);
        self.keep_value(Extract {
            name,
            from: if path.is_some() { ExtractFrom::Json } else { ExtractFrom::Header },
            path,
            pattern: None,
            key: header.map(|mut header| header.remove(0)),
            default: None,
        })
    }

    fn keep_value(&mut self, extract: Extract) -> Option<()> {
        if self.scripts.extracts.len() >= MAX_CHECKS {
            return None;
        }
        self.scripts.extracts.retain(|known| known.name != extract.name);
        self.scripts.extracts.push(extract);
        Some(())
    }

    /// The JSONPath of an expression such as `jsonData.items[0].id`.
    fn path(&self, expression: &str) -> Option<String> {
        let rest = expression.strip_prefix("pm.response.json()").or_else(|| {
            let mut names: Vec<&String> = self.json.iter().collect();
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
            names.iter().find_map(|name| expression.strip_prefix(name.as_str()))
        })?;
        let fits = MEMBERS.is_match(rest);
        let path = format!("${rest}");
        (fits && !path.ends_with(".length") && limit::json_path(&path).is_ok()).then_some(path)
    }

    fn check(&mut self, statement: &str) -> Option<()> {
        let check = self.status(statement).or_else(|| self.other(statement))?;
        self.keep(check)
    }

    fn keep(&mut self, check: Check) -> Option<()> {
        // The nearest script has the last word about the status.
        if check.status.is_some() && !self.scripts.checks.contains(&check) {
            self.scripts.checks.retain(|known| known.status.is_none());
        }
        self.add(check)
    }

    fn add(&mut self, check: Check) -> Option<()> {
        if !self.scripts.checks.contains(&check) {
            (self.scripts.checks.len() < MAX_CHECKS).then_some(())?;
            self.scripts.checks.push(check);
        }
        Some(())
    }

    fn status(&self, statement: &str) -> Option<Check> {
        let status = |codes: &str| -> Option<StatusSet> {
            let codes: Option<Vec<u16>> = codes.split(',').map(|code| code.trim().parse().ok()).collect();
            match codes?.as_slice() {
                all if !all.iter().all(|code| (100..600).contains(code)) => None,
                [one] => Some(StatusSet::One(*one)),
                many => Some(StatusSet::Many(many.to_vec())),
            }
        };
        let found = STATUS.iter().find_map(|pattern| groups(pattern, statement));
        let status = match (found, statement) {
            (Some(codes), _) => status(&codes[0])?,
            (None, "pm.response.to.be.ok") => StatusSet::One(200),
            (None, "pm.response.to.be.success") => StatusSet::Many(vec![200, 201, 202, 204]),
            _ => return None,
        };
        Some(Check { status: Some(status), ..Check::default() })
    }

    fn other(&self, statement: &str) -> Option<Check> {
        let fixed = |text: &str| (!text.contains("{{") && !text.contains("${env:")).then(|| text.to_owned());
        if let Some(found) = groups(&TIME, statement) {
            return Some(Check { time: Some(format!("< {}ms", found[0])), ..Check::default() });
        }
        if let Some(found) = groups(&TEXT, statement) {
            return Some(Check { body_contains: Some(fixed(&found.concat())?), ..Check::default() });
        }
        if let Some(found) = groups(&HEADER, statement) {
            let value = Some(&found[1]).filter(|value| !value.is_empty());
            let value = value.map(|value| fixed(value)).map_or(Some(None), |value| value.map(Some))?;
            let op = value.as_ref().map(|_| CheckOp::Eq);
            let value = value.map(Value::String);
            return Some(Check { header: Some(found[0].clone()), op, value, ..Check::default() });
        }
        self.json_check(statement)
    }

    fn json_check(&self, statement: &str) -> Option<Check> {
        let found = groups(&JSON, statement)?;
        let json = Some(self.path(found[0].trim())?);
        if found[1] == "exist" {
            return Some(Check { json, op: Some(CheckOp::Exists), ..Check::default() });
        }
        let written = found[2].trim();
        let quoted = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        let value: Value = match quoted.filter(|text| !text.contains(['\'', '\\'])) {
            Some(text) => Value::from(text),
            None => serde_json::from_str(written).ok()?,
        };
        let templated = value.as_str().is_some_and(|text| text.contains("{{") || text.contains("${env:"));
        let op = match found[1].as_str() {
            "above" => CheckOp::Gt,
            "below" => CheckOp::Lt,
            "include" => CheckOp::Contains,
            _ => CheckOp::Eq,
        };
        let orders = matches!(op, CheckOp::Gt | CheckOp::Lt);
        let fits = !templated && !value.is_array() && !value.is_object() && (!orders || value.is_number());
        fits.then(|| Check { json, op: Some(op), value: Some(value), ..Check::default() })
    }
}
