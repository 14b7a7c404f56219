//! Where the hosts of a test stand in its document, for those that may not be sent load.

use url::Url;

use crate::{
    engine::plan::{Aim, aim},
    loadtest::{
        place::Path,
        types::{Scenario, Transaction},
        valid::ValidLoadTest,
    },
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
    /// The hosts that a test sends to, but for those that are known only when it does.
    #[must_use]
    pub fn of(test: &ValidLoadTest) -> Self {
        let (mut of_target, mut places) = (false, Vec::new());
        for (index, scenario) in test.loadtest().scenarios.iter().enumerate() {
            let path = Path::root().key("scenarios").index(index);
            let mut requested = Vec::new();
            if requests(test, index, &path, &mut requested) {
                if scenario.hosts.is_empty() {
                    of_target = true;
                } else {
                    places.extend(listed(test.scenario_hosts(index), &path.key("hosts")));
                }
            }
            places.append(&mut requested);
        }
        if of_target {
            places.splice(0..0, listed(test.hosts(), &Path::root().key("target").key("hosts")));
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

fn listed(hosts: &[Url], path: &Path) -> Vec<HostPlace> {
    hosts.iter().enumerate().filter_map(|(index, url)| HostPlace::of(url, path.index(index))).collect()
}

/// Adds the URLs that a scenario's requests name themselves; says whether any goes to the scenario's hosts.
fn requests(test: &ValidLoadTest, index: usize, path: &Path, places: &mut Vec<HostPlace>) -> bool {
    let scenario: &Scenario = &test.loadtest().scenarios[index];
    let groups: [(&str, &[Transaction]); 3] = [
        ("on_start", &scenario.on_start),
        ("transactions", &scenario.transactions),
        ("on_stop", &scenario.on_stop),
    ];
    let mut to_hosts = false;
    for (key, group) in groups {
        for (at, transaction) in group.iter().enumerate() {
            for (number, request) in transaction.requests.iter().enumerate() {
                let path = || path.key(key).index(at).key("requests").index(number).key("path");
                match aim(request, test.names(index)) {
                    Some(Aim::Hosts) => to_hosts = true,
                    Some(Aim::Url(url)) => places.extend(HostPlace::of(&url, path())),
                    Some(Aim::Later) | None => {}
                }
            }
        }
    }
    to_hosts
}
