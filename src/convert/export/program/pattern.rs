//! Regular expressions in other tongues. MAID's have no way to look ahead or back, and most of the rest is
//! written alike everywhere; what is not is translated, or left out.

/// Whose regular expressions they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JavaScript, without the `u` flag.
    JavaScript,
    /// Python's `re`.
    Python,
    /// Perl.
    Perl,
}

/// A pattern in another dialect, or `None` when it uses what may mean something else there.
#[must_use]
pub fn portable(pattern: &str, dialect: Dialect) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(chars.next()?, &mut out)?,
            '[' => {
                let class: String = class(&mut chars)?;
                out.push('[');
                out.push_str(&class);
                out.push(']');
            }
            '(' if chars.peek() == Some(&'?') => {
                chars.next();
                group(&mut chars, &mut out)?;
            }
            // Only a line feed is no character here; JavaScript has three more.
            '.' => out.push_str("[^\\n]"),
            // Python and Perl take a line feed before the end for the end.
            '$' => out.push_str(match dialect {
                Dialect::JavaScript => "$",
                Dialect::Python => "\\Z",
                Dialect::Perl => "\\z",
            }),
            '/' => out.push_str("\\/"),
            // Perl reads these as variables.
            '@' if dialect == Dialect::Perl => out.push_str("\\@"),
            '#' | ' ' | '~' | '&' | '-' | '"' | '\'' | '@' => out.push(c),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) > 0xFFFF => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// A pattern that [`portable`] has made, as it is written here.
#[must_use]
pub fn original(pattern: &str) -> String {
    let pattern = pattern.replace("[^\\n]", ".");
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next @ ('/' | '@'))) => {
                chars.next();
                out.push(next);
            }
            ('\\', Some('z' | 'Z')) => {
                chars.next();
                out.push('$');
            }
            ('\\', Some(next)) => {
                chars.next();
                out.extend(['\\', next]);
            }
            _ => out.push(c),
        }
    }
    out
}

fn escape(c: char, out: &mut String) -> Option<()> {
    // What these mean beyond ASCII differs a little; what they mean within it does not.
    let known = matches!(c, 'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v');
    let literal = c.is_ascii_punctuation();
    (known || literal).then(|| {
        out.push('\\');
        out.push(c);
    })
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut out = String::new();
    if chars.peek() == Some(&'^') {
        chars.next();
        out.push('^');
    }
    let mut first = true;
    let mut before = ' ';
    loop {
        let c = chars.next()?;
        match c {
            ']' if !first => return Some(out),
            // The first bracket stands for itself.
            ']' => out.push_str("\\]"),
            // Classes in classes, and what is done with two of them.
            '[' => return None,
            '&' | '~' | '-' if before == c => return None,
            '\\' => escape(chars.next()?, &mut out)?,
            '/' | '@' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if u32::from(c) > 0xFFFF => return None,
            c => out.push(c),
        }
        before = c;
        first = false;
    }
}

/// What follows `(?`: a group that is not kept, or one with a name, which no one asks for.
fn group(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    match chars.next()? {
        ':' => {
            out.push_str("(?:");
            Some(())
        }
        'P' => {
            (chars.next()? == '<').then_some(())?;
            skip_name(chars, out)
        }
        '<' => skip_name(chars, out),
        _ => None,
    }
}

fn skip_name(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    chars.by_ref().find(|c| *c == '>')?;
    out.push('(');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_translated_or_refused() {
        let js = |pattern| portable(pattern, Dialect::JavaScript);
        assert_eq!(js(r"id=(?P<id>\d+)/[]a-z/]$").as_deref(), Some(r"id=(\d+)\/[\]a-z\/]$"));
        assert_eq!(portable(r"a$|b.", Dialect::Python).as_deref(), Some(r"a\Z|b[^\n]"));
        assert_eq!(portable("a@b", Dialect::Perl).as_deref(), Some(r"a\@b"));
        for pattern in [r"id=(\d+)/[a-z/]+$", r"a.b@\.c\\z$", "[^\n]"] {
            for dialect in [Dialect::JavaScript, Dialect::Python, Dialect::Perl] {
                let made = portable(pattern, dialect).expect("it can be written there");
                assert_eq!(original(&made), pattern.replace('\n', "\\x0a"), "{made}");
            }
        }
        for more in [r"(?i)a", r"\pL", r"[a&&b]", r"[[:alpha:]]", r"\x{41}", r"\z", r"\A"] {
            assert_eq!(js(more), None, "{more}");
        }
    }
}
