//! Patterns of URLs, such as `*/logout` or `payments.example.com/*`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A pattern of host and path in which `*` stands for anything, `/` included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlRule {
    pattern: String,
}

impl UrlRule {
    /// Takes a pattern `HOST/PATH`; a host alone means everything on it. A scheme is left out of
    /// account, a port cannot be given.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let text = text.split_once("://").map_or(text, |(_, rest)| rest);
        let (host, path) = text.split_once('/').map_or((text, "*"), |(host, path)| (host, path));
        if host.is_empty() {
            return Err("begin with a host, or with `*` for any host, as in `url:*/logout`".to_owned());
        }
        let port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        if port && !host.ends_with(']') {
            return Err("a pattern has no port: leave it out, the rule is for every port".to_owned());
        }
        let pattern = format!("{}/{}", host.to_ascii_lowercase(), normal(path));
        Ok(Self { pattern })
    }

    /// Whether a request to `path` on `host` is refused. Percent-encoding, doubled slashes, dot
    /// segments, a slash at the end, the query and the host's case make no difference.
    #[must_use]
    pub fn matches(&self, host: &str, path: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = normal(path);
        let path = path.trim_start_matches('/');
        let subject = format!("{host}/{path}");
        glob(&self.pattern, &subject)
            || subject.strip_suffix('/').is_some_and(|subject| glob(&self.pattern, subject))
    }

    /// The pattern, for messages.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }
}

/// A path as servers understand it.
fn normal(path: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    if !decoded.contains("//") && !decoded.contains("/.") && !decoded.starts_with('.') {
        return decoded;
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let slash = if decoded.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    Cow::Owned(segments.join("/") + slash)
}

/// Whether `text` is an instance of `pattern`. On a mismatch only the last star is widened, so
/// the work is at most the product of the lengths.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p + 1, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((after, from)) = star {
            p = after;
            t = from + 1;
            star = Some((after, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}
