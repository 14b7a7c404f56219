//! One way in for all formats.

use super::{
    Format, Imported, Options, curl, draft::Draft, dto::ImportAnswer, error::ImportError, har, openapi,
    postman, urls,
};
use crate::{convert::yaml, loadtest::problem::Problems};

/// Largest document that is imported, in bytes.
pub const MAX_SOURCE: usize = 64 << 20;

/// Makes a LoadTest of a document. `name` is what the document is called in messages.
///
/// # Errors
/// What is wrong with the document, with its place, or that nothing in it can be sent.
pub fn import(format: Format, bytes: &[u8], name: &str, options: &Options) -> Result<Imported, ImportError> {
    if bytes.len() > MAX_SOURCE {
        let message = format!(
            "is more than {} MB large, the most that is imported: record less, or split it",
            MAX_SOURCE >> 20
        );
        return Err(ImportError::whole(name, message));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
        ImportError::on_line(name, line, 1, "is not UTF-8: save it as UTF-8")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut draft = Draft::new(name);
    match format {
        Format::OpenApi => openapi::import(text, options, &mut draft)?,
        Format::Har => har::import(text, options, &mut draft)?,
        Format::Postman => postman::import(text, &mut draft)?,
        Format::Curl => curl::import(text, &mut draft)?,
        Format::Urls => urls::import(text, &mut draft)?,
    }
    draft.finish(options)
}

/// What an import made, for the wire.
#[must_use]
pub fn answer(imported: Imported) -> ImportAnswer {
    let Imported { loadtest, left_out, left_out_more, made, env, found, requests } = imported;
    ImportAnswer {
        yaml: yaml::write(&loadtest),
        loadtest: yaml::brief(&loadtest),
        left_out,
        left_out_more,
        made,
        env,
        found,
        requests,
    }
}

impl From<Problems> for ImportError {
    fn from(problems: Problems) -> Self {
        Self(problems)
    }
}
