//! What the numbers of a text are for, as a small model tells them apart.
//!
//! The model labels pieces of the text; it says no number and no host. Which number stands where, and what it is worth, is
//! the reader's to find: here its place gets a role, and how sure that is. `scripts/learn.py` teaches the model, and
//! the order of the labels here is the order there.

#[cfg(test)]
pub(super) mod tests;

use std::ops::Range;

use crate::ai::embed::{Labelled, Lesson, Piece};

/// What was learned, and on which model.
pub const LESSON: Lesson = Lesson {
    weights: include_bytes!("../../../../assets/ai/roles.safetensors"),
    of: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
};

/// What a number is for, or words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing that is asked for.
    Nothing,
    /// Where the test is sent to.
    Host,
    /// The port of a host, apart from it.
    Port,
    /// A method of HTTP.
    Method,
    /// A path on a host.
    Path,
    /// What people do.
    Act,
    /// Users at once.
    Users,
    /// Passes of each user.
    Passes,
    /// Users that start per second.
    Hatch,
    /// Requests per second that are sent.
    Rate,
    /// Most requests per second.
    Limit,
    /// How long the test runs.
    Time,
    /// A pause of a user.
    Think,
    /// How long a request may take before it is given up.
    Timeout,
    /// How long a step takes.
    StepTime,
    /// Where a step goes to.
    StepTo,
    /// The limit of a rule.
    Bound,
    /// A share of the traffic.
    Share,
}

impl Role {
    /// Whether a number of a load test may have it.
    fn is_of_numbers(self) -> bool {
        !matches!(self, Self::Host | Self::Port | Self::Method | Self::Path | Self::Act)
    }
}

/// Labels of pieces, in the order of the model.
const PIECES: [Role; 18] = [
    Role::Nothing,
    Role::Host,
    Role::Port,
    Role::Method,
    Role::Path,
    Role::Act,
    Role::Users,
    Role::Passes,
    Role::Hatch,
    Role::Rate,
    Role::Limit,
    Role::Time,
    Role::Think,
    Role::Timeout,
    Role::StepTime,
    Role::StepTo,
    Role::Bound,
    Role::Share,
];
/// What the limit of a rule limits, in the order of the model.
pub(super) const MEASURES: [&str; 13] = [
    "p50",
    "p75",
    "p90",
    "p95",
    "p99",
    "p99.9",
    "avg",
    "max",
    "min",
    "error_rate",
    "failures",
    "rps",
    "requests",
];
/// How, in the order of the model.
pub(super) const OPERATORS: [&str; 5] = ["<", "<=", ">", ">=", "=="];

/// Numbers by which a share or a limit looks for what it is of, and by which that is found.
const LINK: usize = 64;

/// The recipes that a text may mean, in the order of the model: nothing of the kind stands first.
const RECIPES: [Option<&str>; 25] = [
    None,
    Some("asset-heavy-page"),
    Some("auth-basic"),
    Some("auth-bearer"),
    Some("banking-transfer"),
    Some("breakpoint"),
    Some("checkout"),
    Some("file-upload"),
    Some("graphql-mutation"),
    Some("graphql-query"),
    Some("load"),
    Some("multi-page-site"),
    Some("paginated-api"),
    Some("ramp-up"),
    Some("recovery"),
    Some("rest-crud"),
    Some("search"),
    Some("single-page-app"),
    Some("smoke"),
    Some("soak"),
    Some("social-feed"),
    Some("spike"),
    Some("stress"),
    Some("sustained"),
    Some("webhook-burst"),
];

/// How sure a piece of a quoted part has to be for the part to be read.
const MUCH: f32 = 0.9;

/// A role, and how sure it is, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sure<T> {
    pub(super) value: T,
    pub(super) sure: f32,
}

/// What a model says of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told(Labelled);

impl Told {
    /// Of what came of [`LESSON`].
    #[must_use]
    pub fn new(labelled: Labelled) -> Self {
        Self(labelled)
    }

    /// Whether nobody has looked.
    pub(super) fn is_empty(&self) -> bool {
        self.0.pieces.is_empty()
    }

    /// The role of the number in these bytes; None where the model has not looked.
    pub(super) fn role(&self, place: Range<usize>) -> Option<Sure<Role>> {
        let scores = self.mean(place, 0..PIECES.len())?;
        best(PIECES.into_iter().zip(scores).filter(|(role, _)| role.is_of_numbers()))
    }

    /// What the words in these bytes are for, numbers or not; None where the model has not looked.
    pub(super) fn label(&self, place: Range<usize>) -> Option<Sure<Role>> {
        best(PIECES.into_iter().zip(self.mean(place, 0..PIECES.len())?))
    }

    /// Whether anything in these bytes says something of the test, by far more likely than not.
    pub(super) fn counts(&self, place: &Range<usize>) -> bool {
        let within = |piece: &&Piece| piece.start < place.end && piece.end > place.start;
        self.0.pieces.iter().filter(within).any(|piece| {
            let label = self.label(piece.start..piece.end);
            label.is_some_and(|label| label.value != Role::Nothing && label.sure >= MUCH)
        })
    }

    /// What the limit in these bytes is a limit of, and how.
    pub(super) fn rule(&self, place: Range<usize>) -> Option<(Sure<&'static str>, Sure<&'static str>)> {
        let (first, then) = (PIECES.len(), PIECES.len() + MEASURES.len());
        let measures = self.mean(place.clone(), first..then)?;
        let operators = self.mean(place, then..then + OPERATORS.len())?;
        let measure = best(MEASURES.into_iter().zip(measures))?;
        Some((measure, best(OPERATORS.into_iter().zip(operators))?))
    }

    /// Which of `items` the share or the limit in these bytes is of; the last possibility is that it is of none of them, or of all.
    pub(super) fn link(&self, place: Range<usize>, items: &[Range<usize>]) -> Option<Sure<Option<usize>>> {
        let first = PIECES.len() + MEASURES.len() + OPERATORS.len();
        let looks = self.numbers(&place, first..first + LINK)?;
        let none = *self.numbers(&place, first + 2 * LINK..first + 2 * LINK + 1)?.first()?;
        let mut scores = Vec::with_capacity(items.len() + 1);
        for (at, item) in items.iter().enumerate() {
            let found = self.numbers(item, first + LINK..first + 2 * LINK)?;
            let product: f32 = looks.iter().zip(found).map(|(a, b)| a * b).sum();
            scores.push((Some(at), product / (LINK as f32).sqrt()));
        }
        best(scores.into_iter().chain([(None, none)]))
    }

    /// The recipe that the text means, or that it means none; nothing where the model has not looked.
    pub(super) fn recipe(&self) -> Option<Sure<Option<&'static str>>> {
        let whole = Some(&self.0.whole).filter(|scores| scores.len() == RECIPES.len())?;
        best(RECIPES.into_iter().zip(whole.iter().copied()))
    }

    /// The mean of some scores over the pieces in these bytes, as logarithms of likelihoods.
    fn mean(&self, place: Range<usize>, of: Range<usize>) -> Option<Vec<f32>> {
        self.means(&place, of, log_sum)
    }

    /// The mean of some numbers over the pieces in these bytes.
    fn numbers(&self, place: &Range<usize>, of: Range<usize>) -> Option<Vec<f32>> {
        self.means(place, of, |_| 0.0)
    }

    fn means(
        &self,
        place: &Range<usize>,
        of: Range<usize>,
        less: impl Fn(&[f32]) -> f32,
    ) -> Option<Vec<f32>> {
        let within = |piece: &&Piece| piece.start < place.end && piece.end > place.start;
        let mut sums = vec![0.0; of.len()];
        let mut count = 0.0;
        for piece in self.0.pieces.iter().filter(within) {
            let scores = piece.scores.get(of.clone())?;
            let less = less(scores);
            sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score - less);
            count += 1.0;
        }
        (count > 0.0).then(|| sums.into_iter().map(|sum| sum / count).collect())
    }
}

/// The likeliest, and its share of the likelihood of all.
fn best<T>(scores: impl Iterator<Item = (T, f32)>) -> Option<Sure<T>> {
    let (values, scores): (Vec<T>, Vec<f32>) = scores.unzip();
    let all = log_sum(&scores);
    let found = values.into_iter().zip(scores).max_by(|a, b| a.1.total_cmp(&b.1));
    found.map(|(value, score)| Sure { value, sure: (score - all).exp() })
}

/// The logarithm of the sum of exponentials, without leaving the range of numbers.
fn log_sum(scores: &[f32]) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + scores.iter().map(|score| (score - most).exp()).sum::<f32>().ln()
}
