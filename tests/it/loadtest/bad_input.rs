//! Documents that are bad: all that is wrong is told, with its place and a way out.

use std::fmt::Write;

use maid::loadtest::{
    parse::{MAX_DOCUMENT, parse, read},
    problem::Problems,
};

use super::{USERS, context, document, fixtures, problems};

fn refused(text: &str, name: &str) -> String {
    parse(text, name).map(|_| ()).expect_err("refused").to_string()
}

/// One line for each of several documents, for a snapshot.
fn table(cases: &[&str], say: impl Fn(&str) -> String) -> String {
    cases.iter().fold(String::new(), |mut table, case| {
        let _ = writeln!(table, "{case}\n    {}", say(case).replace('\n', "\n    "));
        table
    })
}

#[test]
fn every_slip_is_told_at_once() {
    let problems = read(&fixtures().join("slips.yaml")).expect("well-formed").validate(&context());
    let problems = problems.expect_err("full of mistakes").to_string();
    insta::assert_snapshot!(problems.replace(&format!("{}/", fixtures().display()), ""));
}

#[test]
fn no_kind_of_mistake_hides_another() {
    let problems = read(&fixtures().join("everything.yaml")).expect("well-formed").validate(&context());
    let problems = problems.expect_err("full of mistakes").to_string();
    insta::assert_snapshot!(problems.replace(&format!("{}/", fixtures().display()), ""));
}

#[test]
fn a_stand_in_is_never_complained_about() {
    let right =
        document(USERS, "[{ path: '/{{ a }}', extract: [{ name: b, from: status }] }, { path: '/{{ b }}' }]")
            + "variables: { a: 1 }\nthresholds: ['p95{GET /{{ a }}} < 1s', 'p95{s} < 1s']\n";
    for (part, wrong) in [
        ("{ a: 1 }", "5"),
        ("{ hosts: [http://127.0.0.1:1] }", "5"),
        (USERS, "5"),
        ("[{ name: b, from: status }]", "5"),
        ("[{ name: b, from: status }]", "[{ name: b }]"),
        ("[{ name: b, from: status }]", "[5]"),
        ("'/{{ a }}'", "[]"),
        ("{ path: '/{{ b }}' }", "null"),
        ("users: 1", "users: -5"),
        ("version: 1", "version: -1"),
    ] {
        let text = right.replacen(part, wrong, 1);
        assert_eq!(problems(&text).lines().count(), 1, "{text}\n{}", problems(&text));
    }
}

#[test]
fn protocols_of_later_versions_are_told_apart_from_slips() {
    for key in ["websocket", "sse", "grpc", "sql"] {
        let told = problems(&document(USERS, &format!("[{{ {key}: {{}} }}]")));
        assert!(told.ends_with(&format!(".{key}: is not supported yet: only http is")), "{told}");
    }
}

#[test]
fn text_that_is_no_document() {
    let yaml = [
        "",
        "# nothing",
        "a: [1",
        "a: b: c",
        "a: 1\na: 2",
        "a: &x [*x]",
        "a: *nowhere",
        "--- 1\n--- 2",
        "1: a",
        "[a]: b",
        "{a}: b\n",
        "a: !!set {}",
        "a: !mine 1",
        "a: 99999999999999999999999",
        "<<: 1",
        "\tx: 1",
        "a: .nan",
        "? {{ x }}\n: 1",
        "a: {{ x }}",
    ];
    insta::assert_snapshot!(
        "yaml",
        table(&yaml, |text| match parse(text, "x.yaml") {
            Ok(document) => document.validate(&context()).expect_err(text).to_string(),
            Err(problems) => problems.to_string(),
        })
    );
    let json = ["{", "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}", "{\"a\": \"\\ud83d\"}", "{a: 1}"];
    insta::assert_snapshot!("json", table(&json, |text| refused(text, "x.json")));
}

#[test]
fn a_billion_laughs_are_refused() {
    let mut text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..30 {
        let _ = writeln!(text, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    assert!(refused(&text, "x.yaml").contains("values once aliases are expanded"));
    let large = format!("a: &a {}\nb: [{}]", "x".repeat(100_000), vec!["*a"; 1000].join(", "));
    assert!(refused(&large, "x.yaml").contains("20 MB once aliases are expanded"));
}

#[test]
fn nesting_is_bounded() {
    for name in ["x.yaml", "x.json"] {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&deep(64), name).is_ok(), "{name}");
        assert!(refused(&deep(65), name).contains("64 levels"), "{name}");
        assert!(!refused(&"[".repeat(1_000_000), name).is_empty());
    }
    let mut aliases = "a0: &a0 [1]\n".to_owned();
    for level in 1..70 {
        let _ = writeln!(aliases, "a{level}: &a{level} [*a{}]", level - 1);
    }
    assert!(refused(&aliases, "x.yaml").contains("64 levels"));
}

#[test]
fn fifty_megabytes_are_refused_unread() {
    let text = "a".repeat(50_000_000);
    assert_eq!(
        refused(&text, "x.yaml"),
        "x.yaml: is more than 10 MB large, the most that is read: put data rows into a CSV file under `data`, and large bodies into files"
    );
    let file = tempfile::NamedTempFile::new().expect("a file");
    // A hole costs no disk; were it read, it would not be UTF-8 that is complained about first.
    file.as_file().set_len(50_000_000_000).expect("a sparse file");
    assert!(read(file.path()).map(|_| ()).expect_err("too large").to_string().contains("more than 10 MB"));
}

#[test]
fn hostile_texts_of_the_largest_size_end() {
    let most = MAX_DOCUMENT - 10;
    for piece in [
        "[", "{a: ", "- ", "? ", "a: 1\n", "&a ", "*a ", "!!str ", "\"", "'", "#", "a", "\n", "- - - - ",
        "a,",
    ] {
        let text = piece.repeat(most / piece.len());
        let _ = parse(&text, "x.yaml");
        let _ = parse(&text, "x.json");
    }
}

#[test]
fn keys_are_bounded() {
    let key = "k".repeat(1001);
    assert!(refused(&format!("{key}: 1"), "x.yaml").contains("longer than 1000 bytes"));
    assert!(refused(&format!("{{\"{key}\": 1}}"), "x.json").contains("longer than 1000 bytes"));
}

#[test]
fn patterns_are_bounded() {
    let check = "{ body_matches: a }";
    let request = format!("{{ path: /, check: [{}] }}", vec![check; 100].join(", "));
    let text = problems(&document(USERS, &format!("[{}]", vec![request; 21].join(", "))));
    assert!(text.contains("the 2000 that a document may hold") && text.lines().count() == 1, "{text}");
}

#[test]
fn unreadable_files() {
    let dir = tempfile::tempdir().expect("a directory");
    let say = |name: &str| {
        let problems: Problems = read(&dir.path().join(name)).map(|_| ()).expect_err(name);
        problems.to_string().replace(&format!("{}/", dir.path().display()), "")
    };
    std::fs::write(dir.path().join("latin1.yaml"), b"version: 1\nname: caf\xE9").expect("written");
    assert_eq!(say("missing.yaml"), "missing.yaml: cannot be read: No such file or directory (os error 2)");
    assert_eq!(say("latin1.yaml"), "latin1.yaml: is not UTF-8 at line 2: save it as UTF-8");
    assert!(say("").contains("is a directory"));
}

#[test]
fn loads() {
    let loads = [
        "{}",
        "{ users: 0, run_time: 1s }",
        "{ users: 1 }",
        "{ users: 1, run_time: 1s, iterations: 1 }",
        "{ users: 1, run_time: 0s }",
        "{ users: 1, run_time: 1s, stages: [{ duration: 1s, target: 1 }] }",
        "{ users: 1, arrival: { rate: 1, max_users: 1 }, stages: [] }",
        "{ stages: [] }",
        "{ stages: [{ duration: 1500ms, target: 1.5 }], run_time: 1s, hatch_rate: 1 }",
        "{ stages: [{ duration: 1s, target: 0 }, { duration: 0s, target: 0 }] }",
        "{ stages: [{ duration: 1s, target: 5 }], measure: steady }",
        "{ arrival: { rate: 1, max_users: 1 } }",
        "{ arrival: { rate: 0, max_users: 0 }, run_time: 1s }",
        "{ arrival: { rate: 1, max_users: 1, late: dropp, stages: [{ duration: 1s, target: 1 }] }, run_time: 1s, iterations: 5 }",
        "{ users: -1, run_time: 1s }",
        "{ users: '50', run_time: 30 }",
        "{ users: 1.5, run_time: 9999h }",
        "5",
    ];
    insta::assert_snapshot!(table(&loads, |load| problems(&document(load, "[{ path: / }]"))));
}

#[test]
fn requests() {
    let requests = [
        "[]",
        "[{ path: no-slash }]",
        "[{ path: 'ws://h/' }, { path: 'http://u:p@h/' }, { path: '/a#b' }]",
        "[{ path: /, protocol: grpc }]",
        "[{ path: /, method: 'GE T' }, { path: /, method: get }]",
        "[{ path: '{{ nobody }}' }]",
        "[{ path: '/{{ unclosed' }, { path: '/{{ a b }}' }, { path: '/{{ uid() }}' }, { path: '/{{ random_int(5, 1) }}' }]",
        "[{ path: '/${env:HOME}' }, { path: '/${env:' }]",
        "[{ path: /, query: { a: { b: 1 } } }]",
        "[{ path: /, headers: { 'X Y': a, Content-Length: '5', X: \"a\\r\\nb\", x: b } }]",
        "[{ path: /, body: {} }, { path: /, body: { json: 1, text: a } }, { path: /, body: { josn: 1 } }]",
        "[{ path: /, body: { json: { list: [{ deep: '{{ nobody }}' }] } } }]",
        "[{ path: /, body: { file: nowhere.bin } }, { path: /, body: { file: /etc/hostname } }, { path: /, body: { file: . } }]",
        "[{ path: /, auth: {} }, { path: /, auth: { bearer: a, basic: { username: 'a:b' } } }]",
        "[{ path: /, auth: { bearer: a }, headers: { authorization: b } }]",
        "[{ path: /, extract: [{ name: 'a b', from: json, path: 'a.' }, { name: b, from: regex, pattern: '(', key: x }, { name: c, from: status, path: $ }, { name: d, from: body }] }]",
        "[{ path: /, check: [{ status: 99 }, { status: [] }, { status: ok }, { json: $.a, op: exists, value: 1 }, { json: $.a, op: '>' }, { json: $.a, op: '>', value: true }, { time: 800ms }, { size: '< 5' }, { body_matches: '(' }, { header: 'a b' }] }]",
        "[{ path: /, extract: [{ name: a, from: status }] }, { path: /, check: [{ json: $.a, value: '{{ a }}' }, { body_contains: '{{ angular }}' }] }]",
        "[{ path: /, timeout: 0s, redirects: 21 }, 5]",
        "[{ pth: / }]",
        "[{ method: get }]",
        "[{ name: \"a\\nb\", path: / }]",
    ];
    insta::assert_snapshot!(table(&requests, |requests| {
        problems(&document(USERS, requests)).replace(&fixtures().display().to_string(), "FIXTURES")
    }));
}

#[test]
fn everything_else() {
    let with = |rest: &str| format!("{}{rest}\n", document(USERS, "[{ path: / }]"));
    let rests = [
        "abort_on_threshold: true",
        "thresholds: ['p95 < 1', 'p95', 'error_rate < 1', 'checks > 101%', 'error_rate{5xx} < 1%', 'generator.limited{s} == false', 'p95{tt} < 1s', 'failures < 1.5']",
        "variables: { 'a b': 1, c: '{{ uuid() }}', d: '${env:NOT_GIVEN}', s: 1 }\ndata: [{ name: s, file: people.csv }]",
        "data: [{ name: a, file: missing.csv }, { name: b, file: ../../../Cargo.toml }, { name: c, file: shop.yaml }, { name: d, file: arrival.json }]",
        "rate_limit: -1",
        "run_time: 5s",
        "users: 5",
        "version: 2",
    ];
    insta::assert_snapshot!(table(&rests, |rest| match parse(&with(rest), "test.yaml") {
        Ok(document) => document.validate(&context()).expect_err(rest).to_string(),
        Err(problems) => problems.to_string(),
    }
    .replace(&fixtures().display().to_string(), "FIXTURES")));
}

#[test]
fn targets() {
    let targets = [
        "{ hosts: [] }",
        "{ hosts: ['', 'localhost:8080', '//h', 'ws://h', 'http://', 'http://u:geheim@h', 'http://h/#x', 'http://{{ h }}', '${env:SHOP_TOKEN}'] }",
        "{ hosts: [http://h], timeout: 0s, tls: { client_cert: people.csv, ca_file: nowhere.pem } }",
        "{ hosts: [http://h], headers: { X: '{{ nobody }}' }, http_version: 3 }",
        "{ hosts: [http://h], timeout: '${env:SHOP_TOKEN}' }",
        "{ hosts: [http://h], trace_context: on }",
        "{ hosts: [http://h], trace_context: requests }",
    ];
    let say = |target: &str| {
        let text = document(USERS, "[{ path: / }]").replace("{ hosts: [http://127.0.0.1:1] }", target);
        let problems = problems(&text);
        assert!(!problems.contains("s3cr3t-value") && !problems.contains("geheim"), "{problems}");
        problems.replace(&fixtures().display().to_string(), "FIXTURES")
    };
    insta::assert_snapshot!(table(&targets, say));
}

#[test]
fn many_problems_are_a_hundred_and_a_number() {
    let request = "{ path: no-slash }";
    let text = problems(&document(USERS, &format!("[{}]", vec![request; 900].join(", "))));
    assert_eq!(text.lines().count(), 101);
    assert!(text.ends_with("test.yaml: and 800 more"), "{}", text.lines().last().unwrap_or_default());
}

#[test]
fn names_of_requests_are_bounded() {
    let requests = |from: usize| {
        let list: Vec<String> = (from..from + 600).map(|n| format!("{{ path: /{n} }}")).collect();
        format!("[{}]", list.join(", "))
    };
    let second = format!("      - name: u\n        requests: {}\n", requests(600));
    let text = problems(&(document(USERS, &requests(0)) + &second));
    assert!(text.contains("there are 1200 different names of requests, and 1000 is the most"), "{text}");
}
