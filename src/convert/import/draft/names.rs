//! Names: of tests, transactions and requests, and those that templates use.

use std::collections::{HashMap, HashSet};

/// Longest name, in characters.
const LONGEST: usize = 200;
/// Longest name that templates use, in bytes.
const LONGEST_IDENTIFIER: usize = 60;

/// Names that are given once each.
#[derive(Default)]
pub(in crate::convert::import) struct Unique {
    taken: HashSet<String>,
    numbers: HashMap<String, usize>,
}

impl Unique {
    /// The name itself, or with a number behind it where it is taken.
    pub(in crate::convert::import) fn name(&mut self, wish: &str) -> String {
        let wish = short(wish);
        let number = self.numbers.entry(wish.clone()).or_insert(1);
        let mut name = wish.clone();
        while !self.taken.insert(name.clone()) {
            *number += 1;
            let end = format!(" ({number})");
            let start: String = wish.chars().take(LONGEST - end.len()).collect();
            name = format!("{start}{end}");
        }
        name
    }
}

/// A name fit for a line of a report.
pub(in crate::convert::import) fn short(name: &str) -> String {
    let clean: String =
        super::plain(name).chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    match clean.trim() {
        "" => "unnamed".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

/// A name that templates can use.
pub(in crate::convert::import) fn identifier(wish: &str) -> String {
    let mut name = String::new();
    let mut small = false;
    for c in wish.chars().take(LONGEST_IDENTIFIER) {
        if c.is_ascii_alphanumeric() {
            // orderId becomes order_id.
            if c.is_ascii_uppercase() && small {
                name.push('_');
            }
            small = c.is_ascii_lowercase() || c.is_ascii_digit();
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
            small = false;
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("value_{name}"),
        Some(_) => name.to_owned(),
    }
}

/// A path under which requests are measured together: parts that look like ids stand as `{id}`.
pub(in crate::convert::import) fn group(path: &str) -> String {
    let part = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let hex = part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        let is_id =
            !part.is_empty() && digits == part.len() || hex && digits > 0 || part.len() >= 20 && digits >= 4;
        if is_id { "{id}".to_owned() } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_fit() {
        let mut unique = Unique::default();
        assert_eq!([unique.name("a\nb"), unique.name("a b"), unique.name("")], ["a b", "a b (2)", "unnamed"]);
        let long = "x".repeat(300);
        assert_eq!(unique.name(&long).len(), 200);
        assert_eq!(unique.name(&long).len(), 200);
        for (wish, name) in
            [("orderId", "order_id"), ("X-Api-Key", "x_api_key"), ("1st", "value_1st"), ("§", "value")]
        {
            assert_eq!(identifier(wish), name);
        }
        assert_eq!(group("/users/17/orders/3f2b8c1e-aa00-4b1c/list"), "/users/{id}/orders/{id}/list");
    }
}
