//! What neither the schema nor the types can refuse.

use tracing_subscriber::EnvFilter;
use url::Url;

use super::Config;

/// Keys whose values cannot be used, with why.
pub(super) fn refused(config: &Config) -> impl Iterator<Item = (&'static str, String)> {
    let log = EnvFilter::builder().parse(&config.telemetry.log).err().map(|error| {
        format!("is not a log filter ({error}); write a level such as `warn` or `warn,maid=debug`")
    });
    let endpoint = config.telemetry.otlp.endpoint.as_deref().and_then(|url| collector(url).err());
    let endpoint = endpoint.map(str::to_owned);
    [("telemetry.log", log), ("telemetry.otlp.endpoint", endpoint)]
        .into_iter()
        .filter_map(|(key, message)| Some((key, message?)))
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
