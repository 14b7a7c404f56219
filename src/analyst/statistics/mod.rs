//! The statistics that findings and comparisons are made with, each with its source.

mod cluster;
mod estimate;
mod measure;
mod probability;
mod robust;
mod shape;

pub use self::{
    cluster::Widening,
    estimate::Shift,
    measure::{Measure, MeasureName},
};
pub(crate) use self::{
    estimate::{shares_differ, shift},
    measure::{Sample, measures},
    probability::wilson,
    robust::{Trend, autocorrelation, mad, median, trend},
    shape::{Hinge, Modes, Step, Window, densest, hinge, modes, step},
};
