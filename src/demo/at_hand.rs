//! The shop that a server has at hand for whoever tries it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use super::Shop;

/// Port that the shop likes best.
pub const PORT: u16 = 43180;

/// The demo shop of a server, started when it is first wanted; a clone is the same.
#[derive(Clone, Debug, Default)]
pub struct AtHand(Arc<Mutex<Option<Place>>>);

#[derive(Debug)]
enum Place {
    /// Somebody else has started it.
    Known(String),
    Here(Shop),
}

impl AtHand {
    /// Where it is if nobody else has that port.
    #[must_use]
    pub fn liked() -> String {
        format!("http://{}:{PORT}", Ipv4Addr::LOCALHOST)
    }

    /// It has been started already, and is there.
    pub fn is_at(&self, url: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Place::Known(url));
    }

    /// Base URL of the shop, which listens on loopback alone. Whatever else has the port that it likes best, it
    /// is not that. Not for an async worker.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn url(&self) -> io::Result<String> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*place {
            Some(Place::Known(url)) => Ok(url.clone()),
            Some(Place::Here(shop)) => Ok(shop.url()),
            None => {
                let open = |port| Shop::start(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
                let shop = open(PORT).or_else(|_| open(0))?;
                let url = shop.url();
                *place = Some(Place::Here(shop));
                Ok(url)
            }
        }
    }
}
