use std::time::{Duration, Instant};

use super::{
    breaker::{Breaker, Standing},
    plan::{Known, Step},
    *,
};
use crate::{
    ai::policy::{self, read},
    loadtest::span::Span,
};

const PROVIDERS: &str = "
providers:
  - { id: one, url: 'https://one.test/v1', model: m }
  - { id: two, url: 'https://two.test/v1', model: m }
";

fn of(policy: &str) -> Policy {
    read(&format!("{policy}{PROVIDERS}"), "policy.yaml").expect("a policy")
}

#[derive(Default)]
struct Case<'a> {
    policy: &'a str,
    private: bool,
    busy: bool,
    /// How long each takes: here, one, two.
    paces: [Option<u64>; 3],
    /// Whether `one` is let alone.
    rests: bool,
}

/// Whom a chat would ask, and what decides who is first.
fn asked(case: &Case<'_>) -> (Vec<&'static str>, ChosenBy) {
    let policy = of(case.policy);
    let [here, one, two] = case.paces.map(|seconds| seconds.map(Duration::from_secs));
    let rests = case.rests.then(|| (ChosenBy::Breaker, "it rests".to_owned()));
    let seen = Seen {
        policy: &policy,
        intent: Intent::Chat,
        private: case.private,
        pace: here,
        busy: case.busy,
        providers: vec![Known { not: rests, pace: one }, Known { not: None, pace: two }],
    };
    let steps = plan(&seen);
    let name = |step: &Step| match step.place {
        Place::Here => "here",
        Place::There(0) => "one",
        Place::There(_) => "two",
    };
    assert!(steps.iter().all(|step| !step.why.1.is_empty()), "each says why: {steps:?}");
    (steps.iter().map(name).collect(), steps[0].why.0)
}

#[test]
fn the_policy_says_who_is_asked() {
    let case = |policy| asked(&Case { policy, ..Case::default() });
    assert_eq!(case(""), (vec!["here"], ChosenBy::Privacy), "nothing leaves where nobody says so");
    assert_eq!(case("privacy: allow-api"), (vec!["here", "one", "two"], ChosenBy::Intent));
    assert_eq!(
        case("privacy: allow-api\nintents: { chat: remote }"),
        (vec!["one", "two", "here"], ChosenBy::Intent)
    );
    assert_eq!(case("privacy: allow-api\nintents: { chat: local }"), (vec!["here"], ChosenBy::Intent));
    assert_eq!(case("privacy: local-only\nintents: { chat: remote }"), (vec!["here"], ChosenBy::Privacy));
}

#[test]
fn what_is_private_stays_where_the_policy_says_so() {
    let case = |policy| asked(&Case { policy, private: true, ..Case::default() });
    assert_eq!(case("privacy: hybrid\nintents: { chat: remote }"), (vec!["here"], ChosenBy::Privacy));
    assert_eq!(
        case("privacy: allow-api\nintents: { chat: remote }"),
        (vec!["one", "two", "here"], ChosenBy::Intent),
        "it leaves masked"
    );
}

#[test]
fn whoever_is_busy_resting_or_slow_is_asked_later() {
    let hybrid = "privacy: allow-api\nlatency_target: 2s";
    let remote = "privacy: allow-api\nlatency_target: 2s\nintents: { chat: remote }";
    let busy = asked(&Case { policy: hybrid, busy: true, ..Case::default() });
    assert_eq!(busy, (vec!["one", "two", "here"], ChosenBy::Load));
    let rests = asked(&Case { policy: remote, rests: true, ..Case::default() });
    assert_eq!(rests, (vec!["two", "here"], ChosenBy::Breaker));
    let slow = asked(&Case { policy: hybrid, paces: [Some(9), None, None], ..Case::default() });
    assert_eq!(slow, (vec!["one", "two", "here"], ChosenBy::Latency));
    let slow = asked(&Case { policy: remote, paces: [Some(1), Some(5), Some(3)], ..Case::default() });
    assert_eq!(slow, (vec!["here", "one", "two"], ChosenBy::Latency));
    let all = asked(&Case { policy: hybrid, paces: [Some(9); 3], ..Case::default() });
    assert_eq!(all, (vec!["here", "one", "two"], ChosenBy::Intent), "nobody is better");
    let none = "privacy: allow-api";
    let slow = asked(&Case { policy: none, paces: [Some(900), None, None], ..Case::default() });
    assert_eq!(slow.0[0], "here", "without a target nobody is slow");
}

#[test]
fn a_provider_that_fails_is_let_alone_and_tried_by_one() {
    let breaker = Breaker::new(policy::Breaker { failures: 2, rest: Span::from_secs(30) });
    let now = Instant::now();
    breaker.failed(now);
    assert_eq!((breaker.standing(now), breaker.may(now)), (Standing::Closed, true));
    breaker.answered();
    breaker.failed(now);
    assert!(breaker.may(now), "failures are counted in a row");
    breaker.failed(now);
    assert!(matches!(breaker.standing(now), Standing::Open(_)) && !breaker.may(now));

    let now = now + Duration::from_secs(31);
    assert_eq!(breaker.standing(now), Standing::HalfOpen);
    assert!(breaker.may(now) && !breaker.may(now), "one tries it");
    assert_eq!(breaker.standing(now), Standing::Tried);
    breaker.failed(now);
    assert!(matches!(breaker.standing(now), Standing::Open(_)), "one failure is enough then");

    let now = now + Duration::from_secs(31);
    assert!(breaker.may(now));
    breaker.let_go();
    assert!(breaker.may(now), "whoever tried it has left: the next one tries");
    breaker.answered();
    assert_eq!((breaker.standing(now), breaker.may(now)), (Standing::Closed, true));
}

#[test]
fn what_was_slow_is_forgotten_after_a_while() {
    let (pace, now) = (Pace::default(), Instant::now());
    assert_eq!(pace.of(true, now), None);
    pace.took(true, Duration::from_secs(10), now);
    pace.took(true, Duration::from_secs(1), now);
    let known = pace.of(true, now).expect("known").as_secs_f64();
    assert!((1.0..10.0).contains(&known), "{known}");
    assert_eq!(pace.of(false, now), None, "whole answers are others");
    assert_eq!(pace.of(true, now + Duration::from_secs(61)), None);
}

#[test]
fn prices_are_for_a_million_tokens_and_rounded_up() {
    let policy = "{\"providers\": [{\"id\": \"a\", \"url\": \"https://a.test\", \"model\": \"m\", \"input_price\": 0.15, \
                  \"output_price\": 0.6}]}";
    let policy = read(policy, "policy.json").expect("a policy");
    let tokens = |prompt, answer| crate::ai::chat::Tokens { prompt, answer, estimated: false };
    let prices = policy.providers[0].prices();
    assert_eq!(
        (prices.of(tokens(0, 0)), prices.of(tokens(1, 0)), prices.of(tokens(1000, 1000))),
        (0, 1, 750)
    );
}
