//! The target: hosts, TLS, time limit.

use std::{path::PathBuf, sync::Arc};

use url::Url;

use super::{files::Files, findings::Findings};
use crate::loadtest::{place::Path, span::Span, types::Target, valid::TlsFiles};

/// Most hosts of a test, or of a scenario.
const MAX_HOSTS: usize = 100;

/// Largest PEM file, in MB.
const MAX_PEM_MB: u64 = 10;

/// Reads a list of base URLs.
pub(super) fn hosts(hosts: &[String], path: &Path, findings: &mut Findings) -> Vec<Url> {
    if hosts.len() > MAX_HOSTS {
        findings.add(path, format!("has {} hosts, and may have {MAX_HOSTS} at most", hosts.len()));
        return Vec::new();
    }
    let hosts = hosts.iter().enumerate();
    hosts.filter_map(|(index, text)| findings.keep(&path.index(index), host(text))).collect()
}

fn host(text: &str) -> Result<Url, String> {
    const EXAMPLE: &str = "write a base URL such as http://127.0.0.1:8080";
    if text.contains("{{") {
        return Err(format!("hosts cannot hold templates, only ${{env:NAME}}: {EXAMPLE}"));
    }
    let shown = without_credentials(text);
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => format!("`{shown}` has no scheme: {EXAMPLE}"),
        other => format!("`{shown}` is not a URL ({other}): {EXAMPLE}"),
    })?;
    match url.scheme() {
        "http" | "https" => {}
        "ws" | "wss" => return Err("WebSocket is not supported yet: use http:// or https://".to_owned()),
        // `localhost:8080` parses as a URL with the scheme `localhost`.
        _ if !text.contains("://") => return Err(format!("`{shown}` has no scheme: {EXAMPLE}")),
        other => return Err(format!("`{other}://` is not supported: use http:// or https://")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds credentials: leave them out, and put them under `auth` of the requests".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "`{shown}` has a query or a fragment: leave it out; a query belongs to the requests"
        ));
    }
    Ok(url)
}

/// A URL for a message, without what may stand before an `@`.
fn without_credentials(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("***@{host}"),
        None => text.to_owned(),
    }
}

pub(super) fn check(target: &Target, files: &Files<'_>, findings: &mut Findings) -> TlsFiles {
    let path = Path::root().key("target");
    check_timeout(Some(target.timeout), &path.key("timeout"), findings);
    let tls = &target.tls;
    let path = path.key("tls");
    match (&tls.client_cert, &tls.client_key) {
        (Some(_), None) => {
            findings.add(&path, "`client_cert` needs its private key: add `client_key`");
        }
        (None, Some(_)) => {
            findings.add(&path, "`client_key` needs its certificate: add `client_cert`");
        }
        _ => {}
    }
    let mut pem = |key: &str, file: &Option<PathBuf>| -> Option<Arc<[u8]>> {
        let path = path.key(key);
        let bytes = findings.keep(&path, files.read(file.as_ref()?, MAX_PEM_MB))?;
        if memchr::memmem::find(&bytes, b"-----BEGIN ").is_none() {
            findings.add(&path, "is not a PEM file: it has no `-----BEGIN` line; convert it with openssl");
        }
        Some(bytes.into())
    };
    TlsFiles {
        ca: pem("ca_file", &tls.ca_file),
        cert: pem("client_cert", &tls.client_cert),
        key: pem("client_key", &tls.client_key),
    }
}

pub(super) fn check_timeout(timeout: Option<Span>, path: &Path, findings: &mut Findings) {
    if timeout == Some(Span::default()) {
        findings.add(path, "must be longer than 0s");
    }
}
