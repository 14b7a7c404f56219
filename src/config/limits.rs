//! What neither the schema nor the types can refuse.

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
    [
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
    ]
    .into_iter()
    .filter_map(|(key, message)| Some((key, message?)))
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
