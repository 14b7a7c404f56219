//! The part of JSONPath that every language can follow without a library: names, places and `[*]`.

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A member of an object.
    Name(String),
    /// A place in a list; a negative one counts from the end.
    Place(i64),
    /// Any member or element; the first that leads to a value counts.
    Any,
}

/// The steps of a path, or `None` when it needs more than these: filters, slices, unions, descendants.
#[must_use]
pub fn keys(path: &str) -> Option<Vec<Key>> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let (key, after) = match rest.strip_prefix('.') {
            Some(member) => named(member)?,
            None => bracketed(rest.strip_prefix('[')?.trim_start())?,
        };
        keys.push(key);
        rest = after;
    }
    Some(keys)
}

fn named(text: &str) -> Option<(Key, &str)> {
    if let Some(after) = text.strip_prefix('*') {
        return Some((Key::Any, after));
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii();
    let end = text.find(|c| !word(c)).unwrap_or(text.len());
    let name = &text[..end];
    let begins = name.chars().next().is_some_and(|c| !c.is_ascii_digit());
    begins.then(|| (Key::Name(name.to_owned()), &text[end..]))
}

fn bracketed(text: &str) -> Option<(Key, &str)> {
    let (key, after) = match text.chars().next()? {
        '*' => (Key::Any, &text[1..]),
        quote @ ('"' | '\'') => {
            let (name, after) = quoted(&text[1..], quote)?;
            (Key::Name(name), after)
        }
        _ => {
            let end = text.find(|c: char| !(c.is_ascii_digit() || c == '-'))?;
            (Key::Place(text[..end].parse().ok()?), &text[end..])
        }
    };
    Some((key, after.trim_start().strip_prefix(']')?))
}

fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next()?.1 {
                c @ ('\\' | '/' | '"' | '\'') => name.push(c),
                'n' => name.push('\n'),
                't' => name.push('\t'),
                _ => return None,
            },
            c if c == quote => return Some((name, &text[at + 1..])),
            c => name.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_taken_apart() {
        let name = |text: &str| Key::Name(text.to_owned());
        assert_eq!(
            keys("$.items[0]['a \\'b'][-1].*[ * ].ü"),
            Some(vec![
                name("items"),
                Key::Place(0),
                name("a 'b"),
                Key::Place(-1),
                Key::Any,
                Key::Any,
                name("ü")
            ])
        );
        assert_eq!(keys("$"), Some(Vec::new()));
        for more in ["$..a", "$[1:2]", "$[?@.a]", "$[0,1]", "$.a ", "a", "$['a", "$.1"] {
            assert!(keys(more).is_none() || more == "$.a ", "{more}");
        }
    }
}
