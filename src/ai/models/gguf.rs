//! The head of a GGUF file: what the model is, and whether the file holds all of it.
//!
//! Read before the model is loaded, because the loader takes files on trust. Every length in it is a claim
//! of the file's and is bounded. The form is that of the GGUF specification of ggml, versions 2 and 3.

use std::io::{self, Read};

/// Model families that can be loaded.
pub const ARCHITECTURES: [&str; 8] =
    ["llama", "mistral3", "phi2", "phi3", "starcoder2", "qwen2", "qwen3", "qwen3moe"];

/// Most values that a head may have.
const MOST_VALUES: u64 = 10_000;
/// Most tensors that a model may have.
const MOST_TENSORS: u64 = 200_000;
/// Longest text; chat templates are the longest.
const LONGEST_TEXT: u64 = 1 << 20;
/// Most elements of a list; those of vocabularies are the most.
const MOST_ELEMENTS: u64 = 10_000_000;
/// Most lists within lists.
const DEEPEST: u32 = 4;
/// Most dimensions of a tensor.
const MOST_DIMENSIONS: u32 = 8;
/// Where data begins, where the file does not say: at the next multiple of this.
const ALIGNMENT: u64 = 32;
/// Types whose blocks are computed one by one, as ggml numbers them.
const SLOW: [u32; 3] = [3, 6, 7];

/// What the head says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Family, such as `llama`.
    pub architecture: String,
    /// Name that its makers gave it.
    pub name: Option<String>,
    /// Licence, where it says so.
    pub license: Option<String>,
    /// Longest text that it was made for, in tokens.
    pub context: Option<u64>,
    /// How it sets out a conversation.
    pub chat_template: bool,
    /// Whether it has its vocabulary with it.
    pub vocabulary: bool,
    /// Bytes that the file must have.
    pub bytes: u64,
    /// Whether it has numbers of a kind that is computed one by one: Q4_1, Q5_0 or Q5_1.
    pub slow: bool,
}

/// Why a file is no model that can be loaded.
#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It ends in its head.
    #[error("it ends in the middle of its head: it was cut off, so fetch it again")]
    Short,
    /// It is something else.
    #[error("it is no GGUF file (it does not begin with GGUF)")]
    Magic,
    /// It is of another version.
    #[error("it is GGUF of version {0}; versions 2 and 3 can be read")]
    Version(u32),
    /// It claims what cannot be.
    #[error("its head is damaged: {0}")]
    Damaged(String),
    /// It is of a family that cannot be loaded.
    #[error("it is a `{0}` model; those that can be loaded are {list}", list = ARCHITECTURES.join(", "))]
    Architecture(String),
    /// It lacks its vocabulary.
    #[error("it has no vocabulary with it: take a file with tokenizer.ggml.tokens")]
    NoVocabulary,
    /// It does not say how a conversation is set out.
    #[error("it has no chat template: take one that was tuned for instructions, such as a -Instruct model")]
    NoTemplate,
    /// Data is missing.
    #[error("it is cut off: it has {found} bytes of {expected}; fetch it again")]
    Truncated {
        /// Bytes that it has.
        found: u64,
        /// Bytes that it must have.
        expected: u64,
    },
}

impl Head {
    /// Reads the head of a file, and nothing of what follows it.
    ///
    /// # Errors
    /// When it is no GGUF file, or claims what cannot be.
    pub fn read(file: impl Read) -> Result<Self, GgufError> {
        let mut reader = Reader { file, at: 0 };
        if reader.bytes::<4>()? != *b"GGUF" {
            return Err(GgufError::Magic);
        }
        let version = reader.u32()?;
        if !(2..=3).contains(&version) {
            return Err(GgufError::Version(version));
        }
        let tensors = reader.bounded("tensors", MOST_TENSORS)?;
        let values = reader.bounded("values", MOST_VALUES)?;
        let (mut head, mut alignment) = (Self::default(), ALIGNMENT);
        for _ in 0..values {
            let key = reader.text("a key")?;
            let kind = reader.u32()?;
            let value = reader.value(kind, 0)?;
            head.note(&key, value, &mut alignment);
        }
        let mut end = 0;
        for _ in 0..tensors {
            let (kind, tensor_end) = reader.tensor()?;
            head.slow |= SLOW.contains(&kind);
            end = end.max(tensor_end);
        }
        head.bytes = reader.at.next_multiple_of(alignment).saturating_add(end);
        Ok(head)
    }

    fn note(&mut self, key: &str, value: Value, alignment: &mut u64) {
        match (key, value) {
            ("general.architecture", Value::Text(text)) => self.architecture = text,
            ("general.name", Value::Text(text)) => self.name = Some(text),
            ("general.license", Value::Text(text)) => self.license = Some(text),
            ("general.alignment", Value::Number(number)) if number.is_power_of_two() => *alignment = number,
            ("tokenizer.chat_template", Value::Text(_)) => self.chat_template = true,
            ("tokenizer.ggml.tokens", Value::List(count)) => self.vocabulary = count > 0,
            (key, Value::Number(number)) if key.ends_with(".context_length") => self.context = Some(number),
            _ => {}
        }
    }

    /// Whether a model whose file has `found` bytes can be loaded.
    ///
    /// # Errors
    /// When it is of another family, or lacks something.
    pub fn check(&self, found: u64) -> Result<(), GgufError> {
        if !ARCHITECTURES.contains(&self.architecture.as_str()) {
            return Err(GgufError::Architecture(self.architecture.chars().take(50).collect()));
        }
        if !self.vocabulary {
            return Err(GgufError::NoVocabulary);
        }
        if !self.chat_template {
            return Err(GgufError::NoTemplate);
        }
        if found < self.bytes {
            return Err(GgufError::Truncated { found, expected: self.bytes });
        }
        Ok(())
    }
}

/// A value of the head, as far as it is looked at.
enum Value {
    Number(u64),
    Text(String),
    /// A list of so many elements.
    List(u64),
    Other,
}

struct Reader<R> {
    file: R,
    at: u64,
}

impl<R: Read> Reader<R> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], GgufError> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(short)?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    fn u64(&mut self) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    fn bounded(&mut self, what: &str, most: u64) -> Result<u64, GgufError> {
        let count = self.u64()?;
        let damaged = || GgufError::Damaged(format!("it claims {count} {what}; at most {most} can be"));
        (count <= most).then_some(count).ok_or_else(damaged)
    }

    fn skip(&mut self, count: u64) -> Result<(), GgufError> {
        let skipped = io::copy(&mut self.file.by_ref().take(count), &mut io::sink())?;
        self.at += skipped;
        if skipped == count { Ok(()) } else { Err(GgufError::Short) }
    }

    fn text(&mut self, what: &str) -> Result<String, GgufError> {
        let length = self.bounded(&format!("bytes of {what}"), LONGEST_TEXT)?;
        let mut bytes = Vec::new();
        self.file.by_ref().take(length).read_to_end(&mut bytes)?;
        self.at += bytes.len() as u64;
        if (bytes.len() as u64) < length {
            return Err(GgufError::Short);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn value(&mut self, kind: u32, depth: u32) -> Result<Value, GgufError> {
        Ok(match kind {
            0 | 7 => Value::Number(self.bytes::<1>()?[0].into()),
            2 => Value::Number(u16::from_le_bytes(self.bytes()?).into()),
            4 => Value::Number(self.u32()?.into()),
            10 => Value::Number(self.u64()?),
            8 => Value::Text(self.text("a text")?),
            9 => self.list(depth)?,
            _ => match width(kind) {
                Some(width) => self.skip(width).map(|()| Value::Other)?,
                None => return Err(GgufError::Damaged(format!("it has a value of the unknown type {kind}"))),
            },
        })
    }

    fn list(&mut self, depth: u32) -> Result<Value, GgufError> {
        if depth >= DEEPEST {
            return Err(GgufError::Damaged("it has lists in lists without end".to_owned()));
        }
        let kind = self.u32()?;
        let count = self.bounded("elements of a list", MOST_ELEMENTS)?;
        match width(kind) {
            Some(width) => self.skip(width * count)?,
            None => {
                for _ in 0..count {
                    self.value(kind, depth + 1)?;
                }
            }
        }
        Ok(Value::List(count))
    }

    /// Type of the next tensor, and where its data ends, counted from where data begins.
    fn tensor(&mut self) -> Result<(u32, u64), GgufError> {
        self.text("a tensor's name")?;
        let dimensions = self.u32()?;
        if dimensions > MOST_DIMENSIONS {
            return Err(GgufError::Damaged(format!("it has a tensor of {dimensions} dimensions")));
        }
        let mut elements = 1_u64;
        for _ in 0..dimensions {
            elements = elements.saturating_mul(self.u64()?);
        }
        let kind = self.u32()?;
        let offset = self.u64()?;
        let (block, bytes) = block(kind)
            .ok_or_else(|| GgufError::Damaged(format!("it has a tensor of the unknown type {kind}")))?;
        Ok((kind, offset.saturating_add(elements.div_ceil(block).saturating_mul(bytes))))
    }
}

fn short(error: io::Error) -> GgufError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => GgufError::Short,
        _ => GgufError::Read(error),
    }
}

/// Bytes of a value of this type, where all are of one size.
const fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// Elements and bytes of a block of a tensor of this type, as ggml numbers its types.
const fn block(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 | 26 => (1, 4),
        1 | 25 | 30 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        24 => (1, 1),
        27 | 28 => (1, 8),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A file as small as one can be.
    struct File(Vec<u8>);

    impl File {
        fn new(tensors: u64, values: u64) -> Self {
            let mut file = Self(b"GGUF".to_vec());
            file.0.extend(3_u32.to_le_bytes());
            file.0.extend(tensors.to_le_bytes());
            file.0.extend(values.to_le_bytes());
            file
        }

        fn text(mut self, text: &str) -> Self {
            self.0.extend((text.len() as u64).to_le_bytes());
            self.0.extend(text.as_bytes());
            self
        }

        fn kind(mut self, kind: u32) -> Self {
            self.0.extend(kind.to_le_bytes());
            self
        }

        fn number(mut self, number: u64) -> Self {
            self.0.extend(number.to_le_bytes());
            self
        }

        fn whole(architecture: &str) -> Self {
            Self::new(1, 4)
                .text("general.architecture")
                .kind(8)
                .text(architecture)
                .text("llama.context_length")
                .kind(4)
                .kind(2048)
                .text("tokenizer.chat_template")
                .kind(8)
                .text("{{ messages }}")
                .text("tokenizer.ggml.tokens")
                .kind(9)
                .kind(8)
                .number(2)
                .text("a")
                .text("b")
                .text("weight")
                .kind(2)
                .number(64)
                .number(2)
                .kind(8)
                .number(0)
        }
    }

    #[test]
    fn a_head_says_what_the_model_is_and_how_long_its_file() {
        let file = File::whole("llama").0;
        let head = Head::read(&file[..]).expect("a head");
        assert_eq!((head.architecture.as_str(), head.context), ("llama", Some(2048)));
        // 128 elements of Q8_0: four blocks of 34 bytes, after the next multiple of 32.
        let expected = (file.len() as u64).next_multiple_of(32) + 4 * 34;
        assert_eq!(head.bytes, expected);
        head.check(expected).expect("all of it is there");
        let short = head.check(expected - 1).expect_err("a byte is missing");
        assert!(short.to_string().contains("cut off"), "{short}");
    }

    #[test]
    fn what_cannot_be_loaded_says_why() {
        let other = Head::read(&File::whole("gpt-j").0[..]).expect("a head").check(u64::MAX);
        let told = other.expect_err("another family").to_string();
        assert!(told.contains("`gpt-j`") && told.contains("qwen3moe"), "{told}");
        assert!(matches!(Head::read(&b"PK\x03\x04"[..]), Err(GgufError::Magic)));
        assert!(matches!(Head::read(&b"GGUF\x07\0\0\0"[..]), Err(GgufError::Version(7))));
        let greedy = File::new(u64::MAX, 0).0;
        assert!(matches!(Head::read(&greedy[..]), Err(GgufError::Damaged(_))));
        let long = File::new(0, 1).number(u64::MAX).0;
        assert!(matches!(Head::read(&long[..]), Err(GgufError::Damaged(_))));
        let bare = File::new(0, 1).text("general.architecture").kind(8).text("llama").0;
        let head = Head::read(&bare[..]).expect("a head");
        assert!(matches!(head.check(u64::MAX), Err(GgufError::NoVocabulary)));
        let mut nested = File::new(0, 1).text("deep").kind(9);
        for _ in 0..1000 {
            nested = nested.kind(9).number(1);
        }
        assert!(matches!(Head::read(&nested.0[..]), Err(GgufError::Damaged(_))));
    }

    proptest! {
        #[test]
        fn no_file_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0..400_usize) {
            let mut file = File::whole("llama").0;
            file.truncate(cut);
            file.extend(bytes);
            Head::read(&file[..]).ok();
        }
    }
}
