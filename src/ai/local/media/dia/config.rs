//! What Dia's config.json says, and what must be true of it: mistral.rs breaks where it is not.

use serde::Deserialize;

use super::super::MediaError;

/// Channels of the codec; Dia has as many.
const CHANNELS: usize = 9;
/// Most of anything that is counted: layers, heads, sizes.
const MOST: u64 = 1 << 20;
/// Most layers.
const MOST_LAYERS: u64 = 512;
/// Longest answer, in frames of 512 samples: about three minutes.
const LONGEST_ANSWER: u64 = 1 << 14;
/// Longest text, in bytes.
const LONGEST_TEXT: usize = 1 << 16;

#[derive(Debug, Deserialize)]
pub struct Config {
    #[serde(rename = "version")]
    _version: String,
    model: Networks,
    pub(super) data: Data,
}

#[derive(Debug, Deserialize)]
struct Networks {
    encoder: Encoder,
    decoder: Decoder,
    src_vocab_size: u64,
    tgt_vocab_size: u64,
    normalization_layer_epsilon: f64,
    #[serde(rename = "weight_dtype")]
    _weight_dtype: String,
    rope_min_timescale: f32,
    rope_max_timescale: f32,
}

#[derive(Debug, Deserialize)]
struct Encoder {
    n_layer: u64,
    n_embd: u64,
    n_hidden: u64,
    n_head: u64,
    head_dim: u64,
}

#[derive(Debug, Deserialize)]
struct Decoder {
    n_layer: u64,
    n_embd: u64,
    n_hidden: u64,
    gqa_query_heads: u64,
    kv_heads: u64,
    gqa_head_dim: u64,
    cross_query_heads: u64,
    cross_head_dim: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Data {
    /// Longest text, in bytes.
    pub(super) text_length: usize,
    audio_length: u64,
    channels: usize,
    text_pad_value: i64,
    audio_eos_value: i64,
    audio_pad_value: i64,
    audio_bos_value: i64,
    delay_pattern: Vec<i64>,
}

/// Takes the name and the shape of a tensor that there must be.
pub(super) type Want<'a> = dyn FnMut(String, &[u64]) -> Result<(), MediaError> + 'a;

impl Config {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        self.model.check()?;
        self.data.check(self.model.tgt_vocab_size)
    }

    /// All tensors of the model.
    pub(super) fn tensors(&self, want: &mut Want<'_>) -> Result<(), MediaError> {
        let Networks { encoder, decoder, src_vocab_size, tgt_vocab_size, .. } = &self.model;
        encoder.tensors(*src_vocab_size, want)?;
        for channel in 0..self.data.channels {
            want(format!("decoder.embeddings.{channel}.weight"), &[*tgt_vocab_size, decoder.n_embd])?;
        }
        decoder.tensors(encoder.n_embd, want)?;
        let channels = self.data.channels as u64;
        want("decoder.logits_dense.weight".to_owned(), &[decoder.n_embd, channels, *tgt_vocab_size])
    }
}

impl Networks {
    fn check(&self) -> Result<(), String> {
        let (encoder, decoder) = (&self.encoder, &self.decoder);
        let counts = [
            ("model.encoder.n_layer", encoder.n_layer, MOST_LAYERS),
            ("model.encoder.n_embd", encoder.n_embd, MOST),
            ("model.encoder.n_hidden", encoder.n_hidden, MOST),
            ("model.encoder.n_head", encoder.n_head, MOST),
            ("model.encoder.head_dim", encoder.head_dim, MOST),
            ("model.decoder.n_layer", decoder.n_layer, MOST_LAYERS),
            ("model.decoder.n_embd", decoder.n_embd, MOST),
            ("model.decoder.n_hidden", decoder.n_hidden, MOST),
            ("model.decoder.gqa_query_heads", decoder.gqa_query_heads, MOST),
            ("model.decoder.kv_heads", decoder.kv_heads, MOST),
            ("model.decoder.gqa_head_dim", decoder.gqa_head_dim, MOST),
            ("model.decoder.cross_query_heads", decoder.cross_query_heads, MOST),
            ("model.decoder.cross_head_dim", decoder.cross_head_dim, MOST),
            ("model.tgt_vocab_size", self.tgt_vocab_size, MOST),
            ("model.src_vocab_size", self.src_vocab_size, MOST),
        ];
        if let Some((name, _, most)) = counts.iter().find(|(_, count, most)| !(1..=*most).contains(count)) {
            return Err(format!("`{name}` must be 1 to {most}"));
        }
        let halved = [
            ("encoder.head_dim", encoder.head_dim),
            ("decoder.gqa_head_dim", decoder.gqa_head_dim),
            ("decoder.cross_head_dim", decoder.cross_head_dim),
        ];
        if let Some((name, _)) = halved.iter().find(|(_, size)| !size.is_multiple_of(2)) {
            return Err(format!("`model.{name}` must be even"));
        }
        if !decoder.gqa_query_heads.is_multiple_of(decoder.kv_heads) {
            return Err("`model.decoder.kv_heads` must divide `gqa_query_heads`".to_owned());
        }
        if self.src_vocab_size < 256 {
            return Err("`model.src_vocab_size` must be at least 256: each byte is a token".to_owned());
        }
        let above_zero = self.normalization_layer_epsilon.is_sign_positive()
            && self.normalization_layer_epsilon.is_finite()
            && self.rope_min_timescale > 0.0
            && self.rope_max_timescale >= self.rope_min_timescale
            && self.rope_max_timescale.is_finite();
        match above_zero {
            true => Ok(()),
            false => Err("`model.normalization_layer_epsilon` and the timescales must be above 0".to_owned()),
        }
    }
}

impl Data {
    fn check(&self, vocabulary: u64) -> Result<(), String> {
        let told = |why: &str| Err(why.to_owned());
        if self.channels != CHANNELS || self.delay_pattern.len() != CHANNELS {
            return told("`data.channels` must be 9, and `data.delay_pattern` have as many entries");
        }
        let longest = self.delay_pattern.iter().copied().max().unwrap_or_default();
        if self.delay_pattern[0] != 0 || self.delay_pattern.iter().any(|delay| *delay < 0) || longest < 2 {
            return told(
                "`data.delay_pattern` must begin with 0, have nothing below, and at least one above 1",
            );
        }
        if !(1..=LONGEST_TEXT).contains(&self.text_length) {
            return Err(format!("`data.text_length` must be 1 to {LONGEST_TEXT}"));
        }
        let shortest = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(3);
        if !(shortest..=LONGEST_ANSWER).contains(&self.audio_length) {
            return Err(format!("`data.audio_length` must be {shortest} to {LONGEST_ANSWER}"));
        }
        if !(0..=255).contains(&self.text_pad_value) {
            return told("`data.text_pad_value` must be 0 to 255");
        }
        let values = [self.audio_eos_value, self.audio_pad_value, self.audio_bos_value];
        let within = |value: &i64| u64::try_from(*value).is_ok_and(|value| value < vocabulary);
        let room = u64::try_from(self.audio_eos_value).is_ok_and(|end| end + 1 < vocabulary);
        match values.iter().all(within) && room {
            true => Ok(()),
            false => told(
                "`data.audio_eos_value`, `audio_pad_value` and `audio_bos_value` must be within \
                 `model.tgt_vocab_size`, and something must follow the first",
            ),
        }
    }
}

impl Encoder {
    fn tensors(&self, vocabulary: u64, want: &mut Want<'_>) -> Result<(), MediaError> {
        let (wide, heads) = (self.n_embd, (self.n_head, self.head_dim));
        want("encoder.embedding.weight".to_owned(), &[vocabulary, wide])?;
        want("encoder.norm.weight".to_owned(), &[wide])?;
        for layer in 0..self.n_layer {
            let at = format!("encoder.layers.{layer}");
            for norm in ["pre_sa_norm", "post_sa_norm"] {
                want(format!("{at}.{norm}.weight"), &[wide])?;
            }
            attention(&format!("{at}.self_attention"), (wide, wide), (heads.0, heads), want)?;
            dense(&at, (wide, self.n_hidden), want)?;
        }
        Ok(())
    }
}

impl Decoder {
    fn tensors(&self, encoded: u64, want: &mut Want<'_>) -> Result<(), MediaError> {
        let wide = self.n_embd;
        want("decoder.norm.weight".to_owned(), &[wide])?;
        for layer in 0..self.n_layer {
            let at = format!("decoder.layers.{layer}");
            for norm in ["pre_sa_norm", "pre_ca_norm", "pre_mlp_norm"] {
                want(format!("{at}.{norm}.weight"), &[wide])?;
            }
            let own = (self.gqa_query_heads, (self.kv_heads, self.gqa_head_dim));
            attention(&format!("{at}.self_attention"), (wide, wide), own, want)?;
            let cross = (self.cross_query_heads, (self.cross_query_heads, self.cross_head_dim));
            attention(&format!("{at}.cross_attention"), (wide, encoded), cross, want)?;
            dense(&at, (wide, self.n_hidden), want)?;
        }
        Ok(())
    }
}

/// Of something `wide` that looks at something `seen` wide, with heads that ask and heads of a size that are asked.
fn attention(
    at: &str,
    (wide, seen): (u64, u64),
    (asking, (asked, size)): (u64, (u64, u64)),
    want: &mut Want<'_>,
) -> Result<(), MediaError> {
    want(format!("{at}.q_proj.weight"), &[wide, asking, size])?;
    want(format!("{at}.k_proj.weight"), &[seen, asked, size])?;
    want(format!("{at}.v_proj.weight"), &[seen, asked, size])?;
    want(format!("{at}.o_proj.weight"), &[asking, size, wide])
}

fn dense(at: &str, (wide, hidden): (u64, u64), want: &mut Want<'_>) -> Result<(), MediaError> {
    want(format!("{at}.mlp.wi_fused.weight"), &[wide, 2, hidden])?;
    want(format!("{at}.mlp.wo.weight"), &[hidden, wide])
}
