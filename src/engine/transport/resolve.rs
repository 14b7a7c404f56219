//! Names to addresses: looked up once for all users, kept fresh in the background.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

/// How long an address list is used before it is looked up anew.
const FRESH: Duration = Duration::from_secs(30);

/// How long a failed lookup is believed; without that, every user would ask in turn.
const FAILED: Duration = Duration::from_secs(1);

/// Most names that are remembered; redirects could name any number.
const MAX_NAMES: usize = 1024;

/// Why a name has no addresses, in the system resolver's words.
pub(super) type LookupError = Arc<str>;

type Addresses = Arc<[IpAddr]>;

/// The names that a run has looked up.
#[derive(Debug, Default)]
pub struct Resolver {
    names: Mutex<HashMap<Box<str>, Arc<Name>>>,
    fixed: HashMap<String, Addresses>,
}

#[derive(Debug, Default)]
struct Name(tokio::sync::Mutex<Option<Known>>);

#[derive(Clone, Debug)]
struct Known {
    at: Instant,
    found: Result<Addresses, LookupError>,
}

impl Resolver {
    /// Asks the system.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Answers these names itself and asks the system for all others.
    #[must_use]
    pub fn with_fixed(names: impl IntoIterator<Item = (String, Vec<IpAddr>)>) -> Self {
        let fixed = names.into_iter().map(|(name, found)| (name, found.into())).collect();
        Self { names: Mutex::default(), fixed }
    }

    /// The addresses of a host, in the system's order of preference; never an empty list.
    pub(super) async fn addresses(&self, host: &str) -> Result<Addresses, LookupError> {
        if let Ok(literal) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return Ok(Arc::from([literal]));
        }
        if let Some(found) = self.fixed.get(host) {
            return Ok(Arc::clone(found));
        }
        let name = self.name(host);
        let mut known = name.0.lock().await;
        match known.as_mut() {
            Some(Known { at, found: Ok(found) }) => {
                if at.elapsed() > FRESH {
                    // One refresh at a time, and nobody waits for it.
                    *at = Instant::now();
                    tokio::spawn(refresh(Arc::clone(&name), host.to_owned()));
                }
                Ok(Arc::clone(found))
            }
            Some(Known { at, found: Err(error) }) if at.elapsed() < FAILED => Err(Arc::clone(error)),
            _ => {
                let found = look_up(host).await;
                *known = Some(Known { at: Instant::now(), found: found.clone() });
                found
            }
        }
    }

    /// A connection to the host failed: its next use looks it up anew, at most once a second.
    pub(super) async fn doubt(&self, host: &str) {
        let name = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(host).map(Arc::clone);
        let Some(name) = name else { return };
        let mut known = name.0.lock().await;
        if let Some(known) = known.as_mut().filter(|known| known.at.elapsed() > FAILED)
            && let Some(long_ago) = Instant::now().checked_sub(2 * FRESH)
        {
            known.at = long_ago;
        }
    }

    fn name(&self, host: &str) -> Arc<Name> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = names.get(host) {
            return Arc::clone(name);
        }
        if names.len() >= MAX_NAMES {
            names.clear();
        }
        let name = Arc::new(Name::default());
        names.insert(host.into(), Arc::clone(&name));
        name
    }
}

/// Keeps the old addresses when the name no longer resolves: a resolver that hiccups must not end
/// a run.
async fn refresh(name: Arc<Name>, host: String) {
    if let Ok(found) = look_up(&host).await {
        *name.0.lock().await = Some(Known { at: Instant::now(), found: Ok(found) });
    }
}

/// The system's lookup blocks for as long as it likes, so that it gets a thread of its own: one of
/// the runtime's would hold the runtime's end up.
async fn look_up(host: &str) -> Result<Addresses, LookupError> {
    let (answer, answered) = oneshot::channel();
    let name = host.to_owned();
    let asked = thread::Builder::new().name("maid-lookup".to_owned()).spawn(move || {
        // Whoever asked may have given up.
        let _ = answer.send((name.as_str(), 0).to_socket_addrs());
    });
    let failed = |error: io::Error| LookupError::from(error.to_string());
    asked.map_err(failed)?;
    let lost = |_| LookupError::from("the lookup was given up");
    let found = answered.await.map_err(lost)?.map_err(failed)?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() {
        return Err(Arc::from("the name has no address"));
    }
    Ok(addresses.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        policy::TargetPolicy,
        transport::{HttpSettings, HttpShared, Origin},
    };

    #[tokio::test]
    async fn literals_and_fixed_names_need_no_lookup() {
        let ten: IpAddr = [10, 0, 0, 1].into();
        let resolver = Resolver::with_fixed([("shop.test".to_owned(), vec![ten])]);
        assert_eq!(*resolver.addresses("shop.test").await.expect("fixed"), [ten]);
        assert_eq!(
            *resolver.addresses("[::1]").await.expect("literal"),
            [IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])]
        );
    }

    #[tokio::test]
    async fn a_name_is_looked_up_once_and_a_failure_is_believed_for_a_moment() {
        let resolver = Resolver::system();
        let first = resolver.addresses("localhost").await.expect("localhost resolves");
        let second = resolver.addresses("localhost").await.expect("localhost resolves");
        assert!(Arc::ptr_eq(&first, &second));
        assert!(first.iter().all(IpAddr::is_loopback));
        let first = resolver.addresses("name.invalid").await.expect_err("reserved never to resolve");
        let second = resolver.addresses("name.invalid").await.expect_err("reserved never to resolve");
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn names_are_bounded() {
        let resolver = Resolver::system();
        for n in 0..3 * MAX_NAMES {
            resolver.name(&format!("n{n}.test"));
        }
        assert!(resolver.names.lock().expect("not poisoned").len() <= MAX_NAMES);
    }

    #[tokio::test]
    async fn a_name_server_that_does_not_answer_ends_the_preflight() {
        let shared = HttpShared::new(&HttpSettings::default(), TargetPolicy::default()).expect("settings");
        let names = [shared.resolver.name("silent.test"), shared.resolver.name("mute.test")];
        let _under_way = (names[0].0.lock().await, names[1].0.lock().await);
        let origin = |url: &str| Arc::new(Origin::from_url(&url.parse().expect("a URL")).expect("an origin"));
        let origins =
            [origin("http://127.0.0.1:1"), origin("http://silent.test"), origin("http://mute.test")];
        let error =
            shared.preflight_within(&origins, Duration::from_millis(20)).await.expect_err("no answer");
        assert_eq!(
            error.to_string(),
            "the host silent.test does not resolve: no answer from the name server within 20ms; check its \
             spelling in target.hosts, or your DNS"
        );
    }
}
