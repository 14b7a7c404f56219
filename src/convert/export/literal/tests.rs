use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};

use super::*;

/// What a language may take for something else.
const TRAPS: [&str; 36] = [
    "",
    "'",
    "\"",
    "\\",
    "\n",
    "\r\n",
    "`",
    "${HOME}",
    "$(id)",
    "`id`",
    "*/",
    "/*",
    "//",
    "#",
    "{{ a }}",
    "{0}",
    "%s",
    "%",
    "</script>",
    "\u{2028}",
    "\u{2029}",
    "\u{FEFF}",
    "\u{202E}",
    "é",
    "😀",
    "\t",
    "\u{7f}",
    "\u{1b}[0m",
    "!",
    "!!",
    "~",
    "\\u0041",
    "\\'",
    "'\\''",
    "null",
    "__proto__",
];

/// Many texts, traps among them, without NUL.
fn texts() -> Vec<String> {
    let trap = prop_oneof![
        3 => prop::sample::select(TRAPS.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    let text = vec(trap, 1..6).prop_map(|parts| parts.concat().replace('\0', "\u{1}"));
    let mut runner = TestRunner::new(Config::default());
    let mut texts: Vec<String> = TRAPS.iter().map(|text| (*text).to_owned()).collect();
    texts.extend((0..500).map(|_| text.new_tree(&mut runner).expect("texts can be made").current()));
    texts
}

/// What a program prints when it is given a source on its standard input.
fn printed(program: &str, arguments: &[&str], source: &str) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be started ({error}); `make test` names what it needs")
        });
    let mut stdin = child.stdin.take().expect("it was asked for");
    let source = source.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(source.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    assert!(output.status.success(), "{program} failed");
    output.stdout
}

fn same(found: &[u8], texts: &[String]) {
    let found: Vec<&[u8]> = found.split(|byte| *byte == 0).collect();
    assert_eq!(found.len(), texts.len() + 1, "each text ends in a NUL");
    for (found, text) in found.iter().zip(texts) {
        assert_eq!(String::from_utf8_lossy(found), *text, "{text:?}");
    }
}

#[test]
fn bash_reads_back_every_text() {
    let texts = texts();
    let source: String = texts.iter().map(|text| format!("printf '%s\\0' {}\n", bash(text))).collect();
    same(&printed("bash", &["-s"], &source), &texts);
}

#[test]
fn python_reads_back_every_text() {
    let texts = texts();
    let list: Vec<String> = texts.iter().map(|text| format!("    {},\n", python(text))).collect();
    let source = format!(
        "import ast, sys\nprint = sys.stdout.buffer.write\nfor text in [\n{}]:\n    print(text.encode() + b'\\0')\n",
        list.concat()
    );
    same(&printed("python3", &["-"], &source), &texts);
}

#[test]
fn javascript_reads_back_every_text() {
    let texts = texts();
    let list: Vec<String> = texts.iter().map(|text| format!("  {},\n", javascript(text))).collect();
    let source = format!("process.stdout.write([\n{}].map(text => text + '\\0').join(''));\n", list.concat());
    assert!(!source.contains("</script>"));
    same(&printed("node", &["-"], &source), &texts);
}

#[test]
fn rust_reads_back_every_text() {
    let texts = texts();
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("texts");
    let list: Vec<String> = texts.iter().map(|text| format!("    {},\n", rust(text))).collect();
    let source = format!(
        "fn main() {{\n    const TEXTS: &[&str] = &[\n{}];\n    for text in TEXTS {{ print!(\"{{text}}\\0\"); }}\n}}\n",
        list.concat()
    );
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let path = program.to_str().expect("a plain path");
    printed(&compiler, &["--edition", "2024", "-o", path, "-"], &source);
    same(&printed(path, &[], ""), &texts);
}

#[test]
fn comments_stay_on_their_line() {
    assert_eq!(comment("a\nb\u{2028}c\u{202E}d"), "a b c d");
}
