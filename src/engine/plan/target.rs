//! Hosts, paths and the bytes of requests that never differ.

use std::{sync::Arc, time::Duration};

use http::Method;
use url::Url;

use super::{Headers, Place, PlanError, To};
use crate::{
    engine::transport::{HttpCall, Origin},
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

/// Where a request goes, as far as its document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aim {
    /// To one of the hosts of its scenario.
    Hosts,
    /// There.
    Url(Url),
    /// That is known when it is sent.
    Later,
}

/// Where a request goes; none where that is no URL.
#[must_use]
pub fn aim(request: &Request, names: &Names) -> Option<Aim> {
    aim_of(&Template::target(&request.path, &request.query, names).ok()?).ok()
}

/// A variable may be the path, or its beginning: what is the same for every request is known by now.
fn aim_of(whole: &Template) -> Result<Aim, url::ParseError> {
    match whole.as_static() {
        _ if whole.begins_with("/") => Ok(Aim::Hosts),
        Some(fixed) => Url::parse(fixed).map(Aim::Url),
        None => Ok(Aim::Later),
    }
}

/// Where a request goes; `wire` is filled in later.
pub(super) fn to(request: &Request, hosts: &[Host], names: &Names) -> Result<To, PlanError> {
    let invalid = |error: &dyn std::fmt::Display| PlanError::Invalid(format!("{}: {error}", request.path));
    let target = |path: &str| Template::target(path, &request.query, names).map_err(|e| invalid(&e));
    let whole = target(&request.path)?;
    match aim_of(&whole).map_err(|e| invalid(&e))? {
        Aim::Hosts => {
            let place = |host: &Host| {
                let target = target(&format!("{}{}", host.base, request.path))?;
                Ok(Place { origin: Arc::clone(&host.origin), target, wire: None })
            };
            hosts.iter().map(place).collect::<Result<_, _>>().map(To::Hosts)
        }
        Aim::Url(url) => {
            let origin = Arc::new(Origin::from_url(&url).map_err(|e| invalid(&e))?);
            let target =
                Template::compile(&path_and_query(&url), Escape::None, names).map_err(|e| invalid(&e))?;
            Ok(To::Absolute(Place { origin, target, wire: None }))
        }
        Aim::Later => {
            let hosts = hosts.iter().map(|host| (Arc::clone(&host.origin), host.base.clone())).collect();
            Ok(To::Rendered { template: whole, hosts })
        }
    }
}

/// The part of a URL that is sent in the request line.
pub(crate) fn path_and_query(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// Writes requests that never differ down as HTTP/1.1 bytes.
pub(super) fn write_down(to: &mut To, method: &Method, headers: &Headers, body: &super::Body) {
    let (Headers::Fixed(headers), super::Body::Fixed(body)) = (headers, body) else { return };
    let places = match to {
        To::Hosts(places) => places.as_mut_slice(),
        To::Absolute(place) => std::slice::from_mut(place),
        To::Rendered { .. } => return,
    };
    for place in places {
        let Some(target) = place.target.as_static() else { continue };
        let call = HttpCall {
            origin: &place.origin,
            method,
            target,
            headers,
            body,
            wire: None,
            lines: &[],
            timeout: Duration::ZERO,
            redirects: 0,
            keep_body: false,
            keep_headers: false,
        };
        place.wire = Some(call.to_wire().into_boxed_slice());
    }
}
