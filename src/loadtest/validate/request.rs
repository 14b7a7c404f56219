//! One request: what is sent.

use std::{path::Path as FilePath, sync::Arc};

use serde_json::Value;
use url::Url;

use super::{
    findings::Findings,
    headers, response,
    scenario::{Checked, check_printable, each_text},
    target,
};
use crate::loadtest::{
    place::Path,
    template::{Escape, Names, Template, TemplateError, each_problem},
    types::{Auth, Body, Protocol, Request},
};

/// Largest file that is sent as a body, in MB.
const MAX_BODY_MB: u64 = 64;

/// Checks a request, and gives the feeders that it uses.
pub(super) fn check(
    checked: &mut Checked<'_>,
    request: &Request,
    path: &Path,
    names: &Names,
    hosts: &[Url],
    findings: &mut Findings,
) -> Vec<usize> {
    let mut texts = Texts { names, feeders: Vec::new(), findings };
    if request.protocol != Protocol::Http {
        texts.findings.add(&path.key("protocol"), "is not supported yet: only http is");
        return Vec::new();
    }
    if let Some(name) = &request.name {
        check_printable(name, &path.key("name"), texts.findings);
    }
    headers::check_method(request.method(), &path.key("method"), texts.findings);
    target::check_timeout(request.timeout, &path.key("timeout"), texts.findings);
    texts.path(checked, request, &path.key("path"), hosts);
    texts.query(request, &path.key("query"));
    headers::check(&request.headers, &path.key("headers"), texts.findings);
    for (name, value) in &request.headers {
        texts.check(value, &path.key("headers").key(name));
    }
    if let Some(body) = &request.body {
        texts.body(checked, body, &path.key("body"));
    }
    if let Some(auth) = &request.auth {
        texts.auth(auth, request, &path.key("auth"));
    }
    let feeders = texts.feeders;
    response::extracts(&request.extract, &path.key("extract"), findings);
    response::checks(&request.check, &path.key("check"), names, findings);
    feeders
}

/// Checks the templates of a request, and gathers the feeders that they use.
struct Texts<'a> {
    names: &'a Names,
    feeders: Vec<usize>,
    findings: &'a mut Findings,
}

impl Texts<'_> {
    /// Which escape is meant makes no difference to what is wrong.
    fn check(&mut self, text: &str, path: &Path) -> Option<Template> {
        let template = Template::compile(text, Escape::Path, self.names).ok();
        match &template {
            Some(template) => self.feeders.extend(template.feeders()),
            None => {
                let findings = &mut *self.findings;
                each_problem(text, self.names, &mut |error| findings.add_template(path, &error));
            }
        }
        template
    }

    fn each(&mut self, value: &Value, path: &Path) {
        each_text(value, path, &mut |text, path| {
            self.check(text, path);
        });
    }

    fn path(&mut self, checked: &Checked<'_>, request: &Request, path: &Path, hosts: &[Url]) {
        let text = &request.path;
        if let Some(problem) = path_problem(text) {
            self.findings.add(path, problem);
            self.check(text, path);
            return;
        }
        let Some(template) = self.check(text, path) else {
            return;
        };
        let Some(fixed) = template.as_static() else {
            return;
        };
        // Without rules, one host is as good as another.
        let hosts =
            if checked.rules.is_empty() { hosts.iter().take(1) } else { hosts.iter().take(hosts.len()) };
        for host in hosts {
            let Ok(url) = join(host, fixed) else {
                let message = format!("makes no URL with {host}: write a path such as /products");
                self.findings.add(path, message);
                return;
            };
            let name = url.host_str().unwrap_or_default();
            if let Some(rule) = checked.rules.iter().find(|rule| rule.matches(name, url.path())) {
                let message = format!(
                    "{name}{} may not be sent to: .maidignore has `url:{}`",
                    url.path(),
                    rule.pattern()
                );
                self.findings.add(path, message);
                return;
            }
        }
    }

    fn query(&mut self, request: &Request, path: &Path) {
        for (name, value) in &request.query {
            let path = path.key(name);
            self.check(name, &path);
            let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            if list.iter().any(|value| value.is_array() || value.is_object()) {
                self.findings.add_template(&path, &TemplateError::QueryValue);
            }
            self.each(value, &path);
        }
    }

    fn body(&mut self, checked: &mut Checked<'_>, body: &Body, path: &Path) {
        let kinds = [
            ("json", body.json.is_some()),
            ("form", body.form.is_some()),
            ("text", body.text.is_some()),
            ("file", body.file.is_some()),
            ("graphql", body.graphql.is_some()),
        ];
        response::exactly_one(&kinds, path, self.findings);
        if let Some(json) = &body.json {
            self.each(json, &path.key("json"));
        }
        for (name, value) in body.form.iter().flatten() {
            let path = path.key("form").key(name);
            self.check(name, &path);
            self.check(value, &path);
        }
        if let Some(text) = &body.text {
            self.check(text, &path.key("text"));
        }
        if let Some(graphql) = &body.graphql {
            let path = path.key("graphql");
            self.check(&graphql.query, &path.key("query"));
            for (name, value) in &graphql.variables {
                self.each(value, &path.key("variables").key(name));
            }
        }
        if let Some(file) = &body.file {
            self.body_file(checked, file, &path.key("file"));
        }
    }

    fn body_file(&mut self, checked: &mut Checked<'_>, file: &FilePath, path: &Path) {
        if !checked.bodies.contains_key(file) {
            let bytes = self.findings.keep(path, checked.files.read(file, MAX_BODY_MB));
            checked.bodies.insert(file.to_owned(), bytes.map(Arc::from));
        }
    }

    fn auth(&mut self, auth: &Auth, request: &Request, path: &Path) {
        let kinds = [("bearer", auth.bearer.is_some()), ("basic", auth.basic.is_some())];
        response::exactly_one(&kinds, path, self.findings);
        if request.headers.keys().any(|name| name.eq_ignore_ascii_case("authorization")) {
            self.findings.add(path, "the request has an `Authorization` header as well: keep one of the two");
        }
        if let Some(bearer) = &auth.bearer {
            self.check(bearer, &path.key("bearer"));
        }
        if let Some(basic) = &auth.basic {
            let path = path.key("basic");
            if basic.username.contains(':')
                && !basic.username.contains("{{")
                && !basic.username.contains("${")
            {
                self.findings
                    .add(&path.key("username"), "must not hold a colon, which ends it in basic credentials");
            }
            self.check(&basic.username, &path.key("username"));
            self.check(&basic.password, &path.key("password"));
        }
    }
}

/// What is wrong with a path as it is written.
fn path_problem(text: &str) -> Option<&'static str> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("ws" | "wss") => return Some("WebSocket is not supported yet: only http is"),
        Some("http" | "https") if has_credentials(text) => {
            return Some("holds credentials: leave them out, and put them under `auth`");
        }
        Some("http" | "https") => {}
        _ if text.starts_with('/') || text.starts_with("{{") || text.starts_with("${env:") => {}
        _ => return Some("must begin with `/`, or be a whole http:// or https:// URL"),
    }
    let fixed = text.split("{{").next().unwrap_or_default();
    fixed.contains('#').then_some("holds a fragment (`#`), which is never sent: leave it out, or write %23")
}

fn has_credentials(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// The URL of a path on a host, whose own path goes before it.
fn join(host: &Url, path: &str) -> Result<Url, url::ParseError> {
    if !path.starts_with('/') {
        return Url::parse(path);
    }
    Url::parse(&format!("{}{path}", host.as_str().trim_end_matches('/')))
}
