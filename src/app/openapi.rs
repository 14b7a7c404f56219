//! The OpenAPI document: what the modules say about their routes, and what is true of all of them.
//!
//! Made without a server, from the same list of modules that the server is made from.

use std::collections::{BTreeMap, btree_map::Entry};

use actix_web::{App, http::StatusCode};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema,
    openapi::{
        Components, Content, Header, Info, License, Object, OpenApi, Ref, RefOr, Response, Type,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};
use utoipa_actix_web::{AppExt, scope};

use super::{
    examples,
    mount::{MODULES, Module},
};
use crate::{
    http::{
        FieldError, PROBLEM_JSON, Problem,
        frame::{ALIAS, ALIASED, API},
    },
    limits,
};

/// What whoever opens the document reads first.
const ABOUT: &str = "\
MAID runs load tests, shows them live, stores and judges them.

Times are RFC 3339 in UTC, ids are UUIDs, units stand in the names of fields (`duration_s`, `latency_ms`). \
Errors are `application/problem+json`; programs read their `code`. Lists are paged: send `next_cursor` as \
`cursor`. A request that changes something may carry an `Idempotency-Key`; sent again with the same key, \
it is answered with the first answer and does nothing twice. Whoever asks too often is answered 429; \
`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` tell in every limited answer what is left.

Sign in by `POST /api/maid/auth/login` and send the access token as `Authorization: Bearer`; programs send an API key \
there, or as `X-Api-Key`. Rights go by scopes; what belongs to another tenant is not there.";

/// The document of MAID.
#[must_use]
pub fn openapi() -> OpenApi {
    describe(MODULES)
}

/// The document of `modules`.
#[must_use]
pub fn describe(modules: &[Module]) -> OpenApi {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let mut info = Info::new("MAID", env!("CARGO_PKG_VERSION"));
    info.description = Some(ABOUT.to_owned());
    info.license = Some(license);

    let mut api = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = shared_components();
    for module in modules {
        let mut own = of_module(module);
        for item in own.paths.paths.values_mut() {
            operations(item).for_each(|operation| complete(operation, module));
        }
        let limited = own.paths.paths.iter_mut().filter(|(path, _)| !limits::is_probe(path));
        limited.flat_map(|(_, item)| operations(item)).for_each(limit);
        api.paths.merge(own.paths);
        if let Some(own) = own.components {
            components.schemas.extend(own.schemas);
        }
    }
    add_aliases(&mut api);
    api.components = Some(components);
    api.tags = Some(modules.iter().map(tag).collect());
    api.security = Some(vec![
        SecurityRequirement::new("bearer", Vec::<String>::new()),
        SecurityRequirement::new("api_key", Vec::<String>::new()),
    ]);
    api
}

/// The document as JSON, the same every time.
#[must_use]
pub fn as_json(api: &OpenApi) -> Value {
    // Nothing in it can fail to be written: plain texts, numbers and lists.
    let mut document = serde_json::to_value(api).unwrap_or_default();
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for schema in schemas.into_iter().flat_map(Map::values_mut) {
        in_order(schema);
    }
    examples::complete(&mut document);
    document
}

/// What one module says about itself.
pub(super) fn of_module(module: &Module) -> OpenApi {
    let app = App::new().into_utoipa_app();
    let app = if module.under_api {
        app.service(scope(API).configure(|config| (module.routes)(config)))
    } else {
        app.configure(|config| (module.routes)(config))
    };
    app.split_for_parts().1
}

fn tag(module: &Module) -> utoipa::openapi::Tag {
    TagBuilder::new().name(module.tag).description(Some(module.about)).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Adds what is true of all operations.
fn complete(operation: &mut Operation, module: &Module) {
    operation.tags = Some(vec![module.tag.to_owned()]);
    // Two modules may each have a handler `start`.
    operation.operation_id = operation.operation_id.take().map(|id| format!("{}_{id}", module.tag));
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        if response.content.is_empty() && status.starts_with(['4', '5']) {
            response.content.insert(PROBLEM_JSON.to_owned(), problem_content().into());
        }
        let reason = status.parse().ok().and_then(|status: StatusCode| status.canonical_reason());
        if let Some(reason) = reason.filter(|_| response.description.is_empty()) {
            response.description = reason.to_owned();
        }
    }
    responses.entry("default".to_owned()).or_insert_with(|| Ref::from_response_name("Problem").into());
    // `security(())` in a handler's attribute says that nobody is asked who they are.
    if operation.security == Some(vec![SecurityRequirement::default()]) {
        operation.security = Some(Vec::new());
    }
}

/// Adds that an operation may be asked for too often.
fn limit(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    match responses.entry(StatusCode::TOO_MANY_REQUESTS.as_str().to_owned()) {
        Entry::Vacant(entry) => drop(entry.insert(Ref::from_response_name("TooManyRequests").into())),
        Entry::Occupied(mut entry) => {
            if let RefOr::T(response) = entry.get_mut() {
                response.description.push_str("; or `rate_limited`: you ask too often");
                response.headers.extend(limit_headers());
            }
        }
    }
}

/// What is told of limits in the headers of an answer.
fn limit_headers() -> impl Iterator<Item = (String, RefOr<Header>)> {
    let told = [
        ("RateLimit-Limit", "Most requests at once"),
        ("RateLimit-Remaining", "Requests that are left"),
        ("RateLimit-Reset", "Seconds until all of them are back"),
        ("Retry-After", "Seconds after which one request may be sent"),
    ];
    told.into_iter().map(|(name, about)| {
        let mut header = Header::new(Object::with_type(Type::Integer));
        header.description = Some(about.to_owned());
        (name.to_owned(), header.into())
    })
}

/// The routes of runs under their other name.
fn add_aliases(api: &mut OpenApi) {
    for route in ALIASED {
        let Some(mut item) = api.paths.paths.get(&format!("{API}/{route}")).cloned() else { continue };
        for operation in operations(&mut item) {
            operation.operation_id = operation.operation_id.take().map(|id| format!("{id}_alias"));
            operation.description = Some(format!("The same as `{API}/{route}`."));
        }
        api.paths.paths.insert(format!("{ALIAS}/{route}"), item);
    }
}

fn shared_components() -> Components {
    let mut components = Components::new();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An access token or an API key."))
        .build();
    let key = ApiKeyValue::with_description("X-Api-Key", "An API key.");
    components.security_schemes = BTreeMap::from([
        ("bearer".to_owned(), RefOr::T(SecurityScheme::Http(bearer))),
        ("api_key".to_owned(), RefOr::T(SecurityScheme::ApiKey(ApiKey::Header(key)))),
    ]);
    components.schemas.insert("FieldError".to_owned(), FieldError::schema());
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    let mut response = Response::new("What went wrong, and what to do about it.");
    response.content.insert(PROBLEM_JSON.to_owned(), problem_content().into());
    components.responses.insert("Problem".to_owned(), response.into());
    let mut limited = Response::new("`rate_limited`: you ask too often; wait, and send it again.");
    limited.content.insert(PROBLEM_JSON.to_owned(), problem_content().into());
    limited.headers.extend(limit_headers());
    components.responses.insert("TooManyRequests".to_owned(), limited.into());
    components
}

fn problem_content() -> Content {
    Content::new(Some(Ref::from_schema_name("Problem")))
}

/// Brings the keys of a schema into one order: that of the table, then of the alphabet.
fn in_order(schema: &mut Value) {
    const FIRST: [&str; 6] = ["title", "description", "type", "format", "required", "properties"];
    let Value::Object(map) = schema else { return };
    let mut entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
    entries.sort_by_key(|(key, _)| {
        (FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()), key.clone())
    });
    map.extend(entries);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_means_one_schema() {
        let mut known: BTreeMap<String, (&str, Value)> = BTreeMap::new();
        for module in MODULES {
            for (name, schema) in of_module(module).components.unwrap_or_default().schemas {
                let mut schema = serde_json::to_value(schema).expect("json");
                in_order(&mut schema);
                let (other, first) = known.entry(name.clone()).or_insert((module.tag, schema.clone()));
                assert_eq!(
                    *first, schema,
                    "`{name}` means one thing in {other} and another in {}: rename one of the two types",
                    module.tag
                );
            }
        }
        assert!(known.len() > 10);
    }

    #[test]
    fn the_document_is_the_same_every_time() {
        let written = || as_json(&openapi()).to_string();
        assert!(written() == written());
    }
}
