//! One request of the document, worked out.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderName, HeaderValue, Method, header};
use indexmap::IndexMap;

use super::{Body, HeaderSource, Headers, PlanError, RequestPlan, Traced, check, compile::Interner, target};
use crate::loadtest::{
    template::{Escape, Names, Template},
    types::{Auth, Request},
    valid::ValidLoadTest,
};

/// What MAID calls itself.
const USER_AGENT: &str = concat!("maid/", env!("CARGO_PKG_VERSION"));

/// Encodings that MAID can undo.
const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// Works out the requests of one scenario.
pub(super) struct RequestCompiler<'a> {
    valid: &'a ValidLoadTest,
    names: &'a Names,
    hosts: Vec<target::Host>,
    scenario: usize,
    compiled: usize,
}

impl<'a> RequestCompiler<'a> {
    pub(super) fn new(valid: &'a ValidLoadTest, index: usize, scenario: usize) -> Result<Self, PlanError> {
        let hosts = valid.scenario_hosts(index).iter().map(target::Host::of).collect::<Result<_, _>>()?;
        Ok(Self { valid, names: valid.names(index), hosts, scenario, compiled: 0 })
    }

    /// How many requests have been worked out.
    pub(super) const fn compiled(&self) -> usize {
        self.compiled
    }

    pub(super) fn compile(
        &mut self,
        request: &Request,
        names: &mut Interner,
    ) -> Result<RequestPlan, PlanError> {
        let method = method(request)?;
        let id = names.request(&request.label(), method.as_str(), self.scenario);
        let body = self.body(request)?;
        let headers = self.headers(request)?;
        let mut to = target::to(request, &self.hosts, self.names)?;
        target::write_down(&mut to, &method, &headers, &body);
        let checks = check::checks(request, (id, self.scenario), self.valid.mask(), names)?;
        let extracts = check::extracts(request, self.valid.mask(), self.names)?;
        let place = self.compiled;
        self.compiled += 1;
        let target = &self.valid.loadtest().target;
        Ok(RequestPlan {
            id,
            place,
            method,
            to,
            traced: Traced::besides(&headers),
            headers,
            body,
            timeout: request.timeout.unwrap_or(target.timeout).get(),
            redirects: request.redirects.unwrap_or(target.redirects),
            keep_body: checks.iter().any(|c| c.subject.reads_body())
                || extracts.iter().any(|e| e.source.reads_body()),
            keep_headers: checks.iter().any(|c| c.subject.reads_headers())
                || extracts.iter().any(|e| e.source.reads_headers()),
            status_checked: request.check.iter().any(|c| c.status.is_some()),
            checks,
            extracts,
        })
    }

    fn body(&self, request: &Request) -> Result<Body, PlanError> {
        let Some(body) = &request.body else { return Ok(Body::Fixed(Box::default())) };
        let template = if let Some(json) = &body.json {
            Template::json(json, self.names)
        } else if let Some(form) = &body.form {
            Template::form(form, self.names)
        } else if let Some(text) = &body.text {
            Template::compile(text, Escape::None, self.names)
        } else if let Some(graphql) = &body.graphql {
            Template::graphql(graphql, self.names)
        } else if let Some(file) = &body.file {
            let bytes =
                self.valid.body_file(file).ok_or_else(|| invalid(request, &"the body file was not read"))?;
            return Ok(Body::Fixed(bytes[..].into()));
        } else {
            return Ok(Body::Fixed(Box::default()));
        };
        let template = template.map_err(|error| invalid(request, &error))?;
        Ok(template
            .as_static()
            .map(|text| Body::Fixed(text.as_bytes().into()))
            .unwrap_or(Body::Template(template)))
    }

    fn headers(&self, request: &Request) -> Result<Headers, PlanError> {
        let target = &self.valid.loadtest().target;
        let mut sources: IndexMap<HeaderName, HeaderSource> = IndexMap::new();
        sources.insert(header::USER_AGENT, fixed(USER_AGENT));
        if target.compression {
            sources.insert(header::ACCEPT_ENCODING, fixed(ENCODINGS));
        }
        if let Some(kind) = content_type(request) {
            sources.insert(header::CONTENT_TYPE, fixed(kind));
        }
        if let Some(auth) = &request.auth {
            sources.insert(header::AUTHORIZATION, self.auth(auth, request)?);
        }
        for (name, text) in target.headers.iter().chain(&request.headers) {
            let name = HeaderName::try_from(name.as_str()).map_err(|error| invalid(request, &error))?;
            let template = Template::compile(text, Escape::Header, self.names)
                .map_err(|error| invalid(request, &error))?;
            sources.insert(name, source(template, request)?);
        }
        let all_fixed = |(name, source): (&HeaderName, &HeaderSource)| match source {
            HeaderSource::Fixed(value) => Some((name.clone(), value.clone())),
            _ => None,
        };
        Ok(match sources.iter().map(all_fixed).collect::<Option<Vec<_>>>() {
            Some(headers) => Headers::Fixed(headers),
            None => Headers::Rendered(sources.into_iter().collect()),
        })
    }

    fn auth(&self, auth: &Auth, request: &Request) -> Result<HeaderSource, PlanError> {
        let template = |text: &str, escape| {
            Template::compile(text, escape, self.names).map_err(|error| invalid(request, &error))
        };
        if let Some(token) = &auth.bearer {
            return source(template(&format!("Bearer {token}"), Escape::Header)?, request);
        }
        let Some(basic) = &auth.basic else { return Err(invalid(request, &"auth is empty")) };
        let (user, password) =
            (template(&basic.username, Escape::None)?, template(&basic.password, Escape::None)?);
        match (user.as_static(), password.as_static()) {
            (Some(user), Some(password)) => sensitive(&basic_credentials(user, password), request),
            _ => Ok(HeaderSource::Basic(user, password)),
        }
    }
}

/// The value of a Basic Authorization header (RFC 7617).
pub(crate) fn basic_credentials(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

fn invalid(request: &Request, error: &dyn std::fmt::Display) -> PlanError {
    PlanError::Invalid(format!("{}: {error}", request.label()))
}

const fn fixed(value: &'static str) -> HeaderSource {
    HeaderSource::Fixed(HeaderValue::from_static(value))
}

fn sensitive(text: &str, request: &Request) -> Result<HeaderSource, PlanError> {
    let mut value = HeaderValue::from_str(text).map_err(|error| invalid(request, &error))?;
    value.set_sensitive(true);
    Ok(HeaderSource::Fixed(value))
}

fn source(template: Template, request: &Request) -> Result<HeaderSource, PlanError> {
    match template.as_static() {
        Some(text) => sensitive(text, request),
        None => Ok(HeaderSource::Template(template)),
    }
}

fn method(request: &Request) -> Result<Method, PlanError> {
    Method::from_bytes(request.method().as_bytes()).map_err(|error| invalid(request, &error))
}

fn content_type(request: &Request) -> Option<&'static str> {
    let body = request.body.as_ref()?;
    Some(if body.json.is_some() || body.graphql.is_some() {
        "application/json"
    } else if body.form.is_some() {
        "application/x-www-form-urlencoded"
    } else if body.text.is_some() {
        "text/plain; charset=utf-8"
    } else {
        "application/octet-stream"
    })
}
