//! Times whose unit stands apart from the number, where a model knows that the number is a time.

use super::{
    Reader,
    lexicon::unit,
    quantity::{Kind, Quantity},
    token::Kind as Piece,
};

impl Reader<'_> {
    /// Milliseconds of a time, and those of its unit, which may stand apart from it.
    pub(super) fn how_long(&self, at: usize) -> Option<(f64, f64)> {
        match self.quantities[at].kind {
            Kind::Time(millis, unit) => Some((millis, unit)),
            Kind::Bare(value) => self.unit_apart(at).map(|unit| (value * unit, unit)),
            _ => None,
        }
    }

    /// The unit of a number that has none beside it: `900 (s)`, `Minutes: 7`, `100/250/700 ms`, `5 to 10 seconds`, `5 mni`; or that
    /// of the time before it: `not 5 minutes but 25`.
    pub(super) fn unit_apart(&self, at: usize) -> Option<f64> {
        let Quantity { from, to, .. } = self.quantities[at];
        let behind = to + usize::from(self.tokens.get(to).is_some_and(|next| next.kind == Piece::Mark('(')));
        let more =
            behind + usize::from(self.is_word(behind, &["more", "weitere", "weiteren", "further", "extra"]));
        let before = || (from.saturating_sub(3)..from).rev().find_map(|at| unit(self.word(at)));
        let list = || {
            let next = self.quantities.get(at + 1).filter(|next| next.from <= to + 2)?;
            match next.kind {
                Kind::Time(_, unit) => Some(unit),
                Kind::Bare(_) => self.unit_apart(at + 1),
                _ => None,
            }
        };
        let start = self.sentence_start(from);
        let earlier = || {
            let times = self.quantities[..at].iter().rev().take_while(|one| one.from >= start);
            times.into_iter().find_map(|one| match one.kind {
                Kind::Time(_, unit) => Some(unit),
                _ => None,
            })
        };
        let minutes = ['′', '\'', '’'].iter().any(|mark| {
            self.tokens
                .get(to)
                .is_some_and(|next| next.kind == Piece::Mark(*mark) && next.start == self.tokens[to - 1].end)
        });
        if minutes {
            return Some(60e3);
        }
        let spelled = || slipped_unit(self.word(to));
        unit(self.word(more)).or_else(spelled).or_else(list).or_else(before).or_else(earlier)
    }
}

/// A unit with slips, where it is known that a time stands before it: `minz`, `Minuddn`, `sek.`, `hrs`.
fn slipped_unit(word: &str) -> Option<f64> {
    const NONE: &[&str] = &[
        "man", "mit", "mal", "mehr", "more", "so", "sein", "sind", "she", "some", "may", "mich", "hat",
        "has", "have", "he",
    ];
    let size = match word {
        _ if NONE.contains(&word) => return None,
        _ if word.starts_with("ms") || word.starts_with("mil") => 1.0,
        _ if word.starts_with("st") || word.starts_with("h") => 3.6e6,
        _ if word.starts_with('s') => 1e3,
        _ if word.starts_with('m') => 60e3,
        _ => return None,
    };
    Some(size)
}
