//! Where people go after they have signed in: a path of this server, and nothing that leads away from it.

use url::Url;

/// Longest path, in bytes: it travels in a cookie.
const LONGEST: usize = 1000;

/// `path`, if a browser that is sent there stays on this server.
///
/// Browsers drop tabs and line ends from a URL and read `\` as `/`, so that more than `//` leads away.
pub fn local_path(path: &str) -> Option<&str> {
    let visible = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !visible || path.len() > LONGEST || !path.starts_with('/') || path.starts_with("//") {
        return None;
    }
    let here: Url = "https://here.invalid/".parse().ok()?;
    let there = here.join(path).ok()?;
    (there.origin() == here.origin()).then_some(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_paths_of_this_server_are_taken() {
        for right in ["/", "/runs", "/runs/7?tab=logs&a=%2F%2F#top", "/a//b", "/@host"] {
            assert_eq!(local_path(right), Some(right));
        }
        for wrong in [
            "",
            "runs",
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\/evil.test",
            "/\t/evil.test",
            "/\n/evil.test",
            "/a\r\nset-cookie: a=b",
            "/a b",
            "/\u{2f}\u{ff0f}evil.test",
            "https://evil.test",
            "https:evil.test",
            "javascript:alert(1)",
            "@evil.test",
            " /runs",
        ] {
            assert_eq!(local_path(wrong), None, "{wrong:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_taken_leads_away(path in "[/\\\\a-z@:.?#%\t\n ]{0,20}") {
            let here: Url = "http://maid.test:8080/login".parse().expect("a URL");
            if let Some(path) = local_path(&path) {
                let there = here.join(path).expect("it was joined before");
                prop_assert_eq!(there.origin(), here.origin());
            }
        }
    }
}
