//! A quicker copy of a language model, where its numbers are of a kind that this machine computes slowly.
//!
//! candle multiplies blocks of Q8_0, Q4_0 and the K kinds with the processor's vector instructions, those of Q4_1, Q5_0 and
//! Q5_1 one by one. A model of the latter is written out once more as Q8_0, which loses next to nothing, beside the others in
//! `.quick`, and is used in its place from then on. Where it cannot be written, the slow one is used.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter},
    path::{Path, PathBuf},
};

use candle_core::{
    Device,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Content, Value, write},
    },
};
use uuid::Uuid;

use super::{Catalogue, Kind, Model, ModelError, head, sums};

/// Folder of the copies.
const FOLDER: &str = ".quick";
/// Largest file that is copied, in bytes: all of the copy is in memory while it is made.
const LARGEST: u64 = 1 << 30;
/// What GGUF files call this kind of numbers.
const FILE_TYPE: (&str, u32) = ("general.file_type", 7);

/// Where a model is computed from: its folder, and its file in it. Takes a few seconds the first time.
pub fn quick(catalogue: &Catalogue, model: &Model) -> Option<PathBuf> {
    let Kind::Chat { file, head } = &model.kind else { return None };
    if !head.slow || model.bytes > LARGEST {
        return None;
    }
    match copied(catalogue, model, file) {
        Ok(copy) => Some(copy),
        Err(error) => {
            tracing::info!(
                model = model.name,
                "no quicker copy of the model `{}` can be made, so it is used as it is: {error}",
                model.name
            );
            None
        }
    }
}

fn copied(catalogue: &Catalogue, model: &Model, file: &Path) -> Result<PathBuf, ModelError> {
    // Another file of the same name is another model.
    let folder =
        catalogue.folder().join(FOLDER).join(format!("{}-{}", model.name, &sums::of(file)?.hex()[..16]));
    let name = format!("{}.Q8_0.gguf", file.file_stem().unwrap_or_default().to_string_lossy());
    let copy = folder.join(&name);
    if copy.is_file() && sums::verify(&folder).is_ok() && head(&copy).is_ok() {
        return Ok(copy);
    }
    let failed = |error| ModelError::file(&folder, error);
    let partial = catalogue.folder().join(FOLDER).join(format!(".{}", Uuid::now_v7()));
    fs::create_dir_all(&partial).map_err(failed)?;
    let written = rewrite(file, &partial.join(&name))
        .map_err(|error| ModelError::file(file, error))
        .and_then(|()| sums::write(&partial, &[name]))
        .and_then(|()| {
            // A copy that was damaged makes room; one that somebody else has made meanwhile is as good.
            fs::remove_dir_all(&folder).ok();
            fs::rename(&partial, &folder).map_err(failed)
        });
    fs::remove_dir_all(&partial).ok();
    written.map(|()| copy)
}

/// Writes `from` to `to`, with its slow numbers as Q8_0.
fn rewrite(from: &Path, to: &Path) -> io::Result<()> {
    let mut file = BufReader::new(File::open(from)?);
    let content = Content::read(&mut file).map_err(io::Error::other)?;
    let mut values: Vec<(&str, &Value)> =
        content.metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    values.sort_by_key(|(key, _)| *key);
    let kind = Value::U32(FILE_TYPE.1);
    values.iter_mut().filter(|(key, _)| *key == FILE_TYPE.0).for_each(|(_, value)| *value = &kind);
    let mut names: Vec<&String> = content.tensor_infos.keys().collect();
    names.sort();
    let mut tensors = Vec::with_capacity(names.len());
    for name in names {
        let tensor = content.tensor(&mut file, name, &Device::Cpu).and_then(quickened);
        tensors.push((name.as_str(), tensor.map_err(io::Error::other)?));
    }
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
    let mut out = BufWriter::new(File::create(to)?);
    write(&mut out, &values, &tensors).map_err(io::Error::other)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn quickened(tensor: QTensor) -> candle_core::Result<QTensor> {
    match tensor.dtype() {
        GgmlDType::Q4_1 | GgmlDType::Q5_0 | GgmlDType::Q5_1 => {
            QTensor::quantize(&tensor.dequantize(&Device::Cpu)?, GgmlDType::Q8_0)
        }
        _ => Ok(tensor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "smollm2-135m-instruct";

    /// The standard model, by itself.
    fn alone(folder: &Path) -> (Catalogue, Model) {
        let standard = Catalogue::new(None).model(NAME).expect("make model has put it here");
        let Kind::Chat { file, .. } = standard.kind else { panic!("it writes text") };
        let to = folder.join(NAME).join(file.file_name().expect("a name"));
        fs::create_dir_all(folder.join(NAME)).expect("a folder");
        fs::hard_link(&file, &to).or_else(|_| fs::copy(&file, &to).map(drop)).expect("the model comes");
        let catalogue = Catalogue::new(Some(folder));
        let model = catalogue.model(NAME).expect("a model");
        (catalogue, model)
    }

    #[test]
    fn a_slow_model_is_copied_once_and_anew_where_the_copy_was_damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        let (catalogue, model) = alone(folder.path());
        let copy = quick(&catalogue, &model).expect("a copy");
        let (before, bytes) = head(&copy).expect("a model");
        assert!(!before.slow && bytes > model.bytes, "{before:?}");
        let Kind::Chat { head: original, .. } = &model.kind else { panic!("it writes text") };
        assert_eq!(
            (&before.architecture, before.context, before.chat_template, before.vocabulary),
            (&original.architecture, original.context, true, true)
        );
        let made = fs::metadata(&copy).and_then(|found| found.modified()).expect("a time");
        let again = quick(&catalogue, &model).expect("a copy");
        assert_eq!(
            fs::metadata(&again).and_then(|found| found.modified()).expect("a time"),
            made,
            "it is kept"
        );

        fs::write(&copy, b"GGUF").expect("damaged");
        assert_eq!(quick(&catalogue, &model), Some(copy.clone()));
        assert_eq!(head(&copy).expect("a model").1, bytes, "it is whole again");
        assert_eq!(catalogue.all().expect("models").len(), 1, "copies are no models of their own");
        let left = fs::read_dir(folder.path().join(FOLDER)).expect("copies").count();
        assert_eq!(left, 1, "nothing half is left");
    }

    #[test]
    fn where_no_copy_can_be_written_there_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let (catalogue, model) = alone(folder.path());
        fs::write(folder.path().join(FOLDER), b"in the way").expect("a file");
        assert_eq!(quick(&catalogue, &model), None);
    }
}
