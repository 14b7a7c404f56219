//! The model itself: words to tokens, tokens to vectors, their mean over what was said, brought to length 1, as
//! sentence-transformers does it.

use std::{fs, path::Path};

use candle_core::{D, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, DTYPE};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

use super::EmbedError;

/// Longest text that these models were taught with, in tokens.
const LONGEST: usize = 256;

/// A model in memory.
pub(super) struct Bert {
    model: BertModel,
    tokenizer: Tokenizer,
}

impl Bert {
    /// The model in `folder`, which reads texts of `context` tokens.
    pub(super) fn load(folder: &Path, context: usize) -> Result<Self, EmbedError> {
        let failed = |error: &dyn std::fmt::Display| EmbedError::Load(error.to_string());
        let config = fs::read(folder.join("config.json")).map_err(|error| failed(&error))?;
        let config: Config = serde_json::from_slice(&config).map_err(|error| failed(&error))?;
        let mut tokenizer =
            Tokenizer::from_file(folder.join("tokenizer.json")).map_err(|error| failed(&error))?;
        let truncation = TruncationParams { max_length: context.min(LONGEST), ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|error| failed(&error))?;
        tokenizer.with_padding(Some(PaddingParams::default()));
        let weights = fs::read(folder.join("model.safetensors")).map_err(|error| failed(&error))?;
        let weights = VarBuilder::from_buffered_safetensors(weights, DTYPE, &Device::Cpu);
        let weights = weights.map_err(|error| failed(&error))?;
        let model = BertModel::load(weights, &config).map_err(|error| failed(&error))?;
        Ok(Self { model, tokenizer })
    }

    /// The vectors of `texts`, computed together, and how many tokens they have.
    pub(super) fn embed(&self, texts: Vec<&str>) -> candle_core::Result<(Vec<Vec<f32>>, u32)> {
        let encoded = self.tokenizer.encode_batch(texts, true).map_err(candle_core::Error::msg)?;
        let rows = |of: fn(&tokenizers::Encoding) -> &[u32]| -> candle_core::Result<Tensor> {
            let rows = encoded.iter().map(|one| Tensor::new(of(one), &Device::Cpu));
            Tensor::stack(&rows.collect::<candle_core::Result<Vec<_>>>()?, 0)
        };
        let (tokens, mask) = (rows(|one| one.get_ids())?, rows(|one| one.get_attention_mask())?);
        let said: u32 = encoded.iter().flat_map(|one| one.get_attention_mask()).sum();
        let states = self.model.forward(&tokens, &tokens.zeros_like()?, Some(&mask))?;
        let mask = mask.to_dtype(DTYPE)?.unsqueeze(2)?;
        let mean = states.broadcast_mul(&mask)?.sum(1)?.broadcast_div(&mask.sum(1)?)?;
        let length = mean.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?;
        Ok((mean.broadcast_div(&length)?.to_vec2()?, said))
    }
}
