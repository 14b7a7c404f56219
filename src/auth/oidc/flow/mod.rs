//! What is kept between the beginning of a sign-in and its end.

mod return_to;
mod sealed;
mod used;

pub(super) use self::{
    return_to::local_path,
    sealed::{Flow, PATIENCE_S, Seal},
    used::UsedStates,
};
