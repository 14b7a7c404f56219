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
    let dev = [98.9, 91.5, 91.5, 94.8, 98.7, 95.5, 98.3, 84.0, 82.3];
    let held_out = [98.3, 87.7, 87.7, 92.2, 98.3, 95.0, 94.4, 60.0, 72.7];
    holds(Mode::Reader, Models::default(), [(Half::Dev, dev), (Half::HeldOut, held_out)]).await;
}

#[tokio::test]
async fn a_model_that_tells_numbers_apart_makes_it_more_right() {
    let nearby = Nearby::new(Ai::new(&Config::default().ai));
    let models = Models { teller: Some(&nearby), nearest: Some(&nearby), filler: None };
    let dev = [99.5, 98.5, 98.5, 98.5, 99.2, 98.9, 99.2, 84.0, 94.0];
    let held_out = [98.3, 97.7, 97.7, 98.3, 98.3, 97.2, 96.1, 70.0, 90.0];
    holds(Mode::Both, models, [(Half::Dev, dev), (Half::HeldOut, held_out)]).await;
}

#[tokio::test]
async fn without_a_model_none_is_measured() {
    for mode in [Mode::Model, Mode::Both] {
        assert!(evaluate(prompts(Half::Dev), mode, Models::default()).await.is_err());
    }
}
