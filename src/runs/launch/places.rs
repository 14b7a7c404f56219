//! Where the hosts of a test stand in its document, for those that may not be sent load.

use url::Url;

use crate::loadtest::{
    place::Path,
    types::{Scenario, Transaction},
    valid::ValidLoadTest,
};

/// Hosts by name, each with the place that it stands at; those that everything is sent to come first.
#[derive(Clone, Debug)]
pub struct HostPlaces(Vec<HostPlace>);

/// A host of a test, and where it stands.
#[derive(Clone, Debug)]
pub(in crate::runs) struct HostPlace {
    pub host: String,
    pub port: u16,
    pub path: Path,
}

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
        self.0.iter().find(|place| place.host.eq_ignore_ascii_case(host)).map(|place| place.path.as_str())
    }

    /// Each host at each of its places.
    pub(in crate::runs) fn iter(&self) -> impl Iterator<Item = &HostPlace> {
        self.0.iter()
    }
}

impl HostPlace {
    fn of(url: &Url, path: Path) -> Option<Self> {
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()?, path })
    }
}

fn listed(places: &mut Vec<HostPlace>, hosts: &[Url], path: &Path) {
    places.extend(hosts.iter().enumerate().filter_map(|(index, url)| HostPlace::of(url, path.index(index))));
}

fn requested(places: &mut Vec<HostPlace>, scenario: &Scenario, path: &Path) {
    let groups: [(&str, &[Transaction]); 3] = [
        ("on_start", &scenario.on_start),
        ("transactions", &scenario.transactions),
        ("on_stop", &scenario.on_stop),
    ];
    for (key, group) in groups {
        for (at, transaction) in group.iter().enumerate() {
            for (index, request) in transaction.requests.iter().enumerate() {
                let path = path.key(key).index(at).key("requests").index(index).key("path");
                places.extend(Url::parse(&request.path).ok().and_then(|url| HostPlace::of(&url, path)));
            }
        }
    }
}
