//! Texts that a language may take for code reach the target as they are, whichever tool sends them.

use std::process::Command;

use serde_json::{Value, json};

use super::{exported, target::Target, tools, written};
use crate::cli::{folder, maid};

/// Texts that end a string, a comment or a word somewhere, or begin something else.
const TRAPS: [&str; 24] = [
    "'",
    "\"",
    "\\",
    "`id`",
    "$(id)",
    "${HOME}",
    "*/",
    "/*",
    "// x",
    "# x",
    "%s %41",
    "{0}",
    "\u{2028}",
    "é😀",
    "line\nbreak",
    "tab\t",
    "</script>",
    "!",
    "!!",
    "~",
    "$'x'",
    "'; exit; '",
    "\\u0041",
    "--data-raw @/etc/passwd",
];

/// A document whose names, paths, queries, headers and bodies are all traps, with what moves between them.
fn document(url: &str) -> Value {
    let mut requests = vec![
        json!({
            "name": "first", "path": "/first",
            "extract": [
                { "name": "it", "from": "json", "path": "$.list[0]['a b']" },
                { "name": "big", "from": "json", "path": "$.big" },
                { "name": "from_header", "from": "header", "key": "x-answer" },
                { "name": "cookie", "from": "cookie", "key": "c" },
                { "name": "re", "from": "regex", "pattern": "\"big\": ([0-9.]+)" },
                { "name": "otherwise", "from": "regex", "pattern": "nothing like it", "default": "it's \"default\" $x \\" },
                { "name": "link", "from": "json", "path": "$.link" },
            ],
        }),
        json!({ "name": "a link", "path": "{{ link }}", "query": { "more": "{{ it }}" } }),
    ];
    for (at, trap) in TRAPS.iter().enumerate() {
        let header: String = trap.chars().filter(char::is_ascii).filter(|c| !c.is_control()).collect();
        let header = header.trim();
        requests.push(json!({
            "name": format!("{at} {}", trap.replace(char::is_control, " ")),
            "method": "PUT",
            "path": format!("/{at}/{}", trap.replace(['?', '#', '\n'], "")),
            "query": { trap.to_string(): [trap, 1, true], "moving": "{{ it }}{{ big }}" },
            "headers": { "X-Trap": format!("a {header} z"), "X-Moving": "{{ it }} {{ cookie }}" },
            "body": match at % 4 {
                0 => json!({ "json": { trap.to_string(): trap, "moving": "{{ big }}", "text": "a {{ it }} {{ otherwise }}", "null": null } }),
                1 => json!({ "form": { trap.to_string(): trap, "moving": "{{ it }} {{ re }}" } }),
                2 => json!({ "text": format!("{trap} {{{{ it }}}} {{{{ \"{{{{\" }}}} {{{{ otherwise }}}}\n") }),
                _ => json!({ "graphql": { "query": format!("query {{ a(b: \"{trap}\") }}").replace("}}", "} }"), "variables": { "x": "{{ it }}" } } }),
            },
        }));
        if at % 3 == 0 {
            let last = requests.last_mut().expect("it was pushed");
            last["auth"] =
                json!({ "basic": { "username": format!("u{trap}").replace(':', ""), "password": trap } });
        }
    }
    json!({
        "version": 1, "name": "Traps */ ' \" ` ${x} \\ x", "description": "second\nline */ '''\"\"\"",
        "target": { "hosts": [url] }, "load": { "users": 1, "iterations": 1 },
        "scenarios": [{ "name": "one '\"` */", "transactions": [{ "name": "all */ $(id)", "requests": requests }] }],
    })
}

#[test]
fn what_looks_like_code_reaches_the_target_as_it_is() {
    let target = Target::start();
    let (_beside, path) = written(&document(target.url()).to_string());
    let folder = folder();
    tools::passed(&mut maid(&folder, &["run", path.to_str().expect("a plain path"), "--summary", "none"]));
    let wanted = target.taken();
    assert_eq!(wanted.len(), TRAPS.len() + 2);
    let same = |tool: &str| {
        let found = target.taken();
        for (found, wanted) in found.iter().zip(&wanted) {
            // Locust's client writes an escape that needs none as the letter that it means.
            let wanted = match (tool, wanted.split_once("x-www-form-urlencoded")) {
                ("Locust", _) => wanted.replace("%41?", "A?"),
                // Postman has another way to write a space in a form, which means the same.
                ("newman", Some((before, form))) => {
                    format!("{before}x-www-form-urlencoded{}", form.replace('+', "%20"))
                }
                _ => wanted.clone(),
            };
            assert_eq!(*found, wanted, "{tool}");
        }
        assert_eq!(found.len(), wanted.len(), "{tool}");
    };

    let (_folder, script, said) = exported(&path, "curl");
    assert!(!said.contains("requests["), "{said}");
    tools::passed(Command::new("bash").arg(&script));
    same("curl");

    let (_folder, script, said) = exported(&path, "k6");
    assert!(!said.contains("left out"), "{said}");
    tools::passed(tools::k6(&["run", "--quiet", "--address", ""]).arg(&script));
    same("k6");

    let (_folder, script, said) = exported(&path, "locust");
    assert!(!said.contains("left out"), "{said}");
    tools::passed(tools::locust().arg("-f").arg(&script).args(["--headless", "--only-summary"]));
    same("Locust");

    let (folder, collection, said) = exported(&path, "postman");
    assert!(said.contains("`{{` stands for itself here"), "{said}");
    let (output, report) =
        tools::report_of_newman(tools::newman().arg("run").arg(&collection), folder.path());
    assert!(output.status.success(), "{}", report["run"]["failures"]);
    same("newman");

    let (_folder, source, _) = exported(&path, "goose");
    tools::goose(&source, |program| {
        let ran = tools::ended(program.args(["--no-telnet", "--no-websocket"])).status.success();
        if ran {
            same("Goose");
        }
        ran
    });
}
