//! The summary that the terminal shows after a run, the most important thing first.

mod sections;

use crate::engine::outcome::Outcome;

/// Narrowest summary that is laid out; a narrower terminal wraps.
const NARROWEST: usize = 40;

/// The summary of `outcome`: lines of at most `width` columns (at least 40), with colours only when
/// `color` is set.
#[must_use]
pub fn summary_text(outcome: &Outcome, color: bool, width: usize) -> String {
    let page = Page { outcome, color, width: width.max(NARROWEST) };
    let sections = [
        page.verdict(),
        page.thresholds(),
        page.totals(),
        page.latency(),
        page.requests(),
        page.status_codes(),
        page.checks(),
        page.errors(),
        page.found(),
        page.generator(),
    ];
    let mut text = String::new();
    for section in sections.into_iter().filter(|section| !section.is_empty()) {
        text.push('\n');
        for line in section {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// What every section of the summary needs.
struct Page<'a> {
    outcome: &'a Outcome,
    color: bool,
    width: usize,
}
