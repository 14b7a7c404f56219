use std::fs;

use super::*;

const WHOLE: &str = "
privacy: hybrid
latency_target: 2s
budget: { per_day: 2.5, per_answer: 0.05 }
intents: { chat: remote, generate: local }
mask: [Project Falcon]
providers:
  - id: ollama
    url: http://127.0.0.1:11434/v1
    model: llama3.2
    input_price: 0
    output_price: 0
  - id: openai
    url: https://api.example.com/v1
    model: small
    api_key_env: OPENAI_API_KEY
    input_price: 0.15
    output_price: 0.6
    limit: max_completion_tokens
    breaker: { failures: 2, rest: 5s }
";

#[test]
fn a_policy_says_what_is_asked_of_whom() {
    let policy = read(WHOLE, "policy.yaml").expect("a policy");
    assert_eq!(policy.privacy, Privacy::Hybrid);
    let routes = [Intent::Chat, Intent::Generate, Intent::Explain].map(|intent| policy.route(intent));
    assert_eq!(routes, [Preference::Remote, Preference::Local, Preference::Hybrid]);
    assert_eq!(policy.providers[1].breaker, Breaker { failures: 2, rest: Span::from_secs(5) });
    assert_eq!(policy.providers[0].timeout, Span::from_secs(60));
    for nothing in ["", "# nothing yet", "{}"] {
        assert_eq!(read(nothing, "policy.yaml").expect(nothing), Policy::default(), "{nothing}");
    }
}

#[test]
fn what_is_wrong_with_a_policy_is_told_with_its_place() {
    let cases = [
        ("privcy: hybrid", "1:9 privcy: unknown field `privcy`"),
        ("privacy: everything", "`everything`"),
        ("privacy: hybrid", "providers: must name whoever may be asked"),
        ("intents: { chat: remote }", "providers: must name whoever may be asked"),
        ("budget: { per_day: -1 }", "1:20 budget.per_day: must be US dollars"),
        ("mask: [a]", "mask[0]: must be 2 to 200"),
        (&WHOLE.replace("id: openai", "id: ollama"), "13:9 providers[1].id: is the id of two"),
        (&WHOLE.replace("id: openai", "id: local"), "nor be `local`"),
        (&WHOLE.replace("https://api", "http://api"), "providers[1].url: must begin with https://"),
        (&WHOLE.replace("https://api", "https://user:pw@api"), "providers[1].url: must hold no user"),
        (
            &WHOLE.replace("https://api.example.com/v1", "file:///etc/passwd"),
            "must be an http:// or https://",
        ),
        (&WHOLE.replace("    output_price: 0.6\n", ""), "is needed by `budget`"),
        (&WHOLE.replace("output_price: 0.6", "output_price: -2"), "must be US dollars for a million"),
        (&WHOLE.replace("api_key_env: OPENAI_API_KEY", "api_key: sk-123"), "unknown field `api_key`"),
        (&WHOLE.replace("model: small", "model: ''"), "must name a model"),
        (&WHOLE.replace("failures: 2", "failures: 0"), "must open after 1 to 1000"),
        (&WHOLE.replace("model: small", "model: small\n    max_prompt_tokens: 5"), "must be 64 to"),
        (&WHOLE.replace("rest: 5s", "rest: 25h"), "must rest for at most 24h"),
        ("providers: 7", "invalid type"),
        ("[", "is not valid YAML"),
    ];
    for (text, told) in cases {
        let problems = read(text, "policy.yaml").expect_err(text).to_string();
        assert!(problems.contains(told), "{problems:?} does not say {told:?}");
    }
    let large = format!("# {}", "x".repeat(300_000));
    assert!(read(&large, "policy.yaml").expect_err("too large").to_string().contains("bytes"));
}

#[test]
fn plain_http_to_elsewhere_is_said_out_loud() {
    let text = WHOLE
        .replace("url: https://api.example.com/v1", "url: http://10.0.0.5:8000/v1\n    allow_http: true");
    read(&text, "policy.yaml").expect("it is allowed");
}

#[test]
fn a_file_that_changes_is_read_again_and_one_that_cannot_be_used_lets_nothing_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.yaml");
    assert!(PolicyFile::open(path.clone()).is_err(), "it is not there");
    fs::write(&path, WHOLE).expect("written");
    let (file, held) = PolicyFile::open(path.clone()).expect("a policy");
    assert_eq!((held.policy.privacy, held.problem), (Privacy::Hybrid, None));
    let mut mark = file.mark();
    assert!(file.changed(&mut mark).is_none(), "nothing has changed");
    let mut privacy = || {
        let held = file.changed(&mut mark).expect("it is another one");
        (held.policy.privacy, held.problem)
    };

    fs::write(&path, WHOLE.replace("privacy: hybrid", "privacy: allow-api")).expect("written");
    assert_eq!(privacy(), (Privacy::AllowApi, None));

    fs::write(&path, "privacy: alow-api").expect("written");
    let (kept, problem) = privacy();
    assert_eq!(kept, Privacy::LocalOnly);
    assert!(problem.is_some_and(|problem| problem.contains("alow-api")));

    fs::remove_file(&path).expect("removed");
    assert!(matches!(privacy(), (Privacy::LocalOnly, Some(_))));
    fs::write(&path, WHOLE).expect("written");
    assert_eq!(privacy(), (Privacy::Hybrid, None), "it is back");
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let whole: serde_json::Value =
        crate::loadtest::parse::parse(WHOLE, "policy.yaml").expect("YAML").value().clone();
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&whole).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
