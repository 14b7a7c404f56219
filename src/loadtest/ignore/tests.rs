use super::*;

fn ignore(dir: &Path, text: &str) -> Ignore {
    let mut ignore = Ignore::none();
    ignore.add(dir, text).expect("patterns");
    ignore
}

#[test]
fn refuses_files_as_git_does() {
    let rules =
        ignore(Path::new("/project"), "# secrets\n.env\n*.key\ndata/\n!data/people.csv\n!public.key\n");
    for refused in ["/project/.env", "/project/a/b/x.key", "/project/data/rows.csv", "/project/x/../.env"] {
        assert!(rules.refuses_file(Path::new(refused)), "{refused}");
    }
    for taken in ["/project/people.csv", "/project/public.key", "/project/env"] {
        assert!(!rules.refuses_file(Path::new(taken)), "{taken}");
    }
}

#[test]
fn rules_of_the_directories_above_count_and_links_gain_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let inner = dir.path().join("tests");
    std::fs::create_dir(&inner).expect("made");
    std::fs::write(dir.path().join(FILE), "secret.csv\nurl:*/logout\n").expect("written");
    std::fs::write(dir.path().join("secret.csv"), "a\n1\n").expect("written");
    std::os::unix::fs::symlink("../secret.csv", inner.join("people.csv")).expect("linked");
    let rules = Ignore::load(&inner).expect("rules");
    assert!(rules.refuses_file(&inner.join("people.csv")));
    assert!(rules.refuses_file(&inner.join("../secret.csv")));
    assert!(!rules.refuses_file(&inner.join("other.csv")));
    assert_eq!(rules.url_rules().len(), 1);
}

#[test]
fn refuses_urls_however_they_are_written() {
    let rules = ignore(Path::new("/"), "url:*/logout\nurl: Payments.example.com/*\nurl:admin.example.com\n");
    let refused = |host: &str, path: &str| rules.url_rules().iter().any(|rule| rule.matches(host, path));
    for (host, path) in [
        ("h", "/logout"),
        ("h", "/api/logout?x=1"),
        ("h", "/logout/"),
        ("h", "/%6Cogout"),
        ("h", "//logout"),
        ("h", "/a/../logout"),
        ("h", "/./logout#x"),
        ("PAYMENTS.example.com.", "/"),
        ("payments.example.com", "/x/y"),
        ("admin.example.com", ""),
    ] {
        assert!(refused(host, path), "{host}{path}");
    }
    for (host, path) in
        [("h", "/login"), ("h", "/logout/now"), ("pay.example.com", "/"), ("h", "/x?next=/logout")]
    {
        assert!(!refused(host, path), "{host}{path}");
    }
}

#[test]
fn says_which_line_is_no_pattern() {
    for (text, reason) in [
        ("a\n[z-a]\n", "/p/.maidignore:2: `[z-a]` is not a pattern"),
        ("url:/logout", "begin with a host"),
        ("url:h:8080/x", "a pattern has no port"),
    ] {
        let error = Ignore::none().add(Path::new("/p"), text).expect_err(text).to_string();
        assert!(error.contains(reason), "{error}");
    }
}
