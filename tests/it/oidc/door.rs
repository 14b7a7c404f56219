//! MAID's routes for signing in, with a list of guests behind them instead of users and sessions.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
};

use actix_web::web::Data;
use cookie::Cookie;
use futures_util::{FutureExt, future::BoxFuture};
use maid::{
    app::{
        mount::{self, Module},
        openapi,
    },
    auth::oidc::{self, Oidc, OidcError, OidcSite, SignIn, SignedIn, Visit},
    config::{self, OidcProvider},
    http::{Problem, Surface},
};
use url::Url;

use super::KEY;
use crate::http::Site;

/// The routes, as the server has them.
pub const MODULES: &[Module] =
    &[Module { tag: "sign-in", about: "Who comes in.", under_api: true, routes: oidc::routes }];

/// Who came in, and who did not.
#[derive(Debug, Default)]
pub struct Guests {
    pub came: Mutex<Vec<(SignedIn, Visit)>>,
    pub refused: Mutex<Vec<(String, OidcError)>>,
}

impl SignIn for Guests {
    fn sign_in<'a>(
        &'a self,
        who: SignedIn,
        visit: Visit,
    ) -> BoxFuture<'a, Result<Vec<Cookie<'static>>, Problem>> {
        self.came.lock().expect("nobody panics with it").push((who, visit));
        async { Ok(vec![Cookie::new("session", "s1"), Cookie::new("seen", "1")]) }.boxed()
    }

    fn refused<'a>(&'a self, provider: &'a str, error: &'a OidcError, _: Visit) -> BoxFuture<'a, ()> {
        self.refused.lock().expect("nobody panics with it").push((provider.to_owned(), error.clone()));
        async {}.boxed()
    }
}

/// A server with these routes.
pub struct Door {
    pub url: String,
    pub guests: Arc<Guests>,
    _site: Site,
}

/// The place that a server is going to be at: providers have to know it before it is there.
pub struct Place {
    listener: TcpListener,
    pub url: String,
}

impl Place {
    pub fn take() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        Self { listener, url }
    }

    /// Opens with `providers`, under its own URL.
    pub fn open(self, providers: &[OidcProvider]) -> Door {
        let url = self.url.clone();
        self.open_as(providers, Some(&url))
    }

    /// Opens with `providers`; people are told to reach it under `public_url`.
    pub fn open_as(self, providers: &[OidcProvider], public_url: Option<&str>) -> Door {
        let guests = Arc::new(Guests::default());
        let oidc = Oidc::new(providers, &KEY, oidc::PATIENCE).expect("they can be used");
        let data = Data::new(OidcSite::new(oidc, public_url, guests.clone()));
        let Self { listener, url } = self;
        let address = listener.local_addr().expect("its address");
        let site = Site::run(address, move || {
            let surface = Arc::new(Surface::new(&openapi::as_json(&openapi::describe(MODULES))));
            let config = config::Server { workers: 1, ..config::Server::default() };
            let provide = move |config: &mut actix_web::web::ServiceConfig| {
                config.app_data(data.clone());
            };
            mount::serve(MODULES, surface, &config, listener, None, provide).expect("it listens")
        });
        Door { url, guests, _site: site }
    }
}

impl Door {
    /// A URL below `/api/maid`.
    pub fn at(&self, path: &str) -> Url {
        format!("{}/api/maid{path}", self.url).parse().expect("a URL")
    }

    /// Where a sign-in begins that ends at `/runs`.
    pub fn login(&self, provider: &str) -> Url {
        self.at(&format!("/auth/oidc/{provider}/login?return_to=/runs"))
    }

    /// Whoever came in last.
    pub fn last(&self) -> SignedIn {
        self.guests.came.lock().expect("nobody panics with it").last().expect("somebody").0.clone()
    }

    /// How many came in.
    pub fn count(&self) -> usize {
        self.guests.came.lock().expect("nobody panics with it").len()
    }

    /// Why the last one did not come in.
    pub fn last_refused(&self) -> OidcError {
        self.guests.refused.lock().expect("nobody panics with it").last().expect("somebody").1.clone()
    }
}
