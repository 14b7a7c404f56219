//! Who is logged in, and what is in the carts.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    future::{Ready, ready},
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web};
use uuid::Uuid;

use super::{error::ShopError, routes::Shelf};

/// The password of every user of the demo shop.
pub const PASSWORD: &str = "demo";
/// A token that is always good, for programs that only take one that is known beforehand.
const FIXED_TOKEN: &str = "demo";
/// Most users that are logged in at once; the one that logged in first goes when one more comes.
const LOGGED_IN: usize = 200_000;
/// Most different products in a cart.
const LINES: usize = 50;
/// Most pieces of one product in a cart.
const PIECES: u32 = 999;

/// Quantities by product id.
pub(super) type Cart = BTreeMap<u32, u32>;

struct Session {
    username: String,
    cart: Cart,
}

struct Open {
    by_token: HashMap<Uuid, Session>,
    in_order: VecDeque<Uuid>,
}

/// The visitor with the fixed token is there from the start, and never has to go.
impl Default for Open {
    fn default() -> Self {
        let session = Session { username: FIXED_TOKEN.to_owned(), cart: Cart::new() };
        Self { by_token: HashMap::from([(Uuid::nil(), session)]), in_order: VecDeque::new() }
    }
}

/// All logged-in users.
#[derive(Default)]
pub(super) struct Sessions(Mutex<Open>);

impl Sessions {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn log_in(&self, username: String) -> Uuid {
        let token = Uuid::new_v4();
        let mut open = self.open();
        if open.in_order.len() >= LOGGED_IN
            && let Some(first) = open.in_order.pop_front()
        {
            open.by_token.remove(&first);
        }
        open.in_order.push_back(token);
        open.by_token.insert(token, Session { username, cart: Cart::new() });
        token
    }

    fn with<T>(&self, visitor: &Visitor, work: impl FnOnce(&mut Session) -> T) -> Result<T, ShopError> {
        self.open().by_token.get_mut(&visitor.0).map(work).ok_or(ShopError::NotLoggedIn)
    }

    pub(super) fn username(&self, visitor: &Visitor) -> Result<String, ShopError> {
        self.with(visitor, |session| session.username.clone())
    }

    pub(super) fn cart(&self, visitor: &Visitor) -> Result<Cart, ShopError> {
        self.with(visitor, |session| session.cart.clone())
    }

    /// Adds to the cart and answers it as it is then.
    pub(super) fn add(&self, visitor: &Visitor, product: u32, qty: u32) -> Result<Cart, ShopError> {
        self.with(visitor, |session| {
            if session.cart.len() >= LINES && !session.cart.contains_key(&product) {
                return Err(ShopError::Conflict("the cart is full: check out first"));
            }
            let line = session.cart.entry(product).or_insert(0);
            *line = line.saturating_add(qty).min(PIECES);
            Ok(session.cart.clone())
        })?
    }

    /// Empties the cart and answers what was in it.
    pub(super) fn take(&self, visitor: &Visitor) -> Result<Cart, ShopError> {
        self.with(visitor, |session| std::mem::take(&mut session.cart))
    }
}

/// Somebody who is logged in: a route that needs it says so in its arguments.
pub(super) struct Visitor(Uuid);

impl FromRequest for Visitor {
    type Error = ShopError;
    type Future = Ready<Result<Self, ShopError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| match token.trim() {
                FIXED_TOKEN => Some(Uuid::nil()),
                token => token.parse().ok().filter(|token: &Uuid| !token.is_nil()),
            });
        let known = request.app_data::<web::Data<Shelf>>().zip(token).and_then(|(shelf, token)| {
            shelf.sessions.open().by_token.contains_key(&token).then_some(Self(token))
        });
        ready(known.ok_or(ShopError::NotLoggedIn))
    }
}
