//! `maid export`, as far as it needs no other tool.

use std::fs;

use super::written;
use crate::cli::{folder, told};

const SMALL: &str = "version: 1\nname: \"Small${env:USERS}\"\ntarget: { hosts: [\"http://127.0.0.1:9\"] }\nload: { users: 3, run_time: 1s }\n\
                     scenarios: [{ name: s, transactions: [{ name: t, requests: [{ path: \"/${env:PLACE}\", headers: { X-A: \"${env:TOKEN}\" } }] }] }]\n";

#[test]
fn the_environment_stays_a_reference() {
    let (_beside, path) = written(SMALL);
    let path = path.to_str().expect("a plain path");
    for form in ["k6", "locust", "curl", "postman"] {
        let (code, stdout, stderr) =
            told(&folder(), &["export", path, "--to", form, "-e", "USERS=3", "-e", "TOKEN=s3cret"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(stdout.contains("TOKEN") && stdout.contains("PLACE"), "{form}");
        assert!(!stdout.contains("s3cret") && !stdout.contains("stand-in"), "{form}: {stdout}");
        assert!(stderr.contains("left out: name: `${env:USERS}` is filled in here"), "{stderr}");
    }
    let (code, stdout, stderr) = told(&folder(), &["export", path, "--to", "k6"]);
    assert_eq!((code, stdout.as_str()), (104, ""), "a part of the name is not there");
    assert!(stderr.contains("name") && stderr.contains("USERS"), "{stderr}");
}

#[test]
fn what_is_there_already_stays() {
    let (_beside, path) = written(&SMALL.replace("${env:USERS}", ""));
    let (path, folder) = (path.to_str().expect("a plain path"), folder());
    let (code, _, stderr) = told(&folder, &["export", path, "--to", "goose"]);
    assert_eq!(code, 104);
    assert!(stderr.contains("several files: small.rs, Cargo.toml"), "{stderr}");
    let manifest = folder.path().join("Cargo.toml");
    fs::write(&manifest, "[package]\n").expect("it is written");
    let (code, _, stderr) = told(&folder, &["export", path, "--to", "goose", "-o", "load.rs"]);
    assert_eq!(code, 104);
    assert!(stderr.contains("Cargo.toml is there already"), "{stderr}");
    assert_eq!(fs::read_to_string(&manifest).expect("text"), "[package]\n");
    assert!(!folder.path().join("load.rs").exists());
    fs::remove_file(&manifest).expect("it is removed");
    for _ in 0..2 {
        let (code, _, stderr) = told(&folder, &["export", path, "--to", "goose", "-o", "load.rs"]);
        assert_eq!(code, 0, "{stderr}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let (_beside, path) = written("version: 1\nname: Wrong\nscenarios: []\n");
    let (code, _, stderr) = told(&folder(), &["export", path.to_str().expect("a plain path"), "--to", "k6"]);
    assert_eq!(code, 104);
    assert!(stderr.contains("target") && stderr.contains("load"), "{stderr}");
    let (code, _, stderr) = told(&folder(), &["export", "nowhere.yaml", "--to", "jmeter"]);
    assert_eq!(code, 104);
    assert!(stderr.contains("k6, locust, goose, curl, postman, yaml, json"), "{stderr}");
}
