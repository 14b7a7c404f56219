//! `maid run --dry-run`: one pass, to see whether a test is right.

use super::{
    engine_link,
    error::CliError,
    exit::Exit,
    remote::{self, Order, ServerUrl},
    results::Form,
    session::Session,
};
use crate::{
    engine::{
        dry_run::{DryRun, dry_run},
        signal::{Stage, StopSignal},
    },
    loadtest::valid::ValidLoadTest,
    reports::dry_run_text,
};

/// What a dry run does, for whoever waits for it.
const WHAT: &str = "one pass by one user of each scenario, one request after another";

impl Session<'_> {
    /// Walks once through `test` and prints what came of each request.
    pub(super) fn dry_run(
        &self,
        test: &ValidLoadTest,
        wishes: engine_link::Wishes,
        form: Form,
    ) -> Result<Exit, CliError> {
        let settings = engine_link::settings(test, self.config, wishes)?;
        let stop = StopSignal::new();
        let given = stop.clone();
        self.interrupt.arm(move || given.advance(Stage::Cut));
        self.screen.note(&format!("dry run: {WHAT}"));
        let walked = dry_run(test, &settings, &stop)?;
        self.walked(&walked, form)
    }

    /// Has the server at `url` walk through the test of `order`, and prints the same.
    pub(super) fn dry_run_on(&self, url: &ServerUrl, order: &Order, form: Form) -> Result<Exit, CliError> {
        self.screen.note(&format!("dry run on {url}: {WHAT}"));
        match remote::dry_run(self, url, order)? {
            Some(walked) => self.walked(&walked, form),
            None => {
                self.screen.say("the dry run was given up: the server ends it, and tells nothing of it");
                Ok(Exit::Stopped)
            }
        }
    }

    /// Prints what came of each request, and judges it.
    fn walked(&self, walked: &DryRun, form: Form) -> Result<Exit, CliError> {
        match form {
            Form::Text => {
                self.screen.result(&dry_run_text(walked, self.screen.colour, self.screen.width()))?;
            }
            Form::Json => {
                self.screen.result(&serde_json::to_string(walked).map_err(std::io::Error::from)?)?;
            }
            Form::None => {}
        }
        Ok(match walked.passed {
            true => Exit::Passed,
            false if self.interrupt.has_come() => Exit::Stopped,
            false if was_refused(walked) => Exit::TargetRefused,
            false => Exit::Other,
        })
    }
}

/// Whether the target policy kept a request back.
fn was_refused(walked: &DryRun) -> bool {
    walked.steps.iter().filter_map(|step| step.failure.as_ref()).any(|failure| failure.kind == "policy")
}
