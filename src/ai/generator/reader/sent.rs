//! Paths and methods as a model tells them: which are sent, and which are only spoken of.

use super::{
    Item, Reader,
    token::{Kind, is_method},
    told::{PLAINLY, SURELY, WELL},
};
use crate::ai::generator::roles::Role;

/// What says that a method is one of several requests.
const ALL: &[&str] = &["each", "both", "all", "every", "jeweils", "beide", "beides", "alle", "je"];

impl Reader<'_> {
    /// Whether the model is sure that the path at a token is sent, or that it is not.
    pub(super) fn is_told_path(&self, at: usize) -> Option<bool> {
        let label = self.labels.label(self.item_place(at)).filter(|label| label.sure >= PLAINLY)?;
        match label.value {
            Role::Path => Some(true),
            Role::Nothing => Some(false),
            _ => None,
        }
    }

    /// Whether the model knows of any path that is sent.
    pub(super) fn knows_paths(&self) -> bool {
        (0..self.tokens.len()).any(|at| {
            matches!(self.tokens[at].kind, Kind::Path | Kind::Url(_)) && self.is_told_path(at) == Some(true)
        })
    }

    /// Whether the model is sure that a method of HTTP is only spoken of: `GET, no POST any more`.
    pub(super) fn is_idle_method(&self, at: usize) -> bool {
        let label = self.labels.label(self.tokens[at].start..self.tokens[at].end);
        label.is_some_and(|label| label.value == Role::Nothing && label.sure >= SURELY)
    }

    /// Gives methods that stand apart from their paths to them: `/orders, by POST`, `it's a post on /sms`.
    pub(super) fn methods_told(&mut self) {
        for at in 0..self.tokens.len() {
            let method = self.tokens[at].raw.to_uppercase();
            let method =
                ["ED", "S"].iter().find_map(|end| method.strip_suffix(end)).unwrap_or(&method).to_owned();
            let label = self.labels.label(self.tokens[at].start..self.tokens[at].end);
            let told = label.is_some_and(|label| label.value == Role::Method && label.sure >= WELL);
            if !told || !is_method(&method) || self.is_taken(at, &method) {
                continue;
            }
            let (start, end) = (self.sentence_start(at), self.sentence_end(at));
            let open: Vec<(usize, usize)> = self
                .items
                .iter()
                .filter_map(|(place, item)| match item {
                    Item::Request(number) if self.reading.requests[*number].value.method.is_none() => {
                        Some((*place, *number))
                    }
                    _ => None,
                })
                .collect();
            if self.has(at.saturating_sub(4), (at + 3).min(end), ALL) {
                for (_, number) in open.iter().filter(|(place, _)| (start..end).contains(place)) {
                    self.reading.requests[*number].value.method = Some(method.clone());
                }
                continue;
            }
            let near = open.iter().min_by_key(|(place, _)| {
                let outside = usize::from(!(start..end).contains(place)) * 1000;
                // What stands before it is nearer than what stands behind.
                outside + place.abs_diff(at) * 2 + usize::from(*place > at)
            });
            if let Some((_, number)) = near {
                self.reading.requests[*number].value.method = Some(method);
            }
        }
    }

    /// Whether a method stands right before a path that has it, or right behind in brackets.
    fn is_taken(&self, at: usize, method: &str) -> bool {
        self.items.iter().any(|(place, item)| {
            let Item::Request(number) = item else { return false };
            let near = (at..at + 5).contains(place) || *place + 2 == at || *place == at;
            near && self.reading.requests[*number].value.method.as_deref() == Some(method)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_told;
    use crate::ai::generator::roles::tests::marked;

    fn requests(text: &str) -> Vec<String> {
        let (text, told) = marked(text);
        let requests = read_told(&text, &told).requests;
        let method = |method: &Option<String>| method.clone().unwrap_or_else(|| "GET".to_owned());
        requests.iter().map(|one| format!("{} {}", method(&one.value.method), one.value.path)).collect()
    }

    #[test]
    fn paths_that_are_only_spoken_of_are_not_sent() {
        assert_eq!(
            requests("/v1 is gone, so ⟦path|/v2/rooms⟧ on ⟦host|http://127.0.0.1:1⟧"),
            ["GET /v2/rooms"]
        );
    }

    #[test]
    fn methods_belong_to_the_paths_that_they_are_near_to() {
        let text = "⟦path|/kommen⟧ und ⟦path|/gehen⟧ jeweils per ⟦method|POST⟧ auf ⟦host|http://127.0.0.1:1⟧";
        assert_eq!(requests(text), ["POST /kommen", "POST /gehen"]);
        let text = "target is ⟦host|http://127.0.0.1:1⟧⟦path|/sms⟧ and it's a ⟦method|post⟧";
        assert_eq!(requests(text), ["POST /sms"]);
        let text = "⟦method|GET⟧ ⟦path|/quotes⟧ on ⟦host|http://127.0.0.1:1⟧; why POST? It only reads";
        assert_eq!(requests(text), ["GET /quotes"]);
    }
}
