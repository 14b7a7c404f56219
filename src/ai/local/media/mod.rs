//! Models that make something else than text: speech (Dia) and pictures (FLUX), by mistral.rs.
//!
//! `workshop` is what they have in common: one at a time, on a thread of its own that gives way, loaded when first
//! asked and let go when nobody asks. `dia` and `flux` look at files before mistral.rs does, for it takes them on trust:
//! it breaks at some, and asks the network for others. `tensors` reads the heads of files of weights.

mod dia;
mod error;
mod files;
mod flux;
mod tensors;
#[cfg(test)]
mod tests;
mod workshop;

pub use self::{
    dia::Dia,
    error::MediaError,
    flux::{Flux, Scene},
    workshop::{Craft, Workshop},
};

/// What a model is called: as its folder is.
fn called(folder: &std::path::Path, otherwise: &str) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| otherwise.to_owned()).chars().take(100).collect()
}
