//! Texts that a pattern takes, made by walking through it.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Longest text that is made, in bytes.
const MAX_LENGTH: usize = 4000;
/// Characters that are taken first where a class has them.
const PREFERRED: &str = "aA1b0-_/. ";

/// Texts of at least `least` characters that the pattern should take: the shortest, then longer ones.
pub(super) fn sample(pattern: &str, least: usize) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern) else { return Vec::new() };
    [0, 1, least].iter().filter_map(|extra| made(&hir, *extra)).collect()
}

fn made(hir: &Hir, extra: usize) -> Option<String> {
    let mut out = String::new();
    walk(hir, extra, &mut out)?;
    Some(out)
}

/// Appends a text for a part; what may be repeated is repeated `extra` times more than it must.
fn walk(hir: &Hir, extra: usize, out: &mut String) -> Option<()> {
    if out.len() > MAX_LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            out.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(Class::Unicode(class)) => {
            let within = |c: char| class.iter().any(|range| range.start() <= c && c <= range.end());
            let chosen = PREFERRED.chars().find(|c| within(*c));
            out.push(chosen.or_else(|| class.iter().next().map(|range| range.start()))?);
            Some(())
        }
        HirKind::Class(Class::Bytes(class)) => {
            out.push(char::from(class.iter().next()?.start()));
            Some(())
        }
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(usize::MAX, |most| most as usize);
            for _ in 0..least.saturating_add(extra).min(most).min(MAX_LENGTH) {
                walk(&repetition.sub, extra.min(1), out)?;
            }
            Some(())
        }
        HirKind::Capture(capture) => walk(&capture.sub, extra, out),
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| walk(part, extra, out)),
        HirKind::Alternation(branches) => walk(branches.first()?, extra, out),
    }
}
