//! How MAID asks other services over HTTP: without redirects, named, and past proxies where it stays on this machine.

use std::{fs, io, path::Path};

use reqwest::{Certificate, ClientBuilder, redirect::Policy};
use url::Url;

use crate::config::is_loopback;

/// A client for the service at `url`, whose certificate may also come from the authorities in `ca_file`.
///
/// # Errors
/// When the file cannot be read, or holds no certificate.
pub fn client(url: &Url, ca_file: Option<&Path>) -> io::Result<ClientBuilder> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .user_agent(concat!("maid/", env!("CARGO_PKG_VERSION")))
        .tls_certs_merge(ca_file.map(authorities).transpose()?.unwrap_or_default());
    // A proxy of the environment does not lead to this machine.
    Ok(if is_loopback(url) { builder.no_proxy() } else { builder })
}

fn authorities(path: &Path) -> io::Result<Vec<Certificate>> {
    let found = Certificate::from_pem_bundle(&fs::read(path)?).map_err(io::Error::other)?;
    if found.is_empty() {
        return Err(io::Error::other("no certificate is in it"));
    }
    Ok(found)
}

/// What went wrong, with its causes and without the URL.
#[must_use]
pub fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        told = format!("{told}: {inner}");
        cause = inner.source();
    }
    told
}

/// What another service says, as it is logged and told: so many characters at most, none of which nobody sees.
#[must_use]
pub fn shown(text: &str, most: usize) -> String {
    text.chars().take(most).flat_map(char::escape_debug).collect()
}
