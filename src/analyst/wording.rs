//! A model may word what was found, and nothing else: whatever it writes is held against the findings, and
//! where one number, name or unit is not theirs, the plain text is told instead.

mod check;

use std::{fmt, pin::Pin};

pub use self::check::check;
use super::text::{compact, plain};
use crate::engine::outcome::Analysis;

/// Language of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which the plain text is in.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of a tag such as `de-AT`; None for one that nothing is worded in.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::English => "en",
            Self::German => "de",
        })
    }
}

/// What a model has written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worded {
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: Writer,
    /// Tokens that it read and wrote.
    pub tokens: u64,
    /// What it cost, in US dollars; nothing for one on this machine.
    pub cost: f64,
}

/// Who has written a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    /// The model.
    pub model: String,
    /// Where it was written: `local` or `remote`.
    pub route: String,
    /// What decided that.
    pub chosen_by: String,
    /// Why.
    pub reason: String,
}

/// The future of a text.
pub type Words<'a> = Pin<Box<dyn Future<Output = Result<Worded, String>> + Send + 'a>>;

/// Something that puts findings into words. It ends by itself: whoever asks waits for it.
pub trait Wording: Send + Sync {
    /// Words `findings`, which are text with every figure in it. The error is a sentence.
    fn word<'a>(&'a self, findings: &'a str, language: Language) -> Words<'a>;
}

/// What is told of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// The text.
    pub text: String,
    /// Who worded it; None for the plain text.
    pub by: Option<Writer>,
    /// Why it is the plain text though somebody asked for another.
    pub degraded: Option<String>,
    /// Tokens that were used, also where the text was refused.
    pub tokens: u64,
    /// What that cost, in US dollars.
    pub cost: f64,
}

/// Tells what was found: in the words of `wording` where there is one and every figure of it is right, else in
/// plain words.
pub async fn tell(analysis: &Analysis, wording: Option<&dyn Wording>, language: Language) -> Told {
    let plain = |degraded: Option<String>| Told { text: plain(analysis), degraded, ..Told::default() };
    let english = language == Language::English;
    let Some(wording) = wording else {
        let only = "there is no model to word it with, and the plain text is in English";
        return plain((!english).then(|| only.to_owned()));
    };
    if analysis.findings.is_empty() && english {
        // There is nothing to word, and nothing to get wrong.
        return plain(None);
    }
    match wording.word(&compact(analysis), language).await {
        Ok(Worded { text, by, tokens, cost }) => match check(&text, analysis, language) {
            Ok(()) => Told { text: text.trim().to_owned(), by: Some(by), degraded: None, tokens, cost },
            Err(refused) => {
                Told { tokens, cost, ..plain(Some(format!("what the model wrote was refused: {refused}"))) }
            }
        },
        Err(error) => plain(Some(format!("the model gave no text: {error}"))),
    }
}
