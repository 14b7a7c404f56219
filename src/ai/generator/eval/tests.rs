//! What the reader alone must not fall below.

use super::*;
use crate::{
    ai::{Ai, Nearby, generator::Models},
    config::Config,
};

fn prompts(half: Half) -> Vec<Case> {
    cases(half.text(), "prompts").expect("prompts")
}

#[test]
fn there_are_enough_prompts_of_every_kind() {
    let all: Vec<Case> = [Half::Dev, Half::HeldOut].into_iter().flat_map(prompts).collect();
    let share = |of: &dyn Fn(&Case) -> bool| all.iter().filter(|one| of(one)).count() * 100 / all.len();
    assert!(all.len() >= 120, "{}", all.len());
    assert!((45..=55).contains(&share(&|one| one.id.starts_with("de"))));
    assert!(share(&|one| one.nasty) >= 30);
    let mut texts: Vec<&str> = all.iter().map(|one| one.text.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), all.len(), "no prompt is there twice");
}

/// What was measured, of the prompts that MAID was built with and of those that nobody has looked at.
async fn holds(mode: Mode, models: Models<'_>, least: [(Half, [f64; FIELDS.len()]); 2]) {
    for (half, least) in least {
        let report = evaluate(prompts(half), mode, models).await.expect("a report");
        for (field, least) in least.into_iter().enumerate() {
            let found = report.percent(field);
            assert!(
                found >= least,
                "{half:?} {}: {found} is below {least}\n{:#?}",
                FIELDS[field],
                report.wrong
            );
        }
        assert_eq!(report.invented, 0, "{:#?}", report.wrong);
    }
}

#[tokio::test]
async fn the_reader_is_as_right_as_it_was() {
    let dev = [99.7, 93.6, 93.6, 95.9, 98.9, 96.9, 99.4, 92.4, 88.1];
    let held_out = [97.2, 86.8, 88.4, 88.4, 97.6, 87.2, 94.5, 75.0, 62.1];
    holds(Mode::Reader, Models::default(), [(Half::Dev, dev), (Half::HeldOut, held_out)]).await;
}

#[tokio::test]
async fn a_model_that_tells_numbers_apart_makes_it_more_right() {
    let nearby = Nearby::new(Ai::new(&Config::default().ai));
    let models = Models { teller: Some(&nearby), nearest: Some(&nearby), filler: None };
    let dev = [99.7, 98.5, 98.5, 97.5, 99.0, 98.0, 99.0, 85.0, 93.5];
    let held_out = [99.2, 95.5, 97.5, 90.0, 99.2, 91.5, 96.0, 80.0, 79.0];
    holds(Mode::Both, models, [(Half::Dev, dev), (Half::HeldOut, held_out)]).await;
}

#[tokio::test]
async fn without_a_model_none_is_measured() {
    for mode in [Mode::Model, Mode::Both] {
        assert!(evaluate(prompts(Half::Dev), mode, Models::default()).await.is_err());
    }
}
