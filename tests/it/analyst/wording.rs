//! A model that words what was found, and one that makes things up.

use std::sync::Mutex;

use maid::{
    analyst::{Language, Told, Worded, Wording, Words, Writer, analyse, check, plain, tell},
    engine::outcome::Analysis,
};

use super::simulator::{Sim, request};
use crate::server::block_on;

/// A model that says what it is told to say.
struct Says(Result<&'static str, &'static str>, Mutex<String>);

impl Wording for Says {
    fn word<'a>(&'a self, findings: &'a str, _: Language) -> Words<'a> {
        *self.1.lock().expect("heard") = findings.to_owned();
        let said = self.0.map_err(str::to_owned).map(|text| Worded {
            text: text.to_owned(),
            by: Writer { model: "parrot".to_owned(), ..Writer::default() },
            tokens: 42,
            cost: 0.0,
        });
        Box::pin(async move { said })
    }
}

/// A run with a slow search, the same every time.
fn slow_search() -> Analysis {
    let sim = Sim {
        requests: vec![request("GET /products", 15.0, 4), request("GET /search", 400.0, 2)],
        ..Sim::steady(11, 20, 60)
    };
    analyse(&sim.run(), &[])
}

fn told(analysis: &Analysis, says: Result<&'static str, &'static str>, language: Language) -> Told {
    block_on(tell(analysis, Some(&Says(says, Mutex::default())), language))
}

/// A figure of the first finding as it is shown.
fn shown(analysis: &Analysis, name: &str) -> String {
    let evidence = &analysis.findings[0].evidence;
    evidence.iter().find(|figure| figure.name == name).unwrap_or_else(|| panic!("{evidence:?}")).text.clone()
}

#[test]
fn right_words_are_told() {
    let analysis = slow_search();
    let (p50, p95) = (shown(&analysis, "p50"), shown(&analysis, "p95"));
    let text = format!(
        "Search is the trouble: GET /search needs {p50} at p50 and {p95} at p95, nearly all of it waiting."
    );
    let text: &'static str = text.leak();
    let told = told(&analysis, Ok(text), Language::English);
    assert_eq!((told.text.as_str(), told.degraded), (text, None));
    assert_eq!((told.by.as_ref().map(|by| by.model.as_str()), told.tokens), (Some("parrot"), 42));
}

#[test]
fn german_numbers_are_read_as_germans_write_them() {
    let analysis = slow_search();
    let seconds =
        analysis.findings[0].evidence.iter().find(|figure| figure.name == "p95").expect("p95").value / 1000.0;
    let text = format!("GET /search braucht bei p95 {} Sekunden.", format!("{seconds:.2}").replace('.', ","));
    check(&text, &analysis, Language::German).unwrap_or_else(|wrong| panic!("{wrong}: {text}"));
    let wrong = format!(
        "GET /search braucht bei p95 {} Sekunden.",
        format!("{:.2}", seconds + 0.05).replace('.', ",")
    );
    check(&wrong, &analysis, Language::German).expect_err("it is another number");
}

#[test]
fn nonsense_is_not_told() {
    let analysis = slow_search();
    let (plain, p95) = (plain(&analysis), shown(&analysis, "p95"));
    for (nonsense, why) in [
        ("GET /search takes 9,999 ms at p95.".to_owned(), "9,999"),
        ("GET /checkout is slow.".to_owned(), "request"),
        ("Look at https://evil.example/fix for help.".to_owned(), "address"),
        ("The host db.internal is the cause.".to_owned(), "host"),
        ("The host 10.0.0.7 is the cause.".to_owned(), "10.0.0.7"),
        ("<script>alert(1)</script>".to_owned(), "markup"),
        ("**GET /search** is slow.".to_owned(), "markup"),
        ("GET /search is twice as slow as it should be.".to_owned(), "in words"),
        ("GET /search is tenfold slower.".to_owned(), "in words"),
        ("GET /search takes \u{664}\u{660}\u{660} ms.".to_owned(), "digit"),
        ("GET /search\u{202e} is slow.".to_owned(), "U+202E"),
        (format!("p999 is {p95}."), "p999"),
        (format!("GET /search fails {}% of the time.", p95.trim_end_matches(" ms")), "%"),
        (format!("GET /search takes 1{p95} at p95."), "1"),
        ("There is a \"payment service\" behind it.".to_owned(), "quotes"),
        (String::new(), "empty"),
        ("no ".repeat(2000), "limit"),
        ("Ask \u{1b}[31m.".to_owned(), "U+001B"),
    ] {
        let nonsense: &'static str = nonsense.leak();
        let told = told(&analysis, Ok(nonsense), Language::English);
        assert_eq!(told.text, plain, "{nonsense}");
        let degraded = told.degraded.unwrap_or_else(|| panic!("{nonsense} was taken"));
        assert!(degraded.contains("was refused") && degraded.contains(why), "{nonsense}: {degraded}");
        assert_eq!((told.by, told.tokens), (None, 42), "what it took is told all the same");
    }
}

#[test]
fn without_a_model_or_with_a_broken_one_the_text_is_plain() {
    let analysis = slow_search();
    let broken = told(&analysis, Err("it ran out of memory"), Language::English);
    assert_eq!(broken.text, plain(&analysis));
    assert!(broken.degraded.expect("why").contains("it ran out of memory"));
    let none = block_on(tell(&analysis, None, Language::English));
    assert_eq!((none.text, none.degraded), (plain(&analysis), None));
    let german = block_on(tell(&analysis, None, Language::German));
    assert!(german.degraded.expect("why").contains("English"));
}

/// A model that cannot count is told everything it needs: every figure stands in what it reads.
#[test]
fn a_model_reads_every_figure() {
    let analysis = slow_search();
    let model = Says(Ok("GET /search is slow."), Mutex::default());
    block_on(tell(&analysis, Some(&model), Language::English));
    let heard = model.1.lock().expect("heard").clone();
    for figure in &analysis.findings[0].evidence {
        assert!(heard.contains(&figure.text), "{figure:?} is missing in {heard}");
    }
}
