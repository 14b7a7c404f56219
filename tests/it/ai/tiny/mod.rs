//! A Dia and a DAC that are as small as can be and made of chance: they load and speak, and nobody understands them.
//!
//! Dia's sizes are its own to choose; DAC has one form, so that its file has 55 MB even with a byte for a number. `flux` has
//! one that draws.

pub mod flux;

use std::{fs, path::Path};

use serde_json::{Map, Value, json};

/// Samples that the model says, whatever it is asked: a frame for each step that its delays leave.
pub const SAMPLES: usize = 512 * (32 - 16);

/// What chance there is: the same each time.
struct Chance(fastrand::Rng);

impl Chance {
    /// Numbers around zero, about `scale` away from it.
    fn numbers(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| (self.0.f32() * 2.0 - 1.0) * 1.7 * scale).collect()
    }
}

/// Tensors of a file: name, type, shape and bytes.
#[derive(Default)]
pub struct Weights(pub Vec<(String, &'static str, Vec<usize>, Vec<u8>)>);

impl Weights {
    fn f32(&mut self, name: impl Into<String>, shape: &[usize], numbers: &[f32]) {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.0.push((name.into(), "F32", shape.to_vec(), bytes));
    }

    /// The file.
    pub fn write(&self, path: &Path) {
        let (mut head, mut at) = (Map::new(), 0);
        for (name, dtype, shape, bytes) in &self.0 {
            let entry = json!({"dtype": dtype, "shape": shape, "data_offsets": [at, at + bytes.len()]});
            head.insert(name.clone(), entry);
            at += bytes.len();
        }
        let mut head = Value::Object(head).to_string();
        head.extend(std::iter::repeat_n(' ', head.len().next_multiple_of(8) - head.len()));
        let mut file = (head.len() as u64).to_le_bytes().to_vec();
        file.extend(head.bytes());
        self.0.iter().for_each(|(.., bytes)| file.extend(bytes));
        fs::write(path, file).expect("the weights are written");
    }
}

/// What Dia's config.json says.
pub fn config() -> Value {
    json!({
        "version": "0.1",
        "model": {
            "encoder": {"n_layer": 1, "n_embd": 16, "n_hidden": 32, "n_head": 2, "head_dim": 8},
            "decoder": {"n_layer": 1, "n_embd": 32, "n_hidden": 64, "gqa_query_heads": 4, "kv_heads": 2,
                "gqa_head_dim": 8, "cross_query_heads": 2, "cross_head_dim": 8},
            "src_vocab_size": 256, "tgt_vocab_size": 1028, "normalization_layer_epsilon": 1e-5,
            "weight_dtype": "float32", "rope_min_timescale": 1, "rope_max_timescale": 10000
        },
        "data": {
            "text_length": 64, "audio_length": 32, "channels": 9, "text_pad_value": 0, "audio_eos_value": 1024,
            "audio_pad_value": 1025, "audio_bos_value": 1026,
            "delay_pattern": [0, 8, 9, 10, 11, 12, 13, 14, 15]
        }
    })
}

/// Dia's tensors.
pub fn dia() -> Weights {
    let mut chance = Chance(fastrand::Rng::with_seed(1));
    let mut weights = Weights::default();
    let mut shapes: Vec<(String, Vec<usize>)> = vec![("encoder.embedding".into(), vec![256, 16])];
    let attention = |at: &str, (wide, seen): (usize, usize), asking: usize| {
        let of = |part: &str, shape: [usize; 3]| (format!("{at}.{part}_proj"), shape.to_vec());
        [of("q", [wide, asking, 8]), of("k", [seen, 2, 8]), of("v", [seen, 2, 8]), of("o", [asking, 8, wide])]
    };
    let dense = |at: &str, wide: usize| {
        let hidden = 2 * wide;
        [(format!("{at}.mlp.wi_fused"), vec![wide, 2, hidden]), (format!("{at}.mlp.wo"), vec![hidden, wide])]
    };
    for (at, norms, wide) in [
        ("encoder", &["norm", "layers.0.pre_sa_norm", "layers.0.post_sa_norm"][..], 16),
        ("decoder", &["norm", "layers.0.pre_sa_norm", "layers.0.pre_ca_norm", "layers.0.pre_mlp_norm"], 32),
    ] {
        for norm in norms {
            weights.f32(format!("{at}.{norm}.weight"), &[wide], &vec![1.0; wide]);
        }
        shapes.extend(attention(&format!("{at}.layers.0.self_attention"), (wide, wide), wide / 8));
        shapes.extend(dense(&format!("{at}.layers.0"), wide));
    }
    shapes.extend(attention("decoder.layers.0.cross_attention", (32, 16), 2));
    shapes.extend((0..9).map(|channel| (format!("decoder.embeddings.{channel}"), vec![1028, 32])));
    for (name, shape) in shapes {
        let inward = name.ends_with("o_proj") || name.ends_with("wo");
        let fan: usize = if inward { shape[..shape.len() - 1].iter().product() } else { shape[0] };
        let scale = if name.contains("embedding") { 0.5 } else { 1.0 / (fan as f32).sqrt() };
        let numbers = chance.numbers(shape.iter().product(), scale);
        weights.f32(name + ".weight", &shape, &numbers);
    }
    let mut logits = chance.numbers(32 * 9 * 1028, 0.18);
    // The end is never the likeliest, so that the answer is always as long.
    (0..32).for_each(|row| logits[row * 9 * 1028 + 1024] = 0.0);
    weights.f32("decoder.logits_dense.weight", &[32, 9, 1028], &logits);
    weights
}

/// DAC's tensors: 4-byte numbers first, so that they lie where they should.
pub fn dac() -> Weights {
    let mut chance = Chance(fastrand::Rng::with_seed(2));
    let mut weights = Weights::default();
    let mut rows: Vec<(String, [usize; 3])> = Vec::new();
    let mut alphas: Vec<(String, usize)> = Vec::new();
    let mut conv = |weights: &mut Weights, at: String, shape: [usize; 3], (out, gain): (usize, f32)| {
        weights.f32(format!("{at}.weight_g"), &[shape[0], 1, 1], &vec![gain; shape[0]]);
        weights.f32(format!("{at}.bias"), &[out], &chance.numbers(out, 0.02));
        rows.push((at + ".weight_v", shape));
    };
    for book in 0..9 {
        let at = format!("quantizer.quantizers.{book}");
        conv(&mut weights, format!("{at}.in_proj"), [8, 1024, 1], (8, 1.0));
        conv(&mut weights, format!("{at}.out_proj"), [1024, 8, 1], (1024, 1.0));
    }
    conv(&mut weights, "decoder.model.0".into(), [1536, 1024, 7], (1536, 1.0));
    let mut channels = 1536;
    for (block, stride) in (1..).zip([8, 8, 4, 2]) {
        let (at, half) = (format!("decoder.model.{block}.block"), channels / 2);
        alphas.push((format!("{at}.0.alpha"), channels));
        conv(&mut weights, format!("{at}.1"), [channels, half, 2 * stride], (half, 1.0));
        for unit in 2..=4 {
            alphas.extend([0, 2].map(|part| (format!("{at}.{unit}.block.{part}.alpha"), half)));
            conv(&mut weights, format!("{at}.{unit}.block.1"), [half, half, 7], (half, 1.0));
            conv(&mut weights, format!("{at}.{unit}.block.3"), [half, half, 1], (half, 0.3));
        }
        channels = half;
    }
    alphas.push(("decoder.model.5.alpha".into(), channels));
    conv(&mut weights, "decoder.model.6".into(), [1, channels, 7], (1, 0.1));
    for (name, channels) in alphas {
        weights.f32(name, &[1, channels, 1], &vec![1.0; channels]);
    }
    for book in 0..9 {
        let numbers = chance.numbers(1024 * 8, 1.0);
        weights.f32(format!("quantizer.quantizers.{book}.codebook.weight"), &[1024, 8], &numbers);
    }
    for (name, shape) in rows {
        let row = shape[1] * shape[2];
        let mut bytes = vec![0; shape[0] * row];
        for row in bytes.chunks_mut(row) {
            // 1 and -1; a row without any would be divided by zero.
            for sign in [0x38, 0xb8, 0x38, 0xb8, 0x38] {
                let at = chance.0.usize(..row.len());
                row[at] = sign;
            }
        }
        weights.0.push((name, "F8_E4M3", shape.to_vec(), bytes));
    }
    weights
}

/// Both, in folders of their names below `folder`.
pub fn voice(folder: &Path) {
    ["dia", "dac"].iter().for_each(|name| fs::create_dir(folder.join(name)).expect("a folder"));
    fs::write(folder.join("dia/config.json"), config().to_string()).expect("it is written");
    dia().write(&folder.join("dia/model.safetensors"));
    dac().write(&folder.join("dac/model.safetensors"));
}
