//! `maid deeplink` and `maid run LINK`, beside a real server.

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use maid::demo::Shop;
use serde_json::{Value, json};

use super::{made, short, text};
use crate::{
    server::{Home, on_each_database, on_one_database},
    support::{
        people::{admin, asking, delete, key},
        server::{Maid, answer},
    },
};

/// Runs the command line in a folder of its own, as somebody with this API key.
fn maid_with(key: &str, home: &Home, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maid"));
    command.args(arguments).current_dir(home.folder.path()).stdin(Stdio::null());
    command.env("MAID_API_KEY", key).env("MAID__HISTORY__COMMAND_LINE", "false");
    command.output().expect("the binary starts")
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (output.status.code().unwrap_or(-1), text(&output.stdout).trim().to_owned(), text(&output.stderr))
}

fn writer(maid: &Maid, admin: &str) -> String {
    key(maid, admin, &json!({"name": "cli", "scopes": ["maid.read", "maid.write"]})).1
}

#[test]
fn a_link_is_made_run_and_revoked() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let key = writer(&maid, &admin);
        let on = |arguments: &[&str]| told(&maid_with(&key, home, arguments));
        let before = shop.requests().total;
        fs::write(home.folder.path().join("shop.json"), short(&shop.url()).to_string())
            .expect("it is written");

        let make = ["deeplink", "make", "shop.json", "--max-uses", "2", "--expires", "2h", "--title", "Shop"];
        let files = ["-o", "code.png", "--qr", "--server", &maid.url];
        let (code, url, said) = on(&[&make[..], &files[..]].concat());
        assert_eq!(code, 0, "{said}");
        assert!(url.starts_with(&format!("{}/maid/run?config=", maid.url)), "{url}");
        assert!(said.contains("\"Shop\", until ") && said.contains("for 2 runs"), "{said}");
        assert!(said.contains('█') || said.contains('▀'), "a code to hold a phone to: {said}");
        let png = fs::read(home.folder.path().join("code.png")).expect("it is there");
        assert!(png.starts_with(b"\x89PNG"));

        // Looking at it sends nothing and counts nothing; running it asks, and nobody is there to say yes.
        let (code, shown, said) = on(&["validate", &url]);
        assert_eq!(code, 0, "{said}");
        assert!(format!("{shown}{said}").contains(&shop.url()));
        let (code, _, said) = on(&["run", &url]);
        assert_eq!(code, 104, "{said}");
        assert!(said.contains("nobody has said yes") && said.contains("--yes"), "{said}");
        assert_eq!(shop.requests().total, before, "nothing was sent");

        let link = url.replace("http://", "maid://");
        for left in ["2 runs left", "1 run left"] {
            let (code, summary, said) = on(&["run", &link, "--yes", "--summary", "json"]);
            assert_eq!(code, 0, "{said}");
            assert!(said.contains(left), "{said}");
            let summary: Value = serde_json::from_str(&summary).expect("JSON");
            assert!(summary["requests"].as_u64() > Some(0));
        }
        let sent = shop.requests().total;
        let (code, _, said) = on(&["run", &link, "--yes"]);
        assert_eq!(code, 104, "{said}");
        assert!(said.contains("as many runs have started"), "{said}");
        assert_eq!(shop.requests().total, sent);

        let (code, list, _) = on(&["deeplink", "list", "--server", &maid.url]);
        assert_eq!(code, 0);
        assert!(list.contains("Shop") && list.contains("used") && list.contains("2 of 2"), "{list}");
        let (_, list, _) = on(&["deeplink", "list", "--json", "--server", &maid.url]);
        let list: Value = serde_json::from_str(&list).expect("JSON");
        let (code, ..) = on(&["deeplink", "revoke", text(&list[0], "id"), "--server", &maid.url]);
        assert_eq!(code, 0);
        let (_, _, said) = on(&["validate", &url]);
        assert!(said.contains("revoked"), "{said}");
    });
}

#[test]
fn a_recipe_in_a_link_keeps_its_values_and_asks_for_the_others() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let key = writer(&maid, &admin);
        let on = |arguments: &[&str]| told(&maid_with(&key, home, arguments));
        let host = format!("host={}", shop.url());
        let (code, url, said) =
            on(&["deeplink", "make", "recipe:auth-basic", "-p", &host, "--short", "--server", &maid.url]);
        assert_eq!(code, 0, "{said}");
        assert!(url.starts_with(&format!("{}/maid/run?link=", maid.url)), "{url}");
        let (code, _, said) = on(&["run", &url, "--yes", "-p", "host=http://127.0.0.1:9"]);
        assert_eq!(code, 104);
        assert!(said.contains("-p host: the link gives a value"), "{said}");
        let (code, summary, said) =
            on(&["run", &url, "-y", "-p", "users=1", "-p", "password=demo", "-i", "1", "--summary", "json"]);
        assert_eq!(code, 0, "{said}");
        let summary: Value = serde_json::from_str(&summary).expect("JSON");
        assert_eq!(summary["failures"], 0, "{summary}");
        let (code, _, said) =
            on(&["deeplink", "make", "recipe:auth-basic", "-p", "password=x", "--server", &maid.url]);
        assert_eq!(code, 104, "{said}");
        assert!(said.contains("parameters.password") && !said.contains("x\n"), "{said}");

        let preset = json!({"name": "nightly", "loadtest": short(&shop.url())});
        assert_eq!(answer(maid.post("/presets", &preset).bearer_auth(&admin)).0, 201);
        let (_, url, _) = on(&["deeplink", "make", "preset:nightly", "--server", &maid.url]);
        let (code, _, said) = on(&["run", &url, "--yes", "-q", "--summary", "none"]);
        assert_eq!(code, 0, "{said}");
        for wrong in
            [&["deeplink", "make", "preset:nightly", "-p", "a=b"][..], &["deeplink", "make", "preset:none"]]
        {
            let (code, _, said) = on(&[wrong, &["--server", &maid.url]].concat());
            assert_ne!(code, 0, "{said}");
        }
        for wrong in ["0d", "367d", "soon", "d"] {
            assert_eq!(on(&["deeplink", "make", "recipe:smoke", "--expires", wrong]).0, 104, "{wrong}");
        }
    });
}

#[test]
fn a_dry_run_of_a_link_asks_and_does_not_count() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_one_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let key = writer(&maid, &admin);
        let on = |arguments: &[&str]| told(&maid_with(&key, home, arguments));
        let link = made(&maid, &admin, &json!({"loadtest": short(&shop.url()), "max_uses": 1}));
        let (url, before) = (text(&link, "url"), shop.requests().total);
        let there = ["--server", &maid.url];
        for place in [&[][..], &there] {
            let (code, _, said) = on(&[&["run", url, "--dry-run"], place].concat());
            assert_eq!(code, 104, "{said}");
            assert!(said.contains("nobody has said yes"), "{said}");
        }
        assert_eq!(shop.requests().total, before, "nothing was sent");
        for place in [&[][..], &there] {
            let (code, walked, said) =
                on(&[&["run", url, "--dry-run", "--yes", "--summary", "json"], place].concat());
            assert_eq!(code, 0, "{said}");
            assert!(said.contains("1 run left"), "{said}");
            let walked: Value = serde_json::from_str(&walked).expect("JSON");
            assert_eq!((&walked["passed"], &walked["requests"]), (&json!(true), &json!(1)), "{walked}");
        }
        let (code, _, said) = on(&["run", url, "--yes", "--summary", "none"]);
        assert_eq!(code, 0, "{said}");
        let (code, _, said) = on(&["run", url, "--dry-run", "--yes"]);
        assert_eq!(code, 104, "{said}");
        assert!(said.contains("as many runs have started"), "{said}");
    });
}

#[test]
fn without_its_server_a_link_is_run_only_when_that_is_said() {
    let shop = Shop::start(([127, 0, 0, 1], 0).into()).expect("the shop starts");
    on_each_database(|home| {
        let maid = asking(home).start();
        let admin = admin(&maid);
        let link = made(&maid, &admin, &json!({"loadtest": short(&shop.url())}));
        let url = text(&link, "url").to_owned();
        let on = |arguments: &[&str]| told(&maid_with("", home, arguments));
        let (code, _, said) = on(&["run", &url, "--yes"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("MAID_API_KEY"), "{said}");
        let revoke = delete(&maid, &format!("/deeplinks/{}", text(&link, "id")));
        assert_eq!(answer(revoke.bearer_auth(&admin)).0, 204);
        assert_eq!(maid.terminate(), Some(0));

        let (code, _, said) = on(&["run", &url, "--yes"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("does not answer"), "{said}");
        let (code, _, said) = on(&["run", &url, "--offline"]);
        assert_eq!(code, 104, "{said}");
        let (code, _, said) = on(&["run", &url, "--offline", "--yes"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("its server was not asked"), "{said}");
        let old = url.replace("&expires=1", "&expires=0");
        let (code, _, said) = on(&["run", &old, "--offline", "--yes"]);
        assert_eq!(code, 104);
        assert!(said.contains("has expired"), "{said}");
    });
}
