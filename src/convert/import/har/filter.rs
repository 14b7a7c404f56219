//! Which entries of a recording are requests of the test.

use super::{archive::Entry, place};
use crate::convert::import::{
    Options,
    draft::{Address, Draft},
};

/// Types of resources that are files, as browsers call them.
const STATIC_RESOURCES: [&str; 6] = ["image", "stylesheet", "script", "font", "media", "manifest"];
/// Endings of files.
const STATIC_ENDINGS: [&str; 20] = [
    ".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico",
    ".woff", ".woff2", ".ttf", ".eot", ".mp4", ".webm", ".mp3", ".wasm",
];

/// An entry that is a request of the test.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) index: usize,
    pub(super) address: Address,
    /// The entry that redirects led to, which has the answer that is seen in the end.
    pub(super) answered: usize,
    /// All entries that were answered on the way there, itself and that one included.
    pub(super) through: Vec<usize>,
}

/// The host that the recording is about, and the entries that go there; all others are listed.
pub(super) fn kept(
    entries: &[Entry<'_>],
    order: &[usize],
    options: &Options,
    draft: &mut Draft,
) -> (Option<String>, Vec<Kept>) {
    let mut sent = Vec::new();
    for index in order {
        let entry = &entries[*index];
        match Address::of(&entry.request.url) {
            Ok(address) if entry.request.url.contains("://") => {
                sent.push(Kept { index: *index, address, answered: *index, through: vec![*index] });
            }
            Ok(_) => draft.leave_out(place(*index, entry), "its URL is not whole"),
            Err(why) => draft.leave_out(place(*index, entry), why),
        }
    }
    let is_page = |kept: &&Kept| {
        let answer = &entries[kept.index].response;
        (200..300).contains(&answer.status) && answer.kind() == "text/html"
    };
    let main = sent.iter().find(is_page).or(sent.first()).map(|kept| kept.address.origin.clone());
    let Some(main) = main else { return (None, Vec::new()) };
    let mut redirected: Option<String> = None;
    let mut all: Vec<Kept> = Vec::new();
    for kept in sent {
        let entry = &entries[kept.index];
        let follows = redirected.take().is_some_and(|to| same_url(&to, &entry.request.url));
        let why = reason(entry, &kept, &main, options.all, follows);
        // Only what is sent is followed by the engine.
        if (300..400).contains(&entry.response.status) && (follows || why.is_none()) {
            redirected = target(entry);
        }
        match (why, all.last_mut()) {
            (None, _) => all.push(kept),
            (Some(why), before) => {
                draft.leave_out(place(kept.index, entry), why);
                if let Some(before) = before.filter(|_| follows) {
                    before.answered = kept.index;
                    before.through.push(kept.index);
                }
            }
        }
    }
    (Some(main), all)
}

/// Why an entry is no request of the test.
fn reason(entry: &Entry<'_>, kept: &Kept, main: &str, all: bool, follows: bool) -> Option<&'static str> {
    let method = entry.request.method.as_ref();
    if follows {
        return Some("is where a redirect led to: following redirects sends it");
    }
    if method == "OPTIONS" && has(entry, "access-control-request-method") {
        return Some(
            "is a question of the browser before a request to another site, which nothing here asks",
        );
    }
    if method == "CONNECT" {
        return Some("opens a tunnel");
    }
    if entry.resource.as_deref() == Some("websocket") {
        return Some("is a WebSocket, which is not supported yet");
    }
    if entry.response.status <= 0 {
        return Some("was not answered when it was recorded");
    }
    if all {
        return None;
    }
    if kept.address.origin != main {
        return Some("goes to another host than the recording is about: take it with --all (`options.all`)");
    }
    is_static(entry, kept).then_some("is a static file: take it with --all (`options.all`)")
}

fn has(entry: &Entry<'_>, name: &str) -> bool {
    entry.request.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))
}

fn is_static(entry: &Entry<'_>, kept: &Kept) -> bool {
    if entry.request.method != "GET" {
        return false;
    }
    let kind = entry.response.kind();
    let by_kind = ["image/", "font/", "video/", "audio/"].iter().any(|start| kind.starts_with(start))
        || matches!(
            kind.as_str(),
            "text/css" | "text/javascript" | "application/javascript" | "application/x-javascript"
        );
    let by_resource = entry.resource.as_deref().is_some_and(|resource| STATIC_RESOURCES.contains(&resource));
    let path = kept.address.path.to_ascii_lowercase();
    by_kind || by_resource || kind.is_empty() && STATIC_ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Where a redirect leads.
fn target(entry: &Entry<'_>) -> Option<String> {
    let written = entry.response.redirect_url.as_deref().filter(|url| !url.is_empty());
    let to = written.or_else(|| entry.response.header("location"))?;
    Some(url::Url::parse(&entry.request.url).ok()?.join(to).ok()?.to_string())
}

fn same_url(a: &str, b: &str) -> bool {
    let bare = |url: &str| {
        let mut url = url::Url::parse(url).ok()?;
        url.set_fragment(None);
        Some(url)
    };
    bare(a).is_some_and(|a| bare(b) == Some(a))
}
