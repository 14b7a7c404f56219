//! Failures: of which kind, of which request, and since when.

use super::{
    facts::{Facts, Point},
    finding::{Draft, short},
    statistics::{Window, densest, wilson},
};
use crate::engine::outcome::{ErrorGroup, Finding, Kind, Severity, Unit};

/// Share of failures that their 99 % interval lies above where they count: less may be a single hiccup.
const LEAST_SHARE: f64 = 0.001;
/// Share of failures from which on the test shows that something does not work.
const CRITICAL: f64 = 0.01;
/// Share of the failures that a request or a host has to have where it is named as theirs.
const MOST: f64 = 0.8;
/// Places that a run is cut into to look for when failures began.
const PLACES: usize = 200;
/// Logarithm of the likelihood by which failures have to lie together: with 200 places there are 20,000
/// stretches, and chance alone reaches 10 in one of them.
const GAIN: f64 = 14.0;
/// How many times as many failures a stretch has as the rest.
const DENSER: f64 = 3.0;
/// Shares of a run that count as its beginning and its end.
const EDGE: f64 = 0.04;

/// The failures of a run, where there are more than a few.
pub(super) fn find(facts: &Facts<'_>) -> Option<Finding> {
    let summary = &facts.outcome.summary;
    let (failures, requests) = (summary.failures, summary.requests);
    if failures < 2 || requests == 0 || wilson(failures.min(requests), requests).0 < LEAST_SHARE {
        return None;
    }
    let window = stretch(facts);
    let worst = window.as_ref().map_or(0.0, |window| window.inside);
    let critical = summary.error_rate >= CRITICAL || worst >= 0.05;
    let severity = if critical { Severity::Critical } else { Severity::Warning };
    let mut draft = Draft::new(Kind::Errors, severity, if failures >= 20 { 0.97 } else { 0.8 });
    let count = draft.figure("failed requests", failures as f64, Unit::Count);
    let share = draft.figure("share of failed requests", summary.error_rate, Unit::Share);
    let mut text = format!("{count} requests failed, {share} of all.");
    let what = kinds(&mut draft, &mut text, &summary.errors, failures);
    let request = request_of(facts, failures);
    if let Some(name) = &request {
        let own = summary.by_request.iter().find(|request| request.name == *name).map_or(0, |r| r.failures);
        let own = draft.figure("failures of the request", own as f64, Unit::Count);
        text.push_str(&format!(" {own} of them are of {}.", short(name)));
    }
    if let Some(window) = &window {
        draft = when(draft, &mut text, facts, window);
    }
    let subject = request
        .as_deref()
        .map_or_else(|| "Requests fail".to_owned(), |name| format!("{} fails", short(name)));
    let next = next(window.is_some(), &what);
    let host = host_of(facts, failures);
    Some(draft.request(request).host(host).next(next, None).told(format!("{subject}: {what}"), text))
}

/// Tells the kinds of failure, and answers the first one in words.
fn kinds(draft: &mut Draft, text: &mut String, groups: &[ErrorGroup], failures: u64) -> String {
    let mut first = None;
    for group in groups.iter().take(3).filter(|group| group.count as f64 * 20.0 >= failures as f64) {
        let status =
            group.example.as_ref().and_then(|example| example.status).filter(|_| group.kind == "status");
        let words = match status {
            Some(status) => {
                let status = draft.figure("status of the failures", f64::from(status), Unit::Status);
                format!("answers with status {status}")
            }
            None => words(&group.kind).to_owned(),
        };
        let count = draft.figure(format!("failures: {words}"), group.count as f64, Unit::Count);
        // What could not be written was never sent, so that it is none of the requests.
        text.push_str(&if group.kind == "template" {
            format!(" Besides, {count} could not be sent: {words}.")
        } else {
            format!(" {count} were {words}.")
        });
        first.get_or_insert(words);
    }
    first.unwrap_or_else(|| "for many reasons".to_owned())
}

/// A kind of failure in words.
fn words(kind: &str) -> &'static str {
    match kind {
        "dns" => "names that did not resolve",
        "connect" => "connections that could not be made",
        "exhausted" => "connections for which this machine had no port or file left",
        "tls" => "TLS handshakes that failed",
        "timeout" => "timeouts",
        "closed" => "connections that broke before the answer was complete",
        "protocol" => "answers that broke the rules of HTTP",
        "redirect" => "redirects that could not be followed",
        "policy" => "requests that the target policy did not let out",
        "decode" => "bodies that could not be decompressed",
        "too_large" => "answers that were too large",
        "status" => "refused answers",
        "check" => "checks that failed",
        "extract" => "values that were not in the answer",
        "template" => "templates that could not be filled in",
        _ => "failures of other kinds",
    }
}

/// The request that most failures are of.
fn request_of(facts: &Facts<'_>, failures: u64) -> Option<String> {
    let most = facts.outcome.summary.by_request.iter().max_by_key(|request| request.failures)?;
    (most.failures as f64 >= MOST * failures as f64).then(|| most.name.clone())
}

/// The host that most failures are of.
fn host_of(facts: &Facts<'_>, failures: u64) -> Option<String> {
    let most = facts.outcome.by_host.iter().max_by_key(|host| host.failures)?;
    (most.failures as f64 >= MOST * failures as f64).then(|| most.host.clone())
}

/// The time in which failures lie together, in points.
fn stretch(facts: &Facts<'_>) -> Option<Window> {
    let size = facts.points.len().div_ceil(PLACES).max(1);
    let sum = |part: &[Point], of: fn(&Point) -> f64| part.iter().map(of).sum::<f64>() as u64;
    let parts: Vec<(u64, u64)> = facts
        .points
        .chunks(size)
        .map(|part| (sum(part, |p| p.failures.min(p.requests)), sum(part, |p| p.requests)))
        .collect();
    let found = densest(&parts)?;
    let together = found.gain >= GAIN && found.inside >= DENSER * found.outside;
    let window = Window { from: found.from * size, to: (found.to * size).min(facts.points.len()), ..found };
    // What fills the run from its first moment to its last has no onset.
    let whole = window.to - window.from >= facts.points.len();
    (together && !whole).then_some(window)
}

/// Tells when failures began, and what the load was then.
fn when(mut draft: Draft, text: &mut String, facts: &Facts<'_>, window: &Window) -> Draft {
    let points = &facts.points;
    let (first, last) = (points[window.from], points[window.to - 1]);
    let edge = (points.len() as f64 * EDGE).ceil() as usize;
    let to_the_end = window.to + edge >= points.len();
    let at = draft.figure("begin of the failures", first.at, Unit::S);
    let inside = draft.figure("share of failed requests in that time", window.inside, Unit::Share);
    let users = draft.figure("users at the begin of the failures", first.users, Unit::Users);
    let rate = draft.figure(
        "requests per second at the begin of the failures",
        first.requests / facts.step,
        Unit::PerSecond,
    );
    // Half the way there: what grew since then was growing.
    let grew = first.users > 1.1 * points[window.from / 2].users;
    let under = if grew { "as the load grew to" } else { "under" };
    if to_the_end {
        text.push_str(&format!(
            " They began {at} into the run, {under} {users} and {rate}, and went on to its end: from then on \
             {inside} of requests failed."
        ));
    } else {
        let until = draft.figure("end of the failures", last.at + facts.step, Unit::S);
        text.push_str(&format!(
            " They lie between {at} and {until}, {under} {users} and {rate}: in that time {inside} of requests \
             failed."
        ));
    }
    draft.at(first.at, Some(last.at + facts.step))
}

fn next(began: bool, what: &str) -> String {
    if began {
        format!(
            "Look into the target's log for the moment at which it began ({what}); then run the load of that moment \
             alone, held steady, to see whether it comes from the load or from the time."
        )
    } else {
        format!(
            "Run it with one user: if it still fails ({what}), it is no matter of load, and the request or the \
             target is wrong."
        )
    }
}
