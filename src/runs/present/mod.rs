//! The active run as it is now, for whoever watches it.

use std::sync::Arc;

use uuid::Uuid;

use super::{active, error::RunError, service::Runs};
use crate::{
    auth::Principal,
    bus::{MetricsEvent, StatusEvent},
    engine::outcome::Series,
    live::Present,
};

impl Present for Runs {
    fn status(&self) -> StatusEvent {
        self.context().slot.status()
    }

    fn series(&self, run_id: Uuid) -> Option<Arc<Series>> {
        self.context().slot.series(run_id)
    }
}

impl Runs {
    /// All that is measured of the active run so far.
    ///
    /// # Errors
    /// There is no such run, or it is not active here.
    pub async fn metrics(&self, principal: &Principal, id: Uuid) -> Result<MetricsEvent, RunError> {
        let context = self.context();
        match context.slot.snapshot(id, &principal.tenant_id) {
            Some(snapshot) => Ok(active::all_metrics(&snapshot, context.slot.thresholds(id))),
            None => match context.store.get(&principal.tenant_id, id).await? {
                Some(_) => Err(RunError::NotActive(id)),
                None => Err(RunError::NotFound(id)),
            },
        }
    }
}
