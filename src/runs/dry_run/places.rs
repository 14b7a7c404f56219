//! The places for dry runs, and how they are all ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::signal::{Stage, StopSignal};

/// Dry runs that are carried out at once.
const AT_ONCE: usize = 4;

/// The dry runs that are under way. A clone knows the same ones.
#[derive(Clone, Debug, Default)]
pub struct DryRuns(Arc<Mutex<Vec<UnderWay>>>);

#[derive(Debug)]
struct UnderWay {
    tenant: String,
    stop: StopSignal,
    /// Told from others by its address.
    own: Arc<()>,
}

/// A place, which is free again once this is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    runs: DryRuns,
    own: Arc<()>,
}

impl DryRuns {
    /// A place for one more, which `stop` ends; none where all are taken.
    pub(super) fn take(&self, tenant: &str, stop: &StopSignal) -> Option<Taken> {
        let mut runs = self.lock();
        if runs.len() >= AT_ONCE {
            return None;
        }
        let own = Arc::new(());
        runs.push(UnderWay { tenant: tenant.to_owned(), stop: stop.clone(), own: Arc::clone(&own) });
        Some(Taken { runs: self.clone(), own })
    }

    /// Ends those of a tenant, or all.
    pub(in crate::runs) fn end(&self, tenant: Option<&str>) {
        for run in self.lock().iter().filter(|run| tenant.is_none_or(|tenant| tenant == run.tenant)) {
            run.stop.advance(Stage::Cut);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.runs.lock().retain(|run| !Arc::ptr_eq(&run.own, &self.own));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_few_and_those_of_one_tenant_end_alone() {
        let (runs, stops) = (DryRuns::default(), [(); AT_ONCE].map(|()| StopSignal::new()));
        let tenants = ["a", "a", "b", "b"];
        let mut taken: Vec<_> =
            tenants.iter().zip(&stops).map(|(tenant, stop)| runs.take(tenant, stop)).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(runs.take("a", &StopSignal::new()).is_none());
        runs.end(Some("a"));
        assert_eq!(stops.each_ref().map(|stop| stop.stage() == Stage::Cut), [true, true, false, false]);
        taken.remove(0);
        assert!(runs.take("b", &StopSignal::new()).is_some(), "one is free again");
        runs.end(None);
        assert!(stops.iter().all(|stop| stop.stage() == Stage::Cut));
    }
}
