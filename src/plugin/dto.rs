//! What goes over the wire about MAID itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bus::{Capability, RunPhase};

/// MAID as a plugin describes itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plugin {
    /// Name of the plugin.
    #[schema(example = "maid")]
    pub name: &'static str,
    /// Name for people.
    #[schema(example = "MAID")]
    pub title: &'static str,
    /// What it is, in a sentence.
    #[schema(example = "Load tests: describe a load, run it, watch it, judge it, compare it")]
    pub description: &'static str,
    /// Version of MAID.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// Whether it accepts runs.
    pub status: PluginStatus,
    /// Where the active run is, else how the last one ended.
    pub phase: RunPhase,
    /// What can be called by name, by `{"call": NAME}` over the WebSocket.
    pub capabilities: Vec<Capability>,
    /// Where its pages are.
    pub menu: MenuEntry,
}

/// Whether MAID accepts runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PluginStatus {
    /// It accepts runs, and none is active.
    Ready,
    /// A run is active.
    Running,
    /// It finishes what runs and accepts nothing new.
    Draining,
    /// Nothing runs, and nothing new is accepted.
    Drained,
}

/// A menu entry that leads to MAID's pages.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MenuEntry {
    /// Text of the entry.
    #[schema(example = "Load tests")]
    pub label: &'static str,
    /// Where it leads.
    #[schema(example = "/plugins/maid")]
    pub path: &'static str,
    /// Name of its picture.
    #[schema(example = "gauge")]
    pub icon: &'static str,
}
