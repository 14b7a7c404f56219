//! Documents that are wrong, endless or hostile: refused with the place, or carried over without harm.

use std::time::{Duration, Instant};

use maid::convert::{
    import::{Format, Options},
    yaml,
};

use super::imported;

fn refused(format: Format, text: &str) -> String {
    match imported(format, text, &Options::default()) {
        Ok(made) => panic!("this is taken: {made:?}"),
        Err(wrong) => wrong.to_string(),
    }
}

#[test]
fn what_is_wrong_has_its_place_and_a_way_out() {
    for (format, text, said) in [
        (Format::OpenApi, "swagger: '2.0'\npaths: {}", "convert it to OpenAPI 3"),
        (Format::OpenApi, "openapi: 4.0.0", "3.0 and 3.1"),
        (Format::OpenApi, "a: 1", "no `openapi` key"),
        (Format::OpenApi, "openapi: 3.0.0\npaths: [", "a:3:1"),
        (Format::OpenApi, "{\"openapi\": \"3.1.0\",\n \"paths\": }", "a:2:11"),
        (Format::OpenApi, "openapi: 3.0.0\npaths: {}", "nothing that can be sent"),
        (Format::OpenApi, "openapi: 3.0.0\npaths: {/a: {get: {}}}", "--host"),
        (Format::OpenApi, "", "empty"),
        (Format::Har, "{\"log\": {\"entries\": [\n {\"request\": 5}]}}", "a:2:14"),
        (Format::Har, "{\"log\": {\"entries\": []}}", "nothing that can be sent"),
        (Format::Har, "[]", "a:1:"),
        (Format::Postman, "{\"requests\": []}", "v2.1"),
        (Format::Postman, "{\"info\": {}}", "`item`"),
        (Format::Curl, "curl https://a.test\ncurl 'https://a.test", "a:2:6: the quote"),
        (Format::Curl, "wget https://a.test", "not curl"),
        (Format::Curl, "curl -s", "no URL"),
        (Format::K6, "", "is empty"),
        (
            Format::K6,
            "import http from 'k6/http';\nexport default function () {\n  http.get('http://a.test/'\n}\n",
            "is not JavaScript",
        ),
        (Format::K6, "const a: string = 'x';\nexport default () => {};", "a:1:7: is not JavaScript"),
        (Format::K6, "const a: string = 'x';\nexport default () => {};", "--format=esm"),
        (Format::K6, "export default function () {}", "nothing that can be sent"),
        (Format::K6, "export const options = {};", "nothing that can be sent"),
        (Format::Locust, " \n", "is empty"),
        (Format::Locust, "class A(HttpUser:\n    pass\n", "is not Python 3"),
        (Format::Locust, "import locust\n", "nothing that can be sent"),
        (
            Format::Locust,
            "from locust import HttpUser, task\nclass A(HttpUser):\n    @task\n    def x(self):\n        self.client.get('/')\n",
            "--host",
        ),
        (Format::Urls, "# nothing\n", "nothing that can be sent"),
        (Format::Urls, "ws://a.test/", "only http and https"),
    ] {
        let told = refused(format, text);
        assert!(told.contains(said), "{text}: {told}");
    }
}

#[test]
fn more_values_than_memory_should_hold_are_refused() {
    let many = format!("{{\"openapi\": \"3.0.0\", \"x\": [{}{{}}]}}", "{},".repeat(1_600_000));
    assert!(refused(Format::OpenApi, &many).contains("values"));
    assert!(refused(Format::Postman, &many).contains("values"));
    assert!(refused(Format::OpenApi, &"[".repeat(100_000)).contains("recursion"));
}

#[test]
fn scripts_that_are_too_large_or_nested_too_deep_are_refused() {
    let large = format!("const a = '{}';", "x".repeat(10 << 20));
    assert!(refused(Format::K6, &large).contains("more than 4 MB"));
    assert!(refused(Format::Locust, &large).contains("more than 4 MB"));
    let deep = |open: &str, close: &str, count: usize| {
        format!("a = {}1{}\n", open.repeat(count), close.repeat(count))
    };
    for text in [
        deep("[", "]", 100_000),
        deep("(", ")", 100_000),
        deep("-", "", 100_000),
        deep("{a:", "}", 100_000),
        deep("f(", ")", 100_000),
        deep("x=>", "", 50_000),
        deep("1?2:", "", 50_000),
        deep("1-", "", 50_000),
        "if(1)".repeat(50_000) + ";",
        "[".repeat(100_000),
        "`${".repeat(20_000),
        "a.".repeat(100_000) + "b",
    ] {
        let began = Instant::now();
        for format in [Format::K6, Format::Locust] {
            let told = refused(format, &text);
            let known = ["is not ", "nested more than", "nothing that can be sent"];
            assert!(known.iter().any(|words| told.contains(words)), "{told}");
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    }
}

#[test]
fn scripts_that_go_on_for_ever_come_to_an_end() {
    let head = "import http from 'k6/http';\n";
    let get = "http.get('http://a.test/');";
    for body in [
        "function f() { f(); f(); } export default function () { f(); }".to_owned(),
        format!("export default function () {{ for (;;) {{ {get} }} }}"),
        "export default function () { let s = 'x'; for (let i = 0; i < 99; i++) { s = s + s; } http.get('http://a.test/' + s); }".to_owned(),
        "export default function () { let s = ['x']; for (let i = 0; i < 99; i++) { s = [s, s]; } http.post('http://a.test/', JSON.stringify(s)); }".to_owned(),
        format!("export default function () {{ for (let i = 0; i < 90; i++) for (let j = 0; j < 90; j++) for (let k = 0; k < 90; k++) {{ {get} }} }}"),
        "const f = (g) => g(g); export default () => { f(f); };".to_owned(),
        format!("export default function () {{ let a = [1]; for (let i = 0; i < 99; i++) for (let j = 0; j < 99; j++) a = [a]; {get} }}"),
    ] {
        let began = Instant::now();
        // Refused, or carried over as far as it goes.
        let _ = imported(Format::K6, &format!("{head}{body}"), &Options::default());
        assert!(began.elapsed() < Duration::from_secs(30), "{body}: {:?}", began.elapsed());
    }
    let many = format!("{head}export default function () {{ {} }}", get.repeat(1001));
    assert!(refused(Format::K6, &many).contains("more than 1000 requests"));
}

#[test]
fn escapes_of_both_languages_mean_what_they_say() {
    let k6 = r"import http from 'k6/http'; export default () => { http.post('http://a.test/', '\u0041\x42\u{1F600}\ud83d\ude00\'\n\0', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } }); };";
    let body = |format, text: &str| {
        let made = imported(format, text, &Options::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let request = made.loadtest.scenarios[0].transactions[0].requests[0].clone();
        request.body.and_then(|body| body.text).unwrap_or_default()
    };
    assert_eq!(body(Format::K6, k6), "AB😀😀'\n\0");
    let locust = r"from locust import HttpUser, task
class A(HttpUser):
    host = 'http://a.test'
    @task
    def x(self):
        self.client.post('/', data='\u0041\x42\U0001F600\'' r'\n' f'{{{1}}}')
";
    assert_eq!(body(Format::Locust, locust), "AB😀'\\n{1}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let wrong = maid::convert::import::import(Format::Curl, b"curl\n\xff", "a", &Options::default());
    assert!(wrong.is_err_and(|wrong| wrong.to_string().starts_with("a:2:1: is not UTF-8")));
}

#[test]
fn references_that_never_end_come_to_an_end() {
    let text = r##"
openapi: 3.1.0
info: {title: a, version: "1"}
servers: [{url: "http://a.test"}]
paths:
  /a:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
  /b: {$ref: "#/paths/~1b"}
  /c: {post: {requestBody: {$ref: "#/components/requestBodies/C"}}}
  /d/{x}: {parameters: [{$ref: "#/components/parameters/D"}], get: {}}
  /wide:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/W0"}}}}
components:
  parameters: {D: {$ref: "#/components/parameters/D"}}
  requestBodies: {C: {$ref: "#/components/requestBodies/C"}}
  schemas:
    A: {type: object, required: [a, list, all], properties: {a: {$ref: "#/components/schemas/A"}, list: {type: array, items: {$ref: "#/components/schemas/A"}}, all: {allOf: [{$ref: "#/components/schemas/A"}]}}}
    W0: {type: object, properties: {a: {$ref: "#/components/schemas/W1"}, b: {$ref: "#/components/schemas/W1"}, c: {$ref: "#/components/schemas/W1"}}}
    W1: {type: array, minItems: 20, items: {$ref: "#/components/schemas/W2"}}
    W2: {type: array, minItems: 20, items: {$ref: "#/components/schemas/W3"}}
    W3: {type: array, minItems: 20, items: {$ref: "#/components/schemas/W4"}}
    W4: {type: array, minItems: 20, items: {type: string, minLength: 4000}}
"##;
    let made = imported(Format::OpenApi, text, &Options::default()).expect("a test");
    let listed: Vec<String> = made.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(made.requests, 3, "{listed:?}");
    assert!(yaml::write(&made.loadtest).len() < 200_000);
    for place in [
        "paths./b: this `$ref` leads to itself",
        "paths./c.post.requestBody",
        "paths./d/{x}.get",
        "a list of 20",
    ] {
        assert!(listed.iter().any(|item| item.contains(place)), "{place}: {listed:?}");
    }
}

#[test]
fn what_a_document_names_is_listed_and_never_read() {
    let text = "openapi: 3.0.0\nservers: [{url: 'http://a.test'}]\npaths:\n  /a: {$ref: 'file:///etc/passwd'}\n  \
                /b: {post: {requestBody: {required: true, content: {application/json: {schema: {$ref: 'http://evil.test/x'}}}}}}\n";
    let made = imported(Format::OpenApi, text, &Options::default()).expect("a test");
    let listed: Vec<String> = made.left_out.iter().map(ToString::to_string).collect();
    assert!(listed[0].contains("file:///etc/passwd") && listed[0].contains("never followed"), "{listed:?}");
    assert!(listed[1].contains("http://evil.test/x"), "{listed:?}");
}

#[test]
fn two_thousand_operations_are_refused_with_the_tags_to_choose_from() {
    let mut text = "openapi: 3.0.0\nservers: [{url: 'http://a.test'}]\npaths:\n".to_owned();
    for number in 0..2000 {
        text.push_str(&format!("  /r{number}: {{get: {{tags: [t{}]}}}}\n", number % 4));
    }
    let wrong = refused(Format::OpenApi, &text);
    assert!(
        wrong.contains("2000 operations") && wrong.contains("--tag") && wrong.contains("`t3`"),
        "{wrong}"
    );
    let options = Options { tags: vec!["t1".to_owned()], ..Options::default() };
    assert_eq!(imported(Format::OpenApi, &text, &options).map(|made| made.requests), Ok(500));
    let options = Options { tags: vec!["t9".to_owned()], ..Options::default() };
    assert!(
        imported(Format::OpenApi, &text, &options).is_err_and(|wrong| wrong.to_string().contains("`t9`"))
    );
}

#[test]
fn a_large_recording_takes_no_time_to_speak_of() {
    let body = "QUJD".repeat(50_000);
    let entry = |number: usize| {
        format!(
            r#"{{"startedDateTime": "2026-01-31T12:00:00Z", "time": 1, "request": {{"method": "GET", "url": "http://a.test/p{}", "headers": []}},
            "response": {{"status": 200, "headers": [], "content": {{"mimeType": "text/html", "encoding": "base64", "text": "{body}"}}}}}}"#,
            number % 50
        )
    };
    let entries: Vec<String> = (0..200).map(entry).collect();
    let text = format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(","));
    assert!(text.len() > 40_000_000);
    let began = Instant::now();
    let made = imported(Format::Har, &text, &Options::default()).expect("a test");
    assert_eq!(made.requests, 200);
    // Far more than it takes, and far less than what is quadratic would.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn scripts_are_listed_line_by_line_and_never_run() {
    let lines = ["\"while (true) {}; require('fs').readFileSync('/etc/passwd')\""; 3].join(",");
    let text = format!(
        r#"{{"info": {{"name": "a"}}, "item": [{{"name": "x", "event": [{{"listen": "test", "script": {{"exec": [{lines}]}}}}],
        "request": "http://a.test/"}}]}}"#
    );
    let made = imported(Format::Postman, &text, &Options::default()).expect("a test");
    assert!(made.left_out.len() >= 3 && made.left_out[0].place.contains("line 1"), "{:?}", made.left_out);
}
