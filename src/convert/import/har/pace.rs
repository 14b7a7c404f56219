//! When things happened in a recording, and how long somebody thought in between.

use jiff::Timestamp;

use super::{Visit, archive::Entry};
use crate::{
    convert::import::draft::some_thinking,
    loadtest::{span::Span, types::ThinkTime},
};

/// A pause from which on a new visit begins, where the recording knows no pages.
pub(super) const VISIT_ENDS_MS: i64 = 1500;
/// Longest pause that is taken over: somebody who went away did not think.
const LONGEST_MS: i64 = 30_000;

/// When an entry began, in milliseconds.
fn began(entry: &Entry<'_>) -> Option<i64> {
    entry.started_date_time.as_deref()?.trim().parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// The entries in the order of time; as they are written where no time is known.
pub(super) fn in_order(entries: &[Entry<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let times: Vec<Option<i64>> = entries.iter().map(began).collect();
    if times.iter().all(Option::is_some) {
        order.sort_by_key(|index| times[*index]);
    }
    order
}

/// Milliseconds between the end of an entry and the beginning of a later one.
pub(super) fn pause(before: &Entry<'_>, after: &Entry<'_>) -> i64 {
    let (Some(from), Some(to)) = (began(before), began(after)) else { return 0 };
    #[expect(clippy::cast_possible_truncation, reason = "within a day")]
    let took = before.time.unwrap_or_default().clamp(0.0, 86_400_000.0) as i64;
    to.saturating_sub(from.saturating_add(took)).max(0)
}

/// The pauses between visits, from the shortest to the longest.
pub(super) fn thinking(entries: &[Entry<'_>], visits: &[Visit<'_>]) -> ThinkTime {
    let pauses = visits.windows(2).filter_map(|pair| {
        let (last, first) = (pair[0].kept.last()?, pair[1].kept.first()?);
        let pause = pause(&entries[last.index], &entries[first.index]).min(LONGEST_MS);
        u64::try_from(pause).ok()
    });
    let pauses: Vec<u64> = pauses.collect();
    match (pauses.iter().min(), pauses.iter().max()) {
        (Some(least), Some(most)) if *most > 0 => {
            ThinkTime { min: Span::from_millis(*least), max: Span::from_millis(*most) }
        }
        _ => some_thinking(),
    }
}

/// The title of a page as the name of a transaction: browsers write its URL there.
pub(super) fn title(title: &str) -> String {
    match url::Url::parse(title) {
        Ok(url) if url.has_host() => url.path().to_owned(),
        _ => title.to_owned(),
    }
}
