//! Where the hosts of a test stand in its document, for those that may not be sent load.

use url::Url;

use crate::loadtest::{
    place::Path,
    types::{Scenario, Transaction},
    valid::ValidLoadTest,
};

/// Hosts by name, each with the place that it stands at; those that everything is sent to come first.
#[derive(Clone, Debug)]
pub struct HostPlaces(Vec<(String, Path)>);

impl HostPlaces {
    /// The hosts of a test, but for those that only its templates know.
    #[must_use]
    pub fn of(test: &ValidLoadTest) -> Self {
        let mut places = Vec::new();
        listed(&mut places, test.hosts(), &Path::root().key("target").key("hosts"));
        for (index, scenario) in test.loadtest().scenarios.iter().enumerate() {
            let path = Path::root().key("scenarios").index(index);
            if !scenario.hosts.is_empty() {
                listed(&mut places, test.scenario_hosts(index), &path.key("hosts"));
            }
            requested(&mut places, scenario, &path);
        }
        Self(places)
    }

    /// The place of the host named `host`, as users read it.
    #[must_use]
    pub fn find(&self, host: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(host)).map(|(_, path)| path.as_str())
    }
}

fn listed(places: &mut Vec<(String, Path)>, hosts: &[Url], path: &Path) {
    for (index, url) in hosts.iter().enumerate() {
        places.extend(url.host_str().map(|name| (name.to_owned(), path.index(index))));
    }
}

fn requested(places: &mut Vec<(String, Path)>, scenario: &Scenario, path: &Path) {
    let groups: [(&str, &[Transaction]); 3] = [
        ("on_start", &scenario.on_start),
        ("transactions", &scenario.transactions),
        ("on_stop", &scenario.on_stop),
    ];
    for (key, group) in groups {
        for (at, transaction) in group.iter().enumerate() {
            for (index, request) in transaction.requests.iter().enumerate() {
                let url = Url::parse(&request.path).ok();
                let name = url.as_ref().and_then(Url::host_str).map(str::to_owned);
                let path = path.key(key).index(at).key("requests").index(index).key("path");
                places.extend(name.map(|name| (name, path)));
            }
        }
    }
}
