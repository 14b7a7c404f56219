//! Why a target is not probed.

use crate::{
    engine::{
        policy::{PolicyError, PreflightError},
        probe::ProbeError,
    },
    http::{Code, FieldError, Problem},
    recipes::RecipeError,
    runs::launch::Unfit,
};

/// After how many seconds a probe that found another one under way may be asked for again.
const AGAIN_S: u32 = 2;

/// Why a target is not probed.
#[derive(Debug, thiserror::Error)]
pub enum RefusedProbe {
    /// A probe sends requests.
    #[error(
        "a probe sends requests, so it needs the scope maid.write: leave `probe` out, or ask somebody who may start runs"
    )]
    NotAllowed,
    /// Its figures would be those of the run, and the run's would be its.
    #[error(
        "a run is active on this server: a probe would disturb what it measures, and be disturbed; ask again when it is over"
    )]
    RunActive,
    /// One at a time.
    #[error("another probe is under way on this server: ask again in a moment")]
    Busy,
    /// The recipe cannot be filled in.
    #[error("{0}")]
    Recipe(#[from] RecipeError),
    /// What it makes cannot be run.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// An entry of `load.targets.allow` is none.
    #[error("{0}")]
    Policy(#[from] PolicyError),
    /// Nothing was sent.
    #[error("{0}")]
    Probe(#[from] ProbeError),
    /// A defect.
    #[error("{0}")]
    Defect(String),
}

impl From<RefusedProbe> for Problem {
    fn from(error: RefusedProbe) -> Self {
        let detail = error.to_string();
        let at = |code, path: &str| {
            let place = FieldError { path: path.to_owned(), message: detail.clone() };
            Self::new(code, detail.clone()).with_errors([place])
        };
        match error {
            RefusedProbe::NotAllowed => at(Code::Forbidden, "probe"),
            RefusedProbe::RunActive => at(Code::RunActive, "probe"),
            RefusedProbe::Busy => Self { retry_after_s: Some(AGAIN_S), ..at(Code::Full, "probe") },
            RefusedProbe::Recipe(error) => error.into(),
            RefusedProbe::Unfit(Unfit::Document(problems)) => {
                Self::new(Code::InvalidLoadtest, "nothing was sent; correct these places")
                    .with_places(&problems)
            }
            RefusedProbe::Unfit(Unfit::Ignore(_)) => Self::new(Code::InvalidLoadtest, detail),
            RefusedProbe::Policy(_) => Self::new(Code::InvalidConfig, detail),
            RefusedProbe::Probe(error) => match error {
                ProbeError::Target(PreflightError::Refused(_)) => at(Code::TargetRefused, "host"),
                ProbeError::Target(PreflightError::Unresolved { .. }) => at(Code::TargetUnresolved, "host"),
                ProbeError::NothingToSend => at(Code::InvalidBody, "probe"),
                ProbeError::Plan(_) | ProbeError::Tls(_) => Self::new(Code::InvalidLoadtest, detail),
            },
            RefusedProbe::Defect(_) => Self::internal(&error),
        }
    }
}
