//! What is there and is changed without being said anew: its port, its shares, what it is judged by, how long its plateau is.

use super::{peak, set_users};
use crate::{
    ai::generator::{
        draft::{Draft, remove_rules},
        reader::{Fact, Reading, Unused},
    },
    loadtest::{span::Span, types::Transaction},
};

/// Changes it.
pub(super) fn change(draft: &mut Draft, reading: &Reading) {
    port(draft, reading);
    headers(draft, reading);
    reverse(draft, reading);
    rules(draft, reading);
    hold(draft, reading);
    level(draft, reading);
    factors(draft, reading);
}

/// Whether a time is that of the plateau of a test that has one.
pub(super) fn is_hold(draft: &Draft, reading: &Reading, time: &Fact<u64>) -> bool {
    reading.turn.holds(time) && !plateaus(draft).is_empty()
}

fn port(draft: &mut Draft, reading: &Reading) {
    let Some(port) = &reading.turn.port else { return };
    for index in 0..draft.loadtest.target.hosts.len() {
        let Ok(mut url) = url::Url::parse(&draft.loadtest.target.hosts[index]) else { continue };
        if url.set_port(Some(port.value)).is_ok() {
            draft.loadtest.target.hosts[index] = url.origin().ascii_serialization();
            draft.said(format!("/target/hosts/{index}"), &port.span);
        }
    }
}

/// Headers that the sentence names, where it names no request that they belong to.
fn headers(draft: &mut Draft, reading: &Reading) {
    if !reading.requests.iter().all(|request| request.value.method.is_none()) {
        return;
    }
    let mut places = Vec::new();
    for (s, scenario) in draft.loadtest.scenarios.iter_mut().enumerate() {
        for (t, transaction) in scenario.transactions.iter_mut().enumerate() {
            for (r, request) in transaction.requests.iter_mut().enumerate() {
                for header in &reading.headers {
                    let (name, value) = &header.value;
                    request.headers.insert(name.clone(), value.clone());
                    places.push((
                        format!("/scenarios/{s}/transactions/{t}/requests/{r}/headers"),
                        &header.span,
                    ));
                }
            }
        }
    }
    for (place, span) in places {
        draft.said(place, span);
    }
}

/// Turns shares round: the first gets what the last has.
fn reverse(draft: &mut Draft, reading: &Reading) {
    let Some(turned) = &reading.turn.reversed else { return };
    for index in 0..draft.loadtest.scenarios.len() {
        let transactions: &mut Vec<Transaction> = &mut draft.loadtest.scenarios[index].transactions;
        let weights: Vec<u32> = transactions.iter().rev().map(|one| one.weight).collect();
        if weights.iter().all(|weight| *weight == weights[0]) {
            continue;
        }
        transactions.iter_mut().zip(&weights).for_each(|(one, weight)| one.weight = *weight);
        for at in 0..weights.len() {
            draft.said(format!("/scenarios/{index}/transactions/{at}/weight"), &turned.span);
        }
    }
}

/// The measure of a rule.
fn measure(rule: &str) -> &str {
    rule.split(['{', ' ', '<', '>', '=']).next().unwrap_or_default()
}

fn rules(draft: &mut Draft, reading: &Reading) {
    for gone in &reading.turn.drop_rules {
        let fits = |rule: &&String| match gone.value.as_str() {
            "*" => true,
            "error_rate" => matches!(measure(rule), "error_rate" | "failures"),
            "latency" => is_timed(rule),
            name => measure(rule) == name,
        };
        let texts: Vec<String> = draft.loadtest.thresholds.iter().filter(fits).cloned().collect();
        if texts.is_empty() {
            let reason = "the test has no such rule, so it cannot be taken out".to_owned();
            draft.unused.push(Unused { span: gone.span.clone(), reason });
        }
        remove_rules(draft, &texts);
    }
    limit(draft, reading);
    let Some(judged) = &reading.turn.judged else { return };
    let (new, old) = &judged.value;
    for index in 0..draft.loadtest.thresholds.len() {
        let rule = draft.loadtest.thresholds[index].clone();
        if measure(&rule) == old {
            draft.loadtest.thresholds[index] = format!("{new}{}", &rule[old.len()..]);
            draft.said(format!("/thresholds/{index}"), &judged.span);
        }
    }
}

/// Whether a rule is about response times.
fn is_timed(rule: &str) -> bool {
    let name = measure(rule);
    name.starts_with('p') || matches!(name, "avg" | "max" | "min")
}

/// Gives the only rule about times another limit.
fn limit(draft: &mut Draft, reading: &Reading) {
    let Some(limit) = &reading.turn.limit else { return };
    let rules = &draft.loadtest.thresholds;
    let all: Vec<usize> = (0..rules.len()).filter(|&at| is_timed(&rules[at])).collect();
    let [at] = all.as_slice() else { return };
    let rule = draft.loadtest.thresholds[*at].clone();
    let Some(value) = rule.rfind([' ', '<', '>', '=']) else { return };
    draft.loadtest.thresholds[*at] = format!("{}{}", &rule[..=value], Span::from_millis(limit.value));
    draft.said(format!("/thresholds/{at}"), &limit.span);
}

/// The steps that hold the level of the one before.
fn plateaus(draft: &Draft) -> Vec<usize> {
    let stages = draft.loadtest.load.stages.as_deref().unwrap_or_default();
    (1..stages.len()).filter(|&at| (stages[at].target - stages[at - 1].target).abs() < f64::EPSILON).collect()
}

/// How long the highest plateau takes.
fn hold(draft: &mut Draft, reading: &Reading) {
    let Some(hold) = &reading.turn.hold else { return };
    let all = plateaus(draft);
    let Some(stages) = &mut draft.loadtest.load.stages else { return };
    let highest = all.into_iter().max_by(|one, other| stages[*one].target.total_cmp(&stages[*other].target));
    if let Some(at) = highest {
        stages[at].duration = Span::from_millis(hold.value);
        draft.said(format!("/load/stages/{at}/duration"), &hold.span);
    }
}

/// `180 statt 100`: whatever is 100 becomes 180. `die Spitze auf 180`.
fn level(draft: &mut Draft, reading: &Reading) {
    let top = reading
        .turn
        .top
        .as_ref()
        .map(|top| Fact { value: (peak(&draft.loadtest), top.value), span: top.span.clone() });
    let Some(fact) = reading.turn.replaced_number.clone().or(top) else { return };
    let (old, new) = fact.value;
    let same = |value: f64| (value - old).abs() < f64::EPSILON;
    if let Some(arrival) = &mut draft.loadtest.load.arrival
        && same(arrival.rate)
    {
        arrival.rate = new;
        draft.said("/load/arrival/rate", &fact.span);
    } else if same(peak(&draft.loadtest)) && new.fract() == 0.0 && (1.0..=1e6).contains(&new) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and within"
        )]
        let users = new as u32;
        set_users(draft, &Fact { value: users, span: fact.span });
    }
}

fn factors(draft: &mut Draft, reading: &Reading) {
    if let Some(times) = &reading.turn.times_rate {
        if let Some(arrival) = &mut draft.loadtest.load.arrival {
            arrival.rate = (arrival.rate * times.value).clamp(0.001, 1e6);
            draft.said("/load/arrival/rate", &times.span);
        } else {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to a million")]
            let users = (peak(&draft.loadtest) * times.value).round().clamp(1.0, 1e6) as u32;
            set_users(draft, &Fact { value: users, span: times.span.clone() });
        }
    }
    if let Some(times) = &reading.turn.times_time
        && let Some(time) = draft.loadtest.load.run_time
    {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days at most")]
        let millis = (time.get().as_secs_f64() * 1000.0 * times.value).round() as u64;
        draft.loadtest.load.run_time = Some(Span::from_millis(millis.max(1)));
        draft.said("/load/run_time", &times.span);
    }
}
