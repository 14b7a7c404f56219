//! Who is asked, in which order, and why: by the policy and by what is known, and by nothing else.

use std::time::Duration;

use crate::ai::{
    chat::{ChosenBy, Intent},
    policy::{Policy, Preference, Privacy},
};

/// Whoever can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The model inside MAID.
    Here,
    /// The provider at this place of the policy.
    There(usize),
}

/// Why something is as it is: what decides it, and in words.
pub type Why = (ChosenBy, String);

/// What is known of whoever can be asked.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Why it cannot be asked.
    pub not: Option<Why>,
    /// How long its answers took of late.
    pub pace: Option<Duration>,
}

/// What is known of a question.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// What the answer is for.
    pub intent: Intent,
    /// Whether there is something in it that does not leave.
    pub private: bool,
    /// How long answers of the model inside MAID took of late.
    pub pace: Option<Duration>,
    /// Whether it is busy.
    pub busy: bool,
    /// The providers, as the policy has them.
    pub providers: Vec<Known>,
}

/// Somebody to ask, and why they.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// Why no provider may be asked this at all.
pub fn kept(policy: &Policy, private: bool) -> Option<Why> {
    match policy.privacy {
        Privacy::LocalOnly => Some("nothing leaves this machine (`privacy: local-only`)"),
        Privacy::Hybrid if private => {
            Some("the question holds secrets or personal data, which do not leave (`privacy: hybrid`)")
        }
        Privacy::Hybrid | Privacy::AllowApi => None,
    }
    .map(|why| (ChosenBy::Privacy, why.to_owned()))
}

/// Whom to ask, the likeliest to answer well first. There is always somebody.
pub fn plan(seen: &Seen<'_>) -> Vec<Step> {
    let preference = seen.policy.route(seen.intent);
    let here = |why: Why| Step { place: Place::Here, why };
    if preference == Preference::Local {
        let why = "the policy lets the model inside MAID answer this";
        return vec![here((ChosenBy::Intent, why.to_owned()))];
    }
    if let Some(why) = kept(seen.policy, seen.private) {
        return vec![here(why)];
    }
    let mut refused = None;
    let mut there = Vec::new();
    for (at, known) in seen.providers.iter().enumerate() {
        match &known.not {
            Some(why) => refused = refused.or(Some(why.clone())),
            None => there.push(at),
        }
    }
    let first = "the policy lets a provider answer this first";
    let remote = there.iter().map(|at| Step {
        place: Place::There(*at),
        why: refused.clone().unwrap_or((ChosenBy::Intent, first.to_owned())),
    });
    if preference == Preference::Remote {
        let why = refused.clone().unwrap_or((ChosenBy::Intent, "no provider is there".to_owned()));
        let steps = remote.chain([here(why)]).collect();
        return timely(steps, seen);
    }
    let first = "the policy lets the model inside MAID answer this first";
    let local = here((ChosenBy::Intent, first.to_owned()));
    if seen.busy && !there.is_empty() {
        let why = (ChosenBy::Load, "others wait for the model inside MAID".to_owned());
        let remote = remote.map(|step| Step { why: why.clone(), ..step });
        return timely(remote.chain([local]).collect(), seen);
    }
    timely([local].into_iter().chain(remote).collect(), seen)
}

/// The same, with whoever is slower than the policy wants after the others.
fn timely(mut steps: Vec<Step>, seen: &Seen<'_>) -> Vec<Step> {
    let Some(target) = seen.policy.latency_target else { return steps };
    let pace = |place| match place {
        Place::Here => seen.pace,
        Place::There(at) => seen.providers.get(at).and_then(|known| known.pace),
    };
    let late = |step: &Step| pace(step.place).is_some_and(|pace| pace > target.get());
    let before = steps[0].place;
    let was = pace(before);
    // Stable: the order stays among those that are in time, and among those that are not.
    steps.sort_by_key(late);
    if let (true, Some(was)) = (steps[0].place != before, was) {
        let (was, wanted) = (was.as_secs_f64(), target.get().as_secs_f64());
        let why = format!(
            "whoever is asked first took {was:.1} s of late, and {wanted:.1} s are wanted (`latency_target`)"
        );
        steps[0].why = (ChosenBy::Latency, why);
    }
    steps
}
