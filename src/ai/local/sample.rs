//! Chooses tokens by a seed, so that the same request has the same answer.
//!
//! mistral.rs has one source of chance for all requests. Here chance is a function of the seed, the place and the token: the
//! Gumbel-max trick (Gumbel 1954; Maddison, Tarlow and Minka, "A* sampling", 2014) adds noise to the logits whose greatest
//! sum is a draw from their softmax. The engine then takes the greatest, also where a grammar has its say first.
//!
//! It sees each token chosen, and knows how the engine let go of the request: what mistral.rs tells nobody (`Watch`).

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use mistralrs::{CustomLogitsProcessor, Tensor};

use crate::ai::chat::Choosing;

/// Adds the noise of a seed to logits; where the likeliest is always taken, it only watches.
pub(super) struct Seeded {
    choosing: Choosing,
    place: Mutex<Place>,
    watch: Arc<Watch>,
}

/// What became of a request.
#[derive(Debug, Default)]
pub(super) struct Watch {
    chosen: AtomicU32,
    broke: AtomicBool,
}

impl Watch {
    /// Tokens chosen so far.
    pub(super) fn chosen(&self) -> u32 {
        self.chosen.load(Ordering::Acquire)
    }

    /// Whether the engine broke while it had the request. Known before its channel is closed: the engine lets go of
    /// what chooses first.
    pub(super) fn broke(&self) -> bool {
        self.broke.load(Ordering::Acquire)
    }
}

/// How many tokens were chosen. The context does not tell: of a beginning that is kept, only the rest is in it at first.
#[derive(Debug, Default)]
struct Place {
    chosen: u32,
    /// Length of the context that was seen last; a grammar has the same place chosen again.
    context: usize,
}

impl Place {
    const fn of(&mut self, context: usize) -> u32 {
        if self.context != context {
            self.chosen += 1;
            self.context = context;
        }
        self.chosen
    }
}

impl Seeded {
    pub(super) fn new(choosing: Choosing, watch: Arc<Watch>) -> Self {
        Self { choosing, place: Mutex::default(), watch }
    }

    fn perturb(&self, logits: &mut [f32], place: u32) {
        let cut = least_of_share(logits, self.choosing.temperature, self.choosing.top_p);
        for (token, logit) in logits.iter_mut().enumerate() {
            *logit = match *logit >= cut && logit.is_finite() {
                true => {
                    (f64::from(*logit) / self.choosing.temperature
                        + gumbel(self.choosing.seed, place.into(), token)) as f32
                }
                false => f32::NEG_INFINITY,
            };
        }
    }
}

impl CustomLogitsProcessor for Seeded {
    fn apply(&self, logits: &Tensor, context: &[u32]) -> mistralrs::Result<Tensor> {
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner).of(context.len());
        self.watch.chosen.store(place, Ordering::Release);
        if self.choosing.temperature <= 0.0 {
            return Ok(logits.clone());
        }
        let mut values: Vec<f32> = logits.to_vec1()?;
        self.perturb(&mut values, place);
        let length = values.len();
        Tensor::from_vec(values, length, logits.device())
    }
}

impl Drop for Seeded {
    fn drop(&mut self) {
        if thread::panicking() {
            self.watch.broke.store(true, Ordering::Release);
        }
    }
}

/// The least logit that is among the likeliest ones that make up `share`.
fn least_of_share(logits: &[f32], temperature: f64, share: f64) -> f32 {
    if share >= 1.0 {
        return f32::NEG_INFINITY;
    }
    let mut sorted: Vec<f32> = logits.iter().copied().filter(|logit| logit.is_finite()).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let Some(&top) = sorted.first() else { return f32::NEG_INFINITY };
    let weight = |logit: f32| (f64::from(logit - top) / temperature).exp();
    let whole: f64 = sorted.iter().map(|&logit| weight(logit)).sum();
    let mut so_far = 0.0;
    for &logit in &sorted {
        so_far += weight(logit);
        if so_far >= share * whole {
            return logit;
        }
    }
    f32::NEG_INFINITY
}

/// A draw of the standard Gumbel distribution, always the same for the same three.
fn gumbel(seed: u64, place: u64, token: usize) -> f64 {
    let mixed = mix(mix(seed ^ mix(place)) ^ token as u64);
    // 53 bits, never 0 and never 1.
    let uniform = ((mixed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    -(-uniform.ln()).ln()
}

/// SplitMix64 (Steele, Lea and Flood 2014).
const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(choosing: Choosing, place: u32, logits: &[f32]) -> usize {
        let mut logits = logits.to_vec();
        Seeded::new(choosing, Arc::default()).perturb(&mut logits, place);
        let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        best.map(|(token, _)| token).expect("there are tokens")
    }

    #[test]
    fn draws_follow_the_softmax() {
        let choosing = Choosing { temperature: 0.7, seed: 5, ..Choosing::default() };
        let logits = [1.0_f32, 0.0, -1.0];
        let weights: Vec<f64> = logits.iter().map(|&logit| (f64::from(logit) / 0.7).exp()).collect();
        let whole: f64 = weights.iter().sum();
        let draws = 20_000;
        let mut counts = [0.0; 3];
        for place in 0..draws {
            counts[drawn(choosing, place, &logits)] += 1.0;
        }
        for (count, weight) in counts.iter().zip(weights) {
            let (share, expected) = (count / f64::from(draws), weight / whole);
            assert!((share - expected).abs() < 0.02, "{share} of {expected}");
        }
    }

    #[test]
    fn the_unlikely_is_left_out_and_the_seed_decides() {
        let logits = [3.0_f32, 2.9, -2.0, f32::NEG_INFINITY];
        let choosing = Choosing { temperature: 2.0, top_p: 0.9, seed: 1, ..Choosing::default() };
        assert!((0..500).all(|place| drawn(choosing, place, &logits) < 2));
        let series = |seed| {
            let choosing = Choosing { seed, ..choosing };
            (0..50).map(|place| drawn(choosing, place, &logits)).collect::<Vec<_>>()
        };
        assert_eq!(series(1), series(1));
        assert_ne!(series(1), series(2));
    }

    #[test]
    fn how_a_request_ended_is_known_after_it() {
        let watch = Arc::<Watch>::default();
        drop(Seeded::new(Choosing::default(), Arc::clone(&watch)));
        assert!(!watch.broke());
        let held = Seeded::new(Choosing::default(), Arc::clone(&watch));
        let engine = thread::spawn(move || {
            let _held = held;
            panic!("a defect of the engine");
        });
        assert!(engine.join().is_err() && watch.broke());
    }
}
