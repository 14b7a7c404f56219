//! stub
use super::{
    parse::Document,
    problem::Problems,
    valid::{Context, ValidLoadTest},
};
pub(super) fn validate(document: Document, _context: &Context) -> Result<ValidLoadTest, Problems> {
    Err(Problems::none(document.name))
}
