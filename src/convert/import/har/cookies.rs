//! Cookies of a recording: users keep their own, and so begin without those that the browser had before.

use std::collections::BTreeSet;

use super::{
    archive::{Entry, Pair},
    filter::Kept,
    place,
};
use crate::convert::import::draft::Draft;

/// Most names that are told.
const TOLD: usize = 5;

/// Tells of cookies that were sent, and that no answer of the recording has set before.
pub(super) fn brought_along(entries: &[Entry<'_>], kept: &[Kept], draft: &mut Draft) {
    let (mut set, mut before, mut first) = (BTreeSet::new(), BTreeSet::new(), None);
    for one in kept {
        let entry = &entries[one.index];
        for name in values(&entry.request.headers, "cookie").flat_map(|sent| sent.split(';')).map(name) {
            if !name.is_empty() && !set.contains(name) && before.insert(name) {
                first.get_or_insert(one.index);
            }
        }
        // Some browsers write several into one header, a line each.
        for answered in &one.through {
            let given = values(&entries[*answered].response.headers, "set-cookie");
            set.extend(given.flat_map(str::lines).map(name));
        }
    }
    let Some(first) = first else { return };
    let more = match before.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named: Vec<_> = before.into_iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    draft.leave_out(
        place(first, &entries[first]),
        format!(
            "cookies that the browser had before, {}{more}: each user begins without any. Where they are needed, record \
             from signing in on, or send a header Cookie from a variable of the environment",
            named.join(", ")
        ),
    );
}

/// What the headers of a name say.
fn values<'e>(headers: &'e [Pair<'_>], wanted: &'static str) -> impl Iterator<Item = &'e str> {
    let named = headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(wanted));
    named.filter_map(|header| header.value.as_deref())
}

/// The name of a cookie, as it is sent or set.
fn name(pair: &str) -> &str {
    pair.split(';').next().unwrap_or_default().split('=').next().unwrap_or_default().trim()
}
