//! What handlers take: each refuses what is wrong with a problem that names the place.
//!
//! A handler puts [`Authorized`](crate::auth::Authorized) first, so that nobody's body is read
//! before it is known who sends it.

mod body;
mod header;
mod if_match;
mod json;
mod moment;
mod pairs;
mod path;
mod query;
mod unique;
mod words;

pub use self::{
    body::{BodyDigest, BodyLimits, NoBody},
    header::{Header, NamedHeader, header_text},
    if_match::IfMatch,
    json::{Json, OptionalJson, parse as read_json, read_value},
    moment::moment,
    path::Path,
    query::Query,
    unique::UniqueKeys,
};
