//! What the descriptions of FLUX say, and what must be true of them.

use serde::Deserialize;

/// Most of anything that is counted.
const MOST: u64 = 1 << 20;
/// Scales of the decoder: mistral.rs makes what it decodes an eighth as wide as the picture, and each but one doubles it.
const SCALES: usize = 4;

/// What transformer/config.json says.
#[derive(Debug, Deserialize)]
pub(super) struct Transformer {
    in_channels: u64,
    pooled_projection_dim: u64,
    joint_attention_dim: u64,
    num_attention_heads: u64,
    num_layers: u64,
    num_single_layers: u64,
    /// Whether it is FLUX dev rather than schnell.
    #[serde(rename = "guidance_embeds")]
    pub(super) guided: bool,
}

/// What vae/config.json says.
#[derive(Debug, Deserialize)]
pub(super) struct Decoder {
    in_channels: u64,
    out_channels: u64,
    block_out_channels: Vec<u64>,
    layers_per_block: u64,
    latent_channels: u64,
    scaling_factor: f64,
    shift_factor: f64,
    norm_num_groups: u64,
}

impl Transformer {
    pub(super) fn check(&self) -> Result<(), String> {
        counted(&[
            ("pooled_projection_dim", self.pooled_projection_dim),
            ("joint_attention_dim", self.joint_attention_dim),
            ("num_layers", self.num_layers),
            ("num_single_layers", self.num_single_layers),
        ])?;
        // Whatever is said, mistral.rs computes with 3,072 channels, of which a head has 128, and with noise of 16.
        fixed(&[("in_channels", self.in_channels, 64), ("num_attention_heads", self.num_attention_heads, 24)])
    }
}

impl Decoder {
    pub(super) fn check(&self) -> Result<(), String> {
        counted(&[
            ("in_channels", self.in_channels),
            ("layers_per_block", self.layers_per_block),
            ("norm_num_groups", self.norm_num_groups),
        ])?;
        fixed(&[("out_channels", self.out_channels, 3), ("latent_channels", self.latent_channels, 16)])?;
        if self.block_out_channels.len() != SCALES {
            return Err(format!("`block_out_channels` must have {SCALES} entries"));
        }
        let grouped = |channels: &u64| *channels > 0 && channels.is_multiple_of(self.norm_num_groups);
        if !self.block_out_channels.iter().all(grouped) {
            return Err("`norm_num_groups` must divide each of `block_out_channels`".to_owned());
        }
        match self.scaling_factor.is_normal() && self.shift_factor.is_finite() {
            true => Ok(()),
            false => Err("`scaling_factor` must be a number that is not 0".to_owned()),
        }
    }
}

fn counted(counts: &[(&str, u64)]) -> Result<(), String> {
    match counts.iter().find(|(_, count)| !(1..=MOST).contains(count)) {
        Some((name, _)) => Err(format!("`{name}` must be 1 to {MOST}")),
        None => Ok(()),
    }
}

fn fixed(counts: &[(&str, u64, u64)]) -> Result<(), String> {
    match counts.iter().find(|(_, count, right)| count != right) {
        Some((name, _, right)) => Err(format!("`{name}` must be {right}")),
        None => Ok(()),
    }
}
