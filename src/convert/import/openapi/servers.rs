//! Where a description says that its API is.

use serde_json::Value;
use url::Url;

use super::{
    Options,
    document::{entries, items},
};
use crate::convert::import::draft::Draft;

/// The hosts of the test: the first server, or the one that is asked for with the server's base path.
pub(super) fn hosts(root: &Value, options: &Options, draft: &mut Draft) -> Vec<String> {
    let servers: Vec<String> = items(&root["servers"]).filter_map(url).collect();
    let first = servers.first().map_or("/", String::as_str);
    for (index, other) in servers.iter().enumerate().skip(1) {
        if options.hosts.is_empty() {
            let message =
                format!("`{other}` is another server: the first one is sent to, unless --host names one");
            draft.leave_out(format!("servers[{index}]"), message);
        }
    }
    let base = base_path(first);
    if !options.hosts.is_empty() {
        return Vec::new();
    }
    match Url::parse(first) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            vec![format!("{}{base}", url.origin().ascii_serialization())]
        }
        _ => {
            draft.leave_out("servers[0]", format!("`{first}` names no host: give one with --host"));
            Vec::new()
        }
    }
}

/// The path that all paths of the API go on from, when the host is given by whoever imports: a host with a path of
/// its own has it already.
pub(super) fn prefix(root: &Value, options: &Options) -> String {
    let bare = |host: &String| Url::parse(host).is_ok_and(|url| url.path() == "/");
    if options.hosts.is_empty() || !options.hosts.iter().all(bare) {
        return String::new();
    }
    items(&root["servers"]).filter_map(url).next().map_or_else(String::new, |first| base_path(&first))
}

/// The path of a server's URL, without a slash at its end.
fn base_path(server: &str) -> String {
    let path = match Url::parse(server) {
        Ok(url) => url.path().to_owned(),
        Err(_) => server.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// A server's URL with the defaults of its variables.
pub(super) fn url(server: &Value) -> Option<String> {
    let mut url = server["url"].as_str()?.trim().to_owned();
    for (name, variable) in entries(&server["variables"]).take(50) {
        let default = match &variable["default"] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        url = url.replace(&format!("{{{name}}}"), &default);
        if url.len() > 2000 {
            return None;
        }
    }
    Some(url)
}
