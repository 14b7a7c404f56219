//! What neither the schema nor the types can refuse.

use std::path::Path;

use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use url::Url;

use super::{Config, oidc};
use crate::{engine::policy::TargetPolicy, http::address::TrustedProxies};

/// Fewest characters of `auth.secret`.
const SHORTEST_SECRET: usize = 32;

/// Keys whose values cannot be used, with why.
pub(super) fn refused(config: &Config) -> impl Iterator<Item = (&'static str, String)> {
    let log = log_filter(&config.telemetry.log).err();
    let endpoint = config.telemetry.otlp.endpoint.as_deref().and_then(|url| collector(url).err());
    let endpoint = endpoint.map(str::to_owned);
    let targets = TargetPolicy::new(&config.load.targets.allow, Vec::new(), Vec::new());
    let targets = targets.err().map(|error| error.to_string());
    let files = exposes(&config.server.files_dir, &config.server.data_dir);
    let files = files.then(|| {
        "must not hold server.data_dir: a test could read the secret and the database in it".to_owned()
    });
    let secret = config.auth.secret.expose().filter(|secret| secret.len() < SHORTEST_SECRET);
    let secret = secret.map(|_| format!("must be {SHORTEST_SECRET} characters or more, best random ones"));
    let open = !config.auth.required && !config.server.host.is_loopback();
    let open = open.then(|| {
        "can be false only while server.host is a loopback address: others would be let in without a word"
            .to_owned()
    });
    let small = config.auth.password.total_memory_kib < config.auth.password.memory_kib;
    let small = small.then(|| "must be auth.password.memory_kib or more".to_owned());
    let lanes = config.auth.password.memory_kib < 8 * config.auth.password.lanes;
    let lanes = lanes.then(|| "takes 8 KiB of auth.password.memory_kib each".to_owned());
    let proxies = TrustedProxies::new(&config.server.trusted_proxies);
    let proxies = proxies.err().map(|error| error.to_string());
    let providers = &config.auth.oidc;
    let public_url = oidc::refused_public_url(config.server.public_url.as_deref(), providers);
    let tls = &config.server.tls;
    let half = |missing: bool, other: &str| missing.then(|| format!("is missing: {other} needs it"));
    let cert = half(tls.cert_file.is_none() && tls.key_file.is_some(), "server.tls.key_file");
    let key = half(tls.key_file.is_none() && tls.cert_file.is_some(), "server.tls.cert_file");
    let origins = config.server.cors_origins.iter().find_map(|text| origin(text).err());
    [
        ("server.files_dir", files),
        ("server.public_url", public_url),
        ("auth.oidc", oidc::refused_providers(providers)),
        ("telemetry.log", log),
        ("telemetry.otlp.endpoint", endpoint),
        ("load.targets.allow", targets),
        ("server.trusted_proxies", proxies),
        ("auth.secret", secret),
        ("auth.required", open),
        ("auth.password.total_memory_kib", small),
        ("auth.password.lanes", lanes),
        ("server.tls.cert_file", cert),
        ("server.tls.key_file", key),
        ("server.cors_origins", origins),
    ]
    .into_iter()
    .filter_map(|(key, message)| Some((key, message?)))
}

/// Whether whoever may read what is in `folder` may read `private`, whatever links lead there.
fn exposes(folder: &Path, private: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    match (real(folder), real(private)) {
        (Ok(folder), Ok(private)) => private.starts_with(folder),
        _ => false,
    }
}

/// Whether `text` says what is logged, and why not.
fn log_filter(text: &str) -> Result<(), String> {
    const WRITE: &str = "write a level such as `warn`, or `warn,maid=debug`";
    // The library takes a misspelt level for the name of a part, and everything else falls silent.
    let is_word = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let words = text.split(',').map(str::trim).filter(|part| !part.is_empty()).filter(is_word);
    for word in words {
        if word.parse::<LevelFilter>().is_err() {
            return Err(format!(
                "`{word}` is not a level (off, error, warn, info, debug, trace); {WRITE}, where `maid` is the \
                 part that it is for"
            ));
        }
    }
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("is not a log filter ({error}); {WRITE}")),
    }
}

/// The URL of a collector, and why it is none.
fn collector(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "is not a URL; write one such as http://127.0.0.1:4318")?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("must be an http:// or https:// URL");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no user or password: they would be shown; use telemetry.otlp.headers");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with a path: no `?` and no `#`");
    }
    Ok(url)
}

/// Whether `text` is an origin as browsers write it, and why not.
fn origin(text: &str) -> Result<(), String> {
    let wrong =
        || format!("`{text}` is not an origin; write one such as https://shop.example.com, each by itself");
    let url =
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)?;
    match url.origin().ascii_serialization() {
        _ if text.contains('*') => Err(wrong()),
        // What is compared is the very text.
        exact if exact == text => Ok(()),
        exact => Err(format!("`{text}` is not how browsers write an origin; write {exact}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_level_does_not_silence_the_log() {
        for right in
            ["", "info", "WARN", "off", "warn,maid=debug", "maid::runs=trace, error", "[run{a=b}]=debug"]
        {
            assert_eq!(log_filter(right), Ok(()), "{right}");
        }
        for (wrong, told) in [
            ("inof", "`inof` is not a level (off, error"),
            ("info,maid", "`maid` is not a level"),
            ("maid=inof", "is not a log filter"),
        ] {
            assert!(log_filter(wrong).is_err_and(|error| error.contains(told)), "{wrong}");
        }
    }

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for right in
            ["https://shop.example.com", "http://localhost:5173", "http://[::1]:8080", "http://10.0.0.7"]
        {
            assert_eq!(origin(right), Ok(()), "{right}");
        }
        for (wrong, told) in [
            ("*", "is not an origin"),
            ("null", "is not an origin"),
            ("https://*.example.com", "is not an origin"),
            ("shop.example.com", "is not an origin"),
            ("file:///tmp", "is not an origin"),
            ("https://shop.example.com/", "write https://shop.example.com"),
            ("https://Shop.example.com", "write https://shop.example.com"),
            ("https://shop.example.com:443", "write https://shop.example.com"),
            ("https://shop.example.com/a?b", "write https://shop.example.com"),
            ("https://u:p@shop.example.com", "write https://shop.example.com"),
        ] {
            assert!(origin(wrong).is_err_and(|error| error.contains(told)), "{wrong}");
        }
    }

    #[test]
    fn a_certificate_needs_its_key() {
        let mut config = Config::default();
        assert_eq!(refused(&config).count(), 0);
        config.server.tls.cert_file = Some("tls.crt".into());
        assert_eq!(refused(&config).map(|(key, _)| key).collect::<Vec<_>>(), ["server.tls.key_file"]);
        config.server.tls.key_file = config.server.tls.cert_file.take();
        assert_eq!(refused(&config).map(|(key, _)| key).collect::<Vec<_>>(), ["server.tls.cert_file"]);
    }

    #[test]
    fn collectors_are_plain_urls() {
        for right in ["http://127.0.0.1:4318", "https://otel.example.com/tenant/"] {
            assert!(collector(right).is_ok(), "{right}");
        }
        for wrong in [
            "127.0.0.1:4318",
            "otel",
            "file:///etc/passwd",
            "http://u:p@h/",
            "http://h/?key=1",
            "http://h/#x",
        ] {
            assert!(collector(wrong).is_err(), "{wrong}");
        }
    }
}
