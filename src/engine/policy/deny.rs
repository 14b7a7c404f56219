//! `url:` rules of `.maidignore`: requests that are never sent.

use std::{borrow::Cow, fmt, sync::Arc};

use percent_encoding::percent_decode_str;
use url::Url;

/// Says whether a host and path are closed.
type Matches = dyn Fn(&str, &str) -> bool + Send + Sync;

/// One rule.
#[derive(Clone)]
pub struct DenyRule {
    text: Arc<str>,
    matches: Arc<Matches>,
}

impl DenyRule {
    /// A rule by its text, for messages, and what it matches: host and path.
    #[must_use]
    pub fn new(text: &str, matches: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        Self { text: text.into(), matches: Arc::new(matches) }
    }
}

impl fmt::Debug for DenyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DenyRule").field(&self.text).finish()
    }
}

/// The first rule that closes a path. Other spellings of a path, by percent-encoding, dot segments
/// or doubled slashes, are held against the rules, too: a server may take them for the same.
pub(super) fn first_match<'a>(rules: &'a [DenyRule], host: &str, target: &str) -> Option<&'a str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let path = target.split(['?', '#']).next().unwrap_or(target);
    let canonical = canonical(path);
    let closes = |rule: &&DenyRule| {
        (rule.matches)(host, path) || (canonical != path && (rule.matches)(host, &canonical))
    };
    rules.iter().find(closes).map(|rule| &*rule.text)
}

fn canonical(path: &str) -> Cow<'_, str> {
    if !path.contains('%') && !path.contains("/.") && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let mut single = String::with_capacity(decoded.len());
    for letter in decoded.chars() {
        if letter != '/' || !single.ends_with('/') {
            single.push(letter);
        }
    }
    match Url::parse("http://host/").and_then(|base| base.join(&single)) {
        Ok(url) => Cow::Owned(percent_decode_str(url.path()).decode_utf8_lossy().into_owned()),
        Err(_) => Cow::Owned(single),
    }
}
