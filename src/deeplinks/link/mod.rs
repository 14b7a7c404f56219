//! A link as it is written: `http(s)://HOST/maid/run?...`, `maid://HOST/maid/run?...`, or the id alone.
//!
//! A link names the row that it belongs to (`link`), and may carry what it leads to: a LoadTest (`config`), a
//! recipe with values (`recipe`, `parameters`) or the name of a preset (`preset`). What it carries is signed
//! together with the id and the end (`expires`), so that nothing of it can be changed or moved into another
//! link. Nothing is decompressed before its signature is known to be right, nor beyond a bound. Knows no server
//! and no database.

mod packed;
mod signer;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use utoipa::IntoParams;

pub use self::{packed::MOST_UNPACKED, signer::Signer};
use crate::auth::secret;

/// Where links lead.
pub const PAGE: &str = "/maid/run";
/// Longest link that is made with what it leads to in it: chats, mails and browsers take as much.
pub const LONGEST: usize = 2000;
/// Longest link that is read.
const LONGEST_READ: usize = 8000;
/// Length of an id: 71 bits, which nobody guesses.
const ID: usize = 12;
/// Digits of an id.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A LoadTest.
    Loadtest(Value),
    /// A recipe of the library, with values for some of its parameters.
    Recipe {
        /// Its id.
        id: String,
        /// The values.
        parameters: Map<String, Value>,
    },
    /// What a preset of this name says when the link is opened.
    Preset(String),
}

/// A link taken apart: the parameters of its query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Link {
    /// Id of the link.
    #[serde(rename = "link", skip_serializing_if = "Option::is_none")]
    #[param(rename = "link", pattern = "^[0-9A-Za-z]{12}$", example = "k3Jd92LmQx0a")]
    pub id: Option<String>,
    /// The LoadTest: JSON, compressed by zlib, in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    pub config: Option<String>,
    /// Id of a recipe.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100)]
    pub recipe: Option<String>,
    /// Values of the recipe's parameters, as `config` is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    pub parameters: Option<String>,
    /// Name of a preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 64)]
    pub preset: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(minimum = 0)]
    pub expires: Option<i64>,
    /// Signature over all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(max_length = 100, pattern = "^[A-Za-z0-9_-]+$")]
    pub sig: Option<String>,
}

/// Why a text is no link that can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Too long to be one.
    #[error("the link is longer than {LONGEST_READ} characters, more than any link of MAID")]
    TooLong,
    /// Something else.
    #[error("this is no link of MAID: it looks like https://maid.example.com{PAGE}?link=k3Jd92LmQx0a")]
    Foreign,
    /// It names no row.
    #[error(
        "the link has no id (`link`): a link is made by POST /api/maid/deeplinks, and not written by hand"
    )]
    NoId,
    /// Something in it was changed, or is missing.
    #[error("the link was changed after it was made, or a part of it is missing: ask for it again")]
    Changed,
    /// What it carries cannot be read.
    #[error("what the link carries cannot be read: {0}")]
    Unreadable(&'static str),
}

impl Link {
    /// Takes a link apart, in any of its forms.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > LONGEST_READ {
            return Err(LinkError::TooLong);
        }
        if is_id(text) {
            return Ok(Self { id: Some(text.to_owned()), ..Self::default() });
        }
        let url = address(text).ok_or(LinkError::Foreign)?;
        let mut link = Self::default();
        for (key, value) in url.query_pairs() {
            let place = match &*key {
                "link" => &mut link.id,
                "config" => &mut link.config,
                "recipe" => &mut link.recipe,
                "parameters" => &mut link.parameters,
                "preset" => &mut link.preset,
                "sig" => &mut link.sig,
                "expires" => {
                    link.expires = Some(value.parse().map_err(|_| LinkError::Changed)?);
                    continue;
                }
                // Chats and mail programs add parameters of their own.
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(LinkError::Changed);
            }
        }
        Ok(link)
    }

    /// A link of the row `id` that carries `content`, signed. None where it would be too long to be carried.
    #[must_use]
    pub fn carrying(id: &str, content: &Content, expires: i64, signer: &Signer) -> Option<Self> {
        let mut link = Self { id: Some(id.to_owned()), expires: Some(expires), ..Self::default() };
        match content {
            Content::Loadtest(value) => link.config = Some(packed::pack(value)?),
            Content::Recipe { id, parameters } => {
                link.recipe = Some(id.clone());
                if !parameters.is_empty() {
                    link.parameters = Some(packed::pack(parameters)?);
                }
            }
            Content::Preset(name) => link.preset = Some(name.clone()),
        }
        link.sig = Some(signer.sign(&link));
        Some(link)
    }

    /// A link of the row `id` that carries nothing.
    #[must_use]
    pub fn short(id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::default() }
    }

    /// The id of the row that it belongs to, and when it says that it ends, once its signature is known to be
    /// right. One that carries nothing has no signature.
    ///
    /// # Errors
    /// It has no id, or was changed.
    pub fn checked(&self, signer: &Signer) -> Result<&str, LinkError> {
        let id = self.id.as_deref().ok_or(LinkError::NoId)?;
        if !is_id(id) {
            return Err(LinkError::Changed);
        }
        if *self == Self::short(id) || signer.signed(self) { Ok(id) } else { Err(LinkError::Changed) }
    }

    /// What it carries, whoever has written it; None where that is only known to its server.
    ///
    /// # Errors
    /// It cannot be read, or is larger than anything that a link carries.
    pub fn content(&self) -> Result<Option<Content>, LinkError> {
        Ok(match (&self.config, &self.recipe, &self.preset) {
            (Some(config), None, None) => Some(Content::Loadtest(packed::unpack(config)?)),
            (None, Some(id), None) => {
                let parameters = match &self.parameters {
                    Some(parameters) => packed::unpack(parameters)?,
                    None => Map::new(),
                };
                Some(Content::Recipe { id: id.clone(), parameters })
            }
            (None, None, Some(name)) => Some(Content::Preset(name.clone())),
            (None, None, None) => None,
            _ => return Err(LinkError::Changed),
        })
    }

    /// The link as an address at the server `base`.
    #[must_use]
    pub fn at(&self, base: &Url) -> Url {
        let mut url = base.clone();
        url.set_path(&format!("{}{PAGE}", base.path().trim_end_matches('/')));
        url.set_fragment(None);
        let expires = self.expires.map(|at| at.to_string());
        let pairs = [
            ("config", &self.config),
            ("recipe", &self.recipe),
            ("parameters", &self.parameters),
            ("preset", &self.preset),
            ("expires", &expires),
            ("link", &self.id),
            ("sig", &self.sig),
        ];
        let pairs = pairs.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
        url.query_pairs_mut().clear().extend_pairs(pairs);
        url
    }
}

/// A new id.
#[must_use]
pub fn new_id() -> String {
    let mut id = String::with_capacity(ID);
    while id.len() < ID {
        // 248 is the last multiple of 62 in a byte: every digit is as likely as any other.
        let random = secret::random::<16>().into_iter().filter(|byte| *byte < 248);
        id.extend(random.take(ID - id.len()).map(|byte| char::from(DIGITS[usize::from(byte) % 62])));
    }
    id
}

/// Whether `text` can be the id of a link.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The web address of a link. `maid://` stands for https, and for http on this machine alone.
#[must_use]
pub fn address(text: &str) -> Option<Url> {
    let url = match text.strip_prefix("maid://") {
        Some(rest) => {
            let url = Url::parse(&format!("http://{rest}")).ok()?;
            if is_local(&url) { url } else { Url::parse(&format!("https://{rest}")).ok()? }
        }
        None => Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?,
    };
    (url.path().ends_with(PAGE) && url.host().is_some()).then_some(url)
}

/// The same address beginning with `maid://`; None where that would be read as another one.
#[must_use]
pub fn as_maid(url: &Url) -> Option<String> {
    let text = url.as_str();
    match url.scheme() {
        "https" if !is_local(url) => text.strip_prefix("https://"),
        "http" if is_local(url) => text.strip_prefix("http://"),
        _ => None,
    }
    .map(|rest| format!("maid://{rest}"))
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
