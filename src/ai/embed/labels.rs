//! Labels for the pieces of a text, by the model for embeddings and what was learned on top of it.
//!
//! What was learned are low-rank updates of the model's matrices (LoRA: W + B·A) and one linear layer for the pieces, one
//! for the whole text. They are small, travel in the binary, and fit the one model that they were learned on.

use std::{collections::HashMap, fs, path::Path};

use candle_core::{Device, Tensor, safetensors};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, DTYPE};
use tokenizers::{Tokenizer, TruncationParams};

use super::EmbedError;
use crate::http::Digest;

/// Where a model has its weights.
const WEIGHTS: &str = "model.safetensors";
/// Longest part of a text that is looked at in one go, in tokens.
const WINDOW: usize = 384;
/// What two parts have in common.
const COMMON: usize = 96;
/// Most parts of a text.
const MOST_WINDOWS: usize = 6;

/// What was learned, as `scripts/learn.py` writes it.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// Its tensors, as safetensors.
    pub weights: &'static [u8],
    /// SHA-256 of the weights that it was learned on.
    pub of: &'static str,
}

/// A piece of a text with its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// One number for each label: the higher, the likelier.
    pub scores: Vec<f32>,
}

/// A text with its labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelled {
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// Scores of the whole text.
    pub whole: Vec<f32>,
}

/// The model with what was learned.
pub(super) struct Labeller {
    model: BertModel,
    tokenizer: Tokenizer,
    pieces: (Tensor, Tensor),
    whole: (Tensor, Tensor),
    lesson: Lesson,
}

impl Labeller {
    /// The model in `folder`, taught by `lesson`.
    pub(super) fn load(folder: &Path, lesson: Lesson) -> Result<Self, EmbedError> {
        let failed = |error: &dyn std::fmt::Display| EmbedError::Load(error.to_string());
        let weights = fs::read(folder.join(WEIGHTS)).map_err(|error| failed(&error))?;
        // One that is alike in shape would take it, and talk nonsense.
        if Digest::of(&weights).hex() != lesson.of {
            return Err(EmbedError::AnotherModel);
        }
        Self::taught(folder, &weights, lesson).map_err(|error| failed(&error))
    }

    /// Whether this is the lesson that it was taught.
    pub(super) fn knows(&self, lesson: Lesson) -> bool {
        std::ptr::eq(self.lesson.weights, lesson.weights) && self.lesson.of == lesson.of
    }

    fn taught(folder: &Path, weights: &[u8], lesson: Lesson) -> candle_core::Result<Self> {
        let config = fs::read(folder.join("config.json"))?;
        let config: Config = serde_json::from_slice(&config).map_err(candle_core::Error::wrap)?;
        let mut tokenizer =
            Tokenizer::from_file(folder.join("tokenizer.json")).map_err(candle_core::Error::msg)?;
        let window = TruncationParams { max_length: WINDOW, stride: COMMON, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(window)).map_err(candle_core::Error::msg)?.with_padding(None);
        let mut weights = safetensors::load_buffer(weights, &Device::Cpu)?;
        let mut learned = safetensors::load_buffer(lesson.weights, &Device::Cpu)?;
        let pieces = layer(&mut learned, "pieces")?;
        let whole = layer(&mut learned, "whole")?;
        update(&mut weights, &learned)?;
        let weights = VarBuilder::from_tensors(weights, DTYPE, &Device::Cpu);
        Ok(Self { model: BertModel::load(weights, &config)?, tokenizer, pieces, whole, lesson })
    }

    /// The labels of `text`, until nobody wants them any more.
    pub(super) fn label(&self, text: &str, given_up: impl Fn() -> bool) -> Result<Labelled, EmbedError> {
        let failed = |error: String| EmbedError::Load(error);
        let mut first = self.tokenizer.encode(text, true).map_err(|error| failed(error.to_string()))?;
        let further = first.take_overflowing();
        let mut out = Labelled::default();
        for part in std::iter::once(first).chain(further).take(MOST_WINDOWS) {
            if given_up() {
                return Err(EmbedError::Busy);
            }
            self.part(&part, &mut out).map_err(|error| failed(error.to_string()))?;
        }
        Ok(out)
    }

    /// Adds what a part says; of what two parts have in common, each says the half that is farther from its own end.
    fn part(&self, part: &tokenizers::Encoding, out: &mut Labelled) -> candle_core::Result<()> {
        let ids = Tensor::new(part.get_ids(), &Device::Cpu)?.unsqueeze(0)?;
        let states = self.model.forward(&ids, &ids.zeros_like()?, None)?.squeeze(0)?;
        let scores: Vec<Vec<f32>> = apply(&self.pieces, &states)?.to_vec2()?;
        if out.whole.is_empty() {
            let mean = states.mean_keepdim(0)?;
            out.whole = apply(&self.whole, &mean)?.squeeze(0)?.to_vec1()?;
        }
        let seen = if out.pieces.is_empty() { 0 } else { COMMON / 2 };
        let mut words = part.get_offsets().iter().filter(|(start, end)| start < end);
        let Some(begin) = words.nth(seen).map(|place| place.0) else { return Ok(()) };
        out.pieces.retain(|known| known.start < begin);
        for (scores, &(start, end)) in scores.into_iter().zip(part.get_offsets()) {
            if start < end && start >= begin {
                out.pieces.push(Piece { start, end, scores });
            }
        }
        Ok(())
    }
}

/// A linear layer.
fn layer(learned: &mut HashMap<String, Tensor>, name: &str) -> candle_core::Result<(Tensor, Tensor)> {
    let mut part = |kind: &str| {
        let name = format!("{name}.{kind}");
        learned.remove(&name).ok_or_else(|| lacking(&name))?.to_dtype(DTYPE)
    };
    Ok((part("weight")?, part("bias")?))
}

fn apply((weight, bias): &(Tensor, Tensor), states: &Tensor) -> candle_core::Result<Tensor> {
    states.matmul(&weight.t()?)?.broadcast_add(bias)
}

/// Adds `b · a` to each matrix that has them, and `d` to what is no matrix.
fn update(
    weights: &mut HashMap<String, Tensor>,
    learned: &HashMap<String, Tensor>,
) -> candle_core::Result<()> {
    for (name, tensor) in learned {
        let tensor = tensor.to_dtype(DTYPE)?;
        let (known, change) = match name.rsplit_once('.') {
            Some((known, "b")) => {
                let a = learned.get(&format!("{known}.a")).ok_or_else(|| lacking(known))?;
                (known, tensor.matmul(&a.to_dtype(DTYPE)?)?)
            }
            Some((known, "d")) => (known, tensor),
            _ => continue,
        };
        let before = weights.get(known).ok_or_else(|| lacking(known))?;
        let after = before.to_dtype(DTYPE)?.add(&change)?;
        weights.insert(known.to_owned(), after);
    }
    Ok(())
}

fn lacking(name: &str) -> candle_core::Error {
    candle_core::Error::msg(format!("`{name}` is not there, or not of this model"))
}
