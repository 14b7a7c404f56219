//! The shop's own count of the requests that reached it.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

/// Routes of the shop, as `/` lists them; the last entry takes whatever matches none of them.
pub(super) const ROUTES: [&str; 50] = [
    "GET /products",
    "GET /products/{id}",
    "GET /search",
    "POST /login",
    "GET /me",
    "GET /cart",
    "POST /cart",
    "POST /checkout",
    "GET /slow",
    "GET /fail",
    "POST /graphql",
    "GET /redirect",
    "GET /health",
    "GET /",
    "GET /openapi.json",
    "GET /catalogue",
    "GET /changes",
    "GET /items",
    "POST /items",
    "GET /items/{id}",
    "PUT /items/{id}",
    "DELETE /items/{id}",
    "POST /oauth/token",
    "GET /partner/stock",
    "GET /staff/profile",
    "GET /staff/orders",
    "GET /site",
    "GET /site/categories/{name}",
    "GET /site/products/{id}",
    "GET /site/search",
    "GET /site/contact",
    "POST /site/contact",
    "GET /site/thanks",
    "GET /app",
    "GET /assets/{name}",
    "PUT /uploads/{name}",
    "GET /uploads/{name}",
    "POST /webhooks/orders",
    "GET /feed",
    "POST /posts",
    "GET /posts/{id}",
    "POST /posts/{id}/likes",
    "POST /people/{name}/followers",
    "GET /accounts/{id}",
    "POST /transfers",
    "GET /transfers/{id}",
    "GET /ledger",
    "GET /pool",
    "GET /reports/sales",
    "unmatched",
];

/// Requests that reached the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// All of them.
    pub total: u64,
    /// Per route, such as `GET /products/{id}`; `unmatched` for those of no route.
    pub by_route: BTreeMap<&'static str, u64>,
}

impl Requests {
    /// Requests of one route, such as `GET /products/{id}`.
    #[must_use]
    pub fn of(&self, route: &str) -> u64 {
        self.by_route.get(route).copied().unwrap_or(0)
    }
}

#[derive(Debug)]
pub(super) struct Tally([AtomicU64; ROUTES.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Tally {
    pub(super) fn count(&self, method: &str, pattern: Option<&str>) {
        let place = ROUTES
            .iter()
            .position(|route| route.split_once(' ') == Some((method, pattern.unwrap_or_default())))
            .unwrap_or(ROUTES.len() - 1);
        self.0[place].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn requests(&self) -> Requests {
        let counts = ROUTES.iter().zip(&self.0).map(|(route, count)| (*route, count.load(Ordering::Relaxed)));
        let by_route: BTreeMap<_, _> = counts.filter(|(_, count)| *count > 0).collect();
        Requests { total: by_route.values().sum(), by_route }
    }
}
