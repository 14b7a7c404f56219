//! What would keep a test that is right from being started, found before anybody starts it.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::allowed;
use crate::{
    auth::Principal,
    config::Load,
    engine,
    http::{FieldError, Problem},
    loadtest::valid::ValidLoadTest,
    runs::{
        error::RunError,
        launch::{self, HostPlaces, Wishes},
    },
};

/// Most obstacles that are told.
const MOST: usize = 100;

/// What keeps `principal` from starting `test`, each with its place. Nothing is sent for it, not even to a name server,
/// so that a host is told as well that only what its name leads to may allow. Not for an async worker.
///
/// # Errors
/// An entry of `load.targets.allow` is none.
pub fn obstacles(
    principal: &Principal,
    test: &ValidLoadTest,
    load: &Load,
    wishes: Wishes,
) -> Result<Vec<FieldError>, RunError> {
    let settings = launch::settings(Uuid::nil(), test, load, wishes)?;
    let hosts = HostPlaces::of(test);
    let unfit = engine::fits(test, &settings).map_err(|error| RunError::refused(error, &hosts));
    let beyond = [allowed(principal, test), unfit].into_iter().filter_map(Result::err);
    let closed = hosts.iter().filter_map(|place| {
        let error = settings.policy.foresee(&place.host, place.port).err()?;
        Some(FieldError { path: place.path.as_str().to_owned(), message: error.to_string() })
    });
    let mut places = BTreeSet::new();
    let all = beyond.flat_map(|error| Problem::from(error).errors).chain(closed);
    // Of a place, what stands in the way first.
    Ok(all.filter(|error| places.insert(error.path.clone())).take(MOST).collect())
}
