//! "Did you mean": the known name that is nearest to a mistyped one.

/// The candidate that `name` is most likely a misspelling of, if any is near enough.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Telling names apart costs the product of their lengths, and nobody mistypes such a name.
    if name.len() > 200 {
        return None;
    }
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().min(lower.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits between two names; `runtime`, `run-time` and `run_time` are no edits apart.
fn distance(a: &str, b: &str) -> usize {
    let bare = |text: &str| text.replace(['_', '-', ' '], "");
    strsim::damerau_levenshtein(&bare(a), &bare(b))
}

/// A short list of names for a message: the first few, and how many more there are.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    let names: Vec<&str> = names.into_iter().collect();
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_near_name_and_no_far_one() {
        assert_eq!(nearest("weigth", ["name", "weight"]), Some("weight"));
        assert_eq!(nearest("runtime", ["run_time", "users"]), Some("run_time"));
        assert_eq!(nearest("Users", ["users"]), Some("users"));
        assert_eq!(nearest("banana", ["name", "weight"]), None);
    }
}
