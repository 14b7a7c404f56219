//! What is said of thresholds that failed: what to look at, and what to run next.

use maid::{
    analyst::analyse,
    engine::outcome::{CheckStats, Finding, Kind},
};

use super::simulator::{Effect, Failure, Moment, Sim};

/// What is found where `rule` failed at `observed`, with `checks` among the results.
fn failed(rule: &str, observed: f64, checks: &[(&str, &str, u64, u64)]) -> Finding {
    let mut outcome = Sim { thresholds: vec![rule.to_owned()], ..Sim::steady(5, 20, 30) }.run();
    let result = &mut outcome.summary.verdict.thresholds[0];
    (result.passed, result.observed) = (false, Some(observed));
    let check = |&(request, name, passed, failed): &(&str, &str, u64, u64)| CheckStats {
        request: request.to_owned(),
        name: name.to_owned(),
        passed,
        failed,
    };
    outcome.checks = checks.iter().map(check).collect();
    let found = analyse(&outcome, &[]).findings;
    found.into_iter().find(|one| one.kind == Kind::Threshold).unwrap_or_else(|| panic!("nothing of {rule}"))
}

const CHECKS: [(&str, &str, u64, u64); 3] = [
    ("GET /products", "status is 200", 900, 20),
    ("GET /search", "body has `lamp`", 200, 100),
    ("POST /cart", "status is 201", 500, 0),
];

#[test]
fn of_checks_the_one_that_failed_most_is_named() {
    let found = failed("checks > 99%", 0.93, &CHECKS);
    let told = "What failed most: body has `lamp` of GET /search, 100 of 300 times.";
    assert!(found.explanation.contains(told), "{found:?}");
    assert_eq!(found.request.as_deref(), Some("GET /search"));
    assert!(found.next_test.text.contains("dry run"), "{found:?}");
    let of_one = failed("checks{GET /products} > 99%", 0.97, &CHECKS);
    assert_eq!(of_one.request.as_deref(), Some("GET /products"), "{of_one:?}");
    let none = failed("checks > 99%", 0.93, &[]);
    assert!(none.request.is_none() && !none.explanation.contains("What failed most"), "{none:?}");
}

#[test]
fn what_to_run_next_depends_on_what_failed() {
    for (rule, observed, next) in [
        ("p95 < 10ms", 30.0, "Lower the load until it holds"),
        ("error_rate < 1%", 0.2, "dry run"),
        ("failures < 3", 7.0, "dry run"),
        ("rps > 5000", 200.0, "more users"),
        ("rps < 10", 200.0, "Lower the load"),
    ] {
        let found = failed(rule, observed, &CHECKS);
        assert!(found.next_test.text.contains(next), "{rule}: {found:?}");
        assert!(found.request.is_none(), "{rule}: {found:?}");
    }
}

/// Of a shop whose cart fails at times and whose search is slow: the ids that the two thresholds follow from.
fn causes(sim: Sim) -> [Option<String>; 2] {
    let rules = ["error_rate < 1%", "p95{GET /search} < 100ms"];
    let effects = |moment: &Moment, rng: &mut fastrand::Rng| Effect {
        failure: (moment.request == 2 && rng.f64() < 0.2).then_some(Failure::Status(503)),
        wait_ms: if moment.request == 1 { 300.0 } else { 0.0 },
        ..Effect::default()
    };
    let mut outcome =
        Sim { thresholds: rules.map(str::to_owned).to_vec(), effects: Box::new(effects), ..sim }.run();
    for (result, observed) in outcome.summary.verdict.thresholds.iter_mut().zip([0.04, 330.0]) {
        (result.passed, result.observed) = (false, Some(observed));
    }
    let found = analyse(&outcome, &[]).findings;
    rules.map(|rule| {
        let name = rule.split(" <").next().expect("a name");
        let told = |one: &&Finding| one.kind == Kind::Threshold && one.title.contains(name);
        found.iter().find(told).unwrap_or_else(|| panic!("nothing of {rule}: {found:?}")).follows_from.clone()
    })
}

#[test]
fn what_is_slow_by_itself_is_not_laid_to_failures_of_another_request() {
    let [errors, slow] = causes(Sim::steady(7, 20, 40));
    assert_eq!((errors.as_deref(), slow.as_deref()), (Some("errors-1"), Some("slow-1")));
}

#[test]
fn what_the_target_refuses_is_not_laid_to_the_generator() {
    let [errors, slow] = causes(Sim { cpu_percent: 97.0, lag_us: 25_000, ..Sim::steady(7, 20, 40) });
    assert_eq!((errors.as_deref(), slow.as_deref()), (Some("errors-1"), Some("generator-1")));
}

#[test]
fn a_rule_is_about_failures_by_its_measure_and_not_by_the_name_of_its_request() {
    let rule = "p95{GET /checks} < 100ms";
    let mut sim = Sim {
        thresholds: vec![rule.to_owned()],
        cpu_percent: 97.0,
        lag_us: 25_000,
        ..Sim::steady(7, 20, 40)
    };
    sim.requests[1].name = "GET /checks";
    let mut outcome = sim.run();
    let result = &mut outcome.summary.verdict.thresholds[0];
    (result.passed, result.observed) = (false, Some(330.0));
    let found = analyse(&outcome, &[]).findings;
    let missed = found.iter().find(|one| one.kind == Kind::Threshold).expect("the rule failed");
    assert_eq!(missed.follows_from.as_deref(), Some("generator-1"), "{found:?}");
}
