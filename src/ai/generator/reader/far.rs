//! A port that stands far from its host: `https://127.0.0.1, and the port is 8443`, `nicht Port 80, nimm 8090`.

use url::Url;

use super::{Reader, quantity::Kind, settings::whole, token::Kind as Piece, told::WELL};
use crate::ai::generator::roles::Role;

/// What may stand between `port` and its number.
const BETWEEN: &[&str] = &[
    "is", "ist", "lautet", "on", "auf", "number", "nummer", "um", "äh", "uh", "nimm", "use", "now", "jetzt",
    "to",
];

impl Reader<'_> {
    /// Gives the port to the only host of the text, where that has none of its own.
    pub(super) fn far_port(&mut self) {
        let mut usable = self.urls.iter().filter(|url| url.usable);
        let (Some(url), None) = (usable.next(), usable.next()) else { return };
        let (at, origin) = (url.at, url.origin.clone());
        let Ok(mut parsed) = Url::parse(&origin) else { return };
        let found = (0..self.quantities.len()).rev().find_map(|one| Some((one, self.port_of(one, at)?)));
        // `port 8080, no sorry, port 8090`: one that is put right gives way.
        let right = |one: usize| {
            let from = self.quantities[one].from;
            (from.saturating_sub(3)..from).any(|word| self.word(word) == "port" && self.cue(word).is_some())
        };
        let Some((one, port)) = found.filter(|(one, _)| parsed.port().is_none() || right(*one)) else {
            return;
        };
        if parsed.set_port(Some(port)).is_err() {
            return;
        }
        let joined = parsed.origin().ascii_serialization();
        self.used[one] = true;
        self.reading
            .hosts
            .iter_mut()
            .filter(|host| host.value == origin)
            .for_each(|host| host.value.clone_from(&joined));
        self.urls
            .iter_mut()
            .filter(|url| url.origin == origin)
            .for_each(|url| url.origin.clone_from(&joined));
    }

    /// The port that a number is, by the word before it, or because a model is sure.
    fn port_of(&self, one: usize, host: usize) -> Option<u16> {
        let Kind::Bare(value) = self.quantities[one].kind else { return None };
        let from = self.quantities[one].from;
        let near = self.sentence_start(from).max(from.saturating_sub(5));
        let gap = |at: usize| {
            BETWEEN.contains(&self.word(at))
                || matches!(self.tokens[at].kind, Piece::Mark(':' | ',' | '=' | '('))
        };
        let word = (near..from).rev().find(|&at| !gap(at)).filter(|&at| self.word(at) == "port");
        // `no, sorry, port 8090` is no denial.
        let not = |at: usize| {
            self.cue(at).is_none()
                && self.has(near.max(at.saturating_sub(3)), at, &["not", "nicht", "kein", "no"])
        };
        let label = self.labels.label(self.digits(&self.quantities[one]));
        let told = label.is_some_and(|label| label.value == Role::Port && label.sure >= WELL);
        // `port 5432 is only the database`, by a model or by the words.
        let to = self.quantities[one].to;
        let described =
            self.is_word(to, &["is", "ist", "was", "war", "belongs", "gehört", "for", "für", "of"]);
        let denied = label.is_some_and(|label| label.value == Role::Nothing && label.sure >= WELL);
        let right = word.is_some_and(|at| self.cue(at).is_some());
        let idle = (described || denied) && !right;
        // `http://10.0.0.7/a, port 9000` may be of anything.
        let path = self.urls.iter().any(|url| url.at == host && url.path.is_some());
        let said = word.is_some_and(|at| !not(at) && !path && !idle);
        if !(said || told) || self.used[one] {
            return None;
        }
        let whole = (value.fract() == 0.0 && (1.0..=65_535.0).contains(&value)).then(|| whole(value))?;
        u16::try_from(whole).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn a_port_may_stand_far_from_its_host() {
        for (text, host) in [
            (
                "eighty users, port is 8443, https://127.0.0.1, path /admin/stats, five minutes",
                "https://127.0.0.1:8443",
            ),
            (
                "auf http://messwerte.internal und der Port ist 8086, POST /write, 30 Nutzer",
                "http://messwerte.internal:8086",
            ),
            ("http://10.0.0.7/a with 20 users, not port 8080", "http://10.0.0.7"),
            ("http://10.0.0.7 with 20 users; port 5432 is only the database", "http://10.0.0.7"),
            (
                "localhost port eight thousand eighty no sorry port eight thousand ninety",
                "http://localhost:8090",
            ),
            ("auf localhost doppelpunkt fünftausend schrägstrich ping", "http://localhost:5000"),
        ] {
            let hosts: Vec<String> = read(text).hosts.into_iter().map(|host| host.value).collect();
            assert_eq!(hosts, [host], "{text}");
        }
    }
}
