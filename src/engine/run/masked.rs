//! Keeps secrets out of the outcome, and thereby out of everything that is made from it.

use crate::{
    engine::outcome::{Outcome, Summary},
    loadtest::mask::Mask,
};

impl Outcome {
    /// The outcome with every text that can hold a secret masked. Names of the test, its scenarios
    /// and transactions stay: they are the author's words, and nothing that is sent.
    pub(super) fn masked(mut self, mask: &Mask) -> Self {
        self.hosts.iter_mut().chain(&mut self.ended_because).for_each(|text| hide(text, mask));
        self.series_by_request.iter_mut().for_each(|series| hide(&mut series.name, mask));
        for check in &mut self.checks {
            hide(&mut check.request, mask);
            hide(&mut check.name, mask);
        }
        self.summary.mask(mask);
        self
    }
}

impl Summary {
    fn mask(&mut self, mask: &Mask) {
        let rules = self.verdict.thresholds.iter_mut().map(|threshold| &mut threshold.rule);
        // Without a name of its own, a request goes by its path and query.
        let names = self.by_request.iter_mut().map(|request| &mut request.name);
        let because = &mut self.generator.limited_because;
        rules.chain(names).chain(because).for_each(|text| hide(text, mask));
        for error in &mut self.errors {
            hide(&mut error.message, mask);
            hide(&mut error.request, mask);
            if let Some(example) = &mut error.example {
                hide(&mut example.url, mask);
                example.body = mask.beginning(&example.body);
            }
        }
    }
}

fn hide(text: &mut String, mask: &Mask) {
    *text = mask.text(text);
}
