//! The head of a safetensors file: which tensors it has, of what shape, and whether all of them are there.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use super::MediaError;

/// Longest head, in bytes; those of large models have some hundred thousand.
const LONGEST_HEAD: u64 = 16 << 20;
/// Types of numbers that are computed with.
const NUMBERS: [&str; 5] = ["F64", "F32", "F16", "BF16", "F8_E4M3"];
/// Where a head may tell whatever it likes.
const METADATA: &str = "__metadata__";

/// The tensors of a file.
#[derive(Debug)]
pub(super) struct Tensors {
    file: PathBuf,
    found: BTreeMap<String, Tensor>,
}

#[derive(Debug, Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

impl Tensors {
    /// Reads the head of `file`.
    pub(super) fn read(path: &Path) -> Result<Self, MediaError> {
        let broken = |why: String| MediaError::broken(path, why);
        let unreadable = |error: std::io::Error| broken(error.to_string());
        let mut file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let mut length = [0; 8];
        file.read_exact(&mut length).map_err(|_| broken("it is shorter than a head".to_owned()))?;
        let length = u64::from_le_bytes(length);
        if length > LONGEST_HEAD || length > size - 8 {
            return Err(broken("it is no safetensors file, or it is cut off in its head".to_owned()));
        }
        let mut head = Vec::new();
        file.take(length).read_to_end(&mut head).map_err(unreadable)?;
        let head: BTreeMap<String, Value> = serde_json::from_slice(&head)
            .map_err(|error| broken(format!("its head is no list of tensors: {error}")))?;
        let mut found = BTreeMap::new();
        for (name, entry) in head {
            if name != METADATA {
                let tensor =
                    tensor(entry, size - 8 - length).map_err(|why| broken(format!("`{name}`: {why}")))?;
                found.insert(name, tensor);
            }
        }
        Ok(Self { file: path.to_owned(), found })
    }

    /// Whether it has a tensor of this name and shape, of numbers that can be computed with.
    pub(super) fn holds(&self, name: &str, shape: &[u64]) -> Result<(), MediaError> {
        let broken = |why: String| Err(MediaError::broken(&self.file, why));
        match self.found.get(name) {
            None => broken(format!("it has no tensor `{name}`")),
            Some(Tensor { shape: found, .. }) if found != shape => {
                broken(format!("its tensor `{name}` has the shape {found:?}, and {shape:?} belongs there"))
            }
            Some(Tensor { dtype, .. }) if !NUMBERS.contains(&dtype.as_str()) => broken(format!(
                "its tensor `{name}` is of the type {dtype}; {} are taken",
                NUMBERS.join(", ")
            )),
            Some(_) => Ok(()),
        }
    }

    /// Whether all its tensors are of these types.
    pub(super) fn are(&self, types: &[&str]) -> Result<(), MediaError> {
        match self.found.iter().find(|(_, tensor)| !types.contains(&tensor.dtype.as_str())) {
            None => Ok(()),
            Some((name, Tensor { dtype, .. })) => {
                let why =
                    format!("its tensor `{name}` is of the type {dtype}; {} are taken", types.join(", "));
                Err(MediaError::broken(&self.file, why))
            }
        }
    }
}

/// A tensor whose bytes are all among the `data` bytes of its file.
fn tensor(entry: Value, data: u64) -> Result<Tensor, String> {
    let tensor: Tensor = serde_json::from_value(entry).map_err(|error| error.to_string())?;
    let Tensor { dtype, shape, data_offsets: (from, to) } = &tensor;
    let bytes: u64 = match dtype.as_str() {
        "F64" | "I64" | "U64" => 8,
        "F32" | "I32" | "U32" => 4,
        "F16" | "BF16" | "I16" | "U16" => 2,
        "F8_E4M3" | "F8_E5M2" | "I8" | "U8" | "BOOL" => 1,
        _ => return Err(format!("numbers of the type {dtype} are not known")),
    };
    let wanted = shape.iter().try_fold(bytes, |product, size| product.checked_mul(*size));
    if *to > data {
        return Err("it lies beyond the end of the file: the file is cut off".to_owned());
    }
    if wanted.is_none() || to.checked_sub(*from) != wanted {
        return Err(format!("it has not as many bytes as its shape {shape:?} says"));
    }
    Ok(tensor)
}
