//! Where the test is to be sent. Only hosts that stand in the text come out, and not all of those: what is refused,
//! referred to, or named by an instruction to MAID itself is listed and not used.

use url::Url;

use super::{Reader, Role, Sure, refuse::REFERRED, token::Kind, told::PLAINLY};

/// A URL of the text, with what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its token.
    pub(super) at: usize,
    /// Scheme, host and port.
    pub(super) origin: String,
    /// Path and query, where any stands there.
    pub(super) path: Option<String>,
    /// Whether it may be sent to.
    pub(super) usable: bool,
}

/// The scheme that was meant by letters before `://`.
pub(super) fn scheme(letters: &str) -> Option<&'static str> {
    match letters.to_ascii_lowercase().as_str() {
        "http" | "htp" | "hhtp" | "htttp" | "htpp" | "ttp" | "hpps" => Some("http"),
        "https" | "htps" | "hhtps" | "htttps" | "htpps" | "ttps" | "httsp" => Some("https"),
        _ => None,
    }
}

/// Last labels of names that are taken for hosts where no scheme stands before them.
const ENDINGS: &[&str] = &[
    "com",
    "de",
    "org",
    "net",
    "io",
    "dev",
    "test",
    "example",
    "local",
    "internal",
    "eu",
    "at",
    "ch",
    "app",
    "cloud",
    "shop",
    "info",
    "lan",
    "localhost",
    "uk",
    "fr",
    "nl",
    "invalid",
    "ai",
    "tech",
    "biz",
];

/// The base URL of a host without a scheme.
pub(super) fn bare_host(text: &str) -> Option<String> {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().ok()?)),
        None => (text, None),
    };
    let address = name.parse::<std::net::Ipv4Addr>().is_ok();
    let low = name.to_ascii_lowercase();
    let labels: Vec<&str> = low.split('.').collect();
    let named = labels.len() > 1
        && labels.iter().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && labels.last().is_some_and(|last| ENDINGS.contains(last))
        && labels.iter().any(|label| label.len() > 1 && label.starts_with(|c: char| c.is_ascii_alphabetic()))
        && labels[0].len() > 1;
    let local = low == "localhost";
    if !(address || named || local || text.contains(':') && is_inner(&low, port)) {
        return None;
    }
    let scheme = if address || local || port.is_some_and(|port| port != 443) { "http" } else { "https" };
    Some(format!("{scheme}://{text}"))
}

/// `orders-svc:7070`: a name within a network, which has a hyphen and a port of four digits or more. `users:5000` is none.
fn is_inner(name: &str, port: Option<u16>) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    port.is_some_and(|port| port >= 1000)
        && name.contains('-')
        && name.chars().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-')
}

impl Reader<'_> {
    /// Finds the targets.
    pub(super) fn targets(&mut self) {
        for at in 0..self.tokens.len() {
            let Kind::Url(url) = &self.tokens[at].kind else {
                continue;
            };
            let (url, raw) = (url.clone(), self.tokens[at].raw.clone());
            let Some((origin, path)) = parts(&url) else {
                self.unused(at, at + 1, "is no URL of http that can be sent to");
                continue;
            };
            // What must not be touched is not, whatever a model says.
            let why = self.refused(at).filter(|why| *why != REFERRED || !self.is_told_host(at));
            if let Some(why) = why {
                self.unused(at, at + 1, why);
            } else if !raw.contains("://") {
                self.reading.notes.push(format!("`{raw}` has no scheme: {origin} was taken"));
            } else if !raw.to_ascii_lowercase().starts_with("http") {
                self.reading.notes.push(format!("`{raw}` was taken for {origin}"));
            }
            self.urls.push(Found { at, origin, path, usable: why.is_none() });
        }
        self.second_thoughts();
        self.only_told_hosts();
        self.of_refused();
        let first: Vec<(usize, String)> =
            self.urls.iter().filter(|url| url.usable).map(|url| (url.at, url.origin.clone())).collect();
        for (at, origin) in first {
            if !self.reading.hosts.iter().any(|host| host.value == origin) {
                let fact = self.fact(origin, at, at + 1);
                self.reading.hosts.push(fact);
            }
        }
    }
}

impl Reader<'_> {
    /// Whether the model is sure that the URL at `at` is a target.
    pub(super) fn is_told_host(&self, at: usize) -> bool {
        self.host_label(at).is_some_and(|label| label.value == Role::Host && label.sure >= PLAINLY)
    }

    /// What the model says of the host of a URL: what stands behind it is a path, and labelled as such.
    fn host_label(&self, at: usize) -> Option<Sure<Role>> {
        let token = &self.tokens[at];
        let behind = token.raw.find("://").map_or(0, |scheme| scheme + 3);
        let length = token.raw[behind..].find(['/', '?', ' ']).map_or(token.raw.len(), |path| behind + path);
        self.labels.label(token.start..token.start + length)
    }

    /// Where the model knows a host to be a target, one that it knows to be none is only mentioned.
    fn only_told_hosts(&mut self) {
        let known = |url: &Found| self.is_told_host(url.at);
        if !self.urls.iter().any(|url| url.usable && known(url)) {
            return;
        }
        let mentioned = |url: &&Found| {
            let label = self.host_label(url.at).filter(|label| label.value == Role::Nothing);
            url.usable && label.is_some_and(|label| label.sure >= PLAINLY)
        };
        let gone: Vec<usize> = self.urls.iter().filter(mentioned).map(|url| url.at).collect();
        self.urls.iter_mut().filter(|url| gone.contains(&url.at)).for_each(|url| url.usable = false);
        gone.into_iter()
            .for_each(|at| self.unused(at, at + 1, "is mentioned, and another host is the target"));
    }

    /// Numbers in a sentence that speaks of no host but one that is not to be sent to are nobody's.
    fn of_refused(&mut self) {
        let sentence = |reader: &Self, at: usize| (reader.sentence_start(at), reader.sentence_end(at));
        let usable: Vec<usize> = self.urls.iter().filter(|url| url.usable).map(|url| url.at).collect();
        let refused: Vec<usize> = self.urls.iter().filter(|url| !url.usable).map(|url| url.at).collect();
        for at in refused {
            let (start, end) = sentence(self, at);
            let beside = usable.iter().any(|at| (start..end).contains(at));
            // `never B, because 600 people work there`: the reason is about B.
            let why = (at..end).find(|&at| self.is_word(at, &["denn", "weil", "because", "since", "da"]));
            let next = usable.iter().copied().find(|&other| other > at).unwrap_or(end);
            let from = if beside { why.filter(|why| *why < next) } else { Some(at) };
            let Some(from) = from.filter(|_| !usable.is_empty()) else { continue };
            let end = if beside { end.min(next) } else { end };
            // Only what stands behind it: a sentence may well begin with what is to be done.
            for one in 0..self.quantities.len() {
                if (from..end).contains(&self.quantities[one].from) {
                    self.void(one, "is about a host that is not to be tested");
                }
            }
        }
    }
}

/// Scheme, host and port of a URL, and its path with its query where any stands there.
pub(super) fn parts(text: &str) -> Option<(String, Option<String>)> {
    let url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    let behind = &text[text.find("://")? + 3..];
    let path = behind.find(['/', '?']).map(|at| &behind[at..]);
    let path = path.map(|path| path.split('#').next().unwrap_or(path));
    let path = path.map(|path| if path.starts_with('?') { format!("/{path}") } else { path.to_owned() });
    Some((url.origin().ascii_serialization(), path))
}
