//! A part of a text that is looked for as it is.

use sea_orm::sea_query::LikeExpr;

/// A pattern for what contains `part`, in which nothing but the ends is a wildcard.
pub fn containing(part: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in part.chars() {
        match c {
            // Postgres has no NUL in texts.
            '\0' => pattern.push('\u{fffd}'),
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            c => pattern.push(c),
        }
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
