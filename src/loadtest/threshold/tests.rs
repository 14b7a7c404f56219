use super::*;

fn parse(text: &str) -> Result<Threshold, ThresholdError> {
    Threshold::parse(text, &["GET product", "GET /p/{{ people.id }}", "buy < 5"], &["browse", "GET product"])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn reads_measure_filter_operator_and_value() {
    let latency = |stat, corrected| Measure::Latency { stat, corrected };
    let cases = [
        ("p95 < 500ms", latency(Stat::Percentile(95_000), false), None, Op::Lt, 500.0),
        ("corrected.p999<=1.5s", latency(Stat::Percentile(99_900), true), None, Op::Le, 1500.0),
        (
            "avg{browse} < 250us",
            latency(Stat::Avg, false),
            Some(Filter::Scenario("browse".into())),
            Op::Lt,
            0.25,
        ),
        (
            "max{ scenario browse } < 1m",
            latency(Stat::Max, false),
            Some(Filter::Scenario("browse".into())),
            Op::Lt,
            60_000.0,
        ),
        (
            "p99{GET product} < 800ms",
            latency(Stat::Percentile(99_000), false),
            Some(Filter::Request("GET product".into())),
            Op::Lt,
            800.0,
        ),
        (
            "min{GET /p/{{ people.id }}} > 1ms",
            latency(Stat::Min, false),
            Some(Filter::Request("GET /p/{{ people.id }}".into())),
            Op::Gt,
            1.0,
        ),
        (
            "p50{buy < 5} < 1s",
            latency(Stat::Percentile(50_000), false),
            Some(Filter::Request("buy < 5".into())),
            Op::Lt,
            1000.0,
        ),
        (
            "p95{2xx} < 300ms",
            latency(Stat::Percentile(95_000), false),
            Some(Filter::StatusClass(2)),
            Op::Lt,
            300.0,
        ),
        (
            "p95{404} < 300ms",
            latency(Stat::Percentile(95_000), false),
            Some(Filter::Status(404)),
            Op::Lt,
            300.0,
        ),
        ("error_rate < 1%", Measure::ErrorRate, None, Op::Lt, 0.01),
        ("error_rate == 0", Measure::ErrorRate, None, Op::Eq, 0.0),
        ("checks >= 100%", Measure::Checks, None, Op::Ge, 1.0),
        ("rps > 100/s", Measure::Rps, None, Op::Gt, 100.0),
        ("failures < 10", Measure::Failures, None, Op::Lt, 10.0),
        ("generator.limited == false", Measure::GeneratorLimited, None, Op::Eq, 0.0),
        ("generator.limited < 1", Measure::GeneratorLimited, None, Op::Lt, 1.0),
    ];
    for (text, measure, filter, op, value) in cases {
        let expected = Threshold { source: text.to_owned(), measure, filter, op, value };
        assert_eq!(parse(text), Ok(expected), "{text}");
        assert_eq!(parse(text).expect(text).to_string(), text);
    }
}

#[test]
fn refuses_what_could_mean_two_things() {
    for text in [
        "p95 < 500",
        "error_rate < 1",
        "checks > 101%",
        "failures < 1.5",
        "generator.limited > 5",
        "p95{} < 1s",
        "p95{nobody} < 1s",
        "p95 500ms",
        "< 5ms",
        "p95 <",
        "p95 =< 5ms",
        "p95{2xx < 5ms",
        "error_rate{2xx} < 1%",
        "p95 x{2xx} < 1s",
        "p95{2xx} x < 1s",
        "p95 < 1e3ms",
        "p95 < -1ms",
        "p95 < NaNms",
        "",
        "{",
        "}{",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert_eq!(parse("p95{GET produkt} < 1s").expect_err("unknown").suggestion(), Some("GET product"));
}

#[test]
fn compares() {
    let rule = parse("p95 <= 500ms").expect("a rule");
    assert!(rule.holds(500.0) && !rule.holds(500.1) && !rule.holds(f64::NAN));
    assert!(parse("generator.limited != true").expect("a rule").holds(0.0));
}
