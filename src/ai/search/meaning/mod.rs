//! What texts mean, as vectors that are compared: the closer the angle, the nearer the meaning.
//!
//! Vectors are compared with every other one of a tenant, in memory: ten thousand of 384 numbers are 15 MB and
//! take a few milliseconds, and the answer is exact, which no index over them would be.

mod cache;

use std::{fmt::Debug, future::Future, pin::Pin};

pub use self::cache::{Cache, Of};

/// Least likeness of two meanings that counts. Sentence models such as MiniLM put texts that have nothing to do
/// with each other between 0 and 0.2.
const LEAST: f32 = 0.25;

/// What an embedder answers later.
pub type EmbedFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<Vec<f32>>, EmbedderError>> + Send + 'a>>;

/// Makes vectors of texts.
pub trait Embedder: Debug + Send + Sync {
    /// Its name and version: vectors of different ones are never compared.
    fn name(&self) -> &str;

    /// How many numbers its vectors have.
    fn dims(&self) -> usize;

    /// A vector for each text, in their order, of any length. Texts that are too long are cut by it.
    fn embed(&self, texts: Vec<String>) -> EmbedFuture<'_>;
}

/// Why there is no vector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EmbedderError(pub String);

/// A vector for each of `texts`, of length 1.
///
/// # Errors
/// The embedder has none, or not what was asked of it.
pub async fn embed(embedder: &dyn Embedder, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedderError> {
    let wanted = texts.len();
    let vectors = embedder.embed(texts).await?;
    if vectors.len() != wanted {
        return Err(EmbedderError(format!("{} vectors came for {wanted} texts", vectors.len())));
    }
    let whole = vectors.into_iter().map(|vector| normalised(vector, embedder.dims()));
    whole.collect::<Option<_>>().ok_or_else(|| {
        EmbedderError(format!("a vector came that is not of {} numbers with a direction", embedder.dims()))
    })
}

/// A vector in its direction of length 1.
fn normalised(mut vector: Vec<f32>, dims: usize) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    let usable = vector.len() == dims && length.is_finite() && length > 0.0;
    usable.then(|| {
        vector.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
        vector
    })
}

/// How alike two vectors of length 1 are: 1 in the same direction, 0 across.
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Sums of their own for each place in eight let the processor add eight at a time.
    let mut sums = [0.0_f32; 8];
    let (left, right) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = left.remainder().iter().zip(right.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// A vector as it is stored.
#[must_use]
pub fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A vector as it was stored. None where it is none of `dims` numbers.
#[must_use]
pub fn from_bytes(bytes: &[u8], dims: usize) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    let vector: Vec<f32> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
    (rest.is_empty() && vector.len() == dims && vector.iter().all(|x| x.is_finite())).then_some(vector)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_vector_is_none() {
        assert_eq!(normalised(vec![3.0, 4.0], 2), Some(vec![0.6, 0.8]));
        assert_eq!(normalised(vec![3.0], 2), None);
        assert_eq!(normalised(vec![0.0, 0.0], 2), None);
        assert_eq!(normalised(vec![f32::NAN, 1.0], 2), None);
        assert_eq!(from_bytes(&[0; 7], 2), None);
        assert_eq!(from_bytes(&to_bytes(&[f32::INFINITY]), 1), None);
    }

    proptest! {
        #[test]
        fn stored_vectors_come_back_and_are_compared_exactly(pairs in prop::collection::vec((-1.0_f32..1.0, -1.0_f32..1.0), 1..100)) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            prop_assert_eq!(from_bytes(&to_bytes(&a), a.len()), Some(a.clone()));
            let exact: f64 = a.iter().zip(&b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
            prop_assert!((f64::from(dot(&a, &b)) - exact).abs() < 1e-4);
        }
    }
}
