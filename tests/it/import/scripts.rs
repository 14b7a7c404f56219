//! Scripts of k6 and files of Locust as people write them.

use maid::convert::import::{Format, Options};

use super::{holds_no_secret, imported, told};

#[test]
fn a_script_of_k6_becomes_a_test() {
    let told = told(Format::K6, "shop.k6.js", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn a_script_with_an_open_model_becomes_a_test() {
    let told = told(Format::K6, "arrival.k6.js", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_of_locust_becomes_a_test() {
    let told = told(Format::Locust, "shop.locust.py", &Options::default());
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn tasks_in_order_become_a_test() {
    let options = Options { hosts: vec!["http://127.0.0.1:8080".to_owned()], ..Options::default() };
    let told = told(Format::Locust, "steps.locust.py", &options);
    holds_no_secret(&told);
    insta::assert_snapshot!(told);
}

/// A script of k6 around some lines.
fn k6(options: &str, lines: &str) -> String {
    format!(
        "import http from 'k6/http';\nimport {{ check, sleep, fail }} from 'k6';\nexport const options = {options};\n\
         export default function () {{\n{lines}\n}}\n"
    )
}

#[test]
fn the_short_forms_of_load_are_read() {
    for (options, load) in [
        ("{ vus: 7, duration: '90s' }", "users: 7\n  run_time: 1m30s"),
        ("{ vus: 5, iterations: 20 }", "users: 5\n  iterations: 4"),
        ("{ stages: [{ duration: '0.5m', target: 3 }] }", "- { duration: 30s, target: 3 }"),
        (
            "{ scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } } }",
            "users: 2\n  iterations: 3",
        ),
        ("{}", "users: 5\n  run_time: 30s"),
    ] {
        let script = k6(options, "http.get('http://a.test/');");
        let made =
            imported(Format::K6, &script, &Options::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let text = maid::convert::yaml::write(&made.loadtest);
        assert!(text.contains(load), "{options}: {text}");
    }
}

#[test]
fn users_that_are_asked_for_win() {
    let script = k6("{ stages: [{ duration: '1m', target: 3 }] }", "http.get('http://a.test/');");
    let options = Options { users: Some(9), ..Options::default() };
    let made = imported(Format::K6, &script, &options).expect("a test");
    assert_eq!(made.loadtest.load.users, Some(9));
    assert!(made.left_out.iter().any(|item| item.place == "load"), "{:?}", made.left_out);
    let script = k6("{ vus: 3, duration: '1m' }", "http.get('http://a.test/');");
    let made = imported(Format::K6, &script, &options).expect("a test");
    assert_eq!((made.loadtest.load.users, made.left_out.len()), (Some(9), 0));
}

#[test]
fn whatever_is_not_carried_over_is_listed_once_with_its_line() {
    for (lines, said) in [
        ("if (__VU % 2) { http.get('http://a.test/b'); }", "line 6: `if __VU % 2` is known only"),
        ("while (true) { http.get('http://a.test/b'); }", "line 6: `while (true)"),
        ("for (let i = 0; i < 1000; i++) { i; }", "more than 100 passes"),
        ("for (const id of [1, 2].filter((x) => x)) { http.get(`http://a.test/${id}`); }", "a loop over"),
        (
            "ws.connect('ws://a.test', {}, () => {});",
            "line 6: `ws.connect('ws://a.test', {}, () => {})` is not carried over",
        ),
        (
            "http.get(`http://${where()}/b`);",
            "`where()` is known only when the script runs: ${env:WHERE} stands for it",
        ),
        ("http.post('http://a.test/b', { f: http.file('x', 'y') });", "multipart"),
        ("switch (1) { case 1: http.get('http://a.test/b'); }", "is not understood"),
        (
            "check(http.get('http://a.test/b'), { 'x is odd': (r) => r.json('x') % 2 === 1 });",
            "the check `x is odd`",
        ),
        ("http.get('http://a.test/b', { tags: { team: 'a' }, compression: 'gzip' });", "the tag `team`"),
    ] {
        let script = k6("{}", &format!("http.get('http://a.test/');\n{lines}"));
        let made =
            imported(Format::K6, &script, &Options::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let listed: Vec<String> = made.left_out.iter().map(ToString::to_string).collect();
        let found = listed.iter().filter(|item| item.contains(said)).count();
        assert_eq!(found, 1, "{lines}: {listed:#?}");
    }
}

#[test]
fn what_means_nothing_for_the_load_is_not_listed() {
    let lines = "// a comment\nconst res = http.get('http://a.test/');\nconsole.log(res.status);\n\
                 if (res.status !== 200) { console.warn(res.body); }\nlet unused = 1 + 2;\nsleep(1);";
    let made = imported(Format::K6, &k6("{}", lines), &Options::default()).expect("a test");
    assert_eq!(made.left_out, [], "{:?}", made.left_out);
}
