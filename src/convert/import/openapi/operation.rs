//! Operations: which ones are taken, and what each sends.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Options, answer, body,
    document::{Spec, entries, items},
    lookup::Lookups,
    parameters, security, servers,
};
use crate::{
    convert::import::{
        draft::{Draft, literal},
        error::ImportError,
    },
    loadtest::{nearest::listed, types::Request},
};

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// An operation of a description.
pub(super) struct Operation<'a> {
    /// Where it is, such as `paths./orders.post`.
    pub(super) place: String,
    pub(super) path: &'a str,
    /// In capitals.
    pub(super) method: String,
    pub(super) value: &'a Value,
    /// What its path says about all of its operations.
    pub(super) item: &'a Value,
    /// What the path goes on from.
    prefix: String,
}

/// The operations that are asked for; the others that are not taken are listed.
pub(super) fn chosen<'a>(
    spec: &Spec<'a>,
    options: &Options,
    draft: &mut Draft,
) -> Result<Vec<Operation<'a>>, ImportError> {
    let all = all(spec, options, draft);
    draft.found = all.len();
    check_choice(&all, options, draft)?;
    let mut chosen = Vec::new();
    for operation in all {
        let tagged =
            options.tags.is_empty() || operation.tags().any(|tag| options.tags.iter().any(|of| of == tag));
        let named = options.operations.is_empty() || options.operations.iter().any(|name| operation.is(name));
        if !(tagged && named) {
            continue;
        }
        let asked_for = options.all || !options.operations.is_empty();
        let why = if operation.value["deprecated"] == true {
            "is deprecated"
        } else if operation.method == "DELETE" {
            "deletes something"
        } else if matches!(operation.method.as_str(), "OPTIONS" | "TRACE") {
            "says something about the server alone"
        } else {
            chosen.push(operation);
            continue;
        };
        if asked_for {
            chosen.push(operation);
        } else {
            draft.leave_out(
                operation.place,
                format!("{why}: it comes along where everything is asked for (--all, `options.all`), or it by name"),
            );
        }
    }
    Ok(chosen)
}

fn all<'a>(spec: &Spec<'a>, options: &Options, draft: &mut Draft) -> Vec<Operation<'a>> {
    let prefix = servers::prefix(spec.root, options);
    let mut all = Vec::new();
    for (path, written) in entries(&spec.root["paths"]).filter(|(path, _)| path.starts_with('/')) {
        let item = match spec.resolve(written) {
            Ok(item) => item,
            Err(broken) => {
                draft.leave_out(format!("paths.{path}"), broken.0);
                continue;
            }
        };
        for method in METHODS {
            if let Some(value) = item.get(method).filter(|value| value.is_object()) {
                all.push(Operation {
                    place: format!("paths.{path}.{method}"),
                    path,
                    method: method.to_ascii_uppercase(),
                    value,
                    item,
                    prefix: prefix.clone(),
                });
            }
        }
    }
    if entries(&spec.root["webhooks"]).next().is_some() {
        draft.leave_out("webhooks", "are sent by the API and not to it");
    }
    all
}

/// A tag or an operation that is asked for and is not there is a mistake.
fn check_choice(all: &[Operation<'_>], options: &Options, draft: &Draft) -> Result<(), ImportError> {
    for tag in &options.tags {
        if !all.iter().any(|operation| operation.tags().any(|of| of == tag)) {
            return Err(draft.refuse(format!("no operation has the tag `{tag}`; {}", tags_of(all))));
        }
    }
    for name in &options.operations {
        if !all.iter().any(|operation| operation.is(name)) {
            let known = listed(all.iter().filter_map(|operation| operation.value["operationId"].as_str()));
            return Err(draft.refuse(format!(
                "there is no operation `{name}`: give an operationId or a method and path, such as `GET /orders`; \
                 there are {known}"
            )));
        }
    }
    Ok(())
}

/// The tags of some operations, for a message.
pub(super) fn tags_of(operations: &[Operation<'_>]) -> String {
    let tags: BTreeSet<&str> = operations.iter().flat_map(Operation::tags).collect();
    if tags.is_empty() { "there are no tags".to_owned() } else { format!("the tags are {}", listed(tags)) }
}

impl<'a> Operation<'a> {
    fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        items(&self.value["tags"]).filter_map(Value::as_str)
    }

    /// Whether it is called so.
    fn is(&self, name: &str) -> bool {
        self.value["operationId"].as_str() == Some(name)
            || name.split_once(' ').is_some_and(|(method, path)| {
                method.eq_ignore_ascii_case(&self.method) && path.trim() == self.path
            })
    }

    /// What a report calls it.
    pub(super) fn title(&self) -> String {
        match self.value["operationId"].as_str().map(str::trim) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => self.name(),
        }
    }

    /// The name that its requests are measured under.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The request, unless it cannot be made.
    pub(super) fn request(&self, spec: &Spec<'a>, lookups: &Lookups, draft: &mut Draft) -> Option<Request> {
        let mut request = Request::of("");
        request.name = Some(self.name());
        request.method = (self.method != "GET").then(|| self.method.clone());
        let base = self.other_server(draft).unwrap_or_else(|| literal(&self.prefix));
        let found = lookups.of(self.path);
        if let Err(why) = parameters::add(spec, self, &base, found, &mut request, draft) {
            draft.leave_out(self.place.clone(), why);
            return None;
        }
        security::add(spec, self, &mut request, draft);
        if let Err(why) = body::add(spec, self, &mut request, draft) {
            draft.leave_out(format!("{}.requestBody", self.place), why);
            return None;
        }
        request.check.extend(answer::check(self.value));
        draft.sendable(&self.place, request)
    }

    /// The server of this operation or path, where it has one of its own.
    fn other_server(&self, draft: &Draft) -> Option<String> {
        let own = items(&self.value["servers"]).chain(items(&self.item["servers"])).find_map(servers::url)?;
        let own = own.trim_end_matches('/');
        let known = draft.hosts.first().is_some_and(|host| host == own) || draft.hosts.is_empty();
        let absolute = own.starts_with("http://") || own.starts_with("https://");
        (absolute && !known).then(|| literal(own))
    }
}
