//! A request as one user sends it: borrowed from the plan where it never differs, else rendered.

use std::{borrow::Cow, sync::Arc, time::SystemTime};

use http::{HeaderName, HeaderValue};
use url::Url;

use super::{Shared, State};
use crate::{
    engine::{
        plan::{Body, HeaderSource, Headers, RequestPlan, To, basic_credentials, path_and_query},
        transport::{HttpCall, Origin},
    },
    loadtest::{
        feeder::Feeder,
        template::{Item, ItemRef, Missing, Scope, Template},
    },
};

/// A request that is ready to be sent.
#[derive(Debug)]
pub(super) struct Rendered<'a> {
    origin: Cow<'a, Arc<Origin>>,
    target: Cow<'a, str>,
    headers: Cow<'a, [(HeaderName, HeaderValue)]>,
    body: Cow<'a, [u8]>,
    wire: Option<&'a [u8]>,
}

/// Why a request cannot be sent.
#[derive(Debug)]
pub(super) enum Unready {
    /// A feeder that gives each row once has no more.
    Dry(usize),
    /// A template lacks a value, or gives something that cannot be sent.
    Template(Arc<str>),
}

impl From<Missing> for Unready {
    fn from(missing: Missing) -> Self {
        Self::Template(missing.to_string().into())
    }
}

impl Rendered<'_> {
    pub(super) fn call<'b>(&'b self, plan: &'b RequestPlan) -> HttpCall<'b> {
        HttpCall {
            origin: &self.origin,
            method: &plan.method,
            target: &self.target,
            headers: &self.headers,
            body: &self.body,
            wire: self.wire,
            lines: &[],
            timeout: plan.timeout,
            redirects: plan.redirects,
            keep_body: plan.keep_body,
            keep_headers: plan.keep_headers,
        }
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether it goes to the user's host: a path did not lead elsewhere, nor did a redirect for good.
    pub(super) fn to_own_host(&self, plan: &RequestPlan) -> bool {
        matches!((&plan.to, &self.origin), (To::Hosts(_), Cow::Borrowed(_)))
    }

    pub(super) fn target(&self) -> &str {
        &self.target
    }
}

/// What templates may ask of a user.
struct Values<'a> {
    slots: &'a [Option<Item>],
    rows: &'a mut [Option<usize>],
    feeders: &'a [Arc<Feeder>],
    random: &'a mut fastrand::Rng,
    dry: Option<usize>,
}

impl Scope for Values<'_> {
    fn extracted(&self, slot: usize) -> Option<&Item> {
        self.slots.get(slot)?.as_ref()
    }

    fn cell(&mut self, feeder: usize, column: usize) -> Option<ItemRef<'_>> {
        let source = &self.feeders[feeder];
        if self.rows[feeder].is_none() {
            self.rows[feeder] = source.take(self.random.u64(..));
        }
        let Some(row) = self.rows[feeder] else {
            self.dry = Some(feeder);
            return None;
        };
        Some(source.cell(row, column))
    }

    fn random(&mut self) -> u64 {
        self.random.u64(..)
    }

    fn now(&mut self) -> SystemTime {
        SystemTime::now()
    }
}

impl Values<'_> {
    fn text(&mut self, template: &Template) -> Result<String, Unready> {
        let mut text = String::new();
        let rendered = template.render(self, &mut text);
        match self.dry.take() {
            Some(feeder) => Err(Unready::Dry(feeder)),
            None => Ok(rendered.map(|()| text)?),
        }
    }

    fn target<'a>(&mut self, template: &'a Template) -> Result<Cow<'a, str>, Unready> {
        match template.as_static() {
            Some(target) => Ok(Cow::Borrowed(target)),
            None => self.text(template).map(Cow::Owned),
        }
    }

    fn header(&mut self, source: &HeaderSource) -> Result<HeaderValue, Unready> {
        let text = match source {
            HeaderSource::Fixed(value) => return Ok(value.clone()),
            HeaderSource::Template(template) => self.text(template)?,
            HeaderSource::Basic(user, password) => {
                basic_credentials(&self.text(user)?, &self.text(password)?)
            }
        };
        HeaderValue::try_from(text).map_err(|_| {
            Unready::Template("a header's template gave characters that no header may hold".into())
        })
    }
}

impl State {
    pub(super) fn render<'a>(
        &mut self,
        shared: &'a Shared,
        plan: &'a RequestPlan,
    ) -> Result<Rendered<'a>, Unready> {
        let index = self.index as usize;
        let mut values = Values {
            slots: &self.slots,
            rows: &mut self.rows,
            feeders: &shared.plan.feeders,
            random: &mut self.random,
            dry: None,
        };
        let (origin, target, wire) = match &plan.to {
            To::Hosts(places) => {
                let place = &places[index % places.len()];
                let target = values.target(&place.target)?;
                match &self.moved_to {
                    None => (Cow::Borrowed(&place.origin), target, place.wire.as_deref()),
                    Some(origin) => (Cow::Owned(Arc::clone(origin)), target, None),
                }
            }
            To::Absolute(place) => {
                (Cow::Borrowed(&place.origin), values.target(&place.target)?, place.wire.as_deref())
            }
            To::Rendered { template, hosts } => {
                let text = values.text(template)?;
                if text.starts_with('/') {
                    let (origin, base) = &hosts[index % hosts.len()];
                    let origin = self.moved_to.as_ref().unwrap_or(origin);
                    (Cow::Owned(Arc::clone(origin)), Cow::Owned(format!("{base}{text}")), None)
                } else {
                    let (origin, target) = split(&text)?;
                    (Cow::Owned(Arc::new(origin)), Cow::Owned(target), None)
                }
            }
        };
        let headers = match &plan.headers {
            Headers::Fixed(headers) => Cow::Borrowed(headers.as_slice()),
            Headers::Rendered(sources) => {
                let header =
                    |(name, source): &(HeaderName, HeaderSource)| Ok((name.clone(), values.header(source)?));
                Cow::Owned(sources.iter().map(header).collect::<Result<_, Unready>>()?)
            }
        };
        let body = match &plan.body {
            Body::Fixed(body) => Cow::Borrowed(&**body),
            Body::Template(template) => Cow::Owned(values.text(template)?.into_bytes()),
        };
        Ok(Rendered { origin, target, headers, body, wire })
    }
}

/// A rendered URL, as where to connect and what to ask for.
fn split(text: &str) -> Result<(Origin, String), Unready> {
    let wrong =
        || Unready::Template("a path's template gave neither a path nor an http:// or https:// URL".into());
    let url = Url::parse(text).map_err(|_| wrong())?;
    let origin = Origin::from_url(&url).map_err(|_| wrong())?;
    Ok((origin, path_and_query(&url)))
}
