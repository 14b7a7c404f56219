//! HAR 1.2 as it is written. Bodies of answers, which are most of a recording, are borrowed from the file and not even
//! unescaped: most of them are never looked at.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A recording.
#[derive(Debug, Deserialize)]
pub(super) struct Har<'a> {
    #[serde(borrow)]
    pub(super) log: Log<'a>,
}

/// What was recorded.
#[derive(Debug, Deserialize)]
pub(super) struct Log<'a> {
    #[serde(borrow, default)]
    pub(super) pages: Option<Vec<Page<'a>>>,
    #[serde(borrow)]
    pub(super) entries: Vec<Entry<'a>>,
}

/// A page that was opened.
#[derive(Debug, Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) title: Option<Cow<'a, str>>,
}

/// A request with its answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(super) pageref: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) started_date_time: Option<Cow<'a, str>>,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub(super) time: Option<f64>,
    #[serde(borrow)]
    pub(super) request: Request<'a>,
    #[serde(borrow, default)]
    pub(super) response: Response<'a>,
    #[serde(borrow, default, rename = "_resourceType")]
    pub(super) resource: Option<Cow<'a, str>>,
}

/// What was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a> {
    #[serde(borrow)]
    pub(super) method: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) url: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) headers: Vec<Pair<'a>>,
    #[serde(borrow, default)]
    pub(super) post_data: Option<PostData<'a>>,
}

/// A header or a field.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pair<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) value: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) file_name: Option<Cow<'a, str>>,
}

/// A body that was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostData<'a> {
    #[serde(borrow, default)]
    pub(super) mime_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) params: Option<Vec<Pair<'a>>>,
    /// Says that the text is base 64.
    #[serde(borrow, default)]
    pub(super) encoding: Option<Cow<'a, str>>,
}

/// What was answered.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response<'a> {
    #[serde(default)]
    pub(super) status: i64,
    #[serde(borrow, default)]
    pub(super) headers: Vec<Pair<'a>>,
    #[serde(borrow, default)]
    pub(super) content: Content<'a>,
    #[serde(borrow, default, rename = "redirectURL")]
    pub(super) redirect_url: Option<Cow<'a, str>>,
}

/// A body that was answered.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content<'a> {
    #[serde(borrow, default)]
    pub(super) mime_type: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) encoding: Option<Cow<'a, str>>,
}

impl Content<'_> {
    /// The body as text, unless it is binary or larger than `most` bytes.
    pub(super) fn text(&self, most: usize) -> Option<String> {
        let raw = self.text.filter(|_| self.encoding.as_deref().unwrap_or_default().is_empty())?.get();
        (raw.len() <= most).then(|| serde_json::from_str(raw).ok())?
    }
}

impl Response<'_> {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?.value.as_deref()
    }

    /// The media type of the answer, in lower case and without parameters.
    pub(super) fn kind(&self) -> String {
        let written =
            self.content.mime_type.as_deref().or_else(|| self.header("content-type")).unwrap_or_default();
        written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}
