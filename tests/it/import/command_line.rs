//! `maid import` as a user calls it.

use std::{fs, process::Command};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// Runs the program in a folder of its own; exit code, stdout and stderr.
fn maid(folder: &TempDir, arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = assert_cmd::Command::from_std(Command::new(cargo_bin("maid")));
    let done = command.args(arguments).current_dir(folder).write_stdin(stdin).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code().unwrap_or(-1), text(done.stdout), text(done.stderr))
}

#[test]
fn a_test_goes_to_stdout_and_what_was_left_out_to_stderr() {
    let folder = TempDir::new().expect("a folder");
    let script = "curl -H 'X-Api-Key: k3y-12345678' https://shop.test/a\ncurl -F a=@b https://shop.test/b\n";
    let (code, test, said) = maid(&folder, &["import", "curl", "-u", "7", "-t", "1m"], script);
    assert_eq!(code, 0, "{said}");
    assert!(
        test.starts_with("version: 1\nname: curl\n")
            && test.contains("users: 7")
            && test.contains("run_time: 1m"),
        "{test}"
    );
    assert!(!test.contains("k3y") && test.contains("X-Api-Key: \"${env:X_API_KEY}\""), "{test}");
    for expected in [
        "imported 1 request of 2",
        "-e X_API_KEY=...",
        "1 item could not be carried over",
        "line 2: multipart",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let (code, _, said) = maid(&folder, &["validate", "-", "-e", "X_API_KEY=x"], &test);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("urls.txt"), "http://127.0.0.1:1/\n").expect("it is written");
    let (code, out, said) =
        maid(&folder, &["import", "urls", "urls.txt", "-o", "test.yaml", "--name", "Mine"], "");
    assert_eq!((code, out.as_str()), (0, ""), "{said}");
    let written = fs::read_to_string(folder.path().join("test.yaml")).expect("a file");
    assert!(written.contains("name: Mine"), "{written}");
    let (code, _, said) = maid(&folder, &["import", "urls", "urls.txt", "-o", "nowhere/test.yaml"], "");
    assert!(code == 104 && said.contains("cannot be written"), "{code} {said}");
}

#[test]
fn what_cannot_be_imported_ends_with_104_and_its_place() {
    let folder = TempDir::new().expect("a folder");
    let (code, out, said) = maid(&folder, &["import", "curl"], "curl 'https://a.test");
    assert!(code == 104 && out.is_empty() && said.contains("stdin:1:6: the quote"), "{code} {said}");
    let (code, _, said) = maid(&folder, &["import", "har", "missing.har"], "");
    assert!(code == 104 && said.contains("missing.har cannot be read"), "{code} {said}");
    let (code, _, said) = maid(&folder, &["import", "jmeter"], "");
    assert!(code == 104 && said.contains("openapi"), "{code} {said}");
}
