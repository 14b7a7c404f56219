//! A FLUX that is as small as can be and made of chance, with the T5 and the CLIP that read for it: what it draws depends on
//! what it is asked for, and shows nothing.
//!
//! Its transformer is 3,072 channels wide whatever its description says, so that one block of each kind has half a billion
//! numbers. Eight of the channels carry all; the rest of the file is a hole, which takes no disk.

use std::{fs, fs::File, os::unix::fs::FileExt, path::Path};

use serde_json::{Map, Value, json};

use super::Chance;

/// Channels of the transformer, and how many of them carry anything.
const WIDE: usize = 3072;
const ALIVE: usize = 8;
/// Numbers of a head of its attention.
const HEAD: usize = 128;
/// Numbers of what goes through it for each 16 by 16 pixels.
const PATCH: usize = 64;
/// Channels of what it makes, before the decoder makes pixels of it.
const LATENT: usize = 16;
/// How wide T5 and CLIP are, and how many heads they have.
const READ: usize = 16;
const HEADS: usize = 2;
/// Channels of the decoder, at each of its four scales.
const DRAWN: usize = 8;
/// What the tokenizers know: what stands for nothing, for what they do not know, and for the beginning, the letters, and
/// the end, which CLIP looks for as the highest.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const END: usize = 3 + LETTERS.len();

/// Tensors of numbers of two bytes, of which only those are written that are not zero.
struct Sheet {
    chance: Chance,
    head: Map<String, Value>,
    written: Vec<(usize, Vec<u8>)>,
    size: usize,
}

impl Sheet {
    fn new(seed: u64) -> Self {
        let chance = Chance(fastrand::Rng::with_seed(seed));
        Self { chance, head: Map::new(), written: Vec::new(), size: 0 }
    }

    /// A tensor of zeros; where it begins.
    fn empty(&mut self, name: String, shape: &[usize]) -> usize {
        let begin = self.size;
        self.size += 2 * shape.iter().product::<usize>();
        let entry = json!({"dtype": "BF16", "shape": shape, "data_offsets": [begin, self.size]});
        self.head.insert(name, entry);
        begin
    }

    fn put(&mut self, at: usize, numbers: &[f32]) {
        // The upper half of a number of four bytes.
        let bytes = numbers.iter().flat_map(|number| ((number.to_bits() >> 16) as u16).to_le_bytes());
        self.written.push((at, bytes.collect()));
    }

    fn ones(&mut self, name: String, count: usize) {
        let at = self.empty(name, &[count]);
        self.put(at, &vec![1.0; count]);
    }

    fn chance(&mut self, name: String, shape: &[usize], scale: f32) {
        let at = self.empty(name, shape);
        let numbers = self.chance.numbers(shape.iter().product(), scale);
        self.put(at, &numbers);
    }

    /// What makes `to` numbers of `from`, about `gain` times as large, for channels that are all alive.
    fn dense(&mut self, at: &str, [to, from]: [usize; 2], gain: f32) {
        self.chance(format!("{at}.weight"), &[to, from], gain / (from as f32).sqrt());
    }

    /// The same, in the transformer: of each 3,072 channels on either side the first few are alive.
    fn strips(&mut self, at: &str, [to, from]: [usize; 2], (gain, bias): (f32, f32)) {
        let live = if from < WIDE { from } else { from / WIDE * ALIVE };
        let rows = to.min(ALIVE) * from;
        let weight = self.empty(format!("{at}.weight"), &[to, from]);
        let offset = self.empty(format!("{at}.bias"), &[to]);
        for part in (0..to).step_by(WIDE) {
            let numbers = self.chance.numbers(rows, gain / (live as f32).sqrt());
            self.put(weight + 2 * part * from, &numbers);
            let numbers = self.chance.numbers(ALIVE, bias);
            self.put(offset + 2 * part, &numbers);
        }
    }

    /// A convolution whose window is `edge` by `edge` pixels.
    fn convolution(&mut self, at: &str, [to, from, edge]: [usize; 3]) {
        let scale = 1.0 / ((from * edge * edge) as f32).sqrt();
        self.chance(format!("{at}.weight"), &[to, from, edge, edge], scale);
        self.chance(format!("{at}.bias"), &[to], 0.1);
    }

    fn norm(&mut self, at: &str, count: usize) {
        self.ones(format!("{at}.weight"), count);
        self.empty(format!("{at}.bias"), &[count]);
    }

    fn write(self, path: &Path) {
        let mut head = Value::Object(self.head).to_string();
        head.extend(std::iter::repeat_n(' ', head.len().next_multiple_of(8) - head.len()));
        let begin = 8 + head.len();
        let file = File::create(path).expect("a file");
        file.set_len((begin + self.size) as u64).expect("a file with holes");
        let put = |bytes: &[u8], at: usize| file.write_all_at(bytes, at as u64).expect("it is written");
        put(&(head.len() as u64).to_le_bytes(), 0);
        put(head.as_bytes(), 8);
        self.written.iter().for_each(|(at, bytes)| put(bytes, begin + at));
    }
}

/// What transformer/config.json says.
fn transformer_config() -> Value {
    json!({"in_channels": PATCH, "pooled_projection_dim": READ, "joint_attention_dim": READ,
        "num_attention_heads": WIDE / HEAD, "num_layers": 1, "num_single_layers": 1, "guidance_embeds": false})
}

/// What vae/config.json says.
fn decoder_config() -> Value {
    json!({"in_channels": 3, "out_channels": 3, "block_out_channels": [DRAWN, DRAWN, DRAWN, DRAWN], "layers_per_block": 1,
        "latent_channels": LATENT, "scaling_factor": 0.3611, "shift_factor": 0.1159, "norm_num_groups": 2})
}

/// The transformer: what is read outweighs the noise that it begins with.
fn transformer() -> Sheet {
    let mut sheet = Sheet::new(3);
    let alike = (1.0, 0.5);
    sheet.strips("img_in", [WIDE, PATCH], (0.05, 1.0));
    sheet.strips("txt_in", [WIDE, READ], alike);
    for (part, from, gain) in [("time_in", 256, 0.3), ("vector_in", READ, 4.0)] {
        sheet.strips(&format!("{part}.in_layer"), [WIDE, from], (gain, 0.5));
        sheet.strips(&format!("{part}.out_layer"), [WIDE, WIDE], (gain, 0.5));
    }
    for side in ["img", "txt"] {
        let at = format!("double_blocks.0.{side}");
        sheet.strips(&format!("{at}_mod.lin"), [6 * WIDE, WIDE], alike);
        sheet.strips(&format!("{at}_attn.qkv"), [3 * WIDE, WIDE], alike);
        sheet.strips(&format!("{at}_attn.proj"), [WIDE, WIDE], alike);
        sheet.strips(&format!("{at}_mlp.0"), [4 * WIDE, WIDE], alike);
        sheet.strips(&format!("{at}_mlp.2"), [WIDE, 4 * WIDE], alike);
        ["query", "key"]
            .iter()
            .for_each(|part| sheet.ones(format!("{at}_attn.norm.{part}_norm.scale"), HEAD));
    }
    let at = "single_blocks.0";
    sheet.strips(&format!("{at}.modulation.lin"), [3 * WIDE, WIDE], alike);
    sheet.strips(&format!("{at}.linear1"), [7 * WIDE, WIDE], alike);
    sheet.strips(&format!("{at}.linear2"), [WIDE, 5 * WIDE], alike);
    ["query", "key"].iter().for_each(|part| sheet.ones(format!("{at}.norm.{part}_norm.scale"), HEAD));
    sheet.strips("final_layer.adaLN_modulation.1", [2 * WIDE, WIDE], alike);
    // What is alive comes here some twenty times as large as if all were.
    sheet.dense("final_layer.linear", [PATCH, WIDE], 15.0);
    sheet.empty("final_layer.linear.bias".to_owned(), &[PATCH]);
    sheet
}

/// What makes pixels, and what nobody asks for but everybody loads: what makes numbers of pixels.
fn decoder() -> Sheet {
    let mut sheet = Sheet::new(4);
    for (at, from, to) in [("encoder", 3, 2 * LATENT), ("decoder", LATENT, 3)] {
        sheet.convolution(&format!("{at}.conv_in"), [DRAWN, from, 3]);
        sheet.convolution(&format!("{at}.conv_out"), [to, DRAWN, 3]);
        sheet.norm(&format!("{at}.norm_out"), DRAWN);
        let mut blocks = ["mid.block_1", "mid.block_2"].map(str::to_owned).to_vec();
        for scale in 0..4 {
            let blocks_of = |name: &str, count: usize| -> Vec<String> {
                (0..count).map(|block| format!("{name}.{scale}.block.{block}")).collect()
            };
            if at == "encoder" {
                blocks.extend(blocks_of("down", 1));
            } else {
                blocks.extend(blocks_of("up", 2));
            }
        }
        for block in blocks {
            for half in 1..=2 {
                sheet.norm(&format!("{at}.{block}.norm{half}"), DRAWN);
                sheet.convolution(&format!("{at}.{block}.conv{half}"), [DRAWN, DRAWN, 3]);
            }
        }
        sheet.norm(&format!("{at}.mid.attn_1.norm"), DRAWN);
        for part in ["q", "k", "v", "proj_out"] {
            sheet.convolution(&format!("{at}.mid.attn_1.{part}"), [DRAWN, DRAWN, 1]);
        }
    }
    for scale in 0..3 {
        sheet.convolution(&format!("encoder.down.{scale}.downsample.conv"), [DRAWN, DRAWN, 3]);
        sheet.convolution(&format!("decoder.up.{}.upsample.conv", scale + 1), [DRAWN, DRAWN, 3]);
    }
    sheet
}

/// T5, which reads each word.
fn t5() -> (Value, Sheet) {
    let mut sheet = Sheet::new(5);
    sheet.chance("shared.weight".to_owned(), &[END + 1, READ], 1.0);
    let at = "encoder.block.0.layer";
    for part in ["q", "k", "v", "o"] {
        sheet.dense(&format!("{at}.0.SelfAttention.{part}"), [READ, READ], 1.0);
    }
    sheet.chance(format!("{at}.0.SelfAttention.relative_attention_bias.weight"), &[32, HEADS], 1.0);
    sheet.dense(&format!("{at}.1.DenseReluDense.wi_0"), [2 * READ, READ], 1.0);
    sheet.dense(&format!("{at}.1.DenseReluDense.wi_1"), [2 * READ, READ], 1.0);
    sheet.dense(&format!("{at}.1.DenseReluDense.wo"), [READ, 2 * READ], 1.0);
    for norm in ["block.0.layer.0.layer_norm", "block.0.layer.1.layer_norm", "final_layer_norm"] {
        sheet.ones(format!("encoder.{norm}.weight"), READ);
    }
    let config = json!({"vocab_size": END + 1, "d_model": READ, "d_kv": READ / HEADS, "d_ff": 2 * READ, "num_layers": 1,
        "num_heads": HEADS, "relative_attention_num_buckets": 32, "dropout_rate": 0.1, "layer_norm_epsilon": 1e-6,
        "initializer_factor": 1.0, "feed_forward_proj": "gated-gelu", "is_encoder_decoder": true, "pad_token_id": 0,
        "eos_token_id": END});
    (config, sheet)
}

/// CLIP, which reads all of it as one.
fn clip() -> (Value, Sheet) {
    let mut sheet = Sheet::new(6);
    let at = "text_model.embeddings";
    sheet.chance(format!("{at}.token_embedding.weight"), &[END + 1, READ], 1.0);
    sheet.chance(format!("{at}.position_embedding.weight"), &[77, READ], 0.3);
    let at = "text_model.encoder.layers.0";
    let attention =
        ["q_proj", "k_proj", "v_proj", "out_proj"].map(|part| (format!("self_attn.{part}"), READ, READ));
    let mlp = [("mlp.fc1".to_owned(), 2 * READ, READ), ("mlp.fc2".to_owned(), READ, 2 * READ)];
    for (part, to, from) in attention.into_iter().chain(mlp) {
        sheet.dense(&format!("{at}.{part}"), [to, from], 1.5);
        sheet.empty(format!("{at}.{part}.bias"), &[to]);
    }
    ["layer_norm1", "layer_norm2"].iter().for_each(|norm| sheet.norm(&format!("{at}.{norm}"), READ));
    sheet.norm("text_model.final_layer_norm", READ);
    let config = json!({"text_config": {"vocab_size": END + 1, "projection_dim": READ, "hidden_act": "quick_gelu",
        "intermediate_size": 2 * READ, "max_position_embeddings": 77, "num_hidden_layers": 1,
        "num_attention_heads": HEADS}});
    (config, sheet)
}

/// tokenizer.json of a tokenizer that reads letter by letter.
fn tokenizer(template: &Value) -> Value {
    let special = ["<nothing>", "<unknown>", "<begin>"].map(str::to_owned);
    let tokens = special.into_iter().chain(LETTERS.chars().map(String::from)).chain(["<end>".to_owned()]);
    let vocabulary: Map<String, Value> = tokens.zip(0_u32..).map(|(token, id)| (token, json!(id))).collect();
    let named = |name: &str, id: usize| json!({"id": name, "ids": [id], "tokens": [name]});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "TemplateProcessing", "single": template, "pair": template,
            "special_tokens": {"<begin>": named("<begin>", 2), "<end>": named("<end>", END)}},
        "decoder": null,
        "model": {"type": "BPE", "dropout": null, "unk_token": "<unknown>", "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": vocabulary, "merges": []}
    })
}

/// All of it: what draws in `folder`, what reads in the cache `hub`.
pub fn painter(folder: &Path, hub: &Path) {
    let put = |path: &Path, value: &Value| fs::write(path, value.to_string()).expect("it is written");
    for (name, config) in [("transformer", transformer_config()), ("vae", decoder_config())] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
        put(&folder.join(name).join("config.json"), &config);
    }
    transformer().write(&folder.join("flux1-schnell.safetensors"));
    decoder().write(&folder.join("ae.safetensors"));
    let repository = |name: &str| {
        let (repository, snapshot) = (hub.join(format!("models--{name}")), "0a1b");
        let folder = repository.join("snapshots").join(snapshot);
        [&folder, &repository.join("refs")]
            .iter()
            .for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
        fs::write(repository.join("refs/main"), snapshot).expect("it is written");
        folder
    };
    let special = |name: &str| json!({"SpecialToken": {"id": name, "type_id": 0}});
    let text = json!({"Sequence": {"id": "A", "type_id": 0}});
    let template = tokenizer(&json!([text, special("<end>")]));
    put(&repository("EricB--t5_tokenizer").join("t5-v1_1-xxl.tokenizer.json"), &template);
    let folder = repository("EricB--t5-v1_1-xxl-enc-only");
    let (config, weights) = t5();
    put(&folder.join("config.json"), &config);
    weights.write(&folder.join("t5_xxl-shard-0.safetensors"));
    Sheet::new(0).write(&folder.join("t5_xxl-shard-1.safetensors"));
    let folder = repository("openai--clip-vit-large-patch14");
    let (config, weights) = clip();
    put(&folder.join("config.json"), &config);
    weights.write(&folder.join("model.safetensors"));
    put(&folder.join("tokenizer.json"), &tokenizer(&json!([special("<begin>"), text, special("<end>")])));
}
