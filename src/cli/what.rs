//! What `maid run` is given: a file, `recipe:ID`, a deeplink, a URL, or `-` for stdin.

use std::{path::PathBuf, str::FromStr};

use url::Url;

use crate::deeplinks::link::PAGE;

/// Query keys of a deeplink, `/maid/run?...`.
const DEEPLINK: [&str; 4] = ["link", "config", "recipe", "preset"];

/// A test, or where to find one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    File(PathBuf),
    Stdin,
    Recipe(String),
    Url(Url),
    Deeplink(String),
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(id) = text.strip_prefix("recipe:") {
            return Ok(Self::Recipe(id.to_owned()));
        }
        if text.starts_with("maid://") {
            return Ok(Self::Deeplink(text.to_owned()));
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            let url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
            let shared = url.query_pairs().any(|(key, _)| DEEPLINK.contains(&key.as_ref()));
            let shared = shared && url.path().ends_with(PAGE);
            return Ok(if shared { Self::Deeplink(text.to_owned()) } else { Self::Url(url) });
        }
        Ok(Self::File(PathBuf::from(text)))
    }
}

/// The URL that was perhaps meant by something that is no file, such as `127.0.0.1:8080`.
pub(super) fn meant_url(text: &str) -> Option<String> {
    let rest = match text.split_once("://") {
        Some((_, rest)) => rest,
        None => Some(text).filter(|text| looks_like_a_host(text))?,
    };
    let mut url = Url::parse(&format!("http://{rest}")).ok()?;
    // Credentials are not repeated.
    url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    let shown = url.to_string();
    Some(if rest.contains('/') { shown } else { shown.trim_end_matches('/').to_owned() })
}

fn looks_like_a_host(text: &str) -> bool {
    let authority = text.split(['/', '?', '#']).next().unwrap_or_default();
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    port.is_some_and(is_port) || authority == "localhost" || authority.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_apart() {
        assert_eq!("-".parse(), Ok(What::Stdin));
        assert_eq!("recipe:x".parse(), Ok(What::Recipe("x".into())));
        for link in
            ["http://h/maid/run?recipe=a", "https://h/base/maid/run?link=k3Jd92LmQx0a", "maid://h/maid/run"]
        {
            assert_eq!(link.parse(), Ok(What::Deeplink(link.into())));
        }
        assert!(matches!("http://h/maid/run".parse(), Ok(What::Url(_))));
        assert_eq!("shop.yaml".parse(), Ok(What::File("shop.yaml".into())));
        assert!("http://".parse::<What>().is_err());
    }

    #[test]
    fn a_forgotten_scheme_is_seen() {
        for (text, meant) in [
            ("127.0.0.1:18901", Some("http://127.0.0.1:18901")),
            ("localhost/a?b=1", Some("http://localhost/a?b=1")),
            ("shop.test:80", Some("http://shop.test")),
            ("ftp://u:p@h/x", Some("http://h/x")),
            ("shop.yaml", None),
            ("tests/shop:", None),
            ("", None),
        ] {
            assert_eq!(meant_url(text).as_deref(), meant, "{text}");
        }
    }
}
