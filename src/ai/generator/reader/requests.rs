//! Requests: methods, paths, bodies, headers, and which follows on which.

use serde_json::Value;

use super::{
    Item, Reader, Wanted,
    token::{Kind, is_method},
};
use crate::loadtest::mask::is_secret;

/// Most requests of a text.
const MOST: usize = 50;
/// What may stand between a method and its path.
const BETWEEN: &[&str] = &[
    "|", "request", "requests", "to", "an", "auf", "on", "at", "against", "call", "calls", "the", "from",
    "von", "nach", "gegen", "anfrage", "anfragen", "aufrufe", "for", "für", "path", "pfad", "endpoint",
    "endpunkt", "route",
];
/// What says that one request follows on another.
const THEN: &[&str] =
    &["then", "dann", "danach", "anschließend", "anschliessend", "afterwards", "followed", "gefolgt"];
/// What says that a path is not to be there.
const WITHOUT: &[&str] = &[
    "not", "nicht", "ohne", "without", "except", "außer", "never", "remove", "entferne", "drop", "lass",
    "leave",
];
/// What says where paths are.
const WHERE: &[&str] =
    &["on", "at", "against", "auf", "unter", "gegen", "an", "von", "target", "ziel", "under", "of", "base"];

impl Reader<'_> {
    /// Finds the requests.
    pub(super) fn requests(&mut self) {
        let prefix = self.prefix();
        let mut last: Option<usize> = None;
        let knows = self.knows_paths();
        for at in 0..self.tokens.len() {
            let Some((path, host)) = self.place(at, prefix.as_ref().map(|(at, _)| *at)) else { continue };
            if self.reading.requests.len() >= MOST {
                self.unused(at, at + 1, "is one request too many: a text names 50 at most");
                continue;
            }
            let own = matches!(self.tokens[at].kind, Kind::Path);
            let (method, from) = self.method(at);
            let sent = self.is_told_path(at).filter(|_| knows);
            let (idle, sent) = (sent == Some(false), sent == Some(true));
            // `/b statt /a`
            if own && self.is_stood_for(from) {
                let fact = self.fact(path, at, at + 1);
                self.reading.turn.swapped_paths.push(fact);
                continue;
            }
            if own && (self.has(from.saturating_sub(2), from, WITHOUT) || self.is_denied_path(at)) {
                let fact = self.fact(path, at, at + 1);
                self.reading.turn.remove_paths.push(fact);
                continue;
            }
            if idle {
                self.unused(at, at + 1, "is a path that is only spoken of, as far as can be told");
                continue;
            }
            let path = match &prefix {
                Some((_, prefix)) if own => format!("{}{path}", prefix.trim_end_matches('/')),
                _ => path,
            };
            let known = self.reading.requests.iter().position(|known| {
                known.value.path == path
                    && !(sent
                        && known.value.method.is_none()
                        && method.as_deref().is_some_and(|one| one != "GET"))
                    && (method.is_none() || known.value.method == method || known.value.method.is_none())
            });
            if own && known.is_none() && self.cue(from).is_some_and(|cue| last.is_some_and(|last| cue > last))
            {
                self.put_right(at);
            }
            let number = known.unwrap_or(self.reading.requests.len()).min(self.reading.requests.len());
            self.items.push((at, Item::Request(number)));
            if let Some(known) = known {
                let known = &mut self.reading.requests[known].value;
                known.method = known.method.take().or(method);
                continue;
            }
            let follows = last.is_some_and(|last| self.has(last, at, THEN));
            let wanted = Wanted { method, path, host, follows, ..Wanted::default() };
            let fact = self.fact(wanted, from, at + 1);
            self.reading.requests.push(fact);
            last = Some(at);
        }
        self.methods_behind();
        self.methods_told();
        self.own_hosts();
        self.bodies();
        self.headers();
    }

    /// Whether a token is of a request that was put right.
    fn is_put_right(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let covers = |span: &super::Span| span.start <= token.start && span.end >= token.end;
        self.reading.unused.iter().any(|one| one.reason.starts_with("was put right") && covers(&one.span))
    }

    /// Takes out the request before one that is said instead: `GET /a, sorry, GET /b`.
    fn put_right(&mut self, at: usize) {
        let Some(old) = self.reading.requests.pop() else { return };
        let gone = Item::Request(self.reading.requests.len());
        self.items.retain(|(_, item)| *item != gone);
        let text = &self.tokens[at].raw;
        let reason = format!("was put right by `{text}`");
        self.reading.unused.push(super::Unused { span: old.span, reason });
    }

    /// `The form at /apply is submitted by POST`, `/todos, a GET and also a POST`: methods that stand apart from the only path.
    fn methods_behind(&mut self) {
        let [only] = self.reading.requests.as_slice() else { return };
        let (known, span) = (only.value.clone(), only.span.clone());
        let Some(place) = self.items.iter().find_map(|(at, item)| (*item == Item::Request(0)).then_some(*at))
        else {
            return;
        };
        let mut methods: Vec<(usize, String)> = Vec::new();
        for at in 0..self.tokens.len() {
            let raw = self.tokens[at].raw.trim_end_matches('s').to_owned();
            let own = at + 4 > place && at < place && known.method.is_some();
            let denied = self.has(at.saturating_sub(2), at, WITHOUT)
                || at > 0 && self.is_word(at - 1, &["no", "kein", "keinen"]);
            if self.tokens[at].kind == Kind::Word
                && is_method(&raw)
                && !own
                && !denied
                && !self.is_put_right(at)
                && !self.is_idle_method(at)
                && !methods.iter().any(|(_, known)| *known == raw)
            {
                methods.push((at, raw));
            }
        }
        // `I meant PUT, not DELETE`
        let taken_back = known.method.as_ref().is_some_and(|own| {
            (1..self.tokens.len()).any(|at| {
                self.tokens[at].raw == *own && self.is_word(at - 1, &["not", "nicht", "statt", "no", "kein"])
            })
        });
        let mut known = known;
        if taken_back {
            known.method = None;
            methods.retain(|(_, method)| self.reading.requests[0].value.method.as_ref() != Some(method));
            self.reading.requests[0].value.method = None;
        }
        methods.retain(|(_, method)| known.method.as_ref() != Some(method));
        let Some(((_, first), more)) =
            methods.split_first().map(|(first, more)| (first.clone(), more.to_vec()))
        else {
            return;
        };
        let rest = if known.method.is_some() { methods } else { more };
        if known.method.is_none() {
            self.reading.requests[0].value.method = Some(first);
        }
        for (at, method) in rest {
            let number = self.reading.requests.len();
            self.items.push((at, Item::Request(number)));
            let wanted = Wanted {
                method: Some(method),
                path: known.path.clone(),
                host: known.host.clone(),
                ..Wanted::default()
            };
            self.reading.requests.push(super::Fact { value: wanted, span: span.clone() });
        }
        self.items.sort_by_key(|(at, _)| *at);
    }

    /// Where the text names several hosts, a path belongs to the one that stands right behind it.
    fn own_hosts(&mut self) {
        if self.reading.hosts.len() < 2 {
            return;
        }
        for (at, item) in self.items.clone() {
            let Item::Request(number) = item else { continue };
            let behind = self
                .urls
                .iter()
                .find(|url| url.usable && url.path.is_none() && (at + 1..at + 4).contains(&url.at));
            let named = behind.filter(|url| url.at == at + 2 && WHERE.contains(&self.word(at + 1)));
            let origin = named.map(|url| url.origin.clone());
            let wanted = &mut self.reading.requests[number].value;
            wanted.host = wanted.host.take().or(origin);
        }
    }

    /// The path that stands at a token, and its host where it is a whole URL.
    fn place(&self, at: usize, prefix: Option<usize>) -> Option<(String, Option<String>)> {
        match &self.tokens[at].kind {
            Kind::Path => {
                let raw = &self.tokens[at].raw;
                let plain = !raw.starts_with("//") && (raw.len() > 1 || self.is_root(at));
                plain.then(|| (raw.clone(), None))
            }
            Kind::Url(_) if prefix != Some(at) => {
                let url = self.urls.iter().find(|url| url.at == at && url.usable)?;
                let path = url.path.clone()?;
                let told = self.is_told_path(at) == Some(true);
                let bare = path == "/" && self.method(at).0.is_none() && !told;
                // A URL that ends in `/` says where, and what only if nothing else does.
                let alone = !self.tokens.iter().any(|token| token.kind == Kind::Path);
                (!bare
                    || alone && self.urls.iter().filter(|url| url.usable).count() == 1
                    || self.is_listed_root(at))
                .then(|| (path, Some(url.origin.clone())))
                .filter(|_| !bare || self.is_listed_root(at) || self.nothing_else(at))
            }
            _ => None,
        }
    }

    /// `https://host/ and https://host/prices`: the first page of a host, and another one.
    fn is_listed_root(&self, at: usize) -> bool {
        let other = |at: usize| {
            let url = self.urls.iter().find(|url| url.at == at && url.usable)?;
            url.path.as_ref().filter(|path| path.len() > 1).map(|_| url.origin.clone())
        };
        let own = self.urls.iter().find(|url| url.at == at).map(|url| url.origin.clone());
        let joined = |at: usize| {
            self.tokens.get(at).is_some_and(|mark| mark.kind == Kind::Mark(','))
                || self.is_word(at, &["and", "und", "&"])
        };
        let path = self.tokens.get(at + 2).is_some_and(|next| next.kind == Kind::Path && next.raw.len() > 1);
        self.tokens[at].raw.ends_with('/')
            && joined(at + 1)
            && own.is_some()
            && (path || other(at + 2) == own)
    }

    /// A `/` alone is a path behind a method or a share, and in a list: `pages: /, /sale`. Between `req` and `s` it is not.
    fn is_root(&self, at: usize) -> bool {
        let mark = |at: usize, marks: &[char]| matches!(self.tokens.get(at).map(|token| &token.kind), Some(Kind::Mark(mark)) if marks.contains(mark));
        let before = at.checked_sub(1);
        let shared = before.is_some_and(|before| mark(before, &['%']));
        let (start, end) = (self.tokens[at].start, self.tokens[at].end);
        let apart = before.is_none_or(|before| self.tokens[before].end < start || mark(before, &['(']));
        let closed = self.tokens.get(at + 1).is_none_or(|next| {
            matches!(next.kind, Kind::Newline | Kind::Mark(',' | ';' | '.' | ')')) && next.end > end
                || next.start > end && matches!(next.low.as_str(), "and" | "und")
        });
        let listed = before.is_some_and(|before| mark(before, &[':', ',', '(']));
        self.method(at).0.is_some() || shared || apart && (closed || listed)
    }

    /// Whether no activity says what to do instead.
    fn nothing_else(&self, at: usize) -> bool {
        let mut words = self.tokens.iter().enumerate().filter(|(other, _)| *other != at);
        !words.any(|(_, token)| token.kind == Kind::Word && super::activity::of_word(&token.low).is_some())
    }

    /// The method before a path, and the token that it begins at.
    fn method(&self, at: usize) -> (Option<String>, usize) {
        // `/orders (POST)`
        let behind = self.tokens.get(at + 2).filter(|_| self.tokens[at + 1].kind == Kind::Mark('('));
        if let Some(method) = behind.filter(|token| is_method(&token.raw) && !self.is_idle_method(at + 2)) {
            return (Some(method.raw.clone()), at);
        }
        for before in (at.saturating_sub(4)..at).rev() {
            let token = &self.tokens[before];
            let denied = before > 0 && self.is_word(before - 1, &["no", "kein", "keinen", "without", "ohne"]);
            if is_method(&token.raw) && (denied || self.is_idle_method(before)) {
                break;
            }
            if is_method(&token.raw) || before + 1 == at && is_method(&token.raw.to_uppercase()) {
                return (Some(token.raw.to_uppercase()), before);
            }
            if !BETWEEN.contains(&token.low.as_str()) {
                break;
            }
        }
        (None, at)
    }

    /// A URL with a path below which the paths of the text lie.
    fn prefix(&self) -> Option<(usize, String)> {
        let paths =
            self.tokens.iter().filter(|token| token.kind == Kind::Path && token.raw.len() > 1).count();
        let mut usable = self.urls.iter().filter(|url| url.usable);
        let (url, None) = (usable.next()?, usable.next()) else { return None };
        let path = url.path.clone().filter(|path| path.len() > 1 && !path.contains('?'))?;
        let at = url.at;
        let named = at.checked_sub(1).is_some_and(|before| WHERE.contains(&self.word(before)));
        // `on https://host/a, /b and /c` is a list of which it is the first.
        let joined = matches!(self.tokens.get(at + 1), Some(token) if token.kind == Kind::Mark(',') || matches!(token.low.as_str(), "and" | "und"));
        let listed = joined && self.tokens.get(at + 2).is_some_and(|token| token.kind == Kind::Path);
        (paths > 0 && named && !listed && self.method(at).0.is_none()).then_some((at, path))
    }

    /// Gives each body to the request before it, else to the one behind.
    fn bodies(&mut self) {
        let places: Vec<(usize, usize)> = self
            .items
            .iter()
            .filter_map(|(at, item)| match item {
                Item::Request(number) => Some((*at, *number)),
                Item::Activity(_) => None,
            })
            .collect();
        for at in 0..self.tokens.len() {
            let (json, form) = match self.tokens[at].kind.clone() {
                Kind::Json(value) => (Some(value), None),
                Kind::Pairs(pairs) => (None, Some(pairs)),
                Kind::Word => match self.spaced_pair(at) {
                    Some(pair) => (None, Some(vec![pair])),
                    None => continue,
                },
                _ => continue,
            };
            if json.is_some() && self.is_shown(at) {
                self.unused(at, at + 1, "is a body that is only shown, as far as can be told");
                continue;
            }
            let before = places.iter().rev().find(|(place, _)| *place < at);
            let Some((_, number)) = before.or_else(|| places.iter().find(|(place, _)| *place > at)).copied()
            else {
                self.unused(at, at + 1, "is a body without a request that it could belong to: name a path");
                continue;
            };
            let sends = |wanted: &Wanted| matches!(wanted.method.as_deref(), Some("POST" | "PUT" | "PATCH"));
            if form.is_some() && !sends(&self.reading.requests[number].value) {
                self.unused(
                    at,
                    at + 1,
                    "is a form, and no POST, PUT or PATCH stands before it that would send it",
                );
                continue;
            }
            let json = json.map(|value| self.hidden("", value));
            let form: Option<Vec<(String, String)>> = form.map(|pairs| {
                pairs.into_iter().map(|(name, value)| (name.clone(), self.field(&name, value))).collect()
            });
            let wanted = &mut self.reading.requests[number].value;
            // `user=eva and lang=en` is one form, in two pieces.
            if let (Some(known), Some(more), None) = (&mut wanted.form, &form, &wanted.json) {
                known.extend(more.iter().cloned());
                continue;
            }
            if wanted.json.is_some() || wanted.form.is_some() {
                self.unused(at, at + 1, "is a second body of the same request");
                continue;
            }
            (wanted.json, wanted.form) = (json, form);
        }
    }

    /// `this is what the server answers: {...}`, `not {...}`: JSON that nobody sends.
    fn is_shown(&self, at: usize) -> bool {
        const ANSWERS: &[&str] = &[
            "answers",
            "answered",
            "answer",
            "returns",
            "returned",
            "response",
            "responds",
            "replies",
            "antwortet",
            "antwort",
            "liefert",
            "lieferte",
            "zurückgibt",
            "reference",
            "referenz",
            "ignore",
            "ignoriere",
        ];
        let start = self.sentence_start(at).max(at.saturating_sub(12));
        let line = |at: usize| self.tokens[at].kind == Kind::Newline;
        // Where it begins a line, the line before says what it is.
        let above = at > 1 && line(at - 1);
        let start =
            if above { (0..at - 1).rev().find(|&at| line(at)).map_or(0, |line| line + 1) } else { start };
        let to = if above { at - 1 } else { at };
        let not = self.has(at.saturating_sub(3), at, &["not", "nicht"]) && !above;
        let sent = (start..to).any(|at| self.word(at) == "sent" && self.word(at + 1) == "us");
        not || sent || self.has(start, to, ANSWERS)
    }

    /// `name = Erika Muster`, in a list of form fields.
    fn spaced_pair(&self, at: usize) -> Option<(String, String)> {
        const FIELDS: &[&str] = &[
            "formularfelder",
            "felder",
            "fields",
            "formular",
            "form",
            "form-fields",
            "feldern",
            "field",
            "feld",
        ];
        let line = (0..at)
            .rev()
            .find(|&before| self.tokens[before].kind == Kind::Newline)
            .map_or(0, |line| line + 1);
        let equals = self.tokens.get(at + 1)?.kind == Kind::Mark('=') && self.has(line, at, FIELDS);
        let first = self.tokens.get(at + 2).filter(|_| equals)?;
        let end = (at + 2..self.tokens.len()).find(|&at| {
            matches!(self.tokens[at].kind, Kind::Mark(',' | ';' | '.' | ')') | Kind::Newline)
                || self.is_word(at, &["und", "and"])
        });
        let last = self.tokens.get(end.unwrap_or(self.tokens.len()).checked_sub(1)?)?;
        Some((self.tokens[at].raw.clone(), self.text.get(first.start..last.end)?.to_owned()))
    }

    /// JSON whose secrets are read from the environment.
    fn hidden(&mut self, name: &str, value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(
                map.into_iter().map(|(key, value)| (key.clone(), self.hidden(&key, value))).collect(),
            ),
            Value::Array(list) => Value::Array(list.into_iter().map(|one| self.hidden(name, one)).collect()),
            Value::String(text) => Value::String(self.field(name, text)),
            other => other,
        }
    }

    /// A text of a body: a reference to the environment where its name says that it is secret.
    fn field(&mut self, name: &str, value: String) -> String {
        if value.is_empty() || value.starts_with("${env:") || value.starts_with("{{") || !is_secret(name) {
            return literal(&value);
        }
        self.secret(name, &format!("the field {name}"))
    }

    /// A reference to the environment that stands for a secret of the text.
    pub(super) fn secret(&mut self, wish: &str, what: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        let name: String = wish.chars().take(60).map(plain).collect();
        let name =
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("SECRET_{name}") };
        let name = if name.starts_with("MAID_") { format!("TEST_{name}") } else { name };
        let told = format!("{what}: a secret is not copied, so it is read from ${{env:{name}}}");
        self.reading.secrets.insert(name.clone(), told);
        format!("${{env:{name}}}")
    }

    /// `a header X-Channel with the value phone`, `den Header X-Kanal mit dem Wert telefon`, `header X-Region set to apac`.
    fn worded_header(&self, at: usize) -> Option<(String, String)> {
        const SET: &[&str] = &[
            "with", "the", "value", "mit", "dem", "wert", "set", "to", "auf", "is", "=", ":", "equals", "of",
            "gleich", "as", "gesetzt", "hat", "den", "has", "lautet", "trägt", "carries", "steht",
        ];
        if !self.is_word(at, &["header", "kopfzeile", "http-header", "kopf"]) {
            return None;
        }
        let name = at + 1 + usize::from(self.is_word(at + 1, &["named", "called", "namens", ":"]));
        let named =
            self.tokens.get(name).filter(|token| token.kind == Kind::Word && token.raw.contains('-'))?;
        let value = (name + 1..name + 6).find(|&at| !self.is_word(at, SET))?;
        let set = (name + 1..value)
            .any(|at| self.is_word(at, &["value", "wert", "=", ":", "to", "auf", "as", "steht"]));
        let token = self.tokens.get(value).filter(|token| set && !token.ends_clause())?;
        Some((named.raw.clone(), token.raw.trim_matches(['"', '\'', '`', '“', '”', '„']).to_owned()))
    }

    /// Gives each header to all requests.
    fn headers(&mut self) {
        for at in 0..self.tokens.len() {
            let worded = || self.worded_header(at);
            let found = match self.tokens[at].kind.clone() {
                Kind::Header(name, value) => Some((name, value)),
                _ => worded(),
            };
            let Some((name, value)) = found else { continue };
            if name.eq_ignore_ascii_case("authorization") {
                continue;
            }
            let value = if is_secret(&name) && !value.starts_with("${env:") {
                self.secret(&name, &format!("the header {name}"))
            } else {
                literal(&value)
            };
            for request in &mut self.reading.requests {
                request.value.headers.push((name.clone(), value.clone()));
            }
            let fact = self.fact((name, value), at, at + 1);
            self.reading.headers.push(fact);
        }
    }
}

/// A text that stands for itself where templates are filled in.
pub(in crate::ai::generator) fn literal(text: &str) -> String {
    if text.contains("{{") { text.replace("{{", "{{ \"{{\" }}") } else { text.to_owned() }
}
