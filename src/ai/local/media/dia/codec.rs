//! The tensors of DAC, the codec of 44 kHz that makes sound of what Dia says. It has no description: there is one form.

use super::{super::MediaError, config::Want};

/// Codebooks, entries of one, and numbers of an entry.
const BOOKS: u64 = 9;
const ENTRIES: u64 = 1024;
const NUMBERS: u64 = 8;
/// Numbers of a frame.
const FRAME: u64 = 1024;
/// Channels at the beginning; each block halves them.
const CHANNELS: u64 = 1536;
/// Samples that a block makes of one.
const STRIDES: [u64; 4] = [8, 8, 4, 2];

/// All tensors that are needed to make sound.
pub(super) fn tensors(want: &mut Want<'_>) -> Result<(), MediaError> {
    for book in 0..BOOKS {
        let at = format!("quantizer.quantizers.{book}");
        convolution(&format!("{at}.in_proj"), (NUMBERS, FRAME, 1), want)?;
        convolution(&format!("{at}.out_proj"), (FRAME, NUMBERS, 1), want)?;
        want(format!("{at}.codebook.weight"), &[ENTRIES, NUMBERS])?;
    }
    convolution("decoder.model.0", (CHANNELS, FRAME, 7), want)?;
    let mut channels = CHANNELS;
    for (block, stride) in (1..).zip(STRIDES) {
        channels = self::block(&format!("decoder.model.{block}.block"), channels, stride, want)?;
    }
    want("decoder.model.5.alpha".to_owned(), &[1, channels, 1])?;
    convolution("decoder.model.6", (1, channels, 7), want)
}

/// A block of `channels`; how many it leaves.
fn block(at: &str, channels: u64, stride: u64, want: &mut Want<'_>) -> Result<u64, MediaError> {
    let half = channels / 2;
    want(format!("{at}.0.alpha"), &[1, channels, 1])?;
    want(format!("{at}.1.weight_g"), &[channels, 1, 1])?;
    want(format!("{at}.1.weight_v"), &[channels, half, 2 * stride])?;
    want(format!("{at}.1.bias"), &[half])?;
    for unit in 2..=4 {
        let at = format!("{at}.{unit}.block");
        want(format!("{at}.0.alpha"), &[1, half, 1])?;
        convolution(&format!("{at}.1"), (half, half, 7), want)?;
        want(format!("{at}.2.alpha"), &[1, half, 1])?;
        convolution(&format!("{at}.3"), (half, half, 1), want)?;
    }
    Ok(half)
}

fn convolution(at: &str, (to, from, wide): (u64, u64, u64), want: &mut Want<'_>) -> Result<(), MediaError> {
    want(format!("{at}.weight_g"), &[to, 1, 1])?;
    want(format!("{at}.weight_v"), &[to, from, wide])?;
    want(format!("{at}.bias"), &[to])
}
