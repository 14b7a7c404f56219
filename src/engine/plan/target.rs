//! Hosts, paths and the bytes of requests that never differ.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use url::Url;

use super::{Headers, Place, PlanError, To};
use crate::{
    engine::transport::Origin,
    loadtest::{
        template::{Escape, Names, Template},
        types::Request,
    },
};

/// A host of a scenario: where it is, and the path that comes before every request's own.
#[derive(Debug)]
pub(super) struct Host {
    origin: Arc<Origin>,
    base: String,
}

impl Host {
    pub(super) fn of(url: &Url) -> Result<Self, PlanError> {
        let origin = Origin::from_url(url).map_err(|error| PlanError::Invalid(format!("{url}: {error}")))?;
        Ok(Self { origin: Arc::new(origin), base: url.path().trim_end_matches('/').to_owned() })
    }
}

/// Where a request goes; `wire` is filled in later.
pub(super) fn to(request: &Request, hosts: &[Host], names: &Names) -> Result<To, PlanError> {
    let invalid = |error: &dyn std::fmt::Display| PlanError::Invalid(format!("{}: {error}", request.path));
    let target = |path: &str| Template::target(path, &request.query, names).map_err(|e| invalid(&e));
    if request.path.starts_with('/') {
        let place = |host: &Host| {
            let target = target(&format!("{}{}", host.base, request.path))?;
            Ok(Place { origin: Arc::clone(&host.origin), target, wire: None })
        };
        return hosts.iter().map(place).collect::<Result<_, _>>().map(To::Hosts);
    }
    let whole = target(&request.path)?;
    let Some(fixed) = whole.as_static() else { return Ok(To::Rendered(whole)) };
    let url = Url::parse(fixed).map_err(|e| invalid(&e))?;
    let origin = Arc::new(Origin::from_url(&url).map_err(|e| invalid(&e))?);
    let target = Template::compile(&path_and_query(&url), Escape::None, names).map_err(|e| invalid(&e))?;
    Ok(To::Hosts(vec![Place { origin, target, wire: None }]))
}

/// The part of a URL that is sent in the request line.
pub(crate) fn path_and_query(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// Writes requests that never differ down as HTTP/1.1 bytes.
pub(super) fn write_down(to: &mut To, method: &Method, headers: &Headers, body: &super::Body) {
    let (To::Hosts(places), Headers::Fixed(headers), super::Body::Fixed(body)) = (to, headers, body) else {
        return;
    };
    for place in places {
        if let Some(target) = place.target.as_static() {
            place.wire = Some(wire(method, target, &place.origin, headers, body));
        }
    }
}

fn wire(
    method: &Method,
    target: &str,
    origin: &Origin,
    headers: &[(HeaderName, HeaderValue)],
    body: &[u8],
) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(256 + body.len());
    for part in [method.as_str(), " ", target, " HTTP/1.1\r\nhost: ", &origin.authority, "\r\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
    for (name, value) in headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    if !body.is_empty() || matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes.into_boxed_slice()
}
