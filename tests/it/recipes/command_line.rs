//! `maid recipes`, and `maid run` with a recipe.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
};

use maid::demo::Shop;
use serde_json::Value;

use crate::{
    cli::{folder, told},
    server::{on_each_database, shop as demo},
    support::{people::command, server::answer},
};

const RECIPE: &str = "\
title: Mine
summary: A recipe of my own.
category: api
parameters:
  - { name: host, type: string, help: Where it is., required: true, example: 'http://127.0.0.1:1' }
  - { name: word, type: string, help: What for., default: lamp }
  - { name: key, type: secret, help: What it wants to be shown., default: nothing-yet }
loadtest:
  version: 1
  name: Mine
  target: { hosts: ['${param:host}'] }
  load: { users: 1, iterations: 2 }
  scenarios:
    - name: s
      transactions:
        - name: t
          requests: [{ name: search, path: /search, query: { q: '${param:word}' }, headers: { X-Key: '${param:key}' } }]
  thresholds: [failures == 0]
";

fn shop() -> Shop {
    Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port")
}

/// Stderr of a command that must be refused before anything is sent.
fn refused(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = told(&folder(), arguments);
    assert_eq!((code, stdout.as_str()), (104, ""), "{stderr}");
    stderr
}

#[test]
fn recipes_are_listed_and_shown() {
    let (code, stdout, _) = told(&folder(), &["recipes"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("list", stdout);
    let (code, stdout, _) = told(&folder(), &["recipes", "auth-basic"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("details", stdout);
    let (_, stdout, _) = told(&folder(), &["recipes", "recipe:grpc-unary"]);
    assert!(stdout.contains("It cannot be run yet: it sends gRPC."), "{stdout}");
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&told(&folder(), arguments).1).expect("one JSON value")
    };
    let all = json(&["recipes", "--json"]);
    let grpc = all.as_array().expect("a list").iter().find(|one| one["id"] == "grpc-unary");
    assert_eq!(grpc.map(|one| &one["requires"]), Some(&Value::from("grpc")));
    let spike = json(&["recipes", "spike", "--json"]);
    assert_eq!((&spike["id"], &spike["category"]), (&Value::from("spike"), &Value::from("pattern")));
    assert!(spike["loadtest"]["load"]["stages"].is_array(), "{spike}");
}

#[test]
fn what_is_wrong_with_a_recipe_is_told_with_the_way_out() {
    insta::assert_snapshot!(refused(&["run", "recipe:smok"]), @r"
    error: there is no recipe `smok`
    did you mean recipe:smoke ? `maid recipes` lists all
    ");
    insta::assert_snapshot!(refused(&["recipes", "spikes"]), @r"
    error: there is no recipe `spikes`
    did you mean recipe:spike ? `maid recipes` lists all
    ");
    insta::assert_snapshot!(refused(&["run", "recipe:smoke", "-p", "passes=0", "-p", "pases=1"]), @r"
    error: the recipe cannot be filled in:
    recipe:smoke: parameters.pases: no such parameter: there are `host`, `health_path`, `path`, `passes`, `max_time`; did you mean `passes`?
    recipe:smoke: parameters.host: is missing: Base URL of the service.
    recipe:smoke: parameters.passes: must be 1 or more
    give values with -p NAME=VALUE, and `host` with -H; `maid recipes ID` tells what a recipe takes
    ");
    insta::assert_snapshot!(refused(&["run", "recipe:db-query", "-H", "http://127.0.0.1:1"]), @r"
    error: `Database query performance` cannot be run: it sends SQL, which this version does not speak yet
    `maid recipes` shows which ones need nothing that is not there
    ");
    insta::assert_snapshot!(refused(&["run", "http://127.0.0.1:1/", "-p", "host=x"]), @r"
    error: -p host: only a recipe has parameters, and this is none
    leave -p out; flags such as -u and -t change a LoadTest, and -e its variables
    ");
    insta::assert_snapshot!(refused(&["run", "recipe:smoke", "-p", "passes"]), @r"
    error: invalid value 'passes' for '--param <NAME=VALUE>': write NAME=VALUE

    For more information, try '--help'.
    ");
}

#[test]
fn a_recipe_of_ones_own_runs_from_its_file() {
    let (shop, folder) = (shop(), folder());
    fs::write(folder.path().join("mine.yaml"), RECIPE).expect("a file");
    let run = ["run", "mine.yaml", "-H", &shop.url(), "-p", "word=desk lamp", "--summary", "json", "-q"];
    let (code, stdout, stderr) = told(&folder, &run);
    assert_eq!(code, 0, "{stderr}");
    let summary: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!((&summary["requests"], shop.requests().of("GET /search")), (&Value::from(2), 2));
    let (code, stdout, _) =
        told(&folder, &["validate", "mine.yaml", "-p", "host=http://127.0.0.1:1", "-u", "3"]);
    assert!(code == 0 && stdout.contains("3 users, 2 iterations each"), "{stdout}");
    fs::write(folder.path().join("wrong.yaml"), RECIPE.replace("category: api", "category: apis"))
        .expect("a file");
    let (code, _, stderr) = told(&folder, &["run", "wrong.yaml", "-H", &shop.url()]);
    assert!(code == 104 && stderr.contains("wrong.yaml:3:11 category: unknown variant `apis`"), "{stderr}");
}

/// Those of a server lie in its database, which the command line opens as `maid history` does.
#[test]
fn a_recipe_of_a_server_runs_and_is_exported_by_its_id() {
    on_each_database(|home| {
        let (shop, maid) = (demo(), home.start().start());
        let id = super::stored(&maid, "", &super::recipe("Kept"));
        let what = format!("recipe:{id}");
        let url = shop.url();
        let run = [
            "run",
            &what,
            "-H",
            &url,
            "-p",
            "users=3",
            "-p",
            "pass=hunter2-hunter2",
            "--summary",
            "json",
            "-q",
        ];
        let (code, stdout, stderr) = command(home, &run, "");
        assert_eq!(code, 0, "{stderr}");
        let summary: Value = serde_json::from_str(&stdout).expect("JSON");
        assert!(summary["requests"].as_u64() > Some(0) && summary["failures"] == 0, "{stdout}");
        // The run belongs to the recipe's results.
        let (_, shown) = answer(maid.get(&format!("/recipes/{id}")));
        assert_eq!(shown["usage"]["runs"], 1, "{shown}");
        let export = ["export", &what, "-H", &url, "-p", "users=3", "-p", "word=desk lamp", "--to", "k6"];
        let (code, stdout, stderr) = command(home, &export, "");
        assert_eq!(code, 0, "{stderr}");
        assert!(
            stdout.contains(&url) && stdout.contains("RECIPE_PASS") && !stdout.contains("a-long-secret"),
            "{stdout}"
        );
        let unknown = "recipe:0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a";
        for arguments in [vec!["run", unknown], vec!["export", unknown, "--to", "curl"]] {
            let (code, stdout, stderr) = command(home, &arguments, "");
            assert_eq!((code, stdout.as_str()), (104, ""), "{stderr}");
            assert!(
                stderr.contains("there is no recipe 0190d5b6-7e1c-7a3e-8c7d-1f2e3d4c5b6a in the database"),
                "{stderr}"
            );
            assert!(stderr.contains("database.url"), "{stderr}");
        }
        let (code, _, stderr) = command(home, &["run", &what, "-H", &url, "-p", "users=51"], "");
        assert!(code == 104 && stderr.contains("parameters.users"), "{stderr}");
    });
}

/// A secret that is given by `-p` reaches the target, and nothing that is left behind.
#[test]
fn secrets_of_recipes_are_shown_nowhere() {
    let (shop, folder) = (shop(), folder());
    fs::write(folder.path().join("mine.yaml"), RECIPE).expect("a file");
    let url = shop.url();
    let flags = ["-p", "key=hunter2-hunter2", "-p", "word=none-has-it"];
    let mut run =
        vec!["run", "mine.yaml", "-H", &url, "--debug-log", "debug.jsonl", "--request-log", "log.jsonl"];
    run.extend(flags);
    run.extend(["-o", "r.html", "-o", "r.json", "--threshold", "p95 < 1us"]);
    let (code, stdout, stderr) = told(&folder, &run);
    assert_eq!(code, 99, "{stderr}");
    let mut wrong = vec!["run", "mine.yaml", "-H", "nowhere"];
    wrong.extend(flags);
    let (_, _, refusal) = told(&folder, &wrong);
    let mut left = vec![stdout, stderr, refusal];
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").filter_map(Result::ok) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                left.push(String::from_utf8_lossy(&fs::read(entry.path()).expect("a file")).into_owned());
            }
        }
    }
    assert!(left.len() > 6 && left.iter().any(|text| text.contains("RECIPE_KEY")), "{}", left.len());
    let traces: Vec<&String> = left.iter().filter(|text| text.contains("hunter2")).collect();
    assert!(traces.is_empty(), "{traces:?}");
}

#[test]
fn the_host_may_be_given_as_a_flag_or_as_a_parameter() {
    for host in [["-H", "http://127.0.0.1:9"], ["-p", "host=http://127.0.0.1:9"]] {
        for id in ["recipe:quickstart", "recipe:search", "recipe:breakpoint"] {
            let (code, stdout, stderr) = told(&folder(), &["validate", id, host[0], host[1]]);
            assert!(code == 0 && stdout.contains("http://127.0.0.1:9"), "{id}: {stderr}");
        }
    }
    assert!(refused(&["run", "recipe:search"]).contains("parameters.host: is missing"), "without one");
    let several = ["validate", "recipe:search", "-H", "http://127.0.0.1:9", "-H", "http://127.0.0.1:8"];
    assert!(told(&folder(), &several).1.contains("http://127.0.0.1:9, http://127.0.0.1:8"));
}
