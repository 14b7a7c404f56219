//! What the reader alone must not fall below.

use super::*;
use crate::ai::generator::Models;

fn prompts(half: Half) -> Vec<Case> {
    cases(half.text(), "prompts").expect("prompts")
}

async fn report(half: Half) -> Report {
    evaluate(prompts(half), Mode::Reader, Models::default()).await.expect("a reader")
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

#[tokio::test]
async fn the_reader_is_as_right_as_it_was() {
    // What was measured, of the prompts that nobody has looked at and of those that the reader was built with.
    let dev = [99.6, 94.2, 94.2, 97.2, 99.2, 97.6, 99.6, 94.0, 90.4];
    let held_out = [96.6, 90.0, 91.6, 86.6, 93.3, 86.6, 90.0, 75.0, 55.0];
    for (half, least) in [(Half::Dev, dev), (Half::HeldOut, held_out)] {
        let report = report(half).await;
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
async fn without_a_model_none_is_measured() {
    for mode in [Mode::Model, Mode::Both] {
        assert!(evaluate(prompts(Half::Dev), mode, Models::default()).await.is_err());
    }
}
