//! Loads the model, on a thread that may die: mistral.rs takes files on trust and breaks at some of them.

use std::{panic::AssertUnwindSafe, path::Path, thread};

use mistralrs::{GgufModelBuilder, Model as MistralModel, TokenSource};
use tokio::{runtime, sync::oneshot};

use super::LocalError;
use crate::ai::{
    give_way,
    models::{self, Catalogue, Kind},
};

/// Conversations whose beginnings are kept, so that the next turn, and the next request with the same rules, does not
/// read them again. Each takes as much memory as its conversation.
const BEGINNINGS_KEPT: usize = 2;
/// Longest text of a model that says nothing of it, in tokens.
const CONTEXT: u64 = 2048;

/// A model in memory.
pub(super) struct Loaded {
    pub(super) model: MistralModel,
    /// Longest text that it was made for, in tokens.
    pub(super) context: u32,
}

/// Loads the model of this name.
pub(super) async fn load(catalogue: &Catalogue, name: &str, at_once: usize) -> Result<Loaded, LocalError> {
    let (catalogue, name) = (catalogue.clone(), name.to_owned());
    let (done, loaded) = oneshot::channel();
    let thread = thread::Builder::new().name("maid-model-load".to_owned());
    let spawned = thread.spawn(move || {
        // Threads of mistral.rs begin here and give way as this one does.
        give_way::this_thread();
        let work = AssertUnwindSafe(|| read(&catalogue, &name, at_once));
        let result = std::panic::catch_unwind(work)
            .unwrap_or_else(|_| Err(LocalError::Load("its file is not what its head says".to_owned())));
        done.send(result).ok();
    });
    spawned.map_err(|error| LocalError::Load(error.to_string()))?;
    loaded.await.map_err(|_| LocalError::Load("the thread that loads it has ended".to_owned()))?
}

fn read(catalogue: &Catalogue, name: &str, at_once: usize) -> Result<Loaded, LocalError> {
    let model = catalogue.model(name)?;
    let Kind::Chat { file, head } = &model.kind else { return Err(LocalError::NoText(model.name)) };
    Catalogue::verify(&model)?;
    give_way::pool();
    let file = models::quick(catalogue, &model).unwrap_or_else(|| file.clone());
    let context = head.context.unwrap_or(CONTEXT);
    let model = build(&file, at_once)?;
    Ok(Loaded { model, context: u32::try_from(context).unwrap_or(u32::MAX) })
}

fn build(file: &Path, at_once: usize) -> Result<MistralModel, LocalError> {
    let failed = |error: &dyn std::fmt::Display| LocalError::Load(error.to_string());
    let folder = file.parent().unwrap_or(Path::new(".")).to_string_lossy();
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let builder = GgufModelBuilder::new(folder, vec![name])
        .with_token_source(TokenSource::None)
        .with_max_num_seqs(at_once)
        .with_prefix_cache_n(Some(BEGINNINGS_KEPT));
    let builder =
        if cfg!(any(feature = "cuda", feature = "metal")) { builder } else { builder.with_force_cpu() };
    let runtime =
        runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
    runtime.block_on(builder.build()).map_err(|error| failed(&error))
}
