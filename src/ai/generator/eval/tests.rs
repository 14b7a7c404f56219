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
    // Of the prompts that nobody has looked at, what was measured.
    let held_out = [94.8, 97.3, 97.3, 97.4, 100.0, 97.4, 100.0, 50.0, 84.6];
    for (half, least) in [(Half::Dev, [100.0; FIELDS.len()]), (Half::HeldOut, held_out)] {
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
