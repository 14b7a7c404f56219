//! Dia, which speaks: text becomes a WAV file of 44,100 samples a second.

mod codec;
mod config;

use std::path::{Path, PathBuf};

use mistralrs::{Model, ModelDType, SpeechLoaderType, SpeechModelBuilder, TokenSource, speech_utils};
use tokio::runtime::Runtime;

use self::config::Config;
use super::{
    Craft, MediaError, files,
    tensors::Tensors,
    workshop::{failed, line},
};

/// What belongs into the folder of the model.
const MODEL: &str = "`ai.speech_model` names a folder with config.json and model.safetensors of Dia";
/// What belongs into the folder of the codec.
const CODEC: &str = "`ai.speech_codec` names a folder with model.safetensors of the codec DAC, 44 kHz";
/// Whoever speaks where the text does not say.
const FIRST: &str = "[S1]";
const SECOND: &str = "[S2]";

/// Dia, and the codec that makes sound of what it says.
#[derive(Debug)]
pub struct Dia {
    name: String,
    model: PathBuf,
    codec: PathBuf,
}

impl Dia {
    /// The model in one folder, its codec in another.
    #[must_use]
    pub fn new(model: &Path, codec: &Path) -> Self {
        let name = super::called(model, "dia");
        Self { name, model: model.to_owned(), codec: codec.to_owned() }
    }

    /// The text as Dia takes it: with somebody who speaks, without control characters.
    #[must_use]
    pub fn script(text: &str) -> String {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let plain = plain.trim();
        match plain.contains(FIRST) || plain.contains(SECOND) {
            true => plain.to_owned(),
            false => format!("{FIRST} {plain}"),
        }
    }
}

impl Craft for Dia {
    type Order = String;
    type Piece = Vec<u8>;
    type Known = Config;

    fn name(&self) -> &str {
        &self.name
    }

    fn look(&self) -> Result<Config, MediaError> {
        let (model, codec) = (files::folder(&self.model, MODEL)?, files::folder(&self.codec, CODEC)?);
        let described = files::file(&model, "config.json", MODEL)?;
        let config: Config = files::json(&described)?;
        config.check().map_err(|why| MediaError::broken(&described, why))?;
        let weights = Tensors::read(&files::file(&model, "model.safetensors", MODEL)?)?;
        config.tensors(&mut |name, shape| weights.holds(&name, shape))?;
        let weights = Tensors::read(&files::file(&codec, "model.safetensors", CODEC)?)?;
        codec::tensors(&mut |name, shape| weights.holds(&name, shape))?;
        Ok(config)
    }

    fn takes(&self, known: &Config, text: &String) -> Result<(), MediaError> {
        let (bytes, most) = (spoken(text).len(), known.data.text_length);
        match bytes <= most {
            true => Ok(()),
            false => {
                let why = format!("has {bytes} bytes; this model takes at most {most}: say it in parts");
                Err(MediaError::Text(why))
            }
        }
    }

    fn load(&self, runtime: &Runtime) -> Result<Model, MediaError> {
        self.look()?;
        // Whole paths of folders that are there: anything else would be looked for on a hub.
        let (model, codec) = (files::folder(&self.model, MODEL)?, files::folder(&self.codec, CODEC)?);
        let builder = SpeechModelBuilder::new(model.display(), SpeechLoaderType::Dia)
            .with_dac_model_id(codec.display().to_string())
            .with_dtype(ModelDType::F32)
            .with_token_source(TokenSource::None)
            .with_max_num_seqs(1);
        let builder =
            if cfg!(any(feature = "cuda", feature = "metal")) { builder } else { builder.with_force_cpu() };
        runtime.block_on(builder.build()).map_err(|error| MediaError::Load(line(&error)))
    }

    fn make(&self, model: &Model, runtime: &Runtime, text: String) -> Result<Vec<u8>, MediaError> {
        let (samples, rate, channels) =
            runtime.block_on(model.generate_speech(text)).map_err(|error| failed(&error))?;
        if samples.is_empty() || samples.iter().any(|sample| !sample.is_finite()) {
            return Err(MediaError::Failed("what came is no sound: its weights are damaged".to_owned()));
        }
        let mut wav = Vec::with_capacity(samples.len() * 2 + 44);
        let (rate, channels) = (u32::try_from(rate).unwrap_or(0), u16::try_from(channels).unwrap_or(0));
        speech_utils::write_pcm_as_wav(&mut wav, &samples[..], rate, channels)
            .map_err(|error| MediaError::Failed(error.to_string()))?;
        Ok(wav)
    }
}

/// The text as the model reads it: a byte is a token.
fn spoken(text: &str) -> String {
    text.replace(FIRST, "\u{1}").replace(SECOND, "\u{2}")
}
