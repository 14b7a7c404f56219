//! JSON in a link: compressed by zlib, in base64url.

use std::io::{Read, Write};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Serialize, de::DeserializeOwned};

use super::{LONGEST, LinkError};

/// Most bytes of JSON that are taken out of a link. What fits into one is far less, but a few hundred bytes can
/// be made to hold gigabytes.
pub const MOST_UNPACKED: u64 = 256 << 10;

/// `value` as it stands in a link; None where it would not fit into one.
pub(super) fn pack(value: &impl Serialize) -> Option<String> {
    let json = serde_json::to_vec(value).ok().filter(|json| json.len() as u64 <= MOST_UNPACKED)?;
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&json).ok()?;
    let text = URL_SAFE_NO_PAD.encode(packer.finish().ok()?);
    (text.len() < LONGEST).then_some(text)
}

/// The value that stands in a link.
pub(super) fn unpack<T: DeserializeOwned>(text: &str) -> Result<T, LinkError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Unreadable("it is no base64url"))?;
    let mut json = Vec::new();
    // One byte more than may be there shows that there is more.
    let read = ZlibDecoder::new(bytes.as_slice()).take(MOST_UNPACKED + 1).read_to_end(&mut json);
    read.map_err(|_| LinkError::Unreadable("it is not compressed by zlib, or was cut off"))?;
    if json.len() as u64 > MOST_UNPACKED {
        return Err(LinkError::Unreadable("it holds more than the 256 KB that a link may hold"));
    }
    serde_json::from_slice(&json).map_err(|_| LinkError::Unreadable("it is not the JSON that belongs there"))
}
