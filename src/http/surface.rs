//! What there is to ask for: the OpenAPI document as it is served, and the table of paths and
//! methods that is read from it. The document is the one source of both.

use std::collections::BTreeSet;

use actix_web::{dev::ResourceDef, http::Method, web::Bytes};
use serde_json::Value;

use super::{Code, Digest, FieldError, Problem};
use crate::loadtest::nearest::nearest;

/// Longest path that a problem repeats, in characters.
const LONGEST_PATH: usize = 200;

/// All paths, with their methods and the document that they are from.
#[derive(Debug)]
pub struct Surface {
    document: Bytes,
    etag: String,
    paths: Vec<KnownPath>,
}

#[derive(Debug)]
struct KnownPath {
    template: String,
    pattern: ResourceDef,
    methods: Vec<Method>,
    /// Those of them that take no parameters in the query, where somebody is asked who they are.
    plain: Vec<Method>,
}

impl Surface {
    /// The surface that `document`, an OpenAPI document, describes.
    #[must_use]
    pub fn new(document: &Value) -> Self {
        let bytes = document.to_string().into_bytes();
        let etag = format!("W/{}", Digest::of(&bytes).entity_tag());
        let paths = document["paths"].as_object().into_iter().flatten().map(|(template, item)| KnownPath {
            template: template.clone(),
            pattern: ResourceDef::new(template.as_str()),
            methods: methods_of(item),
            plain: plain_of(item),
        });
        Self { paths: paths.collect(), etag, document: bytes.into() }
    }

    /// The document as it is served.
    #[must_use]
    pub fn document(&self) -> Bytes {
        self.document.clone()
    }

    /// What changes when the document does.
    #[must_use]
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// Methods that a path knows; none where there is no such path.
    #[must_use]
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let known = self.known(path).map(|known| known.methods.iter().map(Method::as_str));
        let known: BTreeSet<&str> = known.into_iter().flatten().collect();
        known.into_iter().filter_map(|name| Method::from_bytes(name.as_bytes()).ok()).collect()
    }

    /// The path of the document that `path` is: one that is written out goes before one with
    /// parameters, as the standard has it.
    fn known(&self, path: &str) -> Option<&KnownPath> {
        let written_out = self.paths.iter().find(|known| known.template == path);
        written_out.or_else(|| self.paths.iter().find(|known| known.pattern.is_match(path)))
    }

    /// Why the method of a request is refused: its path is known, and knows others.
    ///
    /// A router that tries one route after another would take `DELETE /runs/compare` for the run `compare`.
    #[must_use]
    pub fn refused_method(&self, method: &Method, path: &str) -> Option<Problem> {
        let known = self.known(path)?;
        let answered = *method == Method::OPTIONS || known.methods.contains(method);
        (!answered).then(|| self.refusal(method, path))
    }

    /// Why the query of a request is refused: its route takes none. A slip must not pass for a default.
    #[must_use]
    pub fn refused_query(&self, method: &Method, path: &str, query: &str) -> Option<Problem> {
        let known = self.known(path)?;
        let name = query.split(['=', '&']).next().filter(|name| !name.is_empty())?;
        if !known.plain.contains(method) {
            return None;
        }
        let name: String = name.chars().take(LONGEST_PATH).collect();
        let message = "is not known here; this route takes nothing in the query".to_owned();
        let problem = Problem::new(Code::BadQuery, format!("{name}: {message}"));
        Some(problem.with_errors([FieldError { path: name, message }]))
    }

    /// Why `method` is not answered at `path`: there is no such path, or it knows others.
    #[must_use]
    pub fn refusal(&self, method: &Method, path: &str) -> Problem {
        let methods = self.methods(path);
        let shown: String = path.chars().take(LONGEST_PATH).collect();
        if methods.is_empty() {
            let known = self.paths.iter().map(|known| known.template.as_str());
            let hint =
                nearest(path, known).map_or_else(String::new, |meant| format!("did you mean {meant}? "));
            let detail = format!("nothing answers there; {hint}/api/docs lists all routes");
            return Problem { instance: Some(shown), ..Problem::new(Code::NoRoute, detail) };
        }
        let allow: Vec<String> = methods.iter().map(ToString::to_string).collect();
        let detail = format!("{method} is not known there; use {}", allow.join(" or "));
        Problem { instance: Some(shown), allow, ..Problem::new(Code::MethodNotAllowed, detail) }
    }
}

/// The methods of a path of the document. Whoever answers GET answers HEAD, and everybody OPTIONS.
fn methods_of(item: &Value) -> Vec<Method> {
    let named = |name: &str| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).ok();
    let operations = item.as_object().into_iter().flatten().filter(|(_, operation)| operation.is_object());
    let mut methods: Vec<Method> = operations.filter_map(|(name, _)| named(name)).collect();
    if methods.contains(&Method::GET) {
        methods.push(Method::HEAD);
    }
    methods.push(Method::OPTIONS);
    methods
}

/// The methods of a path that take no parameters in the query. Routes that ask nobody who they are, such
/// as those for probes, are given what others add.
fn plain_of(item: &Value) -> Vec<Method> {
    let plain = |operation: &Value| {
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        operation["security"] != Value::Array(Vec::new())
            && !parameters.any(|parameter| parameter["in"] == "query")
    };
    let operations = item.as_object().into_iter().flatten().filter(|(_, operation)| plain(operation));
    operations.filter_map(|(name, _)| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn surface() -> Surface {
        Surface::new(&json!({"paths": {
            "/api/maid/status": {"get": {}},
            "/api/maid/run": {"post": {}},
            "/api/maid/runs/{id}": {"get": {}, "delete": {}},
            "/api/maid/runs/compare": {"get": {}},
            "/api/maid/runs/{id}/report.{format}": {"get": {}, "parameters": []},
        }}))
    }

    #[test]
    fn paths_have_their_methods() {
        let surface = surface();
        let methods =
            |path: &str| surface.methods(path).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(methods("/api/maid/status"), "GET HEAD OPTIONS");
        assert_eq!(methods("/api/maid/run"), "OPTIONS POST");
        assert_eq!(methods("/api/maid/runs/7"), "DELETE GET HEAD OPTIONS");
        assert_eq!(methods("/api/maid/runs/7/report.json"), "GET HEAD OPTIONS");
        assert_eq!(methods("/api/maid/runs/compare"), "GET HEAD OPTIONS", "it is no run");
        let refused = |method, path| surface.refused_method(&method, path).map(|problem| problem.code);
        assert_eq!(refused(Method::DELETE, "/api/maid/runs/compare"), Some(Code::MethodNotAllowed));
        assert_eq!(refused(Method::DELETE, "/api/maid/runs/7"), None);
        assert_eq!(refused(Method::DELETE, "/nowhere"), None, "this is another refusal");
        for none in ["/api/maid/runs/7/report", "/api/maid/status/", "/api/maid", "/", ""] {
            assert_eq!(methods(none), "", "{none}");
        }
    }

    #[test]
    fn a_query_is_refused_where_none_is_taken() {
        let surface = Surface::new(&json!({"paths": {
            "/status": {"get": {"parameters": [{"in": "header", "name": "a"}]}},
            "/history": {"get": {"parameters": [{"in": "query", "name": "limit"}]}},
            "/runs/{id}": {"get": {}, "delete": {"parameters": [{"in": "query", "name": "force"}]}},
            "/healthz": {"get": {"security": []}},
        }}));
        let refused = |method, path, query| surface.refused_query(&method, path, query).map(|of| of.code);
        assert_eq!(refused(Method::GET, "/status", "x=1"), Some(Code::BadQuery));
        assert_eq!(refused(Method::GET, "/runs/7", "x"), Some(Code::BadQuery));
        for (method, path, query) in [
            (Method::GET, "/status", ""),
            (Method::GET, "/history", "x=1"),
            (Method::DELETE, "/runs/7", "x"),
            (Method::GET, "/healthz", "x=1"),
            (Method::GET, "/nowhere", "x=1"),
        ] {
            assert_eq!(refused(method.clone(), path, query), None, "{method} {path}?{query}");
        }
    }

    #[test]
    fn a_refusal_says_what_there_is() {
        let surface = surface();
        let none = surface.refusal(&Method::GET, "/api/maid/statsu");
        assert_eq!(none.code, Code::NoRoute);
        assert!(none.detail.contains("did you mean /api/maid/status?"), "{none}");
        let other = surface.refusal(&Method::PUT, "/api/maid/run");
        assert_eq!(
            (other.code, other.allow),
            (Code::MethodNotAllowed, vec!["OPTIONS".to_owned(), "POST".to_owned()])
        );
        let long = surface.refusal(&Method::GET, &"/x".repeat(10_000));
        assert_eq!(long.instance.map(|path| path.len()), Some(LONGEST_PATH));
    }
}
