//! Requests of scripts.

use super::{
    machine::Machine,
    text::spoken,
    tree::At,
    value::{Piece, Value},
};
use crate::{
    convert::import::draft::{Address, Sent as SentBody, add_query, group, is_of_the_message, literal},
    loadtest::{
        span::Span,
        types::{Auth, Basic, Body, Graphql, Request},
    },
};

/// Stands for the host of the test while a URL is cut that has none.
const UNKNOWN: &str = "http://unknown.invalid";

impl Machine<'_> {
    /// A request to a URL, or `None` where it cannot be sent; that is listed.
    pub(in crate::convert::import) fn request(
        &mut self,
        method: &str,
        url: &Value,
        at: At,
    ) -> Option<Request> {
        let place = self.place(at);
        let url = match url {
            Value::Object(_) => url.get("url").cloned().unwrap_or(Value::Unknown(at)),
            other => other.clone(),
        };
        let mut pieces = match &url {
            Value::Text(pieces) => pieces.clone(),
            Value::Part(..) => self.pieces(&url, at),
            _ => {
                self.list_code(
                    at,
                    "sends a request to a URL that is known only when it runs: it is left out",
                );
                return None;
            }
        };
        if let Some(base) = &self.base
            && matches!(pieces.first(), Some(Piece::Fixed(text)) if text.starts_with('/'))
        {
            let mut whole = base.clone();
            super::value::append(&mut whole, pieces);
            pieces = whole;
        }
        pieces.retain(|piece| !matches!(piece, Piece::Fixed(text) if text.is_empty()));
        // What an answer gave is a path, or a whole URL: both may stand there.
        let given =
            matches!(pieces.first(), Some(Piece::Template(template)) if !template.starts_with("${env:"));
        if given {
            pieces.insert(0, Piece::Fixed(format!("{UNKNOWN}/")));
        }
        let (origin, address) = match self.address(&pieces) {
            Ok(found) => found,
            Err(why) => {
                self.list(at, why);
                return None;
            }
        };
        if self.draft.hosts.is_empty() && origin != UNKNOWN {
            self.draft.hosts.push(origin.clone());
        }
        let own = origin == UNKNOWN || self.draft.hosts.first() == Some(&origin);
        let path = if own { literal(&address.path) } else { format!("{origin}{}", literal(&address.path)) };
        let path = if given { path.replacen('/', "", 1) } else { path };
        let mut request = Request::of(&path);
        request.method = (method != "GET").then(|| method.to_owned());
        if let Some(query) = &address.query {
            self.draft.query(&mut request, &place, query);
        }
        if let Some((user, password)) = &address.credentials {
            request.auth = Some(self.draft.basic(&place, user, password));
        }
        self.resolve(&mut request);
        let shown = request.path.split('?').next().unwrap_or_default();
        let name = format!("{method} {}", group(&spoken(shown)));
        request.name = Some(name);
        Some(request)
    }

    /// The base URL and the rest of a URL.
    fn address(&mut self, pieces: &[Piece]) -> Result<(String, Address), String> {
        let whole_base = match pieces.first() {
            Some(Piece::Template(template)) if template.starts_with("${env:") => Some(template.clone()),
            _ => None,
        };
        let mut text = self.marked(pieces);
        if let Some(template) = &whole_base {
            let mark = self.marked(&[Piece::Template(template.clone())]);
            let rest = &text[mark.len()..];
            let between =
                if rest.is_empty() || rest.starts_with(['/', '?', '#', ':', '.']) { "" } else { "/" };
            text = format!("http://{mark}{between}{rest}");
        } else if text.starts_with('/') || text.is_empty() {
            text = format!("{UNKNOWN}{text}");
        }
        let address = Address::of(&text).map_err(|why| self.resolved(&why))?;
        let mut origin = address.origin.clone();
        if let Some(template) = whole_base {
            origin = origin.strip_prefix("http://").unwrap_or(&origin).to_owned();
            self.draft.base_urls.insert(template);
        }
        let origin = self.resolved(&origin);
        if origin.contains("{{") {
            return Err(
                "its host is known only when it runs: it is left out; write the host out, or give it with --host".to_owned()
            );
        }
        Ok((origin, address))
    }

    /// Headers of a request, from an object of them.
    pub(in crate::convert::import) fn headers(&mut self, request: &mut Request, headers: &Value, at: At) {
        let Value::Object(map) = headers else {
            if !matches!(headers, Value::Nothing) {
                self.list_code(at, "has headers that are known only when it runs");
            }
            return;
        };
        for (name, value) in map.as_ref() {
            self.header(request, name, value, at);
        }
    }

    /// A header of a request.
    pub(in crate::convert::import) fn header(
        &mut self,
        request: &mut Request,
        name: &str,
        value: &Value,
        at: At,
    ) {
        if matches!(value, Value::Nothing) || is_of_the_message(name) {
            return;
        }
        let place = self.place(at);
        let pieces = self.pieces(value, at);
        if let [] | [Piece::Fixed(_)] = pieces.as_slice() {
            let text = self.marked(&pieces);
            return self.draft.sent_header(request, &place, name, &text);
        }
        let text = self.marked(&pieces);
        let written = self.resolved(&literal(&text));
        let token = written.strip_prefix("Bearer ").filter(|_| name.eq_ignore_ascii_case("authorization"));
        match token {
            Some(token) => request.auth = Some(Auth { bearer: Some(token.trim().to_owned()), basic: None }),
            None => self.draft.header(request, &place, name, written),
        }
    }

    /// User name and password of a request.
    pub(in crate::convert::import) fn basic(
        &mut self,
        request: &mut Request,
        user: &Value,
        password: &Value,
        at: At,
    ) {
        let place = self.place(at);
        if matches!(user, Value::Text(pieces) if pieces.iter().any(|piece| matches!(piece, Piece::Fixed(text) if text.contains(':'))))
        {
            return self.list(
                at,
                "its user name holds a colon, which ends it in basic credentials: they are left out",
            );
        }
        let (user, password) = (self.pieces(user, at), self.pieces(password, at));
        let fixed = |pieces: &[Piece]| matches!(pieces, [] | [Piece::Fixed(_)]);
        let name = self.marked(&user);
        let secret = self.marked(&password);
        let mut auth = if fixed(&password) {
            self.draft.basic(&place, &name, &secret)
        } else {
            let password = self.resolved(&literal(&secret));
            Auth { bearer: None, basic: Some(Basic { username: literal(&name), password }) }
        };
        if let Some(basic) = &mut auth.basic {
            basic.username = self.resolved(&basic.username);
        }
        request.auth = Some(auth);
    }

    /// Parameters of the query.
    pub(in crate::convert::import) fn params(&mut self, request: &mut Request, params: &Value, at: At) {
        let Value::Object(map) = params else {
            if !matches!(params, Value::Nothing) {
                self.list_code(at, "has parameters that are known only when it runs");
            }
            return;
        };
        let place = self.place(at);
        for (name, value) in map.as_ref() {
            let values = match value {
                Value::List(list) => list.as_ref().clone(),
                Value::Nothing => continue,
                one => vec![one.clone()],
            };
            for value in values {
                let pieces = self.pieces(&value, at);
                let text = self.marked(&pieces);
                let text = self.draft.field(&place, name, &text);
                let text = self.resolved(&text);
                if name.len() <= 500 {
                    add_query(&mut request.query, literal(name), text);
                }
            }
        }
    }

    /// A body that is a form.
    pub(in crate::convert::import) fn form(&mut self, request: &mut Request, fields: &Value, at: At) {
        let Value::Object(map) = fields else { return };
        let place = self.place(at);
        let mut form = indexmap::IndexMap::new();
        for (name, value) in map.as_ref() {
            if name.len() > 500 {
                self.list(at, "the name of a field is longer than 500 bytes: shorten it");
                continue;
            }
            let pieces = self.pieces(value, at);
            let text = self.marked(&pieces);
            let text = self.draft.field(&place, name, &text);
            form.insert(literal(name), self.resolved(&text));
        }
        request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
        request.body = Some(Body { form: Some(form), ..Body::default() });
    }

    /// A body that is JSON.
    pub(in crate::convert::import) fn json_body(&mut self, request: &mut Request, value: &Value, at: At) {
        let text = self.json_text(value, at);
        self.text_body(request, &text, Some("application/json"), at);
    }

    /// A body of text, as JSON or a form where its type says so. `kind` is its type where no header gives one.
    pub(in crate::convert::import) fn text_body(
        &mut self,
        request: &mut Request,
        value: &Value,
        kind: Option<&str>,
        at: At,
    ) {
        let place = self.place(at);
        let pieces = self.pieces(value, at);
        let text = self.marked(&pieces);
        let named = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let named = named.map(|(_, kind)| kind.clone());
        let looks_like_json = text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        let kind = match (named.as_deref(), kind) {
            (Some(kind), _) | (None, Some(kind)) => kind.to_owned(),
            (None, None) if looks_like_json => {
                self.note(at, "the script names no type of its body: it is sent as application/json");
                "application/json".to_owned()
            }
            (None, None) => String::new(),
        };
        request.headers.retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
        let sent =
            SentBody { kind: Some(&kind).filter(|kind| !kind.is_empty()).map(String::as_str), text: &text };
        self.draft.body(request, &place, &sent);
        self.resolve(request);
        graphql(request);
    }

    /// How long a request may take.
    pub(in crate::convert::import) fn timeout(&mut self, request: &mut Request, seconds: f64, at: At) {
        if !(0.001..=86_400.0).contains(&seconds) {
            return self.list_code(at, "has a timeout that cannot be kept: one is from 1ms to 1d");
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
        let millis = (seconds * 1000.0).round() as u64;
        request.timeout = Some(Span::from_millis(millis));
    }
}

/// JSON of a query and its variables, sent to an endpoint for them, is a body of GraphQL.
fn graphql(request: &mut Request) {
    let Some(serde_json::Value::Object(map)) = request.body.as_ref().and_then(|body| body.json.as_ref())
    else {
        return;
    };
    let query = map.get("query").and_then(serde_json::Value::as_str);
    let begins = |query: &str| {
        let query = query.trim_start();
        ["query", "mutation", "{", "subscription", "fragment"].iter().any(|word| query.starts_with(word))
    };
    let keys: Vec<&str> = map.keys().map(String::as_str).collect();
    let (Some(query), Some(variables)) =
        (query.filter(|query| begins(query)), map.get("variables").and_then(serde_json::Value::as_object))
    else {
        return;
    };
    if keys == ["query", "variables"] && request.method() == "POST" {
        let graphql = Graphql { query: query.to_owned(), variables: variables.clone().into_iter().collect() };
        request.body = Some(Body { graphql: Some(graphql), ..Body::default() });
    }
}
