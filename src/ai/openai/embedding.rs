//! Vectors of texts.

use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::dto::{
    EmbeddingEntry, EmbeddingRequest, EmbeddingUsage, EmbeddingValues, Embeddings, EncodingFormat,
};
use crate::ai::{Ai, AiError, embed::MOST_TEXTS};

/// Name that stands for the configured model.
const DEFAULT: &str = "default";
/// Longest text that is taken, in bytes; of it, the model reads what it was made for.
const LONGEST_TEXT: usize = 100_000;

/// The vectors that are asked for.
pub(super) async fn embed(ai: &Ai, asked: EmbeddingRequest) -> Result<Embeddings, AiError> {
    let begun = Instant::now();
    let embedder = ai.embedder()?;
    let model = embedder.name().to_owned();
    if ![DEFAULT, model.as_str()].contains(&asked.model.as_str()) {
        return Err(AiError::Unknown { asked: asked.model.chars().take(100).collect() });
    }
    let dimensions = embedder.dimensions()?;
    if asked.dimensions.is_some_and(|wanted| wanted as usize != dimensions) {
        return Err(AiError::field(
            "dimensions",
            format!("must be {dimensions}, which is what this model has"),
        ));
    }
    let texts = asked.input.into_vec();
    if texts.is_empty() || texts.len() > MOST_TEXTS {
        return Err(AiError::field("input", format!("must be 1 to {MOST_TEXTS} texts")));
    }
    if let Some(at) = texts.iter().position(|text| text.is_empty() || text.len() > LONGEST_TEXT) {
        return Err(AiError::field(format!("input.{at}"), format!("must be of 1 to {LONGEST_TEXT} bytes")));
    }
    let embedded = ai.embed(texts).await?;
    let entry = |(index, vector): (usize, Vec<f32>)| {
        let embedding = match asked.encoding_format {
            EncodingFormat::Float => EmbeddingValues::Float(vector),
            EncodingFormat::Base64 => {
                let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
                EmbeddingValues::Base64(STANDARD.encode(bytes))
            }
        };
        EmbeddingEntry { object: "embedding", index, embedding }
    };
    Ok(Embeddings {
        object: "list",
        data: embedded.vectors.into_iter().enumerate().map(entry).collect(),
        model,
        usage: EmbeddingUsage {
            prompt_tokens: embedded.tokens,
            total_tokens: embedded.tokens,
            latency_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            cost: 0.0,
        },
    })
}
