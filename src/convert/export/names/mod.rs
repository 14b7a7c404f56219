//! Names that programs can use, made of names that people gave.

use std::collections::BTreeSet;

/// Longest name.
const LONGEST: usize = 40;

/// Gives every name once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name of small letters, digits and `_` that begins with a letter, and that was not given before.
    pub(super) fn of(&mut self, text: &str) -> String {
        let base = plain(text);
        let mut name = base.clone();
        for number in 2.. {
            if self.0.insert(name.clone()) {
                break;
            }
            name = format!("{base}_{number}");
        }
        name
    }
}

fn plain(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if name.len() == LONGEST {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "x".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("x{name}"),
        Some(_) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_differ() {
        let mut names = Names::default();
        let given = ["GET /a b", "get a b", "404", "é", "*/", "GET_a_b_2"].map(|text| names.of(text));
        assert_eq!(given, ["get_a_b", "get_a_b_2", "x404", "x", "x_2", "get_a_b_2_2"]);
    }
}
