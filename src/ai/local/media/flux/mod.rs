//! FLUX, which makes pictures of texts.

mod config;
mod hub;

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use mistralrs::{
    DiffusionGenerationParams, DiffusionLoaderType, DiffusionModelBuilder, ImageGenerationResponseFormat,
    Model, ModelDType, TokenSource,
};
use tokio::runtime::Runtime;

use self::config::{Decoder, Transformer};
use super::{
    Craft, MediaError, files,
    tensors::Tensors,
    workshop::{failed, line},
};

/// What belongs into the folder.
const MODEL: &str = "`ai.image_model` names a folder of FLUX: flux1-schnell.safetensors or flux1-dev.safetensors, \
                     ae.safetensors, transformer/config.json and vae/config.json";
/// How a picture is told.
const PNG: &str = "data:image/png;base64,";
/// Numbers that mistral.rs computes with here: what it reads of others it leaves as they are, and breaks at each picture.
const NUMBERS: [&str; 3] = ["F32", "F16", "BF16"];
/// How a PNG begins.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// FLUX.
#[derive(Debug)]
pub struct Flux {
    name: String,
    folder: PathBuf,
    /// Where the two models that read the text are; None where the user has no folder.
    hub: Option<PathBuf>,
}

/// What a picture is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// In words.
    pub prompt: String,
    /// How wide it is, in pixels; a multiple of 16.
    pub width: u32,
    /// How high it is, in pixels; a multiple of 16.
    pub height: u32,
}

impl Flux {
    /// The model in this folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { name: super::called(folder, "flux"), folder: folder.to_owned(), hub: hub::folder() }
    }
}

impl Craft for Flux {
    type Order = Scene;
    type Piece = Vec<u8>;
    type Known = hub::Readers;

    fn name(&self) -> &str {
        &self.name
    }

    fn look(&self) -> Result<hub::Readers, MediaError> {
        let folder = files::folder(&self.folder, MODEL)?;
        Tensors::read(&weights(&folder)?)?.are(&NUMBERS)?;
        Tensors::read(&files::file(&folder, "ae.safetensors", MODEL)?)?.are(&NUMBERS)?;
        let described = files::file(&folder, "transformer/config.json", MODEL)?;
        let transformer: Transformer = files::json(&described)?;
        transformer.check().map_err(|why| MediaError::broken(&described, why))?;
        let described = files::file(&folder, "vae/config.json", MODEL)?;
        files::json::<Decoder>(&described)?.check().map_err(|why| MediaError::broken(&described, why))?;
        hub::look(self.hub.as_deref(), transformer.guided)
    }

    fn takes(&self, readers: &hub::Readers, scene: &Scene) -> Result<(), MediaError> {
        readers.take(&scene.prompt)
    }

    fn load(&self, runtime: &Runtime) -> Result<Model, MediaError> {
        self.look()?;
        // The whole path of a folder that is there: anything else would be looked for on a hub.
        let folder = files::folder(&self.folder, MODEL)?;
        let builder = DiffusionModelBuilder::new(folder.display(), DiffusionLoaderType::Flux)
            .with_dtype(ModelDType::F32)
            .with_token_source(TokenSource::None)
            .with_max_num_seqs(1);
        let builder =
            if cfg!(any(feature = "cuda", feature = "metal")) { builder } else { builder.with_force_cpu() };
        runtime.block_on(builder.build()).map_err(|error| MediaError::Load(line(&error)))
    }

    fn make(&self, model: &Model, runtime: &Runtime, scene: Scene) -> Result<Vec<u8>, MediaError> {
        // One of the models that read the text is read again for each; where it is gone, a hub would be asked.
        self.look()?;
        let size = DiffusionGenerationParams { height: scene.height as usize, width: scene.width as usize };
        let made = model.generate_image(scene.prompt, ImageGenerationResponseFormat::B64Json, size, None);
        let made = runtime.block_on(made).map_err(|error| failed(&error))?;
        let text = made.data.into_iter().next().and_then(|picture| picture.b64_json).unwrap_or_default();
        let file = BASE64.decode(text.trim_start_matches(PNG)).unwrap_or_default();
        match file.starts_with(SIGNATURE) {
            true => Ok(file),
            false => Err(MediaError::Failed("what came is no picture".to_owned())),
        }
    }
}

/// The file of its weights: the first that has such a name.
fn weights(folder: &Path) -> Result<PathBuf, MediaError> {
    let missing = || MediaError::Missing { path: folder.join("flux1-schnell.safetensors"), hint: MODEL };
    let entries = fs::read_dir(folder).map_err(|error| MediaError::broken(folder, error.to_string()))?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let name = names.into_iter().find(|name| is_weights(name)).ok_or_else(missing)?;
    files::file(folder, &name, MODEL)
}

/// Whether mistral.rs takes a file of this name for the weights.
fn is_weights(name: &str) -> bool {
    let Some(name) = name.strip_prefix("flux").and_then(|name| name.strip_suffix(".safetensors")) else {
        return false;
    };
    let digits = name.strip_suffix("-schnell").or_else(|| name.strip_suffix("-dev"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
